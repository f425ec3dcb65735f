#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/base/digest.hpp"
#include "runtime/model/ids.hpp"
#include "sweeps/planner/manifest.hpp"

// Which seeds, names and order the runs of a sweep get. Pure.

namespace lab::sweeps {

/// The seeds of one point, one a replicate. Fresh seeds hang on the point's
/// content, so that reordering points changes nobody's seed. 53 bits, so that
/// every reader of JSON gets them right.
std::vector<std::uint64_t> seeds_of(const Replicates& replicates,
                                    std::uint64_t design_seed,
                                    const Digest256& content);

/// "p053" and "p053.r2", numbered from 1.
std::string point_name(std::int32_t point);
std::string run_name(std::int32_t point, std::int32_t replicate);

/// A run as it is called.
struct NamedRun {
  RunId run;
  std::int32_t point = 0;     // number
  std::int32_t replicate = 0; // number
};

/// Names the runs of each point; `runs[p][r]` is replicate r of point p.
/// Names in `given` stay, a point keeps its number as soon as one of its runs
/// has one, and everything new gets the next free number.
std::vector<std::vector<NamedRun>>
name_runs(const std::vector<std::vector<RunId>>& runs,
          const std::map<RunId, std::string>& given);

/// Where a run stands in the lay-out.
struct RunPlace {
  std::int32_t point = 0;     // index
  std::int32_t replicate = 0; // index

  friend bool operator==(const RunPlace&, const RunPlace&) = default;
};

/// The order in which runs start: whole random blocks, each with every point
/// once, so that a sweep that stops anywhere is balanced within one.
///
/// A run's place among the others hangs on its id: a manifest that is
/// reordered or extended keeps the order of what it had.
/// @param models  of each point, as one text; `by_model` keeps equal ones
///                together, and turns every second block round so that the
///                model that is loaded goes on
std::vector<RunPlace>
execution_order(const std::vector<std::vector<RunId>>& runs,
                const std::vector<std::string>& models, RunOrder order,
                std::uint64_t design_seed);

} // namespace lab::sweeps
