#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/seed.hpp"

// In which order the points of one block are visited. Pure.

namespace lab::sweeps {

/// Points of a design that stand next to each other and are ordered together:
/// `outer * rows * inner` of them from index `first` on. Point
/// `first + (o * rows + r) * inner + i` belongs to row r.
///
/// Rows come one after another, so that a sweep that ends early leaves a
/// prefix of them: the first n points of a Sobol sequence, the first n rows of
/// a Saltelli design, whole trajectories of Morris. Where any subset is as
/// good as another there is one row.
struct Stretch {
  std::int64_t first = 0;
  std::int64_t outer = 1;
  std::int64_t rows = 1;
  std::int64_t inner = 1;

  std::int64_t size() const { return outer * rows * inner; }
  std::int64_t row_size() const { return outer * inner; }
  std::int64_t row_of(std::int64_t index) const {
    return (index - first) / inner % rows;
  }
  /// The i-th point of a row, `0 <= i < row_size()`.
  std::int64_t point_in(std::int64_t row, std::int64_t i) const {
    return first + (i / inner * rows + row) * inner + i % inner;
  }
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// Visits every point of the stretches once: rows in turn, the points of a row
/// in random order, and the stretches mixed at random in proportion to what is
/// left of each. Takes memory for the stretches alone.
class PointWalk {
public:
  /// @param key  of this block: another key is another order
  PointWalk(std::vector<Stretch> stretches, const Seed& key);

  /// The next point's index in the design; nothing when all were visited.
  std::optional<std::int64_t> next();

private:
  struct Visited {
    Stretch stretch;
    std::int64_t done = 0;
    Seed key;
  };

  static std::int64_t take(Visited& from);

  std::vector<Visited> stretches_;
  Seed key_;
  std::int64_t left_ = 0;
  std::uint64_t drawn_ = 0;
};

/// Where a point stands in a block whose points are sorted rather than walked:
/// the same rules, but chance comes from the point itself (`draw`), so that it
/// keeps its place among the others when points are added or reordered.
/// @param stretches  in the order of their first indices
/// @param draw       64 random bits of the point
std::uint64_t place_in_block(const std::vector<Stretch>& stretches,
                             std::int64_t index, std::uint64_t draw);

} // namespace lab::sweeps
