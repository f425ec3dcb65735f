#pragma once

#include <cstdint>
#include <span>

#include "runtime/base/seed.hpp"

namespace lab::sweeps::statistics {

/// Millions of random numbers from one place of the seed tree. Counter-based:
/// the i-th number depends on the place and i alone. `Seed` itself hashes each
/// number with BLAKE2b, which is too slow for resampling; this mixes the
/// place's 128 bits with the counter by two rounds of SplitMix64's finaliser.
/// @source Steele, Lea and Flood (2014), Fast splittable pseudorandom number
///         generators; constants of Stafford's variant 13
class Draws {
public:
  explicit Draws(const Seed& place);

  std::uint64_t bits(std::uint64_t i) const {
    return mixed(mixed(i * 0x9e3779b97f4a7c15U + key_) ^ salt_);
  }
  /// Uniform in [0, 1).
  double unit(std::uint64_t i) const {
    return static_cast<double>(bits(i) >> 11U) * 0x1.0p-53;
  }
  /// Uniform in 0 .. count - 1; `count` in 1 .. 2^32. Bias below count / 2^64.
  std::uint64_t below(std::uint64_t i, std::uint64_t count) const;
  /// Standard normal by inversion: one counter, one number.
  double normal(std::uint64_t i) const;

  /// How often each of counts.size() units is drawn in the r-th resample of as
  /// many draws with replacement.
  void resample(std::uint64_t r, std::span<std::uint32_t> counts) const;

private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::uint64_t key_;
  std::uint64_t salt_;
};

} // namespace lab::sweeps::statistics
