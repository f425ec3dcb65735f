#pragma once

#include <memory>
#include <vector>

#include "sweeps/planner/design.hpp"
#include "sweeps/planner/factor_reader.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Reads `design` and marks the factors it uses. Every problem becomes a
/// finding; returns nothing when there was an error.
/// @param seed  `design.seed`: what samplers draw from
std::unique_ptr<Design> read_design(const yaml::Document& document,
                                    const yaml::Node& design,
                                    std::uint64_t seed,
                                    std::vector<FactorEntry>& factors,
                                    Findings& findings);

} // namespace lab::sweeps
