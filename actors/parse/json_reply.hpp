#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/json.hpp"

// Internal to actors/parse: JSON as models write it.

namespace lab::actors {

/// A JSON object found in a reply.
struct FoundObject {
  json::Value value;
  std::size_t at = 0;       // where its brace stands
  bool starts_line = false; // nothing but blanks before the brace
};

/// The JSON objects that stand in a reply, outermost first, at most a few.
/// Forgiven: text around them, trailing commas, line ends within strings,
/// escapes that JSON lacks, closing brackets missing at the end.
std::vector<FoundObject> objects_in(std::string_view text);

/// The member by any of the names; case, blanks and hyphens do not matter.
const json::Value* member_like(const json::Value& object,
                               const std::vector<std::string_view>& names);

/// A value as text: strings and numbers as they are, lists line by line,
/// objects as "key: value" lines. Empty for null and booleans.
std::string text_of(const json::Value& value);

/// A value as list entries: a list by entry, an object by member, a text by
/// its lines or bullets.
std::vector<std::string> texts_of(const json::Value& value);

} // namespace lab::actors
