#pragma once

#include <vector>

#include "sweeps/statistics/effects.hpp"

namespace lab::sweeps::statistics {

/// The rows of reference.py: a 3 x 2 table with one or two runs a point.
inline std::vector<LevelRow> unbalanced_rows() {
  const auto row = [](std::size_t a, std::size_t b, double y) {
    return LevelRow{{a, b}, y, 0, 2 * a + b};
  };
  return {row(0, 0, 3.0), row(0, 0, 3.4), row(0, 1, 5.1),
          row(1, 0, 4.0), row(1, 1, 7.2), row(1, 1, 6.6),
          row(2, 0, 2.5), row(2, 1, 4.0), row(2, 1, 4.4)};
}

} // namespace lab::sweeps::statistics
