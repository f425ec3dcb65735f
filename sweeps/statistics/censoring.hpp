#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/seed.hpp"
#include "sweeps/statistics/interval.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps::statistics {

/// What is known of a mean when some runs have no number.
struct CensoredMean {
  std::int64_t n = 0;                          // runs, copies counted once
  std::int64_t with_number = 0;                // copies counted once
  std::map<std::string, std::int64_t> missing; // by reason
  double missing_share = 0;
  /// Of the runs that have a number.
  std::optional<double> mean;
  /// Worst and best case of the mean over all runs; nothing: unbounded,
  /// because numbers are missing and the metric declares no range.
  std::optional<Interval> bounds;
  /// Holds the mean over all runs with the confidence asked for, whatever the
  /// missing numbers are.
  std::optional<Interval> interval;

  bool is_unbounded() const { return n > 0 && !bounds; }
  /// "3 of 20 runs have no number (failed 2, refused 1); the mean over all
  /// runs lies between 3.1 and 4.6 whatever they would have been".
  std::string text() const;
};

/// Bounds of Manski (1989): with m of n numbers missing and a range [lo, hi],
///   (sum + m lo) / n  to  (sum + m hi) / n.
/// Interval: lower end of the mean's interval with every missing number at lo,
/// upper end with every one at hi (Horowitz and Manski 2000): conservative.
/// Nothing is assumed of why numbers are missing.
CensoredMean censored_mean(std::span<const Observation> runs,
                           const MetricKind& metric, double confidence = 0.95);

/// Bounds of second minus first, from the bounds of both. Nothing if either is
/// unbounded.
std::optional<Interval> difference_bounds(const CensoredMean& first,
                                          const CensoredMean& second);

/// Runs at one level of a factor.
struct MissingAtLevel {
  std::string level;
  std::int64_t missing = 0;
  std::int64_t runs = 0; // with and without a number
};

struct MissingByFactor {
  std::string factor;
  std::vector<MissingAtLevel> levels;
};

enum class MissingTest : std::uint8_t {
  none,       // fewer than two levels, or nothing (or everything) missing
  exact,      // Fisher's, Freeman and Halton's with more than two levels
  chi_square, // all expected counts at least 5
  simulated,  // too many tables to count: permutations, seeded
};

struct Missingness {
  std::string factor;
  MissingTest test = MissingTest::none;
  std::optional<double> p;
  std::optional<double> adjusted_p; // Holm over factors
  bool warns = false;               // adjusted p below the level
  /// Where most and where least is missing, as shares.
  std::string most;
  double most_share = 0;
  std::string least;
  double least_share = 0;

  /// The warning for people; empty when there is none.
  std::string text() const;
};

/// Whether missing numbers depend on a factor. If they do, a mean over the runs
/// that are left compares unlike things: look at `CensoredMean::bounds`.
/// Exact test of independence in the levels x {missing, present} table with
/// both margins fixed, two-sided by summing tables no more likely than the one
/// seen (Fisher 1934; Freeman and Halton 1951); Pearson's chi-square when all
/// expected counts are at least 5 and there are more than two levels.
std::vector<Missingness> missingness(std::span<const MissingByFactor> factors,
                                     const Seed& seed, double level = 0.05);

} // namespace lab::sweeps::statistics
