#include "sweeps/analysis/design_numbers.hpp"

#include <algorithm>
#include <utility>

#include "sweeps/planner/point_maker.hpp"

namespace lab::sweeps {

namespace {

std::string key_of(DesignPoints::Factors factors) {
  std::ranges::sort(factors);
  std::string key;
  for (const auto& [name, value] : factors)
    key += name + '\x1f' + value + '\x1e';
  return key;
}

} // namespace

void DesignPoints::add(const Factors& factors, std::size_t id) {
  Factors known;
  for (const auto& factor : factors)
    if (std::ranges::count(manifest_.factors, factor.first, &Factor::name) > 0)
      known.push_back(factor);
  points_.emplace(key_of(std::move(known)), id);
}

std::string DesignPoints::key_at(std::int64_t index) const {
  return key_of(factors_at(manifest_, manifest_.design->point(index)));
}

std::optional<std::size_t> DesignPoints::find(std::int64_t index) const {
  const auto found = points_.find(key_at(index));
  return found == points_.end() ? std::nullopt : std::optional{found->second};
}

std::size_t DesignPoints::find_or_add(std::int64_t index) {
  return points_.try_emplace(key_at(index), points_.size()).first->second;
}

void DesignNumbers::add_seed(std::uint64_t seed) {
  seeds_.try_emplace(seed, seeds_.size());
}

void DesignNumbers::add(std::size_t id, statistics::Observation run) {
  add_seed(run.seed);
  runs_[id].push_back(std::move(run));
}

bool DesignNumbers::fill(std::int64_t index,
                         std::optional<double>* slots) const {
  const auto id = points_.find(index);
  if (!id)
    return false;
  const auto runs = runs_.find(*id);
  if (runs == runs_.end())
    return true; // none of them ended
  const auto distinct = statistics::distinct(runs->second);
  for (std::size_t i = 0; i < distinct.values.size(); ++i)
    slots[seeds_.at(distinct.seeds[i])] = distinct.values[i];
  return true;
}

} // namespace lab::sweeps
