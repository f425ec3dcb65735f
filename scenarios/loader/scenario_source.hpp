#pragma once

#include <functional>
#include <memory>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/model/overlay.hpp"

namespace lab::scenarios {

/// Says whether a metric's pattern can be searched for. The room that searches
/// gives it, so that both agree; without it patterns are not looked into.
using PatternCheck = std::function<Result<void>(const std::string& pattern)>;

/// Reads a scenario's files: `scenario.yaml`, `actors/<id>.yaml` for each entry
/// of its `actors` list, `metrics.yaml`, `exogenous-events.yaml`,
/// `validation-rules.yaml` and the texts of `background/`; from `definition/`
/// below when `folder` itself holds no scenario. Opens nothing outside of the
/// folder. The files are read here and never again.
///
/// @errors invalid_input; not_found: no scenario there. `findings` says what
///         and where, for all files in one pass. Warnings about keys come from
///         `resolve`.
Result<std::unique_ptr<ScenarioSource>> open_scenario(const std::string& folder,
                                                      Findings& findings,
                                                      PatternCheck check = {});

} // namespace lab::scenarios
