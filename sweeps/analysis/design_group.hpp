#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sweeps/planner/manifest.hpp"

namespace lab::sweeps {

/// A leaf of a design and one combination of the other leaves of its block:
/// what Morris and Sobol' indices are of.
struct DesignGroup {
  const Manifest* manifest = nullptr;
  std::size_t block = 0;
  std::size_t leaf = 0;
  std::int64_t group = 0;

  const Leaf& points() const;
  /// A point of the leaf in this group, as index in the design.
  std::int64_t index(std::int64_t position) const;
  /// Names of the leaf's factors, and how people call them.
  std::vector<std::string> names() const;
  std::vector<std::string> labels() const;
  /// What the other leaves hold still: "Local model a". Empty: nothing.
  std::string title() const;
};

/// Every group of every leaf of this kind, in the design's order.
std::vector<DesignGroup> groups_of(const Manifest& manifest, LeafKind kind);

} // namespace lab::sweeps
