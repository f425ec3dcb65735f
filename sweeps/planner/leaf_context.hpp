#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sweeps/planner/factor_book.hpp"
#include "sweeps/planner/value_readers.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// A leaf that is being read: where it stands, its factors, and whether all of
/// it was sound so far.
struct LeafContext {
  const yaml::Document& document;
  std::string key; // as in `leaf_keys`
  const yaml::Node& node;
  std::string where; // dotted path
  Seed seed;
  const FactorBook& book;
  Findings& findings;
  yaml::MapReader* reader = nullptr; // of `node`
  std::vector<std::size_t> factors{};
  bool sound = true;

  /// Where the name of a factor stands, by its position in `factors`.
  std::pair<const yaml::Node&, std::string>
  name_place(std::size_t position) const;
};

/// Leaves that choose among levels: grid, zip and one-at-a-time. Null after an
/// error.
std::unique_ptr<Leaf> read_level_leaf(LeafContext& context,
                                      std::int64_t points_max);

/// Leaves that sample: random, latin-hypercube, sobol, saltelli and morris.
/// Null after an error.
std::unique_ptr<Leaf> read_sampler(LeafContext& context);

} // namespace lab::sweeps
