#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace lab::llm {

/// Counter-based random numbers for simulated models: `unit(i)` depends on the
/// key and `i` alone. Quick rather than strong: a simulated call has a dozen
/// draws and 25 microseconds in all.
class Chance {
public:
  explicit Chance(std::uint64_t seed) : key_(mixed(seed)) {}

  Chance child(std::string_view name) const {
    auto key = key_;
    for (const char c : name)
      key = (key ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3U;
    return Chance{key ^ name.size()};
  }
  Chance child(std::uint64_t index) const {
    return Chance{key_ + 0x9e37'79b9'7f4a'7c15U * (index + 1)};
  }

  /// The i-th uniform number in [0, 1).
  double unit(std::uint64_t i) const {
    return static_cast<double>(bits(i) >> 11U) * 0x1.0p-53;
  }
  /// The i-th uniform integer in [0, count); `count` > 0.
  std::uint64_t below(std::uint64_t i, std::uint64_t count) const {
    return static_cast<std::uint64_t>(unit(i) * static_cast<double>(count));
  }
  /// The i-th number of the standard normal law.
  double normal(std::uint64_t i) const {
    const auto radius = std::sqrt(-2 * std::log1p(-unit(2 * i)));
    return radius * std::cos(2 * std::numbers::pi * unit(2 * i + 1));
  }

private:
  /// The finaliser of SplitMix64.
  /// @source Steele, Lea, Flood: Fast splittable pseudorandom number
  ///         generators, 2014
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d0'49bb'1331'11ebU;
    return x ^ (x >> 31U);
  }
  std::uint64_t bits(std::uint64_t i) const {
    return mixed(key_ + 0x9e37'79b9'7f4a'7c15U * (i + 1));
  }

  std::uint64_t key_;
};

} // namespace lab::llm
