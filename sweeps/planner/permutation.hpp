#pragma once

#include <array>
#include <cstdint>

#include "runtime/base/seed.hpp"

namespace lab::sweeps {

/// A random order of the numbers 0 to size - 1 that takes no memory: place i is
/// computed when it is asked for. A Feistel network of keyed rounds permutes
/// the next power of four, and what falls outside is put through again until
/// it falls inside, which needs four rounds of the network at most on average.
/// @source Luby, Rackoff, How to construct pseudorandom permutations (1988);
///         Black, Rogaway, Ciphers with arbitrary finite domains (2002)
class Permutation {
public:
  /// @param size  at least 1, at most 2^62
  Permutation(std::uint64_t size, const Seed& key);

  /// The number at place `i`, `0 <= i < size`. Different for different `i`.
  std::uint64_t at(std::uint64_t i) const;

private:
  static constexpr std::size_t rounds = 6;

  std::uint64_t once(std::uint64_t value) const;

  std::uint64_t size_;
  unsigned half_bits_ = 0; // of the network's left and right
  std::array<std::uint64_t, rounds> keys_{};
};

} // namespace lab::sweeps
