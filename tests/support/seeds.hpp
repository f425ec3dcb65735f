#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace lab::testing {

/// The seeds a property runs over: 1 to `count`, to LAB_SEEDS when that is
/// set, or LAB_SEED alone, which replays one failure.
inline std::vector<std::uint64_t> seeds(std::uint64_t count) {
  if (const char* one = std::getenv("LAB_SEED"))
    return {std::strtoull(one, nullptr, 10)};
  if (const char* many = std::getenv("LAB_SEEDS"))
    count = std::strtoull(many, nullptr, 10);
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= count; ++seed)
    all.push_back(seed);
  return all;
}

/// What to print with a failure.
inline std::string replay_hint(std::uint64_t seed) {
  return "replay with LAB_SEED=" + std::to_string(seed);
}

} // namespace lab::testing
