#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sweeps/planner/known_runs.hpp"
#include "sweeps/planner/run_layout.hpp"

namespace lab::sweeps {

/// Names the runs of a walked plan as they start. A point is called by its
/// place in the design: the first one p001. Names that were given stay: a run
/// keeps its own, a point the number that one of its runs has, and a number
/// that another point has already goes to nobody else. Then, as when a manifest
/// was reordered, the next number that was never given is taken.
///
/// Takes memory for the points that could not have the number of their place.
class RunNames {
public:
  using Siblings = std::function<std::vector<RunId>()>;

  /// @param points  of the design
  /// @param known   kept by reference; null: nothing ran yet
  RunNames(std::int64_t points, KnownRuns* known)
    : points_(points), known_(known) {}

  /// The name of a run that has none yet.
  /// @param point      index in the design
  /// @param replicate  index
  /// @param siblings   the ids of all runs of the point; asked for when earlier
  ///                   commands named runs of the sweep
  /// @errors those of `KnownRuns`
  Result<NamedRun> name(std::int64_t point, std::int32_t replicate, RunId run,
                        const Siblings& siblings);

private:
  Result<std::int32_t> number_of(std::int64_t point, const Siblings& siblings);
  Result<std::int32_t> free_replicate(std::int32_t number,
                                      std::int32_t replicate, RunId run);

  std::int64_t points_;
  KnownRuns* known_;
  bool asked_ = false;
  std::int32_t last_earlier_ = 0; // number that an earlier command gave
  std::int32_t last_ = 0;         // number given at all
  std::unordered_map<std::int64_t, std::int32_t> moved_; // by point
  /// Names off their replicate, and whose they are.
  std::unordered_map<std::string, RunId> shifted_;
};

} // namespace lab::sweeps
