#pragma once

#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace lab::sweeps::statistics {

/// Which things belong together, told pair by pair (union-find).
class DisjointSets {
public:
  explicit DisjointSets(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    // The smaller number leads, so that the result does not depend on order.
    if (b < a)
      std::swap(a, b);
    parent_[b] = a;
  }

  /// The set of each thing, numbered from 0 in order of first appearance.
  std::vector<std::size_t> numbered() {
    constexpr auto unseen = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> number(parent_.size(), unseen);
    std::vector<std::size_t> out(parent_.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < parent_.size(); ++i) {
      auto& mine = number[root(i)];
      if (mine == unseen)
        mine = next++;
      out[i] = mine;
    }
    return out;
  }

private:
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) {
      parent_[i] = parent_[parent_[i]];
      i = parent_[i];
    }
    return i;
  }

  std::vector<std::size_t> parent_;
};

} // namespace lab::sweeps::statistics
