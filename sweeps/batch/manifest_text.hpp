#pragma once

#include <map>
#include <string>

#include "runtime/base/yaml.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Comments by the line (of the file they come from) that they speak of.
struct LineComments {
  std::string above;  // whole lines, each ending in a newline; not indented
  std::string behind; // "# so many", without a newline
};

/// A map as YAML in block style; lists of plain values and maps within lists
/// are written in one line. Comments go to the keys that come from their lines
/// and are taken out of `comments`.
std::string manifest_text(const yaml::Node& root,
                          std::map<int, LineComments>& comments);

} // namespace lab::sweeps
