#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lab::actors {

/// The names one section goes by, best first: capitals, single spaces, no
/// hyphens ("LONG TERM GOALS").
using SectionNames = std::vector<std::string_view>;

/// A section found in a reply.
struct Section {
  bool found = false;
  std::string text;
  std::size_t at = 0; // where its label begins
};

/// Splits a reply at its labels: `**NAME:**`, `**NAME**:`, `**NAME**`,
/// headings, and a bare `NAME:` at the start of a line where no stronger form
/// of that section stands. Case, hyphens, numbers in front and remarks in
/// parentheses do not matter. Only the names asked for end a section: bold
/// words and headings of the author's own stay in the text. Of a name that
/// stands twice, the first with text counts.
/// @returns one entry for each of `wanted`
std::vector<Section> sections_of(std::string_view text,
                                 const std::vector<SectionNames>& wanted);

} // namespace lab::actors
