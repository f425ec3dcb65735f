#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "runtime/base/clock.hpp"
#include "runtime/engine/retries.hpp"
#include "runtime/engine/run.hpp"
#include "runtime/engine/spent_models.hpp"
#include "runtime/engine/sweep_clock.hpp"
#include "runtime/model/run_source.hpp"

namespace lab::runtime {

/// What SUPERVISOR is given for one job.
struct SupervisorParts {
  RunParts run;
  CreditLimitActor credit;
  ProjectorActor projector;
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<const RunHistory> history;
  std::shared_ptr<RunSource> source; // SUPERVISOR's alone
  SweepId sweep;                     // none for a single run
  std::optional<SweepPlanned> plan;  // recorded first
  RunCounts counts;                  // planned and existing
  std::int64_t turns_planned = 0;
  std::int32_t runs_in_flight = 64;
  Limit per_run; // set on each run's account before it starts
  /// When the money is out, runs that go on end at their next phase; else each
  /// goes on as long as its own calls fit.
  bool exhausted_ends_running = true;
  /// When the sweep's own money is out, it is over: repeating the command does
  /// not go on by itself.
  bool exhausted_ends_sweep = false;
  SentinelActor sentinel{};     // may be none
  std::int64_t check_every = 0; // runs that begin between two checks
  TimeRules time;
  std::int32_t tries_max = 1; // of a run that fails
  /// Models with a ceiling of their own, without parameters.
  SpentModels::Models limited_models;
};

/// SUPERVISOR to itself: time has passed, or others had their turn.
struct LookAgain {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LookAgain&) {
  return f();
}

/// The contract, and the message this actor sends to itself.
using SupervisorImpl = SupervisorActor::extend<caf::reacts_to<LookAgain>>;

/// One step per member function. Parked runs are tickets inside the source;
/// only runs in flight have actors.
struct SupervisorState {
  static inline const char* name = "lab.supervisor";
  /// Runs that start before PROJECTOR must have caught up. It works at its
  /// leisure, and what it has not written yet is kept in memory.
  static constexpr std::int64_t unprojected_max = 1'000;
  /// Runs held back before others have their turn.
  static constexpr std::int64_t held_back_max = 64;

  explicit SupervisorState(SupervisorImpl::pointer actor) : self(actor) {}

  struct Live {
    RunActor actor;
    RunTicket ticket;
    RunHistory::Entry begun;            // as it is in the journal by now
    SpentModels::Models limited_models; // that it may ask
    std::int32_t turns = 0;             // completed
  };

  caf::result<SweepOutcome> on_start();                   // 1: record the plan
  void fill();                                            // 2: start runs
  bool may_start();                                       // 2: is it time?
  void wait_for_projector();                              // 2': now and then
  void check_models(bool before_more);                    // 2'': now and then
  void start_run(const RunTicket& ticket);                // 3: limit, spawn
  void spawn_run(const RunTicket& ticket, RunSpec spec);  // 4
  void on_run_done(RunId run, const RunDone& done);       // 5: count
  void try_again(const Live& run, const RunOutcome& end); // 5: or once more
  void tell_source(const RunDone& done);                  // 5': what it cost
  void take_up(const EndedRun& run);                      // 5'': go on
  void on_turn_played(const TurnPlayed& m);
  void finish(); // 6: record, answer
  void on_stop(const StopSweep& m);
  void on_look_again();
  void heed_clock();
  void pause(const SweepClock::Pause& why);
  void look_again_in(SweepClock::Milliseconds wait);
  void hold_back(const RunTicket& ticket);
  RunHistory::Entry history_of(RunId run) const;
  /// A pause that found everything done is none.
  void forget_idle_pause();
  EndedRun ended_now(const RunDone& done) const;
  std::int64_t elapsed_us() const;
  RunCounts counts_now() const; // with the runs that the source added
  SweepProgress progress() const;
  void count(const RunOutcome& outcome);
  void stop_starting(const Error& why);
  bool is_over() const; // for want of money
  SweepOutcome outcome() const;

  SupervisorImpl::pointer self;
  SupervisorParts parts;
  SweepClock clock;
  Retries retries;
  SpentModels spent;
  std::unordered_map<RunId, Live> live;
  /// Runs whose limit is being set, or whose cost is being asked for.
  std::int64_t starting = 0;
  std::int64_t unprojected = 0;     // started since PROJECTOR had caught up
  bool projecting = false;          // waited for
  std::optional<RunTicket> next_up; // meanwhile, or while it must not start
  std::optional<std::int64_t> unchecked; // runs begun since the last check
  bool checking = false;
  bool check_first = false; // nothing starts before its end
  bool check_stopped = false;
  std::vector<std::string> drifts;
  UnixMs waits_until = 0; // for the window
  std::int64_t held_back = 0;
  bool resting = false; // others have their turn
  bool paused_by_clock = false;
  std::optional<SweepClock::Time> look_due;
  /// Of runs that are tried again: what this command added to the history.
  std::unordered_map<RunId, RunHistory::Entry> tried;
  RunCounts counts;
  std::int64_t turns_completed = 0; // of runs in flight too
  std::optional<Error> stopping;    // why no more runs start
  std::vector<RunTicket> named;     // done before, and named by this command
  std::vector<RunOutcome> ended;    // that did not complete
  std::int64_t critical_us = 0;
  std::int64_t model_us = 0;
  std::chrono::steady_clock::time_point started;
  caf::typed_response_promise<SweepOutcome> caller;
};

SupervisorImpl::behavior_type
supervisor(SupervisorImpl::stateful_pointer<SupervisorState> self,
           SupervisorParts parts);

} // namespace lab::runtime
