#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "runtime/base/yaml.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Reads a text file that a manifest names, as seen from the manifest's folder.
/// A manifest may come from a stranger, so the file must lie in that folder or
/// below, links followed; it must be UTF-8 and no longer than `bytes_max`.
/// Anything else is a finding (S432) at `node`.
/// @param dotted  the path of `node`
std::optional<std::string> read_manifest_file(const yaml::Document& document,
                                              const yaml::Node& node,
                                              std::size_t bytes_max,
                                              const std::string& dotted,
                                              Findings& findings);

} // namespace lab::sweeps
