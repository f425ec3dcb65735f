#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "runtime/base/error.hpp"

// Only `.cpp` files include this header: nlohmann/json is slow to compile.

namespace lab::json {

using Value = nlohmann::json;

/// Parses hostile text: depth and size bounded, duplicate keys refused.
/// @errors invalid_input
Result<Value> parse(std::string_view text, int depth_max = 64,
                    std::size_t bytes_max = std::size_t{8} << 20);

/// `value` as text; malformed UTF-8 becomes U+FFFD, never an exception.
std::string dump(const Value& value);
std::string dump_pretty(const Value& value);

/// Typed reads that never convert: a float, a negative or a text where an
/// unsigned integer belongs gives nothing.
std::optional<std::uint64_t> unsigned_at(const Value& object, const char* key);
std::optional<std::string> text_at(const Value& object, const char* key);
/// The member, or nullptr when `object` is no object or lacks the key.
const Value* member(const Value& object, const char* key);

} // namespace lab::json
