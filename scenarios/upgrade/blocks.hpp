#pragma once

#include <string>
#include <vector>

#include "runtime/base/yaml.hpp"
#include "scenarios/upgrade/source_text.hpp"

// Where the parts of a parsed file stand in its lines.

namespace lab::scenarios {

/// Written in brackets: `{…}` or `[…]`.
bool is_flow(const SourceText& text, const yaml::Node& node);

/// One past the last byte of a value.
yaml::Mark end_of(const SourceText& text, const yaml::Node& node);

/// Where a key's own text begins and ends, quotes left out.
struct KeyText {
  yaml::Mark begin;
  yaml::Mark end;
  yaml::Mark colon;
  bool sound = false; // the text there is the key, letter by letter
};
KeyText key_text(const SourceText& text, const yaml::Entry& entry);

/// The lines of one entry of a map in block style.
struct EntryLines {
  int first = 0; // of the comments and blank lines before it
  int key = 0;
  int last = 0; // of its value
};
/// One for each entry, in file order.
std::vector<EntryLines> entry_lines(const SourceText& text,
                                    const yaml::Node& map);

/// The comments of some lines, each from its `#` on. Brackets and quotes of
/// values are known, so a `#` in a text is none.
std::vector<std::string> comments_in(const SourceText& text, int first,
                                     int last);

/// A scalar as it may stand behind `key: ` or `- ` on one line.
std::string scalar_text(const yaml::Node& scalar);
/// The same for a text of our own.
std::string quoted_text(const std::string& value);

/// `key: value` and what belongs to it, in block style.
/// @param indent  columns before `key`
std::string entry_text(const std::string& key, const yaml::Node& value,
                       int indent);
/// All entries of a map, one line break between them, none at the end.
std::string map_text(const yaml::Node& map, int indent);

} // namespace lab::scenarios
