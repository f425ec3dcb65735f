#include "tools/dev/fake_provider/chance.hpp"

#include <cmath>
#include <cstring>
#include <numbers>

namespace lab::tools::fake {

std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

std::uint64_t hash_of(std::string_view text, std::uint64_t salt) {
  // Eight bytes a step: this runs over every request of a benchmark.
  std::uint64_t state = mix(salt ^ text.size());
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    state = mix(state ^ word);
    text.remove_prefix(sizeof word);
  }
  std::uint64_t rest = 0;
  if (!text.empty())
    std::memcpy(&rest, text.data(), text.size());
  return mix(state ^ rest);
}

double unit(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

std::int64_t latency_us(std::int64_t mean_us, double sigma,
                        std::uint64_t bits) {
  if (sigma == 0)
    return mean_us;
  // Box and Muller: two uniform numbers make one normal one.
  const double radius = std::sqrt(-2 * std::log(1 - unit(mix(bits))));
  const double angle = 2 * std::numbers::pi * unit(mix(bits + 1));
  const double normal = radius * std::cos(angle);
  const double factor = std::exp(sigma * normal - sigma * sigma / 2);
  return std::llround(static_cast<double>(mean_us) * factor);
}

} // namespace lab::tools::fake
