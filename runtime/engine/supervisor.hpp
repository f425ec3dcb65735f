#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "runtime/base/clock.hpp"
#include "runtime/engine/run.hpp"
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
};

/// One step per member function. Parked runs are tickets inside the source;
/// only runs in flight have actors.
struct SupervisorState {
  static inline const char* name = "lab.supervisor";
  /// Runs that start before PROJECTOR must have caught up. It works at its
  /// leisure, and what it has not written yet is kept in memory.
  static constexpr std::int64_t unprojected_max = 1'000;

  explicit SupervisorState(SupervisorActor::pointer actor) : self(actor) {}

  struct Live {
    RunActor actor;
    RunTicket ticket;
    std::int32_t turns = 0; // completed
  };

  caf::result<SweepOutcome> on_start();                  // 1: record the plan
  void fill();                                           // 2: start runs
  void wait_for_projector();                             // 2': now and then
  void start_run(const RunTicket& ticket);               // 3: limit, spawn
  void spawn_run(const RunTicket& ticket, RunSpec spec); // 4
  void on_run_done(RunId run, const RunDone& done);      // 5: count
  void tell_source(const RunDone& done);                 // 5': what it cost
  void take_up(const EndedRun& run);                     // 5'': go on
  void on_turn_played(const TurnPlayed& m);
  void finish(); // 6: record, answer
  void on_stop(const StopSweep& m);
  EndedRun ended_now(const RunDone& done) const;
  std::int64_t elapsed_us() const;
  RunCounts counts_now() const; // with the runs that the source added
  SweepProgress progress() const;
  void count(const RunOutcome& outcome);
  void stop_starting(const Error& why);
  bool is_over() const; // for want of money
  SweepOutcome outcome() const;

  SupervisorActor::pointer self;
  SupervisorParts parts;
  std::unordered_map<RunId, Live> live;
  /// Runs whose limit is being set, or whose cost is being asked for.
  std::int64_t starting = 0;
  std::int64_t unprojected = 0;     // started since PROJECTOR had caught up
  bool projecting = false;          // waited for
  std::optional<RunTicket> next_up; // meanwhile
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

SupervisorActor::behavior_type
supervisor(SupervisorActor::stateful_pointer<SupervisorState> self,
           SupervisorParts parts);

} // namespace lab::runtime
