#include "sweeps/statistics/exact_test.hpp"

#include <algorithm>
#include <cmath>

#include "sweeps/statistics/distributions.hpp"

namespace lab::sweeps::statistics {

namespace {

/// Sums the chances of all tables no more likely than `limit`.
double sum_of_unlikely(const GroupCounts& counts, std::size_t group,
                       std::int64_t left, double chance, double limit) {
  if (group + 1 == counts.size()) {
    if (left > counts.all(group))
      return 0;
    chance += log_choose(counts.all(group), left);
    return chance <= limit + log_chance_rounding ? std::exp(chance) : 0;
  }
  double sum = 0;
  for (std::int64_t n = 0; n <= std::min(left, counts.all(group)); ++n)
    sum += sum_of_unlikely(counts, group + 1, left - n,
                           chance + log_choose(counts.all(group), n), limit);
  return sum;
}

} // namespace

void GroupCounts::add(std::int64_t of_kind, std::int64_t all) {
  if (all == 0)
    return;
  of_kind_.push_back(of_kind);
  all_.push_back(all);
  sum_of_kind_ += of_kind;
  sum_ += all;
}

double GroupCounts::log_chance(const std::vector<std::int64_t>& of_kind) const {
  double sum = -log_choose(sum_, sum_of_kind_);
  for (std::size_t i = 0; i < all_.size(); ++i)
    sum += log_choose(all_[i], of_kind[i]);
  return sum;
}

double GroupCounts::tables() const {
  double count = 1;
  for (std::size_t i = 0; i + 1 < all_.size(); ++i)
    count *= static_cast<double>(std::min(sum_of_kind_, all_[i]) + 1);
  return count;
}

double exact_p(const GroupCounts& counts) {
  if (counts.size() < 2)
    return 1;
  return std::min(1.0,
                  sum_of_unlikely(counts, 0, counts.of_kind(),
                                  -log_choose(counts.all(), counts.of_kind()),
                                  counts.log_chance()));
}

double combined_p(const std::vector<double>& ps) {
  if (ps.empty())
    return 1;
  double sum = 0;
  for (const auto p : ps)
    sum -= 2 * std::log(p);
  return chi_square_tail(sum, 2 * static_cast<double>(ps.size()));
}

} // namespace lab::sweeps::statistics
