#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/model/account.hpp"
#include "runtime/model/ids.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/shared.hpp"

namespace lab {

/// What a parked run is: enough to name it and to make its `RunSpec` later.
struct RunTicket {
  RunId run;
  std::string name; // "p053.r2"; the run id outside a sweep
  std::string point;
  std::int32_t point_index = 0; // 0-based, in the plan
  std::int32_t replicate = 0;   // 1-based
  std::uint64_t seed = 0;
};

/// From this turn on somebody else decides for a participant.
struct ControlChange {
  std::string participant; // id
  std::int32_t from_turn = 1;
  Control control = Control::ai;

  friend bool operator==(const ControlChange&, const ControlChange&) = default;
};

/// A place between the steps of a run where it can stand still.
struct PausePlace {
  std::int32_t turn = 0;
  /// Twice the phase's index in the turn, and one more after it. The last
  /// phase is `persistence`.
  std::int32_t step = 0;

  friend auto operator<=>(const PausePlace&, const PausePlace&) = default;
};

/// Where the first turns of a branch come from.
struct InheritedTurns {
  RunId run;
  std::int32_t last_turn = 0;
  std::uint64_t seed = 0; // that `run` played them with
};

/// Everything that determines one run, and where it stands in a sweep.
struct RunSpec {
  RunId id;
  std::string name;
  SweepId sweep;
  std::string point;
  std::int32_t replicate = 1;
  std::uint64_t seed = 0;
  /// Stop after this turn though the scenario goes on; 0: never.
  std::int32_t end_turn = 0;
  /// Read turns up to `branch_turn` from this run's replies.
  RunId branch_from;
  std::int32_t branch_turn = 0;
  std::uint64_t branch_seed = 0; // the parent's seed, for those turns
  /// When the parent is a branch itself: where its own first turns come from,
  /// oldest first.
  std::vector<InheritedTurns> branch_roots;
  std::string user;
  Digest128 scope; // see CallOwner
  /// Every call must be answered from the journal.
  bool replay = false;
  /// Hand-overs in mid-run, oldest first.
  std::vector<ControlChange> controls;
  /// Pauses that the command asked for, beside the scenario's.
  std::vector<PauseSpec> pauses;
  /// Goes on past the turn after which a phase halted the run before.
  bool past_halt = false;
  /// Factor name -> value as text, in manifest order.
  std::vector<std::pair<std::string, std::string>> factors;
  /// Where artefacts go.
  std::string output;
  /// Some model of the run is `sim/…`.
  bool simulated = false;
  Shared<ScenarioSpec> scenario;

  CallOwner owner() const { return {id, sweep, point, user, scope}; }
  /// Who decides for `participant` in `turn`.
  Control control_of(const ParticipantSpec& participant,
                     std::int32_t turn) const;
  /// The run that `turn` is inherited from, with its seed; the run itself for
  /// its own turns.
  InheritedTurns source_of(std::int32_t turn) const;
};

/// The hash of what determines a run: scenario content, seed, engine
/// semantics. Names, limits and output folders do not.
RunId run_id_of(const Digest256& scenario_content, std::uint64_t seed);
/// A branch is another run: its parent's prefix is part of what it is.
RunId branch_id_of(RunId parent, std::int32_t turn,
                   const Digest256& scenario_content, std::uint64_t seed);

/// "sim/persona" of "sim/persona?jitter=0.2".
std::string without_parameters(const std::string& model);

/// Every model that a run of the scenario may ask: for participants (in a
/// person's place, too), the world, summaries, checks and metrics.
std::set<std::string> models_of(const ScenarioSpec& scenario);
/// True when any of them is simulated.
bool uses_simulation(const ScenarioSpec& scenario);

enum class RunStatus : std::uint8_t {
  planned,
  running,
  completed,
  halted, // ended early, resumable: limit, end turn, stop
  failed,
  cancelled,
  paused, // at a place where its scenario or command wanted it to
};

std::string_view to_string(RunStatus status);
RunStatus run_status_from(std::string_view name);

/// How a run ended.
struct RunOutcome {
  RunId run;
  RunStatus status = RunStatus::failed;
  Errc code = Errc::ok;
  std::string reason; // "credit_limit", "end_turn", or the failure's context
  std::int32_t turns_completed = 0;
  /// A phase halted it (`TurnRecord::halt`): only `run --resume` goes on.
  bool by_phase = false;
  std::optional<PausePlace> paused{};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunTicket& x) {
  return f(x.run, x.name, x.point, x.point_index, x.replicate, x.seed);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ControlChange& x) {
  return f(x.participant, x.from_turn, x.control);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PausePlace& x) {
  return f(x.turn, x.step);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, InheritedTurns& x) {
  return f(x.run, x.last_turn, x.seed);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunSpec& x) {
  return f(x.id, x.name, x.sweep, x.point, x.replicate, x.seed, x.end_turn,
           x.branch_from, x.branch_turn, x.branch_seed, x.user, x.scope,
           x.replay, x.factors, x.output, x.simulated, x.scenario, x.controls,
           x.branch_roots, x.pauses, x.past_halt);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunOutcome& x) {
  return f(x.run, x.status, x.code, x.reason, x.turns_completed, x.by_phase,
           x.paused);
}

} // namespace lab
