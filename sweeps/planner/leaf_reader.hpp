#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sweeps/planner/factor_book.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Pairs of factors that have a value at the same point; the first is less.
using Meetings = std::set<std::pair<std::size_t, std::size_t>>;

void meet(Meetings& meetings, const FactorSet& left, const FactorSet& right);

/// A leaf with what its surroundings must know.
struct LeafPart {
  std::shared_ptr<const Leaf> leaf; // null after an error
  FactorSet uses;
  Meetings meetings;
};

/// As a manifest writes them: "grid", "latin-hypercube", …
const std::vector<std::string>& leaf_keys();

/// Reads one leaf: `grid: {factors: [a, b]}`. Every problem is a finding.
/// @param key    one of `leaf_keys`
/// @param where  dotted path of the leaf
/// @param seed   of the block; samplers draw from it by kind and factor
LeafPart read_leaf(const yaml::Document& document, const std::string& key,
                   const yaml::Node& node, const std::string& where,
                   const Seed& seed, const FactorBook& book,
                   Findings& findings);

/// Reports a design of too many points.
void report_points(const yaml::Document& document, const yaml::Node& node,
                   const std::string& where, Findings& findings);

} // namespace lab::sweeps
