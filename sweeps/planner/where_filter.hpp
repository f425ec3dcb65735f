#pragma once

#include <memory>

#include "sweeps/planner/factor_book.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Most points that `where` may choose from.
inline constexpr std::int64_t where_points_max = 10'000'000;

/// The points of a leaf at which the expression `where` holds; null after an
/// error: it cannot be read, says neither yes nor no at a point, or keeps none.
/// Factors whose values are all numbers are numbers in it, others are texts.
std::unique_ptr<Leaf> filter_leaf(const yaml::Document& document,
                                  const yaml::Node& where,
                                  const std::string& path,
                                  std::unique_ptr<Leaf> leaf,
                                  const FactorBook& book, Findings& findings);

} // namespace lab::sweeps
