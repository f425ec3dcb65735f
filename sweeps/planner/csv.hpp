#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/yaml.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Reads comma-separated values (RFC 4180: cells in double quotes may hold
/// commas, line ends and doubled quotes; LF will do for CRLF; a byte-order mark
/// is skipped). The first row names the columns. Every other row becomes a map
/// of column -> cell, in the order of the columns; empty cells are left out,
/// and empty lines.
///
/// The result is a list of maps with places in the CSV file, so that whoever
/// reads them reports `file:line:column`. Problems are findings (S433).
std::optional<yaml::Document>
read_csv(std::string_view text, const std::string& file, Findings& findings);

} // namespace lab::sweeps
