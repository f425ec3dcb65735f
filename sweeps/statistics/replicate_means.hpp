#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lab::sweeps::statistics {

/// Means of rows over their replicates, and the noise between these.
struct ReplicateMeans {
  std::vector<double> means;  // one a row; 0 where no replicate has a number
  std::vector<double> counts; // replicates with a number
  std::int64_t missing = 0;   // replicates without, all rows
  /// Variance between replicates of a row, after each seed's common effect is
  /// taken off; nothing while no row has two.
  std::optional<double> noise;
};

/// Each seed's common effect c_r is the mean of y_r - mean(y) over rows with
/// all replicates, and is subtracted before rows are averaged, so that a row
/// that lost a replicate is not shifted by the seeds it has left.
///   s² = sum (y_r - c_r - row mean)² / sum (R_row - 1), times n / (n - 1) for
/// the seeds' effects, n the number of complete rows.
/// @param values  rows x replicates, row-major
ReplicateMeans replicate_means(std::span<const std::optional<double>> values,
                               std::size_t replicates);

} // namespace lab::sweeps::statistics
