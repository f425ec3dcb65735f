#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sweeps/report/svg.hpp"

// Shared by the drawings that have a label to the left of each row.

namespace lab::sweeps::report {

inline constexpr double chart_width = 720;
inline constexpr double row_height = 22;
inline constexpr double axis_height = 42; // tick labels and title
inline constexpr double label_width_max = 260;
inline constexpr double right_margin = 24;

/// Room for the widest of the labels.
template <class Rows, class LabelOf>
double label_width(const Rows& rows, LabelOf label_of) {
  double widest = 40;
  for (const auto& row : rows)
    widest = std::max(widest, text_width(label_of(row)));
  return std::min(widest, label_width_max) + 12;
}

} // namespace lab::sweeps::report
