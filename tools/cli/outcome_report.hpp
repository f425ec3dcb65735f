#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "storage/queries.hpp"
#include "sweeps/planner/outcome_table.hpp"

namespace lab::tools {

/// A metric at the end of a sweep's runs.
struct OutcomeView {
  std::string metric;
  std::optional<std::pair<double, double>> range;
  std::int32_t replicates = 1;
  bool simulated = false;
  sweeps::OutcomeTable table;
  std::map<std::string, std::string> labels; // of factors; absent: the name
};

/// The rows of a metric as the statistics take them.
sweeps::OutcomeTable tabulate(const storage::MetricTable& rows);

/// A table (two factors: one down, one across; else a line a point) and one
/// sentence on which factor moves the metric how far.
std::string outcome_text(const OutcomeView& view);

} // namespace lab::tools
