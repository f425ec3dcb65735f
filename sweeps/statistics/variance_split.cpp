#include "sweeps/statistics/variance_split.hpp"

#include <algorithm>
#include <cmath>

#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/split_layout.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

/// Terms, interaction (where it is known), noise.
std::vector<double> variances_of(const SplitLayout& layout,
                                 const SplitSums& sums) {
  auto made = sums.terms;
  if (layout.has_noise())
    made.push_back(sums.interaction);
  made.push_back(sums.noise);
  return made;
}

/// Nothing when no variance is above zero.
std::vector<double> shares_of(std::vector<double> variances) {
  double sum = 0;
  for (auto& each : variances) {
    each = std::max(0.0, each);
    sum += each;
  }
  if (!(sum > 0))
    return {};
  for (auto& each : variances)
    each /= sum;
  return variances;
}

double mean_square(std::span<const double> values) {
  double sum = 0;
  for (const double x : values)
    sum += x * x;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// Rescaled so that their mean square is the variance that was estimated.
std::vector<double> reflated(std::vector<double> values, double variance) {
  const double square = mean_square(values);
  const double factor =
    square > 0 ? std::sqrt(std::max(0.0, variance) / square) : 0;
  for (auto& each : values)
    each *= factor;
  return values;
}

/// Makes outcomes of worlds whose variances are those estimated, as far as
/// they are known.
class Reflated {
public:
  Reflated(const SplitLayout& layout, const SplitSums& sums, const Seed& seed)
    : layout_(layout), draws_(seed), mean_(sums.fit.mean),
      own_noise_(sums.own_noise),
      seed_variance_(std::max(0.0, sums.seed_variance)),
      // Without replicates the lack of fit is the noise.
      residuals_(
        reflated(layout.has_noise() ? sums.residuals : sums.lack_of_fit,
                 sums.own_noise)),
      seeds_(reflated(sums.seed_effect, sums.seed_variance)),
      lack_(reflated(sums.lack_of_fit, sums.interaction)) {
    for (std::size_t t = 0; t < layout.terms(); ++t)
      effects_.push_back(reflated(sums.fit.effects[t], sums.terms[t]));
    points_.resize(layout.sizes.size());
  }

  /// Runs of one world.
  /// @returns the noise variance of this world
  double draw(std::vector<double>& y) {
    const bool sampled = layout_.levels_are == LevelsAre::sampled;
    std::ranges::fill(points_, mean_);
    for (std::size_t t = 0; t < effects_.size(); ++t) {
      const auto levels = static_cast<double>(layout_.counts[t]);
      const double scale = sampled ? std::sqrt(doubt(levels - 1)) : 1;
      for (std::size_t p = 0; p < points_.size(); ++p)
        points_[p] +=
          scale * effects_[t][layout_.levels[p * layout_.terms() + t]];
    }
    const double lack = sampled ? std::sqrt(doubt(layout_.fit_freedom)) : 1;
    for (std::size_t p = 0; p < points_.size(); ++p)
      points_[p] += lack * lack_[p];
    const double own =
      doubt(layout_.has_noise() ? layout_.noise_freedom : layout_.fit_freedom);
    const double common =
      seeds_.empty() ? 0 : doubt(static_cast<double>(layout_.seeds) - 1);
    for (std::size_t row = 0; row < y.size(); ++row) {
      y[row] = points_[layout_.point_of_row[row]]
               + std::sqrt(own) * any_of(residuals_);
      if (!seeds_.empty())
        y[row] += std::sqrt(common) * seeds_[layout_.seed_of_row[row]];
    }
    return own * own_noise_ + common * seed_variance_;
  }

private:
  double any_of(const std::vector<double>& values) {
    return values[draws_.below(counter_++, values.size())];
  }
  /// How many times as large as estimated a variance may really be.
  double doubt(double freedom) {
    const double p = draws_.unit(counter_++) + 0x1.0p-54;
    return freedom > 0 ? freedom / chi_square_quantile(p, freedom) : 1;
  }

  const SplitLayout& layout_;
  Draws draws_;
  std::uint64_t counter_ = 0;
  double mean_;
  double own_noise_;
  double seed_variance_;
  std::vector<double> residuals_;
  std::vector<double> seeds_;
  std::vector<double> lack_;
  std::vector<std::vector<double>> effects_;
  std::vector<double> points_;
};

/// Percentiles of every share; nothing where resamples had none.
std::vector<std::optional<Interval>>
share_intervals(const SplitLayout& layout, const SplitSums& sums,
                std::size_t rows, const BootstrapOptions& options) {
  Reflated world{layout, sums, options.seed};
  std::vector<double> y(rows);
  std::vector<std::vector<double>> shares;
  SplitSums again;
  for (std::int32_t r = 0; r < options.resamples; ++r) {
    const double noise = world.draw(y);
    split_sums(layout, y, again);
    again.noise = noise;
    const auto drawn = shares_of(variances_of(layout, again));
    shares.resize(std::max(shares.size(), drawn.size()));
    for (std::size_t i = 0; i < drawn.size(); ++i)
      shares[i].push_back(drawn[i]);
  }
  std::vector<std::optional<Interval>> made;
  for (auto& each : shares) {
    std::ranges::sort(each);
    const double alpha = 1 - options.confidence;
    made.push_back(
      Interval{quantile(each, alpha / 2), quantile(each, 1 - alpha / 2)});
  }
  return made;
}

} // namespace

VarianceSplit split_variance(std::span<const LevelRow> rows,
                             std::span<const SplitTerm> terms,
                             const SplitOptions& options) {
  VarianceSplit made;
  made.n = static_cast<std::int64_t>(rows.size());
  made.is_constant = std::ranges::all_of(
    rows, [&](const LevelRow& row) { return row.value == rows.front().value; });
  if (made.is_constant)
    return made;
  const auto layout = split_layout(rows, terms.size(), options);
  made.points = static_cast<std::int64_t>(layout.sizes.size());
  made.is_noise_known = layout.has_noise();
  made.noise_freedom = static_cast<std::int64_t>(layout.noise_freedom);
  made.is_confounded = !layout.model->is_unique()
                       || (!layout.has_noise() && layout.fit_freedom <= 0);
  if (made.is_confounded)
    return made;

  std::vector<double> y;
  for (const auto& row : rows)
    y.push_back(row.value);
  SplitSums sums;
  split_sums(layout, y, sums);
  if (layout.seed_effects)
    made.seed_variance = sums.seed_variance;
  const auto variances = variances_of(layout, sums);
  const auto shares = shares_of(variances);
  if (shares.empty())
    return made;
  const auto intervals =
    share_intervals(layout, sums, rows.size(), options.bootstrap);
  for (std::size_t i = 0; i < variances.size(); ++i) {
    auto& part = made.parts.emplace_back();
    if (i < terms.size()) {
      part.name = terms[i].name;
      part.role = terms[i].role;
    } else if (!layout.has_noise()) {
      part.name = "interaction and noise";
    } else {
      part.name = i == terms.size() ? "interaction" : "replicate noise";
    }
    part.variance = variances[i];
    part.share.value = shares[i];
    if (i < intervals.size()) {
      part.share.interval = intervals[i];
      part.share.method = Method::percentile;
    }
  }
  return made;
}

} // namespace lab::sweeps::statistics
