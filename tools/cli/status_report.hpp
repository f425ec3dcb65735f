#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "storage/queries.hpp"
#include "storage/workspace.hpp"

namespace lab::tools {

/// How the workspace stands, from its tables alone.
struct StatusView {
  UnixMs at = 0;
  /// The process that works in it now.
  std::optional<storage::WorkspaceOwner> engine;
  std::vector<storage::SweepRow> sweeps;
  std::vector<storage::RunRow> runs; // single ones, or those of one sweep
};

/// "running" is said only while an engine runs: what a crash left is
/// "interrupted".
std::string state_of(const storage::SweepRow& sweep, bool engine_runs);
std::string state_of(const storage::RunRow& run, bool engine_runs);

/// One line a sweep and a run.
std::string status_text(const StatusView& view);
std::string status_json(const StatusView& view);

/// `sweep list`.
std::string sweep_list_text(const StatusView& view);
std::string sweep_list_json(const StatusView& view);

/// `runs`.
std::string runs_text(const StatusView& view);
std::string runs_json(const StatusView& view);

} // namespace lab::tools
