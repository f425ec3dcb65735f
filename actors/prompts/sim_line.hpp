#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/scenario_spec.hpp"

namespace lab::actors {

/// How a simulated world says a metric so that the metric's own pattern reads
/// the same value back.
struct SimLine {
  std::string text;   // with {} for the value
  bool whole = false; // only whole numbers are read back
};

/// Tries the plain "Name: {}", the same with the unit, and a text made from
/// the pattern; nothing when none is read back. Costs a few searches.
std::optional<SimLine> sim_line(const MetricSpec& metric);

/// The simplest text that a Python pattern should match, its first group as
/// {}: `about\s+(\d+) hours?` gives "about {} hour". A guess, to be checked.
std::string text_like(std::string_view pattern);

} // namespace lab::actors
