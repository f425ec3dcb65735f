#pragma once

#include <cstdint>
#include <unordered_map>

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
  };

  void apply(const Fact& fact);
  Entry of(RunId run) const;

private:
  std::unordered_map<RunId, Entry> runs_;
};

} // namespace lab::runtime
