#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/seed.hpp"

namespace lab::sweeps::statistics {

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
