#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/parse/json_reply.hpp"
#include "actors/parse/reply_text.hpp"
#include "actors/parse/verdict.hpp"

// Internal to actors/parse: members of the object that a reply holds.

namespace lab::actors {

using Keys = std::vector<std::string_view>;

inline std::string text_at(const json::Value& object, const Keys& keys) {
  const auto* found = member_like(object, keys);
  return found != nullptr ? text_of(*found) : std::string{};
}

inline std::vector<std::string> texts_at(const json::Value& object,
                                         const Keys& keys) {
  const auto* found = member_like(object, keys);
  return found != nullptr ? texts_of(*found) : std::vector<std::string>{};
}

/// `{"talk": {"initiate": true}}`: the object that has the main member.
inline const json::Value& unwrapped(const json::Value& object,
                                    const Keys& main) {
  if (member_like(object, main) == nullptr)
    for (const auto& inner : object)
      if (member_like(inner, main) != nullptr)
        return inner;
  return object;
}

/// A text for others; "none" is an empty one.
inline std::string said_text(std::string_view text, std::size_t chars_max) {
  return says_none(text) ? std::string{} : field_text(text, chars_max);
}

} // namespace lab::actors
