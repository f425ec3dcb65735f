#include "sweeps/statistics/missingness.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/multiplicity.hpp"

namespace lab::sweeps::statistics {

namespace {

/// Levels x {missing, present}, both margins fixed.
struct Table {
  std::vector<std::int64_t> missing;
  std::vector<std::int64_t> runs;
  std::int64_t all_missing = 0;
  std::int64_t all_runs = 0;
};

Table table_of(const MissingByFactor& factor) {
  Table made;
  for (const auto& level : factor.levels) {
    if (level.runs == 0)
      continue;
    made.missing.push_back(level.missing);
    made.runs.push_back(level.runs);
    made.all_missing += level.missing;
    made.all_runs += level.runs;
  }
  return made;
}

double log_likelihood(const Table& table,
                      const std::vector<std::int64_t>& missing) {
  double sum = -log_choose(table.all_runs, table.all_missing);
  for (std::size_t i = 0; i < missing.size(); ++i)
    sum += log_choose(table.runs[i], missing[i]);
  return sum;
}

/// Tables that differ by rounding alone are equally likely.
constexpr double rounding = 1e-7;

/// Sums the chances of all tables no more likely than `limit`.
double sum_of_unlikely(const Table& table, std::size_t level, std::int64_t left,
                       double likelihood, double limit) {
  if (level + 1 == table.runs.size()) {
    if (left > table.runs[level])
      return 0;
    likelihood += log_choose(table.runs[level], left);
    return likelihood <= limit + rounding ? std::exp(likelihood) : 0;
  }
  double sum = 0;
  for (std::int64_t m = 0; m <= std::min(left, table.runs[level]); ++m)
    sum +=
      sum_of_unlikely(table, level + 1, left - m,
                      likelihood + log_choose(table.runs[level], m), limit);
  return sum;
}

double exact_p(const Table& table) {
  return std::min(
    1.0, sum_of_unlikely(table, 0, table.all_missing,
                         -log_choose(table.all_runs, table.all_missing),
                         log_likelihood(table, table.missing)));
}

/// Upper bound of the tables to look at.
double table_count(const Table& table) {
  double count = 1;
  for (std::size_t i = 0; i + 1 < table.runs.size(); ++i)
    count *=
      static_cast<double>(std::min(table.all_missing, table.runs[i]) + 1);
  return count;
}

struct ChiSquare {
  double statistic = 0;
  double least_expected = 0;
};

ChiSquare chi_square(const Table& table) {
  ChiSquare made{0, static_cast<double>(table.all_runs)};
  const double share = static_cast<double>(table.all_missing)
                       / static_cast<double>(table.all_runs);
  for (std::size_t i = 0; i < table.runs.size(); ++i) {
    const auto runs = static_cast<double>(table.runs[i]);
    const double off = static_cast<double>(table.missing[i]) - runs * share;
    made.statistic += off * off / (runs * share);
    made.statistic += off * off / (runs * (1 - share));
    made.least_expected =
      std::min({made.least_expected, runs * share, runs * (1 - share)});
  }
  return made;
}

/// Deals the missing runs out at random, again and again. The observed table
/// counts as one of the deals, so p is never zero (Phipson and Smyth 2010).
double simulated_p(const Table& table, const Seed& seed) {
  constexpr std::uint64_t deals = 9999;
  const Draws draws{seed};
  std::vector<std::size_t> level_of_run;
  for (std::size_t i = 0; i < table.runs.size(); ++i)
    level_of_run.insert(level_of_run.end(),
                        static_cast<std::size_t>(table.runs[i]), i);
  const double limit = log_likelihood(table, table.missing) + rounding;
  std::vector<std::int64_t> missing(table.runs.size());
  std::uint64_t at_least = 1;
  std::uint64_t counter = 0;
  for (std::uint64_t deal = 0; deal < deals; ++deal) {
    std::ranges::fill(missing, 0);
    for (std::size_t m = 0; m < static_cast<std::size_t>(table.all_missing);
         ++m) {
      const auto pick = m + draws.below(counter++, level_of_run.size() - m);
      std::swap(level_of_run[m], level_of_run[pick]);
      ++missing[level_of_run[m]];
    }
    if (log_likelihood(table, missing) <= limit)
      ++at_least;
  }
  return static_cast<double>(at_least) / static_cast<double>(deals + 1);
}

void set_p(const Table& table, const Seed& seed, Missingness& made) {
  if (table.runs.size() < 2 || table.all_missing == 0
      || table.all_missing == table.all_runs)
    return;
  constexpr double enough_expected = 5;
  constexpr double most_tables = 200'000;
  const auto pearson = chi_square(table);
  if (table.runs.size() > 2 && pearson.least_expected >= enough_expected) {
    made.test = MissingTest::chi_square;
    made.p = chi_square_tail(pearson.statistic,
                             static_cast<double>(table.runs.size() - 1));
  } else if (table_count(table) <= most_tables) {
    made.test = MissingTest::exact;
    made.p = exact_p(table);
  } else {
    made.test = MissingTest::simulated;
    made.p = simulated_p(table, seed);
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
    set_p(table_of(factor), seed.child(factor.factor), each);
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
