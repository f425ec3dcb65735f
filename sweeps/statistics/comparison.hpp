#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sweeps/statistics/bootstrap.hpp"
#include "sweeps/statistics/interval.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps::statistics {

/// The difference of two points' means, second minus first.
struct Comparison {
  bool is_paired = false;
  std::int64_t pairs = 0;    // seeds with a number on both sides
  std::int64_t unpaired = 0; // numbers whose partner is missing
  /// Independent differences: pairs whose replies are not those of another
  /// pair, on either side. Unpaired: the smaller side's distinct runs.
  std::int64_t effective_n = 0;
  std::int64_t first_n = 0; // distinct runs with a number
  std::int64_t second_n = 0;
  std::map<std::string, std::int64_t> first_missing; // by reason
  std::map<std::string, std::int64_t> second_missing;

  std::optional<double> difference;
  std::optional<Interval> interval;  // t on differences, or Welch
  std::optional<Interval> bootstrap; // BCa over pairs; paired only
  Method method = Method::none;
  /// Two-sided p of "no difference", for multiplicity.hpp.
  std::optional<double> p;
  /// Share of the variance that pairing removed,
  /// 1 - var(d) / (var(first) + var(second)) over the pairs; below 0 when
  /// pairing did harm.
  std::optional<double> pairing_gain;
};

/// Compares two points.
///
/// With common seeds: d_s = second_s - first_s for each seed s that has a
/// number on both sides; t interval of mean(d) with m - 1 degrees of freedom.
/// Common random numbers cancel what the seed does to both (Law 2015, 11.2).
/// Pairs are joined into one when they hold a copy of the same run, because
/// then their errors are not independent. A pair that lost a side is left out
/// and counted in `unpaired`: its value at the other side says nothing about
/// the difference that the other pairs do not.
///
/// Without at least two independent pairs: Welch (1947),
///   difference ± t(nu) sqrt(s1²/n1 + s2²/n2), nu by Satterthwaite (1946).
/// All differences equal and not a single one: no interval and p of 0 or 1
/// cannot be claimed; `difference` alone stands.
Comparison compare(std::span<const Observation> first,
                   std::span<const Observation> second,
                   const BootstrapOptions& options);

/// A change of one factor from the baseline.
struct OneChange {
  std::string factor;
  std::string level;
  std::vector<Observation> runs;
};

struct OneAtATimeEffect {
  std::string factor;
  std::string level;
  Comparison against_baseline;
  /// p adjusted by Holm over all changes; nothing where there is no p.
  std::optional<double> adjusted_p;
};

/// Effects of a one-at-a-time design: every change compared with the baseline
/// as in `compare`, in the order given.
std::vector<OneAtATimeEffect>
one_at_a_time(std::span<const Observation> baseline,
              std::span<const OneChange> changes,
              const BootstrapOptions& options);

} // namespace lab::sweeps::statistics
