#include "runtime/engine/run_history.hpp"

#include <algorithm>

namespace lab::runtime {

void RunHistory::apply(const Fact& fact) {
  if (const auto* planned = std::get_if<RunPlanned>(&fact)) {
    auto& entry = runs_[planned->spec.id];
    entry.planned = true;
    entry.controls = planned->spec.controls;
  } else if (const auto* started = std::get_if<RunStarted>(&fact)) {
    // The plan is always recorded first.
    auto& entry = runs_[started->run];
    entry.planned = true;
    entry.controls = started->controls;
    entry.status = RunStatus::running;
  } else if (const auto* turn = std::get_if<TurnCompleted>(&fact)) {
    auto& entry = runs_[turn->run];
    entry.turns_recorded = std::max(entry.turns_recorded, turn->record.turn);
  } else if (const auto* ended = std::get_if<RunEnded>(&fact)) {
    note_end(runs_[ended->outcome.run], ended->outcome);
  }
}

void RunHistory::note_end(Entry& entry, const RunOutcome& outcome) {
  entry.status = outcome.status;
  // A run may end before it recorded its turn 0, so 0 says nothing.
  if (outcome.turns_completed > 0)
    entry.turns_recorded =
      std::max(entry.turns_recorded, outcome.turns_completed);
  if (outcome.paused && (!entry.paused || *entry.paused < *outcome.paused))
    entry.paused = outcome.paused;
  if (outcome.by_phase)
    entry.halted_after = std::max(entry.halted_after, outcome.turns_completed);
}

RunHistory::Entry RunHistory::of(RunId run) const {
  const auto entry = runs_.find(run);
  return entry == runs_.end() ? Entry{} : entry->second;
}

} // namespace lab::runtime
