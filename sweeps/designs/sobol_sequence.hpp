#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/seed.hpp"

namespace lab::sweeps {

/// Sobol's low-discrepancy sequence, read at any index: point i is the
/// exclusive-or of the direction numbers at the bits of i's Gray code (Antonov
/// and Saleev, USSR Computational Mathematics 19, 1980). Index 0 is the zero
/// point; leaving it out would unbalance every 2^m points (Owen, "On dropping
/// the first Sobol' point", 2020).
///
/// Direction numbers are those of Joe and Kuo (SIAM Journal on Scientific
/// Computing 30, 2008), as Boost.Random has them.
///
/// Scrambled, each dimension's digits go through a random lower triangular
/// matrix and a random shift (Matousek, Journal of Complexity 14, 1998): every
/// point is uniform by itself, and the balance of 2^m points stays.
class SobolSequence {
public:
  static constexpr std::size_t dimensions_max = 3'667;

  /// @param dimensions  1 to `dimensions_max`
  explicit SobolSequence(std::size_t dimensions);

  /// @param names  of the dimensions; a scramble hangs on its name
  SobolSequence(const std::vector<std::string>& names, const Seed& scramble);

  /// In [0, 1), a multiple of 2^-53.
  double at(std::uint64_t index, std::size_t dimension) const;

private:
  void scramble(std::size_t dimension, const Seed& seed);

  /// By dimension and bit of the index; the value's first digit is the highest
  /// bit.
  std::vector<std::vector<std::uint64_t>> directions_;
  std::vector<std::uint64_t> shifts_; // by dimension
};

} // namespace lab::sweeps
