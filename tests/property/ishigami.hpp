#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sweeps/statistics/sobol.hpp"

namespace lab::sweeps::statistics {

/// How to ask Ishigami and Homma's (1990) function with a = 7, b = 0.1 and
/// added noise:
///   sin x1 + a sin² x2 + b x3⁴ sin x1 + noise_sd e,  x in [-pi, pi]³.
struct IshigamiTrial {
  std::size_t base = 1024;
  /// 0: A and B are independent random draws. Else so many Sobol' sequences,
  /// each with its own random digital shift, make up the base.
  std::size_t batches = 0;
  /// False: the sequences are taken as independent rows, which is wrong.
  bool tells_batches = true;
  std::size_t replicates = 1;
  double noise_sd = 1;
  /// What seed r does to every row, as with common random numbers.
  double seed_sd = 0;
  /// Share of runs that fail, whatever their outcome.
  double failing = 0;
  SobolOptions options;
};

/// First-order and total indices that the trial aims at: of the mean response
/// with replicates, of single runs (noise included) without.
struct IshigamiIndices {
  std::array<double, 3> first{};
  std::array<double, 3> total{};
};

IshigamiIndices truth_of(const IshigamiTrial& trial);

SobolResult ask(const IshigamiTrial& trial, std::int64_t seed);

/// Over many trials: how often each interval held the truth.
struct IshigamiCoverage {
  std::array<double, 3> first{};
  std::array<double, 3> total{};
  std::array<double, 3> first_bias{}; // mean error over its standard error
  std::array<double, 3> total_bias{};
  double half_width = 0; // mean over all indices
  double used = 0;       // mean share of the base
};

IshigamiCoverage coverage_of(const IshigamiTrial& trial, int trials,
                             std::int64_t first_seed = 0);

} // namespace lab::sweeps::statistics
