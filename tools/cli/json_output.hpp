#pragma once

#include <string>

#include "runtime/base/json.hpp"
#include "runtime/model/account.hpp"
#include "storage/queries.hpp"

// Only `.cpp` files of this folder include this header: nlohmann/json is slow
// to compile.

namespace lab::tools {

/// Members keep the order in which documentation shows them.
using Json = nlohmann::ordered_json;

/// One document on one line, with its newline. Malformed UTF-8 becomes U+FFFD.
std::string document(const Json& value);

/// Null for an empty text.
Json text_or_null(const std::string& text);

/// `{"settled":"0.0123","unknown":"0","reserved":"0"}`, decimal texts.
Json json_of(const storage::Spend& spend);
/// The same with `"limit"`, null without one.
Json json_of(const Balance& balance);

} // namespace lab::tools
