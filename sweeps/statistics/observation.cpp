#include "sweeps/statistics/observation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "sweeps/statistics/disjoint_sets.hpp"

namespace lab::sweeps::statistics {

bool fits(std::span<const double> values, const Interval& range) {
  return std::ranges::all_of(values,
                             [&](double x) { return range.contains(x); });
}

std::int64_t count_of(const std::map<std::string, std::int64_t>& reasons) {
  std::int64_t sum = 0;
  for (const auto& [reason, count] : reasons)
    sum += count;
  return sum;
}

void count_missing(const Observation& run,
                   std::map<std::string, std::int64_t>& reasons) {
  if (run.value && !std::isfinite(*run.value))
    ++reasons["not a number"];
  else
    ++reasons[run.reason.empty() ? "no value" : run.reason];
}

bool has_number(const Observation& run) {
  return run.value && std::isfinite(*run.value);
}

Distinct distinct(std::span<const Observation> runs) {
  Distinct made;
  std::unordered_map<Digest128, std::size_t> places;
  std::vector<std::int64_t> sizes;
  for (const auto& run : runs) {
    if (!has_number(run)) {
      count_missing(run, made.missing);
      continue;
    }
    ++made.numbers;
    auto place = made.values.size();
    if (run.replies)
      place = places.emplace(*run.replies, place).first->second;
    if (place == made.values.size()) {
      made.values.push_back(*run.value);
      made.seeds.push_back(run.seed);
      sizes.push_back(1);
      continue;
    }
    // Running mean: stays exact while copies are equal.
    auto& mean = made.values[place];
    mean += (*run.value - mean) / static_cast<double>(++sizes[place]);
    ++made.copies;
  }
  return made;
}

std::vector<std::size_t>
shared_reply_groups(std::span<const std::vector<Digest128>> replies) {
  DisjointSets sets{replies.size()};
  std::unordered_map<Digest128, std::size_t> first_holder;
  for (std::size_t run = 0; run < replies.size(); ++run)
    for (const auto& reply : replies[run])
      sets.join(run, first_holder.emplace(reply, run).first->second);
  return sets.numbered();
}

} // namespace lab::sweeps::statistics
