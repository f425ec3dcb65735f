#include "sweeps/statistics/morris.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include "runtime/base/check.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

/// What one step between two rows moves.
struct Step {
  std::size_t group = 0;
  double size = 0; // signed where one factor moves, else absolute
  bool is_single = true;
};

Step step_between(const MorrisTable& table, std::span<const std::size_t> groups,
                  std::size_t row) {
  // Coordinates are sums of tenths and sevenths: below this they are equal.
  constexpr double equal = 1e-9;
  const auto* before = table.coordinates.data() + row * table.factors;
  const auto* after = before + table.factors;
  Step step;
  std::size_t moved = 0;
  for (std::size_t i = 0; i < table.factors; ++i) {
    const double size = after[i] - before[i];
    if (std::abs(size) < equal)
      continue;
    LAB_CHECK(moved == 0 || groups[i] == step.group,
              "row=" + std::to_string(row) + " factor=" + std::to_string(i));
    step.group = groups[i];
    step.size = moved == 0 ? size : std::abs(size);
    step.is_single = ++moved == 1;
  }
  LAB_CHECK(moved > 0, "row=" + std::to_string(row));
  return step;
}

/// Mean difference between two rows under equal seeds.
std::optional<double> difference(const MorrisTable& table, std::size_t row) {
  double sum = 0;
  double n = 0;
  for (std::size_t r = 0; r < table.replicates; ++r) {
    const auto& before = table.values[row * table.replicates + r];
    const auto& after = table.values[(row + 1) * table.replicates + r];
    if (before && after) {
      sum += *after - *before;
      n += 1;
    }
  }
  if (n == 0)
    return std::nullopt;
  return sum / n;
}

Estimate mean_estimate(std::span<const double> values, double confidence) {
  Estimate made{mean(values), t_interval(values, confidence), Method::none};
  if (made.interval)
    made.method = Method::student_t;
  return made;
}

/// Leaves one effect out, on the scale of log variance.
Estimate sigma_estimate(std::span<const double> effects, double confidence) {
  const auto n = static_cast<double>(effects.size());
  const double whole = variance(effects);
  Estimate made{std::sqrt(whole), {}, Method::none};
  if (effects.size() < 3 || !(whole > 0))
    return made;
  const double middle = mean(effects);
  std::vector<double> logs;
  for (const double x : effects) {
    const double squares =
      whole * (n - 1) - (x - middle) * (x - middle) * n / (n - 1);
    if (squares <= whole * (n - 1) * 1e-12)
      return made; // all spread comes from this one
    logs.push_back(std::log(squares / (n - 2)));
  }
  const double error = std::sqrt(variance(logs) * (n - 1) * (n - 1) / n);
  const double half = t_quantile((1 + confidence) / 2, n - 1) * error / 2;
  made.interval =
    Interval{made.value * std::exp(-half), made.value * std::exp(half)};
  made.method = Method::jackknife;
  return made;
}

/// The elementary effects of one group.
struct Collected {
  std::vector<double> effects;
  std::int64_t lost = 0;
  bool is_single = true;
};

MorrisEffect effect_of(const Collected& group, double confidence) {
  MorrisEffect made;
  made.effects = static_cast<std::int64_t>(group.effects.size());
  made.lost = group.lost;
  if (group.effects.empty())
    return made;
  std::vector<double> sizes;
  for (const double x : group.effects)
    sizes.push_back(std::abs(x));
  made.mu_star = mean_estimate(sizes, confidence);
  if (made.mu_star->interval)
    made.mu_star->interval->low = std::max(0.0, made.mu_star->interval->low);
  if (!group.is_single)
    return made;
  made.mu = mean_estimate(group.effects, confidence);
  if (group.effects.size() > 1)
    made.sigma = sigma_estimate(group.effects, confidence);
  return made;
}

} // namespace

MorrisResult morris(const MorrisTable& table, double confidence) {
  LAB_CHECK(table.trajectory_rows > 1 && table.factors > 0
              && table.replicates > 0,
            "factors=" + std::to_string(table.factors));
  const std::size_t rows = table.coordinates.size() / table.factors;
  LAB_CHECK(rows * table.factors == table.coordinates.size()
              && rows % table.trajectory_rows == 0
              && table.values.size() == rows * table.replicates,
            "coordinates=" + std::to_string(table.coordinates.size())
              + " values=" + std::to_string(table.values.size()));
  auto groups = table.groups;
  if (groups.empty()) {
    groups.resize(table.factors);
    std::iota(groups.begin(), groups.end(), std::size_t{0});
  }
  LAB_CHECK(groups.size() == table.factors,
            "groups=" + std::to_string(groups.size()));

  MorrisResult made;
  made.rows = static_cast<std::int64_t>(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::span replicates{table.values.data() + row * table.replicates,
                               table.replicates};
    const auto missing =
      std::count(replicates.begin(), replicates.end(), std::nullopt);
    made.runs_missing += missing;
    if (missing == static_cast<std::ptrdiff_t>(table.replicates))
      ++made.rows_missing;
  }

  std::vector<Collected> collected(*std::ranges::max_element(groups) + 1);
  for (std::size_t row = 0; row + 1 < rows; ++row) {
    if ((row + 1) % table.trajectory_rows == 0)
      continue; // the next row begins another trajectory
    const auto step = step_between(table, groups, row);
    auto& group = collected[step.group];
    group.is_single = group.is_single && step.is_single;
    if (const auto moved = difference(table, row))
      group.effects.push_back(*moved / step.size);
    else
      ++group.lost;
  }
  for (const auto& group : collected)
    made.effects.push_back(effect_of(group, confidence));
  return made;
}

} // namespace lab::sweeps::statistics
