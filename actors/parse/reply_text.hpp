#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::actors {

/// A field of a reply: printable, trimmed, at most `chars_max` characters.
/// Nothing but punctuation counts as empty.
std::string field_text(std::string_view text, std::size_t chars_max);

/// The entries of a list that stands as text: one for each bullet or number,
/// or for each line when there are none. "none" and blanks are left out.
std::vector<std::string> list_items(std::string_view text);

/// Caps a list and its entries; empty entries are left out.
std::vector<std::string> field_texts(const std::vector<std::string>& texts,
                                     std::size_t count_max,
                                     std::size_t chars_max);

/// The reply without the thoughts that some models put in front of it, between
/// `<think>` and `</think>`.
std::string_view without_thoughts(std::string_view text);

} // namespace lab::actors
