#include "sweeps/statistics/split_layout.hpp"

#include <map>

#include <Eigen/Dense>

namespace lab::sweeps::statistics {

// --- seeds -------------------------------------------------------------------

struct SeedEffects::Parts {
  std::vector<std::size_t> point_of_row;
  std::vector<std::size_t> seed_of_row;
  std::vector<double> sizes; // runs of each point
  Eigen::MatrixXd inverse;   // of the seeds' normal matrix, points absorbed
};

SeedEffects::SeedEffects(const std::vector<std::size_t>& point_of_row,
                         const std::vector<std::size_t>& seed_of_row,
                         std::size_t points, std::size_t seeds)
  : parts_(std::make_unique<Parts>()) {
  auto& p = *parts_;
  p.point_of_row = point_of_row;
  p.seed_of_row = seed_of_row;
  p.sizes.resize(points);
  const auto s = static_cast<Eigen::Index>(seeds);
  Eigen::MatrixXd counts =
    Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(points), s);
  for (std::size_t row = 0; row < point_of_row.size(); ++row) {
    p.sizes[point_of_row[row]] += 1;
    counts(static_cast<Eigen::Index>(point_of_row[row]),
           static_cast<Eigen::Index>(seed_of_row[row])) += 1;
  }
  const Eigen::Map<const Eigen::VectorXd> sizes{
    p.sizes.data(), static_cast<Eigen::Index>(points)};
  Eigen::MatrixXd normal =
    -counts.transpose() * sizes.cwiseInverse().asDiagonal() * counts;
  normal.diagonal() += counts.colwise().sum().transpose();
  // All seeds up by one is all points down by one: fix their sum at zero.
  normal.array() += 1.0 / static_cast<double>(seeds);
  Eigen::FullPivLU<Eigen::MatrixXd> solved{normal};
  solved.setThreshold(1e-10);
  unique_ = solved.isInvertible();
  if (!unique_)
    return;
  p.inverse = solved.inverse();
  trace_ = p.inverse.trace() - 1;
}

SeedEffects::~SeedEffects() = default;
SeedEffects::SeedEffects(SeedEffects&&) noexcept = default;
SeedEffects& SeedEffects::operator=(SeedEffects&&) noexcept = default;

std::vector<double> SeedEffects::fit(std::span<const double> y) const {
  const auto& p = *parts_;
  std::vector<double> means(p.sizes.size());
  for (std::size_t row = 0; row < y.size(); ++row)
    means[p.point_of_row[row]] += y[row] / p.sizes[p.point_of_row[row]];
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(p.inverse.rows());
  for (std::size_t row = 0; row < y.size(); ++row)
    sums(static_cast<Eigen::Index>(p.seed_of_row[row])) +=
      y[row] - means[p.point_of_row[row]];
  const Eigen::VectorXd effects = p.inverse * sums;
  return {effects.data(), effects.data() + effects.size()};
}

// --- layout ------------------------------------------------------------------

namespace {

/// Numbers things from 0 in order of first appearance.
template <class Key>
class Numbering {
public:
  std::size_t operator()(const Key& key) {
    return numbers_.emplace(key, numbers_.size()).first->second;
  }
  std::size_t size() const { return numbers_.size(); }

private:
  std::map<Key, std::size_t> numbers_;
};

} // namespace

