#pragma once

#include <memory>

#include "sweeps/designs/leaf.hpp"

// Leaves that choose among levels.

namespace lab::sweeps {

/// The levels of a factor.
struct LevelAxis {
  std::size_t factor = 0; // index in the manifest's order
  std::vector<FactorValue> levels;
};

/// Every combination; the first axis varies slowest.
std::unique_ptr<Leaf> make_grid_leaf(std::vector<LevelAxis> axes);

/// First with first, second with second. All axes are of one length.
std::unique_ptr<Leaf> make_zip_leaf(std::vector<LevelAxis> axes);

/// The baseline, then each other level of each factor alone:
/// 1 + sum(levels - 1) points.
/// @param baseline  index of a level, one an axis
std::unique_ptr<Leaf>
make_one_at_a_time_leaf(std::vector<LevelAxis> axes,
                        std::vector<std::size_t> baseline);

/// A hand-made point.
struct ListedPoint {
  std::string label;
  /// One entry a factor of the leaf; nothing where the scenario's value holds.
  std::vector<std::optional<FactorValue>> values;
};

/// The points as given.
/// @param factors  indices in the manifest's order
std::unique_ptr<Leaf> make_list_leaf(std::vector<std::size_t> factors,
                                     std::vector<ListedPoint> points);

/// Some of a leaf's points, in order. Which, takes a bit a point.
/// @param kept  one a point of `whole`
std::unique_ptr<Leaf> make_filtered_leaf(std::unique_ptr<Leaf> whole,
                                         const std::vector<bool>& kept);

} // namespace lab::sweeps
