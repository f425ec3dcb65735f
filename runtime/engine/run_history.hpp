#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runtime/model/fact.hpp"

namespace lab::runtime {

/// What the journal already tells of each run, so that a run taken up again
/// does not record its plan and its turns anew. Built from the journal at
/// start, from whichever facts are read: without the (large) turn records it
/// knows the turns of runs that ended in order, and a run that was killed
/// records its turns once more, which changes nothing for any reader.
class RunHistory {
public:
  struct Entry {
    bool planned = false;
    std::int32_t turns_recorded = -1; // highest; turn 0 is the initial world
    RunStatus status = RunStatus::planned;
    /// Of its newest plan.
    std::vector<ControlChange> controls;
    /// The furthest place where it paused: this and every earlier place is
    /// done with.
    std::optional<PausePlace> paused;
    std::int32_t halted_after = 0; // last turn after which a phase halted it
  };

  void apply(const Fact& fact);
  Entry of(RunId run) const;

  /// What the entry of a run becomes by its end.
  static void note_end(Entry& entry, const RunOutcome& outcome);

private:
  std::unordered_map<RunId, Entry> runs_;
};

} // namespace lab::runtime
