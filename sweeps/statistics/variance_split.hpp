#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sweeps/statistics/bootstrap.hpp"
#include "sweeps/statistics/effects.hpp"
#include "sweeps/statistics/interval.hpp"

namespace lab::sweeps::statistics {

/// What a factor is to the question. The sums treat all alike; a report sorts
/// by it.
enum class TermRole : std::uint8_t { factor, model, wording };

struct SplitTerm {
  std::string name;
  TermRole role = TermRole::factor;
  std::size_t levels = 0;
};

/// Whether the levels tried are all there are, or a sample of more.
enum class LevelsAre : std::uint8_t { all, sampled };

struct SplitOptions {
  LevelsAre levels = LevelsAre::all;
  /// Runs of different points share seeds: what a seed does to all points is
  /// told apart from what it does to one.
  bool paired = false;
  BootstrapOptions bootstrap; // always percentiles
};

struct SplitPart {
  std::string name; // a term's name, "interaction", "replicate noise"
  std::optional<TermRole> role; // of terms only
  double variance = 0;          // as estimated; may be below zero
  /// max(variance, 0) over the sum of these: shares sum to 1.
  Estimate share;
};

struct VarianceSplit {
  /// Terms in order, interaction, replicate noise. Empty where nothing varies
  /// or terms cannot be told apart.
  std::vector<SplitPart> parts;
  std::int64_t n = 0;
  std::int64_t points = 0;
  std::int64_t noise_freedom = 0; // of the variance within points
  /// Part of the replicate noise that a seed does to all points alike; with
  /// `paired` only.
  std::optional<double> seed_variance;
  /// False when no point has two replicates: interaction and noise are then
  /// one part, "interaction and noise".
  bool is_noise_known = true;
  bool is_constant = false;
  /// Terms overlap, or there is one run for each effect to be told.
  bool is_confounded = false;
};

/// Splits the variance of a single run's outcome into the terms' main effects,
/// interaction, and noise between replicates. Interaction is whatever else
/// differs between points: interactions of any order, and factors that are not
/// among the terms.
///
/// LevelsAre::all (finite levels, the functional ANOVA; equals Sobol' indices
/// of the grid): alpha by least squares on the additive model over runs,
///   V_t = (sum_l alpha_l² - s² tr C_t) / L_t,
/// C_t the covariance of alpha_t at unit noise;
///   V_interaction = (SS_points - SS_additive - df s²) / n,
///   s² the variance within points (`paired`: less the seeds' common effects,
///   whose own variance joins the noise), so each V is free of noise bias.
/// LevelsAre::sampled (random effects): Henderson's method III (1953), solving
///   E[R(all) - R(all but t)] = c_t V_t + d_t V_interaction + df s²
/// with c_t, d_t traces of the unbalanced design (Searle, Casella and McCulloch
/// 1992, ch. 5).
/// Balanced data give the textbook ANOVA estimates in both.
///
/// Intervals: each resample draws a world that the data allow, adds resampled
/// residuals and fits again; percentiles of the shares.
///  - Effects, interaction and residuals are first rescaled to their estimated
///    variances (reflated: Carpenter, Goldstein and Rasbash 2003).
///  - The variance of a random part is not known better than its degrees of
///    freedom allow: noise is redrawn as s² df / chi²(df), as in generalized
///    intervals (Weerahandi 1993); so are what seeds do, and, if `sampled`, the
///    terms (levels - 1) and the interaction.
/// Noise is taken as near normal there. With two or three `sampled` levels the
/// intervals are nearly 0 to 1, and rightly so.
VarianceSplit split_variance(std::span<const LevelRow> rows,
                             std::span<const SplitTerm> terms,
                             const SplitOptions& options);

} // namespace lab::sweeps::statistics
