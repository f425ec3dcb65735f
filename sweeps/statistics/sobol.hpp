#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sweeps/statistics/bootstrap.hpp"
#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

/// A Saltelli design with its outcomes. Row j of matrix A, of B, and for each
/// factor i of A with column i from B (and of B with column i from A).
struct SaltelliTable {
  std::size_t factors = 0;    // k
  std::size_t base = 0;       // N, sample indices j
  std::size_t replicates = 1; // R, the same seeds in every row
  // Nothing: the run gave no number.
  std::vector<std::optional<double>> a;  // N x R, [j * R + r]
  std::vector<std::optional<double>> b;  // N x R
  std::vector<std::optional<double>> ab; // N x k x R, [(j * k + i) * R + r]
  std::vector<std::optional<double>> ba; // as ab; empty without second order
  /// Independent randomisations of the sample: batch of each j, from 0. Empty:
  /// every j is an independent draw, which is true of random sampling. Rows of
  /// one scrambled sequence are not independent: with intervals made from j
  /// they were seen to hold the truth between 88 % and 100 % of the time. Take
  /// several independently scrambled sequences (eight or more) and name them
  /// here; then intervals come from the spread between batches.
  std::vector<std::size_t> batch;
};

struct SobolPair {
  std::size_t first = 0;
  std::size_t second = 0;
  Estimate index;
};

struct SobolResult {
  std::int64_t base = 0;    // N
  std::int64_t used = 0;    // sample indices with a number in every row
  std::int64_t dropped = 0; // N - used: all rows of such a j are left out
  std::int64_t runs_missing = 0;
  /// Variance of the outcome's mean response (or of single outcomes, see
  /// `is_noise_removed`).
  double variance = 0;
  /// Variance between replicates of a row; from two replicates on.
  std::optional<double> noise;
  /// True with two or more replicates: indices are of the mean response and
  /// seed noise is taken out. False: a total index holds the noise as well,
  /// because the outcome is only as repeatable as one run.
  bool is_noise_removed = false;
  std::vector<Estimate> first; // one a factor; empty if it cannot be told
  std::vector<Estimate> total;
  std::vector<SobolPair> second; // i < j
};

struct SobolOptions {
  /// delta: normal theory on the influence of each j (or batch), t quantiles.
  /// bca, percentile: seeded bootstrap over j. Batches are too few to draw
  /// from: with batches, always delta.
  Method method = Method::delta;
  BootstrapOptions bootstrap; // confidence is used by every method
};

/// First-order, total and (with `ba`) second-order indices.
///   V    = variance of A and B pooled
///   S_i  = mean_j B_j (AB_ij - A_j) / V          Saltelli et al. (2010), (b)
///   ST_i = mean_j (A_j - AB_ij)² / 2V            Jansen (1999)
///   S_ij = mean_j (BA_ij AB_jj' - A_j B_j) / V - S_i - S_j   Saltelli (2002)
/// on values less their common mean, which changes no expectation and lowers
/// the error of S_i (Sobol' 2001).
///
/// Replicates of a row are averaged after each seed's common effect is taken
/// off. With two or more, the noise s² that is left between replicates (degrees
/// of freedom: rows and seeds taken off) is subtracted: s² mean(1/R_j) from V,
/// s² mean(1/R_A + 1/R_AB) / 2 from the numerator of ST_i. This takes noise as
/// independent between rows once the seed's common effect is off.
///
/// Delta method: with n_u, d_u the numerator and denominator of unit u and
/// S = sum n / sum d, the influence of u is (n_u - S d_u) / mean d; S ± t(U -
/// 1) sd(influence) / sqrt(U) (van der Vaart 1998, ch. 3; for Sobol' indices
/// Janon et al. 2014).
///
/// A sample index j with a row without any number is dropped whole and counted;
/// that is unbiased if runs fail regardless of the outcome, see censoring.hpp.
/// Estimates are empty below four sample indices or at zero variance.
SobolResult sobol(const SaltelliTable& table, const SobolOptions& options);

} // namespace lab::sweeps::statistics
