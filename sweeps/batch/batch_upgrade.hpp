#pragma once

#include <optional>
#include <string>

#include "runtime/base/yaml.hpp"

namespace lab::sweeps {

/// A batch file as a manifest's text. Comments move with the keys they stand
/// at; those whose key has gone stand at the end.
/// @returns nothing, and findings, when the file cannot be read as one
std::optional<std::string> upgraded_batch(const yaml::Document& batch,
                                          Findings& findings);

} // namespace lab::sweeps
