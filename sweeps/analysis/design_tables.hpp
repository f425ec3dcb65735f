#pragma once

#include <cstdint>

#include "sweeps/analysis/design_group.hpp"
#include "sweeps/analysis/design_numbers.hpp"
#include "sweeps/statistics/morris.hpp"
#include "sweeps/statistics/sobol.hpp"

namespace lab::sweeps {

/// What a Morris leaf gave, and how many of its rows no run stands for yet.
struct MorrisRows {
  statistics::MorrisTable table;
  std::int64_t absent = 0;
};

/// @pre  the group is of a Morris leaf
MorrisRows morris_rows(const DesignGroup& group, const PointNumbers& numbers);

struct SaltelliRows {
  statistics::SaltelliTable table;
  std::int64_t absent = 0;
};

/// @pre  the group is of a Saltelli leaf
SaltelliRows saltelli_rows(const DesignGroup& group,
                           const PointNumbers& numbers);

} // namespace lab::sweeps
