#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/planner/manifest.hpp"
#include "tools/cli/context.hpp"
#include "tools/cli/live_view.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::tools {

/// People who take part in a work.
struct PeopleAtWork {
  bool any = false;
  /// Whoever sits at the terminal is asked.
  bool attended = false;
  actors::ReadyAnswers ready; // may be empty
};

/// One command's work for the engine.
struct Work {
  Job job;
  /// Ceilings that shall hold from now on; CREDIT LIMIT journals what is new.
  std::vector<LimitSet> limits;
  LiveView header; // subject, id, name, simulated, play_money
  /// Lowers every provider's own ceiling of calls in flight.
  std::optional<std::int32_t> calls_max;
  sweeps::OnUnknown on_unknown = sweeps::OnUnknown::reissue;
  std::string start_note; // first line of the plain form
  PeopleAtWork people;
};

/// How the work ended.
struct Worked {
  SweepOutcome outcome;
  Snapshot last;
  int signal = 0; // that stopped it; 0: none
};

/// Opens the engine, executes the work with a live display while Ctrl-C and
/// SIGTERM are heard, and closes the engine with everything on disk.
/// Call while this thread is the process's only one.
/// @errors exit 7: another engine owns the workspace; exit 74: disk or journal
Outcome<Worked> do_work(const Context& context, Work work);

/// The ceilings that the settings put on everything, on the user and on the
/// user's days and weeks. Days lie ahead too: a night's work goes past
/// midnight.
std::vector<LimitSet> settings_limits(const Settings& settings, UnixMs now);

/// What takes the ceilings of a sweep's models away that `wanted` says nothing
/// of any more.
/// @param limited  all accounts with a limit
std::vector<LimitSet> lifted_models(const AccountId& sweep,
                                    const std::vector<LimitSet>& wanted,
                                    const Balances& limited);

/// Calls that all lanes together may have in flight.
std::int64_t slots_of(const std::vector<LaneStatus>& lanes);

} // namespace lab::tools
