#include "sweeps/designs/sobol_sequence.hpp"

#include <bit>

#include <boost/random/sobol.hpp>

#include "runtime/base/check.hpp"

namespace lab::sweeps {

namespace {

/// Enough for 2^40 points.
constexpr unsigned index_bits = 40;
constexpr unsigned digits = 64;

} // namespace

SobolSequence::SobolSequence(std::size_t dimensions)
  : directions_(dimensions), shifts_(dimensions, 0) {
  LAB_CHECK(dimensions >= 1 && dimensions <= dimensions_max,
            "dimensions=" + std::to_string(dimensions));
  boost::random::sobol engine{dimensions};
  for (unsigned bit = 0; bit < index_bits; ++bit) {
    // The Gray code of 2^(bit+1) - 1 has this one bit. Boost leaves out the
    // zero point, so that its number n is our number n + 1.
    const auto index = (std::uint64_t{1} << (bit + 1)) - 1;
    engine.seed();
    engine.seed(index - 1);
    for (auto& dimension : directions_)
      dimension.push_back(engine());
  }
}

SobolSequence::SobolSequence(const std::vector<std::string>& names,
                             const Seed& scramble)
  : SobolSequence(names.size()) {
  for (std::size_t i = 0; i < names.size(); ++i)
    this->scramble(i, scramble.child(names[i]));
}

void SobolSequence::scramble(std::size_t dimension, const Seed& seed) {
  const auto matrix = seed.child("matrix");
  std::vector<std::uint64_t> rows; // of the matrix, first digit first
  for (unsigned row = 0; row < digits; ++row) {
    const auto diagonal = std::uint64_t{1} << (digits - 1 - row);
    // Digits before the diagonal are random, those behind it zero.
    const auto before = ~(diagonal | (diagonal - 1));
    rows.push_back((matrix.bits(row) & before) | diagonal);
  }
  for (auto& direction : directions_[dimension]) {
    std::uint64_t turned = 0;
    for (const auto row : rows)
      turned =
        turned << 1U
        | (static_cast<std::uint64_t>(std::popcount(row & direction)) & 1U);
    direction = turned;
  }
  shifts_[dimension] = seed.child("shift").bits(0);
}

double SobolSequence::at(std::uint64_t index, std::size_t dimension) const {
  LAB_CHECK(index >> index_bits == 0, "index=" + std::to_string(index));
  const auto& directions = directions_.at(dimension);
  auto value = shifts_[dimension];
  for (auto code = index ^ (index >> 1U); code != 0; code &= code - 1)
    value ^= directions[static_cast<std::size_t>(std::countr_zero(code))];
  return static_cast<double>(value >> 11U) * 0x1.0p-53;
}

} // namespace lab::sweeps
