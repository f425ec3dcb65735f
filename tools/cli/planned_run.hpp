#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "runtime/model/run_spec.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// A run of this workspace as it was planned last, its scenario with it.
struct PlannedRun {
  RunSpec spec;
  storage::RunRow row;
  /// The last turn in which somebody was asked anything, by participant: what
  /// stands in the journal for a turn cannot be asked of somebody else.
  std::map<std::string, std::int32_t> asked;
};

/// Finds a run by id, the beginning of one, name or "latest", and reads its
/// plan from the journal.
/// @errors exit 4: no such run; exit 3: the word names several, or a sweep;
///         exit 7: an engine owns the workspace
Outcome<PlannedRun> find_planned_run(const Context& context,
                                     const std::string& word);

/// The id that a word names in the tables.
/// @errors as above
Outcome<RunId> find_run(storage::Queries& tables, const std::string& word);

} // namespace lab::tools
