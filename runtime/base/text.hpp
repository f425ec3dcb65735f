#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// True for well-formed UTF-8: no overlong forms, surrogates or values above
/// U+10FFFF.
bool is_utf8(std::string_view text);

/// `text` with each malformed byte replaced by U+FFFD.
std::string to_utf8(std::string_view text);

/// `text` as a JSON string, quotes included; malformed bytes become U+FFFD.
std::string json_quote(std::string_view text);

/// Makes model text harmless on a terminal: control characters other than
/// newline and tab, bidirectional overrides and tag characters are removed.
std::string printable(std::string_view text);

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text); // ASCII only
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts,
                 std::string_view separator);

/// The whole of `text` as a decimal number; nothing for anything else, infinite
/// or no number included.
std::optional<double> finite_number(std::string_view text);

/// Number of single-character edits (insert, delete, replace, swap).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The one candidate closest to `word`, if its distance is at most a third of
/// the word's length; ties and distant words give nothing.
std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates);

} // namespace lab