SplitLayout split_layout(std::span<const LevelRow> rows, std::size_t terms,
                         const SplitOptions& options) {
  SplitLayout made;
  made.levels_are = options.levels;
  Numbering<std::size_t> points;
  Numbering<std::uint64_t> seeds;
  std::vector<Numbering<std::size_t>> levels(terms);
  for (const auto& row : rows) {
    const auto point = points(row.point);
    made.point_of_row.push_back(point);
    if (options.paired)
      made.seed_of_row.push_back(seeds(row.seed));
    if (point == made.sizes.size()) {
      made.sizes.push_back(0);
      for (std::size_t t = 0; t < terms; ++t)
        made.levels.push_back(levels[t](row.levels[t]));
    }
    made.sizes[point] += 1;
  }
  for (const auto& each : levels)
    made.counts.push_back(each.size());
  made.model =
    std::make_unique<AdditiveModel>(made.levels, made.sizes, made.counts);
  made.fit_freedom = static_cast<double>(made.sizes.size())
                     - static_cast<double>(made.model->parameters());
  made.noise_freedom =
    static_cast<double>(rows.size()) - static_cast<double>(made.sizes.size());
  made.seeds = seeds.size();
  if (options.paired && made.seeds > 1 && made.noise_freedom > 0) {
    SeedEffects effects{made.point_of_row, made.seed_of_row, made.sizes.size(),
                        made.seeds};
    const double left =
      made.noise_freedom - static_cast<double>(made.seeds - 1);
    if (effects.is_unique() && left > 0) {
      made.noise_freedom = left;
      made.seed_effects = std::move(effects);
    }
  }
  return made;
}

// --- sums --------------------------------------------------------------------

namespace {

double squares_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values)
    sum += x * x;
  return sum;
}

/// Variance of each term, given the noise of a single run.
void set_terms(const SplitLayout& layout, double noise, SplitSums& out) {
  const auto& model = *layout.model;
  out.terms.assign(layout.terms(), 0.0);
  for (std::size_t t = 0; t < layout.terms(); ++t) {
    const auto levels = layout.counts[t];
    if (levels < 2)
      continue;
    if (layout.levels_are == LevelsAre::sampled) {
      out.terms[t] =
        (out.fit.reductions[t] - model.row_coefficient(t) * out.interaction
         - static_cast<double>(levels - 1) * noise)
        / model.level_coefficient(t);
      continue;
    }
    double trace = 0;
    for (std::size_t l = 0; l < levels; ++l)
      trace += model.effect_variance(t, l);
    out.terms[t] = (squares_of(out.fit.effects[t]) - noise * trace)
                   / static_cast<double>(levels);
  }
}

} // namespace

void split_sums(const SplitLayout& layout, std::span<const double> y,
                SplitSums& out) {
  const auto n = y.size();
  out.residuals.assign(y.begin(), y.end());
  out.seed_effect.clear();
  if (layout.seed_effects) {
    out.seed_effect = layout.seed_effects->fit(y);
    for (std::size_t row = 0; row < n; ++row)
      out.residuals[row] -= out.seed_effect[layout.seed_of_row[row]];
  }
  std::vector<double> means(layout.sizes.size());
  for (std::size_t row = 0; row < n; ++row) {
    const auto point = layout.point_of_row[row];
    means[point] += out.residuals[row] / layout.sizes[point];
  }
  for (std::size_t row = 0; row < n; ++row)
    out.residuals[row] -= means[layout.point_of_row[row]];
  layout.model->fit(means, out.fit);
  out.lack_of_fit = means;
  for (std::size_t point = 0; point < means.size(); ++point)
    out.lack_of_fit[point] -= out.fit.fitted[point];

  const double lack = out.fit.residual_squares;
  out.seed_variance = 0;
  out.interaction = 0;
  if (!layout.has_noise()) {
    out.own_noise = lack / layout.fit_freedom;
    out.noise = out.own_noise;
    set_terms(layout, out.own_noise, out);
    return;
  }
  out.own_noise = squares_of(out.residuals) / layout.noise_freedom;
  if (layout.seed_effects)
    out.seed_variance = (squares_of(out.seed_effect)
                         - out.own_noise * layout.seed_effects->trace())
                        / static_cast<double>(layout.seeds - 1);
  out.noise = out.own_noise + std::max(0.0, out.seed_variance);
  const double runs = static_cast<double>(n);
  const double scale = layout.levels_are == LevelsAre::all
                         ? runs
                         : runs - layout.model->row_trace();
  if (layout.fit_freedom > 0)
    out.interaction = (lack - layout.fit_freedom * out.own_noise) / scale;
  set_terms(layout, out.own_noise, out);
}

} // namespace lab::sweeps::statistics
