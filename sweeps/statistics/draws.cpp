#include "sweeps/statistics/draws.hpp"

#include <algorithm>

#include "sweeps/statistics/distributions.hpp"

namespace lab::sweeps::statistics {

namespace {

__extension__ using Wide = unsigned __int128;

} // namespace

Draws::Draws(const Seed& place) : key_(place.bits(0)), salt_(place.bits(1)) {}

std::uint64_t Draws::below(std::uint64_t i, std::uint64_t count) const {
  return static_cast<std::uint64_t>((static_cast<Wide>(bits(i)) * count)
                                    >> 64U);
}

double Draws::normal(std::uint64_t i) const {
  // Half a step away from 0 and 1, where the quantile is infinite.
  return normal_quantile(unit(i) + 0x1.0p-54);
}

void Draws::resample(std::uint64_t r, std::span<std::uint32_t> counts) const {
  std::ranges::fill(counts, 0U);
  const std::uint64_t first = r * counts.size();
  for (std::uint64_t i = 0; i < counts.size(); ++i)
    ++counts[below(first + i, counts.size())];
}

} // namespace lab::sweeps::statistics
