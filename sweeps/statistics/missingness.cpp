#include "sweeps/statistics/missingness.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/exact_test.hpp"
#include "sweeps/statistics/multiplicity.hpp"

namespace lab::sweeps::statistics {

namespace {

GroupCounts counts_of(const MissingByFactor& factor) {
  GroupCounts made;
  for (const auto& level : factor.levels)
    made.add(level.missing, level.runs);
  return made;
}

struct ChiSquare {
  double statistic = 0;
  double least_expected = 0;
};

ChiSquare chi_square(const GroupCounts& counts) {
  ChiSquare made{0, static_cast<double>(counts.all())};
  const double share =
    static_cast<double>(counts.of_kind()) / static_cast<double>(counts.all());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto runs = static_cast<double>(counts.all(i));
    const double off = static_cast<double>(counts.of_kind(i)) - runs * share;
    made.statistic += off * off / (runs * share);
    made.statistic += off * off / (runs * (1 - share));
    made.least_expected =
      std::min({made.least_expected, runs * share, runs * (1 - share)});
  }
  return made;
}

/// Deals the missing runs out at random, again and again. The observed table
/// counts as one of the deals, so p is never zero (Phipson and Smyth 2010).
double simulated_p(const GroupCounts& counts, const Seed& seed) {
  constexpr std::uint64_t deals = 9999;
  const Draws draws{seed};
  std::vector<std::size_t> level_of_run;
  for (std::size_t i = 0; i < counts.size(); ++i)
    level_of_run.insert(level_of_run.end(),
                        static_cast<std::size_t>(counts.all(i)), i);
  const double limit = counts.log_chance() + log_chance_rounding;
  std::vector<std::int64_t> missing(counts.size());
  std::uint64_t at_least = 1;
  std::uint64_t counter = 0;
  for (std::uint64_t deal = 0; deal < deals; ++deal) {
    std::ranges::fill(missing, 0);
    for (std::size_t m = 0; m < static_cast<std::size_t>(counts.of_kind());
         ++m) {
      const auto pick = m + draws.below(counter++, level_of_run.size() - m);
      std::swap(level_of_run[m], level_of_run[pick]);
      ++missing[level_of_run[m]];
    }
    if (counts.log_chance(missing) <= limit)
      ++at_least;
  }
  return static_cast<double>(at_least) / static_cast<double>(deals + 1);
}

void set_p(const GroupCounts& counts, const Seed& seed, Missingness& made) {
  if (counts.size() < 2 || counts.of_kind() == 0
      || counts.of_kind() == counts.all())
    return;
  constexpr double enough_expected = 5;
  constexpr double most_tables = 200'000;
  const auto pearson = chi_square(counts);
  if (counts.size() > 2 && pearson.least_expected >= enough_expected) {
    made.test = MissingTest::chi_square;
    made.p = chi_square_tail(pearson.statistic,
                             static_cast<double>(counts.size() - 1));
  } else if (counts.tables() <= most_tables) {
    made.test = MissingTest::exact;
    made.p = exact_p(counts);
  } else {
    made.test = MissingTest::simulated;
    made.p = simulated_p(counts, seed);
  }
}

void set_extremes(const MissingByFactor& factor, Missingness& made) {
  bool any = false;
  for (const auto& level : factor.levels) {
    if (level.runs == 0)
      continue;
    const double share =
      static_cast<double>(level.missing) / static_cast<double>(level.runs);
    if (!any || share > made.most_share) {
      made.most = level.level;
      made.most_share = share;
    }
    if (!any || share < made.least_share) {
      made.least = level.level;
      made.least_share = share;
    }
    any = true;
  }
}

std::string percent(double share) {
  char made[32];
  std::snprintf(made, sizeof made, "%.0f %%", share * 100);
  return made;
}

} // namespace

std::vector<Missingness> missingness(std::span<const MissingByFactor> factors,
                                     const Seed& seed, double level) {
  std::vector<Missingness> made;
  std::vector<double> p;
  for (const auto& factor : factors) {
    auto& each = made.emplace_back();
    each.factor = factor.factor;
    set_extremes(factor, each);
    set_p(counts_of(factor), seed.child(factor.factor), each);
    if (each.p)
      p.push_back(*each.p);
  }
  const auto adjusted = holm(p);
  std::size_t next = 0;
  for (auto& each : made)
    if (each.p) {
      each.adjusted_p = adjusted[next++];
      each.warns = *each.adjusted_p < level;
    }
  return made;
}

std::string Missingness::text() const {
  if (!warns)
    return {};
  char value[32];
  std::snprintf(value, sizeof value, "%.2g", *adjusted_p);
  return "runs without a number depend on `" + factor
         + "`: " + percent(most_share) + " at " + most + ", "
         + percent(least_share) + " at " + least + " (p = " + value
         + "); means over the runs that are left compare unlike things";
}

} // namespace lab::sweeps::statistics
