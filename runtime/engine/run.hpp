#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "runtime/engine/run_history.hpp"
#include "runtime/engine/run_program.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::runtime {

/// What every RUN of an engine is given.
struct RunParts {
  JournalActor journal;
  GatewayActor gateway;
  EventHubActor events;
  PhaseFactory make_phases;
};

/// One step per member function. RUN asks the program what is next, has a
/// PHASE do it, and reports back; it decides nothing itself.
struct RunState {
  static inline const char* name = "lab.run";

  explicit RunState(RunActor::pointer actor) : self(actor) {}

  caf::result<RunDone> on_start();           // 1: plan, make phases
  void go_on();                              // 2: what is next?
  void play_phase();                         // 3: ask a PHASE
  void on_phase_done(const PhaseDone& done); // 4: take its state
  void tell_news(const TurnRecord& now);     // what the phase added
  void on_phase_failed(const Error& why);    // 4': the run ends
  void finish_turn();                        // 5: record the turn
  void finish_run();                         // 6: record, answer
  void tell_results(RunDone& done) const;    // for who decides on more runs
  void on_stop(const StopRun& m);
  void on_exit(const caf::error& why); // a part of it died
  void record(Fact fact);
  void on_recorded();
  void on_record_failed(const Error& why);
  void tell(EventKind kind, std::string text = {},
            std::string participant = {});

  RunActor::pointer self;
  RunParts parts;
  Shared<RunSpec> spec;
  RunHistory::Entry before; // what the journal told of this run at start
  std::vector<NamedPhase> phases;
  std::optional<RunProgram> program;
  ModelTime time;
  /// Facts on their way to disk; the run is done when none is left.
  std::int64_t unrecorded = 0;
  std::optional<Error> record_error;
  bool ending = false;
  caf::typed_response_promise<RunDone> caller;
};

RunActor::behavior_type run(RunActor::stateful_pointer<RunState> self,
                            RunParts parts, Shared<RunSpec> spec,
                            RunHistory::Entry before);

} // namespace lab::runtime
