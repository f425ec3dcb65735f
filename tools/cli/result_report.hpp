#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/queries.hpp"
#include "tools/cli/exit_code.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::tools {

/// How `run` ended.
struct RunResult {
  RunId run;
  std::string scenario;
  RunOutcome outcome;
  std::uint64_t seed = 0;
  std::int32_t turns = 0; // of the scenario
  bool simulated = false;
  bool play_money = false; // every model is simulated
  CallCounts calls;
  Balance balance;
  std::string output;
  /// A branch's parent and what the shared turns had cost there.
  std::optional<storage::Spend> inherited;
  RunId parent;
};

/// "completed", "halted", "failed" or "paused": the word of the JSON form.
std::string status_of(const RunOutcome& outcome);

std::string run_text(const RunResult& result);
std::string run_json(const RunResult& result);

/// How `sweep run` ended.
struct SweepResult {
  SweepId sweep;
  std::string name;
  SweepOutcome outcome;
  std::map<RunId, std::string> names; // of runs, in this sweep
  std::int64_t points = 0;
  bool simulated = false;
  bool play_money = false;
  CallCounts calls;
  Balance balance;
  std::int64_t slots = 0; // calls that the lanes may have in flight
  std::string database;
  std::string output;
};

/// Wall time of a perfect scheduler for the latencies that were seen, in
/// seconds: the longest run's own chain of calls, or all model time spread
/// over the slots, whichever is more.
double ideal_seconds(const SweepOutcome& outcome, std::int64_t slots);

std::string sweep_text(const SweepResult& result);
std::string sweep_json(const SweepResult& result);

/// The program's code for work that ended like this. A signal wins.
/// @param signal  SIGINT, SIGTERM, or 0
ExitCode exit_code_of(const SweepOutcome& outcome, int signal);

} // namespace lab::tools
