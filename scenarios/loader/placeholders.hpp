#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml.hpp"

// Internal to this folder.

namespace lab::scenarios {

inline bool is_name_letter(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
         || (!first && c >= '0' && c <= '9');
}

inline bool is_name(std::string_view text) {
  if (text.empty() || !is_name_letter(text.front(), true))
    return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_name_letter(c, false); });
}

/// The number in a scalar, quoted or not.
inline std::optional<double> number_in(const yaml::Node& node) {
  if (node.kind != yaml::Kind::scalar)
    return std::nullopt;
  return yaml::as_number(yaml::Node::plain(node.scalar));
}

/// Calls `take(begin, end, name)` for each `{{name}}` in `text`.
template <class Take>
void each_placeholder(std::string_view text, Take take) {
  for (std::size_t at = text.find("{{"); at != std::string_view::npos;
       at = text.find("{{", at)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos)
      return;
    const auto name = trim(text.substr(at + 2, end - at - 2));
    if (is_name(name)) {
      take(at, end + 2, std::string{name});
      at = end + 2;
    } else {
      ++at;
    }
  }
}

} // namespace lab::scenarios
