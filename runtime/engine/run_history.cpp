#include "runtime/engine/run_history.hpp"

#include <algorithm>

namespace lab::runtime {

void RunHistory::apply(const Fact& fact) {
  if (const auto* planned = std::get_if<RunPlanned>(&fact)) {
    runs_[planned->spec.id].planned = true;
  } else if (const auto* started = std::get_if<RunStarted>(&fact)) {
    // The plan is always recorded first.
    runs_[started->run].planned = true;
    runs_[started->run].status = RunStatus::running;
  } else if (const auto* turn = std::get_if<TurnCompleted>(&fact)) {
    auto& entry = runs_[turn->run];
    entry.turns_recorded = std::max(entry.turns_recorded, turn->record.turn);
  } else if (const auto* ended = std::get_if<RunEnded>(&fact)) {
    auto& entry = runs_[ended->outcome.run];
    entry.status = ended->outcome.status;
    // A run may end before it recorded its turn 0, so 0 says nothing.
    if (ended->outcome.turns_completed > 0)
      entry.turns_recorded =
        std::max(entry.turns_recorded, ended->outcome.turns_completed);
  }
}

RunHistory::Entry RunHistory::of(RunId run) const {
  const auto entry = runs_.find(run);
  return entry == runs_.end() ? Entry{} : entry->second;
}

} // namespace lab::runtime
