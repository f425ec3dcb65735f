#include "sweeps/statistics/multiplicity.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace lab::sweeps::statistics {

namespace {

/// Indices of `p`, the smallest value first; equal values in their order.
std::vector<std::size_t> ascending(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  return order;
}

std::int64_t at_most(std::span<const double> p, double level) {
  return std::ranges::count_if(p, [&](double each) { return each <= level; });
}

} // namespace

std::vector<double> holm(std::span<const double> p) {
  std::vector<double> adjusted(p.size());
  double largest = 0;
  double left = static_cast<double>(p.size());
  for (const auto i : ascending(p)) {
    largest = std::max(largest, std::min(1.0, left * p[i]));
    adjusted[i] = largest;
    left -= 1;
  }
  return adjusted;
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<double> adjusted(p.size());
  auto order = ascending(p);
  std::ranges::reverse(order);
  const auto m = static_cast<double>(p.size());
  double smallest = 1;
  double rank = m;
  for (const auto i : order) {
    smallest = std::min(smallest, m * p[i] / rank);
    adjusted[i] = smallest;
    rank -= 1;
  }
  return adjusted;
}

MultiplicityNote multiplicity_note(std::span<const double> p, double level) {
  MultiplicityNote note;
  note.tests = static_cast<std::int64_t>(p.size());
  note.level = level;
  note.claims = at_most(p, level);
  note.holm_claims = at_most(holm(p), level);
  note.bh_claims = at_most(benjamini_hochberg(p), level);
  note.expected_by_chance = static_cast<double>(p.size()) * level;
  return note;
}

std::string MultiplicityNote::text() const {
  if (tests < 2)
    return {};
  char made[512];
  std::snprintf(
    made, sizeof made,
    "%lld comparisons were made. If nothing had any effect, about %.2g of them "
    "would still fall below p = %.2g by chance; %lld did. After Holm's "
    "adjustment, which bounds the chance of any false claim, %lld remain; "
    "after "
    "Benjamini and Hochberg's, which bounds the share of false claims, %lld.",
    static_cast<long long>(tests), expected_by_chance, level,
    static_cast<long long>(claims), static_cast<long long>(holm_claims),
    static_cast<long long>(bh_claims));
  return made;
}

} // namespace lab::sweeps::statistics
