#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lab::sweeps {

/// One run's outcome. Only completed runs whose metric has status `value` may
/// carry a number; every other run carries none and is counted as missing.
struct OutcomeRow {
  std::vector<std::string> values; // one a factor, in the factors' order
  std::int32_t replicate = 0;
  std::optional<double> number;
};

/// One point: mean over its replicates.
struct OutcomeCell {
  std::vector<std::string> values;
  std::int32_t n = 0;       // replicates with a number
  std::int32_t missing = 0; // replicates without
  std::optional<double> mean;
  /// Spread between replicates (sample standard deviation); from n = 2 on.
  std::optional<double> deviation;
  /// Of the mean: deviation / sqrt(n). What stands behind the +- sign.
  std::optional<double> standard_error;
};

struct LevelMean {
  std::string value;
  double mean = 0;
};

/// How far a factor moves the outcome. Like is compared with like: only those
/// combinations of the other factors count that have data at every level.
struct FactorEffect {
  std::string factor;
  std::vector<LevelMean> levels; // in order of first appearance
  std::int32_t combinations = 0; // compared; 0: no effect can be told
  /// Largest minus smallest level mean.
  std::optional<double> range;
};

struct OutcomeTable {
  std::vector<std::string> factors;
  std::vector<OutcomeCell> cells;    // in order of first appearance
  std::vector<FactorEffect> effects; // in the factors' order
  std::int32_t n = 0;                // rows with a number
  std::int32_t missing = 0;
  /// Spread between seeds at the same point, pooled over all points with at
  /// least two numbers.
  std::optional<double> seed_noise;
};

/// Tabulates one metric. A second row for the same point and replicate is a
/// duplicate and never counts.
OutcomeTable tabulate(const std::vector<std::string>& factors,
                      const std::vector<OutcomeRow>& rows);

/// "4.4 ±0.5", "4.4" with one replicate, "-" without data; one decimal.
std::string cell_text(const OutcomeCell& cell);

} // namespace lab::sweeps
