#include "runtime/engine/run_history.hpp"

#include <algorithm>

namespace lab::runtime {

void RunHistory::apply(const Fact& fact) {
  if (const auto* planned = std::get_if<RunPlanned>(&fact)) {
    runs_[planned->spec.id].planned = true;
  } else if (const auto* started = std::get_if<RunStarted>(&fact)) {
    runs_[started->run].status = RunStatus::running;
  } else if (const auto* turn = std::get_if<TurnCompleted>(&fact)) {
    auto& entry = runs_[turn->run];
    entry.turns_recorded = std::max(entry.turns_recorded, turn->record.turn);
  } else if (const auto* ended = std::get_if<RunEnded>(&fact)) {
    runs_[ended->outcome.run].status = ended->outcome.status;
  }
}

RunHistory::Entry RunHistory::of(RunId run) const {
  const auto entry = runs_.find(run);
  return entry == runs_.end() ? Entry{} : entry->second;
}

} // namespace lab::runtime
