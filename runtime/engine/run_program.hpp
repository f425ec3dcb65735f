#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/engine/run_history.hpp"
#include "runtime/model/run_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::runtime {

/// One run as a program: which phase is next, which turn is finished, where it
/// stands still, how it ended. Pure; RUN drives it with the answers of its
/// phases.
///
///   next() -> play_phase -> phase_done() -> next() -> … -> turn_finished
///   -> next() -> … -> ended
class RunProgram {
public:
  enum class Step {
    play_phase,    // play phase `phase()` on `state()`
    turn_finished, // `state()->current` is complete; record it, then next()
    ended,         // `outcome()` tells how
  };

  /// @param phases  their names, without `persistence`, which is RUN's own
  /// @param before  what the journal told of the run when it was started: it
  ///                pauses at no place up to the furthest one it paused at
  RunProgram(const Shared<RunSpec>& spec, std::vector<std::string> phases,
             RunHistory::Entry before = {});

  /// What is to do now. Asking again gives the same answer until something is
  /// reported.
  Step next() const { return step_; }
  std::size_t phase() const { return phase_; }
  const Shared<TurnState>& state() const { return state_; }
  const RunOutcome& outcome() const;

  /// The phase gave this state.
  void phase_done(Shared<TurnState> state);
  /// The finished turn was recorded: the next turn begins, or the run ends.
  void turn_recorded();
  /// The phase could not be played; the turn stays unfinished.
  void phase_failed(const Error& why);
  /// Ends the run when the phase being played is done. The first reason stays.
  void stop(const Error& why);

private:
  bool ends_after_turn(const TurnRecord& turn);
  /// Whether the scenario's condition ends the run after this turn.
  /// Ends the run as paused when it shall stand still here.
  bool pauses(std::size_t phase, bool before);
  const std::string& name_of(std::size_t phase) const;
  void end(RunStatus status, Errc code, std::string reason);
  void end_for(const Error& why);
  void begin_turn(std::int32_t turn);

  Shared<RunSpec> spec_;
  std::vector<std::string> phases_;
  RunHistory::Entry before_;
  Step step_ = Step::turn_finished; // turn 0: the initial world
  std::size_t phase_ = 0;
  Shared<TurnState> state_;
  std::optional<Error> stop_;
  RunOutcome outcome_;
};

/// How a failed call ends its run: limits, stops and unreachable providers
/// leave a run that the same command takes up again (halted); anything else
/// failed.
RunStatus status_after(Errc code);

} // namespace lab::runtime
