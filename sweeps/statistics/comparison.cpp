#include "sweeps/statistics/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "sweeps/statistics/disjoint_sets.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/multiplicity.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

struct Pair {
  const Observation* first = nullptr;
  const Observation* second = nullptr;
};

using BySeed = std::unordered_map<std::uint64_t, const Observation*>;

BySeed by_seed(std::span<const Observation> runs) {
  BySeed made;
  for (const auto& run : runs)
    if (has_number(run))
      made.emplace(run.seed, &run);
  return made;
}

/// In the order of `first`, each seed once.
std::vector<Pair> pairs_of(std::span<const Observation> first,
                           std::span<const Observation> second) {
  const auto partners = by_seed(second);
  auto mine = by_seed(first);
  std::vector<Pair> pairs;
  for (const auto& run : first) {
    const auto here = mine.find(run.seed);
    if (here == mine.end() || here->second != &run)
      continue;
    if (const auto there = partners.find(run.seed); there != partners.end())
      pairs.push_back({&run, there->second});
  }
  return pairs;
}

void join_copies(const std::vector<Pair>& pairs, const Observation* Pair::*side,
                 DisjointSets& sets) {
  std::unordered_map<Digest128, std::size_t> holders;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (const auto& replies = (pairs[i].*side)->replies)
      sets.join(i, holders.emplace(*replies, i).first->second);
}

/// One value for each set of pairs that hold copies of each other.
struct Differences {
  std::vector<double> differences;
  std::vector<double> first;
  std::vector<double> second;
};

Differences differences_of(const std::vector<Pair>& pairs) {
  DisjointSets sets{pairs.size()};
  join_copies(pairs, &Pair::first, sets);
  join_copies(pairs, &Pair::second, sets);
  const auto group = sets.numbered();
  const std::size_t groups =
    group.empty() ? 0 : *std::ranges::max_element(group) + 1;
  Differences made{std::vector<double>(groups), std::vector<double>(groups),
                   std::vector<double>(groups)};
  std::vector<double> sizes(groups);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto g = group[i];
    sizes[g] += 1;
    const double first = *pairs[i].first->value;
    const double second = *pairs[i].second->value;
    // Running means: exact while copies are equal.
    made.differences[g] += (second - first - made.differences[g]) / sizes[g];
    made.first[g] += (first - made.first[g]) / sizes[g];
    made.second[g] += (second - made.second[g]) / sizes[g];
  }
  return made;
}

void set_paired(const Differences& pairs, const BootstrapOptions& options,
                Comparison& made) {
  const auto& d = pairs.differences;
  made.is_paired = true;
  made.difference = mean(d);
  const double spread = variance(d);
  const double apart = variance(pairs.first) + variance(pairs.second);
  if (apart > 0)
    made.pairing_gain = 1 - spread / apart;
  if (!(spread > 0))
    return;
  const auto n = static_cast<double>(d.size());
  made.interval = t_interval(d, options.confidence);
  made.method = Method::student_t;
  made.p = t_two_sided(*made.difference / std::sqrt(spread / n), n - 1);
  made.bootstrap = bootstrap_mean(d, {}, options).estimate.interval;
}

void set_unpaired(const Distinct& first, const Distinct& second,
                  double confidence, Comparison& made) {
  if (first.values.empty() || second.values.empty())
    return;
  made.difference = mean(second.values) - mean(first.values);
  if (first.values.size() < 2 || second.values.size() < 2)
    return;
  const auto n1 = static_cast<double>(first.values.size());
  const auto n2 = static_cast<double>(second.values.size());
  const double v1 = variance(first.values) / n1;
  const double v2 = variance(second.values) / n2;
  if (!(v1 + v2 > 0))
    return;
  const double freedom =
    (v1 + v2) * (v1 + v2) / (v1 * v1 / (n1 - 1) + v2 * v2 / (n2 - 1));
  const double error = std::sqrt(v1 + v2);
  const double half = t_quantile((1 + confidence) / 2, freedom) * error;
  made.interval = Interval{*made.difference - half, *made.difference + half};
  made.method = Method::welch;
  made.p = t_two_sided(*made.difference / error, freedom);
}

} // namespace

Comparison compare(std::span<const Observation> first,
                   std::span<const Observation> second,
                   const BootstrapOptions& options) {
  const auto ours = distinct(first);
  const auto theirs = distinct(second);
  Comparison made;
  made.first_n = static_cast<std::int64_t>(ours.values.size());
  made.second_n = static_cast<std::int64_t>(theirs.values.size());
  made.first_missing = ours.missing;
  made.second_missing = theirs.missing;
  const auto pairs = pairs_of(first, second);
  made.pairs = static_cast<std::int64_t>(pairs.size());
  made.unpaired = ours.numbers + theirs.numbers - 2 * made.pairs;
  const auto independent = differences_of(pairs);
  if (independent.differences.size() >= 2) {
    made.effective_n =
      static_cast<std::int64_t>(independent.differences.size());
    set_paired(independent, options, made);
  } else {
    made.effective_n = std::min(made.first_n, made.second_n);
    set_unpaired(ours, theirs, options.confidence, made);
  }
  return made;
}

std::vector<OneAtATimeEffect>
one_at_a_time(std::span<const Observation> baseline,
              std::span<const OneChange> changes,
              const BootstrapOptions& options) {
  std::vector<OneAtATimeEffect> made;
  std::vector<double> p;
  for (const auto& change : changes) {
    auto each = options;
    each.seed = options.seed.child(change.factor).child(change.level);
    made.push_back({change.factor, change.level,
                    compare(baseline, change.runs, each), std::nullopt});
    if (const auto& raw = made.back().against_baseline.p)
      p.push_back(*raw);
  }
  const auto adjusted = holm(p);
  std::size_t next = 0;
  for (auto& effect : made)
    if (effect.against_baseline.p)
      effect.adjusted_p = adjusted[next++];
  return made;
}

} // namespace lab::sweeps::statistics
