#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps::statistics {

/// The samples X and Y of reference.py.
inline const std::vector<double> sample_x{4.1, 5.3, 2.2, 7.9, 5.0, 6.4, 3.8};
inline const std::vector<double> sample_y{5.0, 5.9, 3.9, 9.9, 5.5, 6.1, 6.2};

inline Observation with_number(std::uint64_t seed, double value) {
  Observation made;
  made.seed = seed;
  made.value = value;
  return made;
}

inline Observation without(std::uint64_t seed, std::string reason) {
  Observation made;
  made.seed = seed;
  made.reason = std::move(reason);
  return made;
}

/// A run that read the replies of this name.
inline Observation reading(std::uint64_t seed, double value,
                           const std::string& replies) {
  auto made = with_number(seed, value);
  made.replies = Hasher{}.add(replies).finish128();
  return made;
}

/// Seeds 1, 2, 3, …
inline std::vector<Observation> runs_of(std::span<const double> values) {
  std::vector<Observation> made;
  for (const double x : values)
    made.push_back(with_number(made.size() + 1, x));
  return made;
}

} // namespace lab::sweeps::statistics
