#include "sweeps/planner/outcome_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "runtime/base/check.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps {

namespace {

using Values = std::vector<std::string>;

/// The rows of one point.
struct Sample {
  Values values;
  std::set<std::int32_t> replicates;
  std::vector<double> numbers;
  std::int32_t missing = 0;
};

std::vector<Sample> samples_of(const std::vector<OutcomeRow>& rows) {
  std::vector<Sample> samples;
  std::map<Values, std::size_t> places;
  for (const auto& row : rows) {
    const auto [place, added] = places.emplace(row.values, samples.size());
    if (added)
      samples.push_back({row.values, {}, {}, 0});
    auto& sample = samples[place->second];
    if (!sample.replicates.insert(row.replicate).second)
      continue;
    // NaN and infinity would poison every mean they touch.
    if (row.number && std::isfinite(*row.number))
      sample.numbers.push_back(*row.number);
    else
      ++sample.missing;
  }
  return samples;
}

OutcomeCell cell_of(const Sample& sample) {
  OutcomeCell cell{sample.values,
                   static_cast<std::int32_t>(sample.numbers.size()),
                   sample.missing,
                   {},
                   {},
                   {}};
  if (cell.n > 0)
    cell.mean = statistics::mean(sample.numbers);
  if (cell.n > 1) {
    cell.deviation = std::sqrt(statistics::variance(sample.numbers));
    cell.standard_error = *cell.deviation / std::sqrt(cell.n);
  }
  return cell;
}

std::optional<double> pooled_noise(const std::vector<Sample>& samples) {
  double squares = 0;
  std::size_t freedom = 0;
  for (const auto& sample : samples)
    if (sample.numbers.size() > 1) {
      const auto free = sample.numbers.size() - 1;
      squares +=
        statistics::variance(sample.numbers) * static_cast<double>(free);
      freedom += free;
    }
  if (freedom == 0)
    return std::nullopt;
  return std::sqrt(squares / static_cast<double>(freedom));
}

FactorEffect effect_of(const std::string& factor, std::size_t index,
                       const std::vector<OutcomeCell>& cells) {
  std::vector<std::string> levels;
  std::map<Values, std::map<std::string, double>> by_others;
  for (const auto& cell : cells) {
    const auto& level = cell.values[index];
    if (std::ranges::find(levels, level) == levels.end())
      levels.push_back(level);
    if (!cell.mean)
      continue;
    auto others = cell.values;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(index));
    by_others[others].emplace(level, *cell.mean);
  }
  std::map<std::string, double> sums;
  FactorEffect effect{factor, {}, 0, {}};
  for (const auto& [others, means] : by_others) {
    if (means.size() != levels.size())
      continue;
    ++effect.combinations;
    for (const auto& [level, mean] : means)
      sums[level] += mean;
  }
  if (effect.combinations == 0)
    return effect;
  for (const auto& level : levels)
    effect.levels.push_back({level, sums[level] / effect.combinations});
  const auto [low, high] =
    std::ranges::minmax_element(effect.levels, {}, &LevelMean::mean);
  effect.range = high->mean - low->mean;
  return effect;
}

std::string one_decimal(double number) {
  // Wide enough for the largest double: 309 digits, point, decimal, sign.
  char text[320];
  std::snprintf(text, sizeof text, "%.1f", number);
  const std::string made = text;
  return made == "-0.0" ? "0.0" : made;
}

} // namespace

OutcomeTable tabulate(const std::vector<std::string>& factors,
                      const std::vector<OutcomeRow>& rows) {
  for (const auto& row : rows)
    LAB_CHECK(row.values.size() == factors.size(),
              "values=" + std::to_string(row.values.size())
                + " factors=" + std::to_string(factors.size()));
  const auto samples = samples_of(rows);
  OutcomeTable table;
  table.factors = factors;
  for (const auto& sample : samples) {
    table.cells.push_back(cell_of(sample));
    table.n += table.cells.back().n;
    table.missing += table.cells.back().missing;
  }
  for (std::size_t i = 0; i < factors.size(); ++i)
    table.effects.push_back(effect_of(factors[i], i, table.cells));
  table.seed_noise = pooled_noise(samples);
  return table;
}

std::string cell_text(const OutcomeCell& cell) {
  if (!cell.mean)
    return "-";
  std::string text = one_decimal(*cell.mean);
  if (cell.standard_error)
    text += " ±" + one_decimal(*cell.standard_error);
  return text;
}

} // namespace lab::sweeps
