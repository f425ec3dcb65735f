#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/designs/factor.hpp"
#include "sweeps/designs/leaf.hpp"

namespace lab::sweeps {

/// One combination of values.
struct DesignPoint {
  std::string label; // of a hand-made point; else empty
  /// One entry a factor, in the manifest's order; nothing where the design
  /// does not use the factor and the scenario's own value holds.
  std::vector<std::optional<FactorValue>> values;
};

/// Every point of the first leaf with every point of the second, and so on; the
/// first leaf varies slowest. No factor is in two leaves.
struct Block {
  std::string name; // unique; empty in a design without `union`
  std::vector<std::shared_ptr<const Leaf>> leaves; // none: one point
  std::int64_t first = 0; // index of its first point in the design
  std::int64_t size = 1;
};

/// Where a point of a design stands.
struct PointPlace {
  std::size_t block = 0;
  std::vector<std::int64_t> positions; // one a leaf of the block

  friend bool operator==(const PointPlace&, const PointPlace&) = default;
};

/// Which combinations a sweep visits: blocks, one after the other. Points are
/// made when they are asked for: a design of a million points costs no more
/// memory than one of ten.
///
/// For the analysis, the points of one leaf form a group for each combination
/// of the other leaves of its block; Morris and Sobol indices are of a group.
class Design {
public:
  /// @param factors  number of factors in the manifest
  /// @param blocks   at least one; `first` and `size` are filled in here
  Design(std::size_t factors, std::vector<Block> blocks);

  std::int64_t size() const { return size_; }
  /// The i-th combination, `0 <= i < size()`; the same for the same i, always.
  /// Labels of crossed lists are joined with ", ".
  DesignPoint point(std::int64_t i) const;

  const std::vector<Block>& blocks() const { return blocks_; }
  PointPlace place_of(std::int64_t i) const;
  std::int64_t index_of(const PointPlace& place) const;

  /// Number of groups of a leaf: the product of the sizes of the others.
  std::int64_t group_count(std::size_t block, std::size_t leaf) const;
  /// The index of a leaf's point in one of its groups. Groups count through
  /// the other leaves, the first of them slowest.
  std::int64_t index_in_group(std::size_t block, std::size_t leaf,
                              std::int64_t group, std::int64_t position) const;

  /// For people: "6 grid", "45 morris x 2 grid", "112 saltelli x 2 grid + 3
  /// list".
  std::string outline() const;
  /// What `Leaf::notes` say, each once.
  std::vector<std::string> notes() const;

private:
  std::size_t factors_;
  std::vector<Block> blocks_;
  std::int64_t size_ = 0;
};

/// Every block of the first part with every block of the second, and so on;
/// names are joined with a dot.
std::vector<Block> crossed(const std::vector<std::vector<Block>>& parts);

} // namespace lab::sweeps
