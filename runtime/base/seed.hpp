#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/digest.hpp"

namespace lab {

/// A place in a tree of random streams. A seed is derived from a path, never
/// drawn in sequence, so scheduling cannot change results:
///
///   Seed{7}.child("turn").child(3).child("eu-commission").unit(0)
///
/// Counter-based: `unit(i)` depends on the path and `i` alone.
class Seed {
public:
  explicit Seed(std::uint64_t root);

  Seed child(std::string_view name) const;
  Seed child(std::int64_t index) const;

  /// The i-th 64 random bits of this place.
  std::uint64_t bits(std::uint64_t i) const;
  /// The i-th uniform number in [0, 1).
  double unit(std::uint64_t i) const;
  /// The i-th uniform integer in [0, count). `count` > 0.
  std::uint64_t below(std::uint64_t i, std::uint64_t count) const;

private:
  explicit Seed(Digest128 key) : key_(key) {}
  Digest128 key_;
};

} // namespace lab
