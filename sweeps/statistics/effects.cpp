#include "sweeps/statistics/effects.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "sweeps/statistics/additive_model.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

/// Rows as the model wants them; levels that no row has are left out.
struct Coded {
  std::vector<std::size_t> levels;
  std::vector<std::size_t> counts;
  /// [factor][level] to the model's level; nothing: no row.
  std::vector<std::vector<std::optional<std::size_t>>> places;
};

Coded coded(std::span<const LevelRow> rows,
            std::span<const std::size_t> level_counts, bool paired) {
  const auto factors = level_counts.size();
  Coded made;
  for (std::size_t f = 0; f < factors; ++f) {
    auto& places = made.places.emplace_back(level_counts[f]);
    std::vector<bool> seen(level_counts[f]);
    for (const auto& row : rows)
      seen[row.levels[f]] = true;
    std::size_t next = 0;
    for (std::size_t l = 0; l < seen.size(); ++l)
      if (seen[l])
        places[l] = next++;
    made.counts.push_back(next);
  }
  std::map<std::uint64_t, std::size_t> seeds;
  if (paired)
    for (const auto& row : rows)
      seeds.emplace(row.seed, seeds.size());
  if (paired)
    made.counts.push_back(seeds.size());
  for (const auto& row : rows) {
    for (std::size_t f = 0; f < factors; ++f)
      made.levels.push_back(*made.places[f][row.levels[f]]);
    if (paired)
      made.levels.push_back(seeds.at(row.seed));
  }
  return made;
}

Estimate with_interval(double value, double variance, double freedom,
                       double confidence) {
  Estimate made{value, {}, Method::none};
  if (freedom < 1 || !std::isfinite(variance))
    return made;
  const double half =
    t_quantile((1 + confidence) / 2, freedom) * std::sqrt(variance);
  made.interval = Interval{value - half, value + half};
  made.method = Method::least_squares;
  return made;
}

} // namespace

MainEffects main_effects(std::span<const LevelRow> rows,
                         std::span<const std::size_t> level_counts, bool paired,
                         double confidence) {
  MainEffects made;
  made.n = static_cast<std::int64_t>(rows.size());
  std::vector<double> y;
  for (const auto& row : rows)
    y.push_back(row.value);
  for (std::size_t f = 0; f < level_counts.size(); ++f) {
    auto& factor = made.factors.emplace_back();
    factor.levels.resize(level_counts[f]);
    std::vector<double> sums(level_counts[f]);
    for (const auto& row : rows) {
      sums[row.levels[f]] += row.value;
      ++factor.levels[row.levels[f]].n;
    }
    for (std::size_t l = 0; l < sums.size(); ++l)
      if (factor.levels[l].n > 0)
        factor.levels[l].mean =
          sums[l] / static_cast<double>(factor.levels[l].n);
  }
  if (rows.empty())
    return made;

  const auto design = coded(rows, level_counts, paired);
  const std::vector<double> weights(rows.size(), 1.0);
  const AdditiveModel model{design.levels, weights, design.counts};
  made.is_confounded = !model.is_unique();
  if (made.is_confounded)
    return made;
  AdditiveModel::Fit fit;
  model.fit(y, fit);
  made.freedom =
    static_cast<double>(rows.size()) - static_cast<double>(model.parameters());
  const double noise =
    made.freedom > 0 ? fit.residual_squares / made.freedom : 0;
  made.residual_sd = std::sqrt(noise);

  for (std::size_t f = 0; f < level_counts.size(); ++f) {
    auto& factor = made.factors[f];
    for (std::size_t l = 0; l < level_counts[f]; ++l) {
      const auto place = design.places[f][l];
      if (!place)
        continue;
      const double effect = fit.effects[f][*place];
      factor.levels[l].effect =
        with_interval(effect, noise * model.effect_variance(f, *place),
                      made.freedom, confidence);
      factor.levels[l].adjusted = with_interval(
        fit.mean + effect, noise * model.adjusted_variance(f, *place),
        made.freedom, confidence);
    }
    const auto [low, high] = std::ranges::minmax(fit.effects[f]);
    factor.range = high - low;
    const auto freedom = static_cast<double>(design.counts[f]) - 1;
    if (freedom > 0 && made.freedom > 0 && noise > 0)
      factor.p =
        f_tail(fit.reductions[f] / freedom / noise, freedom, made.freedom);
  }
  return made;
}

namespace {

/// Runs of one point.
struct CurvePoint {
  double x = 0;
  std::vector<double> values;
};

/// Points in order of x.
std::vector<CurvePoint> curve_points(std::span<const CurveRow> rows) {
  std::map<std::pair<double, std::size_t>, CurvePoint> by_place;
  for (const auto& row : rows) {
    auto& point = by_place[{row.x, row.point}];
    point.x = row.x;
    point.values.push_back(row.value);
  }
  std::vector<CurvePoint> made;
  for (auto& [place, point] : by_place)
    made.push_back(std::move(point));
  return made;
}

CurveBin bin_of(std::span<const CurvePoint> points, double confidence) {
  CurveBin bin;
  bin.low = points.front().x;
  bin.high = points.back().x;
  std::vector<double> means;
  double xs = 0;
  for (const auto& point : points) {
    bin.n += static_cast<std::int64_t>(point.values.size());
    means.push_back(mean(point.values));
    xs += point.x;
  }
  bin.x = xs / static_cast<double>(points.size());
  const auto& units = points.size() == 1 ? points.front().values : means;
  bin.effective_n = static_cast<std::int64_t>(units.size());
  bin.mean = mean(units);
  if (units.size() > 1 && variance(units) > 0)
    bin.interval = t_interval(units, confidence);
  return bin;
}

} // namespace

std::vector<CurveBin> response_curve(std::span<const CurveRow> rows,
                                     std::size_t bins, double confidence) {
  const auto points = curve_points(rows);
  std::size_t distinct_x = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (i == 0 || points[i].x != points[i - 1].x)
      ++distinct_x;
  const bool by_value = distinct_x <= bins;
  std::vector<CurveBin> made;
  std::size_t begin = 0;
  while (begin < points.size()) {
    auto end = begin + 1;
    if (!by_value) {
      // What is left, shared among the bins that are left.
      const auto left = points.size() - begin;
      const auto open = bins - std::min(made.size(), bins - 1);
      end = begin + std::max<std::size_t>(1, left / open);
    }
    while (end < points.size() && points[end].x == points[end - 1].x)
      ++end;
    made.push_back(
      bin_of(std::span{points}.subspan(begin, end - begin), confidence));
    begin = end;
  }
  return made;
}

} // namespace lab::sweeps::statistics
