#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab {

struct ScenarioSpec;
struct TurnState;

/// Whether `text` can end a run: an expression over metrics and `turns`, as
/// docs/formats/condition.md describes. Names are compared as `condition_name`
/// writes them.
/// @errors invalid_input: what is wrong, and at which column of the text
Result<void> check_condition(const std::string& text,
                             const std::vector<std::string>& metric_names);

/// Whether `text` holds for these numbers: the latest of each metric, by name,
/// and `turns`, those completed. Nothing while a metric that it names has no
/// number, when the result is none (0/0), or when `check_condition` would
/// refuse the text.
std::optional<bool>
condition_holds(const std::string& text,
                const std::map<std::string, double>& values);

/// Whether the scenario's end condition holds after the current turn, by the
/// latest number of each metric of the world. Never before the first turn.
bool ended_by_condition(const ScenarioSpec& scenario, const TurnState& state);

/// A metric's name as conditions write it: whatever is no letter and no digit
/// becomes `_`.
std::string condition_name(const std::string& metric_name);

} // namespace lab
