#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/yaml_reader.hpp"

// Values that several keys of a manifest have. Internal to this folder. What
// cannot be read becomes a finding and is nothing.

namespace lab::sweeps {

/// Seconds of "90s", "45m", "8h", "2d"; above zero.
std::optional<std::int64_t> read_duration(yaml::MapReader& reader,
                                          std::string_view key);

/// Minutes after midnight of "22:30".
std::optional<std::int32_t> read_clock(yaml::MapReader& reader,
                                       std::string_view key);

/// "80%" or "0.8": 0.8.
std::optional<double> parse_share(std::string_view text);

/// A share above `above` and below `below`.
std::optional<double> read_share(yaml::MapReader& reader, std::string_view key,
                                 double above, double below);

/// A count such as 250, 400k or 90M. The finding has the code `code`.
std::optional<std::int64_t> read_count(yaml::MapReader& reader,
                                       std::string_view key,
                                       const std::string& code);

/// "`x`", or the kind of what is no text.
std::string shown(const yaml::Node& node);

} // namespace lab::sweeps
