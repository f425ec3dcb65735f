#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lab::sweeps::statistics {

/// Holm (1979): sorted p_(1..m), adjusted p_(i) = max over j <= i of
/// min(1, (m - j + 1) p_(j)). Bounds the chance of any false claim, under any
/// dependence.
std::vector<double> holm(std::span<const double> p);

/// Benjamini and Hochberg (1995): adjusted p_(i) = min over j >= i of
/// min(1, m p_(j) / j). Bounds the expected share of false claims, for
/// independent or positively dependent tests.
std::vector<double> benjamini_hochberg(std::span<const double> p);

/// What a report says about many tests at once.
struct MultiplicityNote {
  std::int64_t tests = 0;
  double level = 0.05;
  std::int64_t claims = 0;      // p <= level, unadjusted
  std::int64_t holm_claims = 0; // p adjusted by Holm <= level
  std::int64_t bh_claims = 0;   // p adjusted by Benjamini-Hochberg <= level
  /// tests * level: claims to expect if nothing had any effect.
  double expected_by_chance = 0;

  /// Plain sentences; empty below two tests.
  std::string text() const;
};

MultiplicityNote multiplicity_note(std::span<const double> p,
                                   double level = 0.05);

} // namespace lab::sweeps::statistics
