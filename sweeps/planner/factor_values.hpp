#pragma once

#include "runtime/base/yaml_reader.hpp"
#include "sweeps/designs/factor.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Most levels of one factor.
inline constexpr std::size_t levels_max = 10'000;

/// Reads what a factor can be: exactly one of `values`, `range`, `levels`,
/// `files` and `draw`, with what belongs to each. Fills in the levels, the
/// distribution, and of `levels` the paths. Every problem becomes a finding.
/// @param reader  of the factor's map; unknown keys are the caller's
/// @returns false after an error: what is in `factor` is not whole
bool read_factor_values(yaml::MapReader& reader, const yaml::Entry& entry,
                        Factor& factor, Findings& findings);

/// Reads a `draw`: `{normal: {mean: 0.5, sd: 0.1, min: 0, max: 1}}`.
/// @param whole  whole numbers only
bool read_draw(const yaml::Document& document, const yaml::Node& draw,
               const std::string& where, bool whole, Factor& factor,
               Findings& findings);

/// A plain decimal number, or a finding about `what` ("a range").
std::optional<Decimal> read_decimal(const yaml::Document& document,
                                    const yaml::Node& node,
                                    std::string_view what,
                                    const std::string& path,
                                    Findings& findings);

/// The value as the design compares it: numbers lose what does not matter
/// ("0.50" is "0.5"), everything else is its text.
std::string comparable(const yaml::Node& value);

} // namespace lab::sweeps
