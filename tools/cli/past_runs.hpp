#pragma once

#include <map>
#include <string>
#include <vector>

#include "sweeps/planner/forecast.hpp"
#include "sweeps/planner/history.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// What the latest completed runs of a scenario in this workspace used, for
/// estimates. Calls that a run shared with another count as its own: the next
/// run may have to buy them. None when nothing ran here, or when the tables
/// cannot be read, which is said on the console: an estimate needs no history.
/// @param scenario  id
std::vector<sweeps::PastRun> past_runs(const Context& context,
                                       const std::string& scenario);

/// The same from open tables.
Result<std::vector<sweeps::PastRun>> past_runs(storage::Queries& tables,
                                               const std::string& scenario);

/// How long the latest calls of this workspace took, by model. Empty when
/// nothing ran here, or when the tables cannot be read.
std::map<std::string, sweeps::PastLatency>
past_latencies(const Context& context);

/// The same from open tables.
Result<std::map<std::string, sweeps::PastLatency>>
past_latencies(storage::Queries& tables);

} // namespace lab::tools
