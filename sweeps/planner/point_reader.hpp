#pragma once

#include <memory>
#include <vector>

#include "sweeps/planner/factor_book.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// A leaf of hand-made points, and which factors each names.
struct PointListPart {
  std::unique_ptr<Leaf> leaf; // null after an error
  std::vector<FactorSet> named;
};

/// Reads `list`: `[{label: calm, trust: 0.2}, …]`, or a map with `points` or
/// with `file`, a CSV file whose first row names factors and perhaps `label`.
/// @param where_key  gets the `where` of a map; null: none
PointListPart read_point_list(const yaml::Document& document,
                              const yaml::Node& node, const std::string& where,
                              const FactorBook& book,
                              const yaml::Node*& where_key, Findings& findings);

} // namespace lab::sweeps
