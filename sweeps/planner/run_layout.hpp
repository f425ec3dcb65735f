#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/digest.hpp"
#include "runtime/model/ids.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/point_order.hpp"

// Which seeds, names and order the runs of a sweep get. Pure.

namespace lab::sweeps {

/// The seeds of one point, one a replicate. Fresh seeds hang on the point's
/// content, so that reordering points changes nobody's seed. 53 bits, so that
/// every reader of JSON gets them right.
std::vector<std::uint64_t> seeds_of(const Replicates& replicates,
                                    std::uint64_t design_seed,
                                    const Digest256& content);
/// The seed of one replicate alone. @param replicate  index
std::uint64_t seed_of(const Replicates& replicates, std::uint64_t design_seed,
                      const Digest256& content, std::int32_t replicate);

/// "p053" and "p053.r2", numbered from 1.
std::string point_name(std::int32_t point);
std::string run_name(std::int32_t point, std::int32_t replicate);

/// Point and replicate of "p053.r2"; nothing when it is no such name.
std::optional<std::pair<std::int32_t, std::int32_t>>
numbers_of(std::string_view name);

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

/// What the order must know of a point.
struct OrderedPoint {
  std::int64_t index = 0; // in the design
  std::string models;     // of everybody, as one text
};

/// The order in which the runs of a listed plan start: whole random blocks,
/// each with every point once, so that a sweep that stops anywhere is balanced
/// within one. Rows of a stretch come in turn within each block.
///
/// A run's place among the others of its row hangs on its id: a manifest that
/// is reordered or extended keeps the order of what it had.
/// @param points  one an entry of `runs`; `by_model` keeps those of equal
///                models together, and turns every second block round so that
///                the model that is loaded goes on
std::vector<RunPlace>
execution_order(const std::vector<std::vector<RunId>>& runs,
                const std::vector<OrderedPoint>& points,
                const std::vector<Stretch>& stretches, RunOrder order,
                std::uint64_t design_seed);

} // namespace lab::sweeps
