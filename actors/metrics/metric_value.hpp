#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// A number as Python's `float` reads it, and besides: `a^b` as a power, marks
/// between thousands ("1,250"), a per cent sign behind. Only finite numbers.
std::optional<double> number_in(std::string_view text);

/// What a captured text says for a metric of this type and range.
/// @param any_match_is_true  a boolean asks only whether something matched
MetricValue value_of(const MetricSpec& metric, std::string_view found,
                     bool any_match_is_true);

/// The same for a number that was counted.
MetricValue value_of(const MetricSpec& metric, double number);

} // namespace lab::actors
