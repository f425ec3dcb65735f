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

/// How far a value went. Thresholds say themselves which way is bad: when the
/// critical one lies below the warning one, falling to it is; else, and with
/// one threshold alone, rising to it is. The threshold itself counts. Only
/// values that are data have a level but normal.
MetricLevel level_of(const MetricSpec& metric, const MetricValue& value);

} // namespace lab::actors
