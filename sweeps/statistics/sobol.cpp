#include "sweeps/statistics/sobol.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "runtime/base/check.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/replicate_means.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

using Column = std::vector<double>;

/// Every index is sum(numerators) / sum(denominator) over units (sample
/// indices or batches of them).
struct Ratios {
  Column denominator;
  std::vector<Column> numerators; // first of k, total of k, second of pairs
};

void check_sizes(const SaltelliTable& t) {
  const auto rows = t.base * t.replicates;
  LAB_CHECK(t.factors > 0 && t.replicates > 0 && t.a.size() == rows
              && t.b.size() == rows && t.ab.size() == rows * t.factors
              && (t.ba.empty() || t.ba.size() == t.ab.size())
              && (t.batch.empty() || t.batch.size() == t.base),
            "base=" + std::to_string(t.base)
              + " a=" + std::to_string(t.a.size())
              + " ab=" + std::to_string(t.ab.size()));
}

/// The rows' means, row by row: A, B, AB_1..k, BA_1..k of each j.
class Rows {
public:
  explicit Rows(const SaltelliTable& table)
    : factors_(table.factors),
      width_(2 + table.factors * (table.ba.empty() ? 1 : 2)),
      means_(averaged(table, width_)) {}

  std::size_t width() const { return width_; }
  const ReplicateMeans& means() const { return means_; }

  std::size_t a(std::size_t j) const { return j * width_; }
  std::size_t b(std::size_t j) const { return j * width_ + 1; }
  std::size_t ab(std::size_t j, std::size_t i) const {
    return j * width_ + 2 + i;
  }
  std::size_t ba(std::size_t j, std::size_t i) const {
    return ab(j, i) + factors_;
  }

  bool is_complete(std::size_t j) const {
    const auto first =
      means_.counts.begin() + static_cast<std::ptrdiff_t>(j * width_);
    return std::all_of(first, first + static_cast<std::ptrdiff_t>(width_),
                       [](double n) { return n > 0; });
  }

private:
  static ReplicateMeans averaged(const SaltelliTable& t, std::size_t width) {
    const auto replicates = static_cast<std::ptrdiff_t>(t.replicates);
    const auto factors = static_cast<std::ptrdiff_t>(t.factors);
    std::vector<std::optional<double>> all;
    all.reserve(t.base * width * t.replicates);
    const auto take = [&](const std::vector<std::optional<double>>& from,
                          std::size_t j, std::ptrdiff_t rows) {
      const auto first =
        from.begin() + static_cast<std::ptrdiff_t>(j) * rows * replicates;
      all.insert(all.end(), first, first + rows * replicates);
    };
    for (std::size_t j = 0; j < t.base; ++j) {
      take(t.a, j, 1);
      take(t.b, j, 1);
      take(t.ab, j, factors);
      if (!t.ba.empty())
        take(t.ba, j, factors);
    }
    return replicate_means(all, t.replicates);
  }

  std::size_t factors_;
  std::size_t width_;
  ReplicateMeans means_;
};

/// What each complete j adds to the sums, in `unit_of_j`.
Ratios ratios_of(const SaltelliTable& table, const Rows& rows,
                 const std::vector<std::size_t>& complete,
                 const std::vector<std::size_t>& unit, std::size_t units) {
  const auto k = table.factors;
  const auto& mean = rows.means().means;
  const auto& count = rows.means().counts;
  const double noise = rows.means().noise.value_or(0);
  const std::size_t pairs = table.ba.empty() ? 0 : k * (k - 1) / 2;
  double centre = 0;
  for (const auto j : complete)
    centre += mean[rows.a(j)] + mean[rows.b(j)];
  centre /= 2 * static_cast<double>(complete.size());

  Ratios made{Column(units), std::vector<Column>(2 * k + pairs, Column(units))};
  for (std::size_t c = 0; c < complete.size(); ++c) {
    const auto j = complete[c];
    const auto u = unit[c];
    const double a = mean[rows.a(j)] - centre;
    const double b = mean[rows.b(j)] - centre;
    const double a_noise = noise / count[rows.a(j)];
    made.denominator[u] +=
      (a * a + b * b - a_noise - noise / count[rows.b(j)]) / 2;
    const auto first = [&](std::size_t i) {
      return b * (mean[rows.ab(j, i)] - centre - a);
    };
    for (std::size_t i = 0; i < k; ++i) {
      const double moved = mean[rows.ab(j, i)] - centre - a;
      made.numerators[i][u] += b * moved;
      made.numerators[k + i][u] +=
        (moved * moved - a_noise - noise / count[rows.ab(j, i)]) / 2;
    }
    if (pairs == 0)
      continue;
    std::size_t p = 2 * k;
    for (std::size_t i = 0; i < k; ++i)
      for (std::size_t l = i + 1; l < k; ++l)
        made.numerators[p++][u] +=
          (mean[rows.ba(j, i)] - centre) * (mean[rows.ab(j, l)] - centre)
          - a * b - first(i) - first(l);
  }
  return made;
}

double sum(const Column& values) {
  double total = 0;
  for (const double x : values)
    total += x;
  return total;
}

Estimate delta(const Column& numerator, const Column& denominator,
               double confidence) {
  const auto units = static_cast<double>(numerator.size());
  const double whole = sum(denominator);
  Estimate made{sum(numerator) / whole, {}, Method::none};
  if (numerator.size() < 2)
    return made;
  double squares = 0; // influences sum to zero by construction
  for (std::size_t u = 0; u < numerator.size(); ++u) {
    const double influence = numerator[u] - made.value * denominator[u];
    squares += influence * influence;
  }
  const double error = std::sqrt(squares * units / (units - 1)) / whole;
  const double half = t_quantile((1 + confidence) / 2, units - 1) * error;
  made.interval = Interval{made.value - half, made.value + half};
  made.method = Method::delta;
  return made;
}

std::vector<Estimate> deltas(const Ratios& ratios, double confidence) {
  std::vector<Estimate> made;
  for (const auto& numerator : ratios.numerators)
    made.push_back(delta(numerator, ratios.denominator, confidence));
  return made;
}

double weighted_sum(const Column& values,
                    const std::vector<std::uint32_t>& weights) {
  double total = 0;
  for (std::size_t u = 0; u < values.size(); ++u)
    total += weights[u] * values[u];
  return total;
}

/// All indices from the same resamples.
std::vector<Estimate> bootstrapped(const Ratios& ratios, Method method,
                                   const BootstrapOptions& options) {
  const auto units = ratios.denominator.size();
  const auto indices = ratios.numerators.size();
  const Draws draws{options.seed};
  std::vector<std::uint32_t> weights(units);
  std::vector<Column> resamples(indices);
  for (std::int32_t r = 0; r < options.resamples; ++r) {
    draws.resample(static_cast<std::uint64_t>(r), weights);
    const double below = weighted_sum(ratios.denominator, weights);
    if (!(below > 0))
      continue;
    for (std::size_t i = 0; i < indices; ++i)
      resamples[i].push_back(weighted_sum(ratios.numerators[i], weights)
                             / below);
  }
  const double below = sum(ratios.denominator);
  std::vector<Estimate> made;
  Column left_out(units);
  for (std::size_t i = 0; i < indices; ++i) {
    const double above = sum(ratios.numerators[i]);
    for (std::size_t u = 0; u < units; ++u)
      left_out[u] =
        (above - ratios.numerators[i][u]) / (below - ratios.denominator[u]);
    Estimate each{above / below, {}, Method::none};
    if (resamples[i].size() > 1)
      each = interval_of_resamples(each.value, resamples[i], left_out, method,
                                   options.confidence);
    made.push_back(each);
  }
  return made;
}

} // namespace

SobolResult sobol(const SaltelliTable& table, const SobolOptions& options) {
  check_sizes(table);
  const Rows rows{table};
  SobolResult made;
  made.base = static_cast<std::int64_t>(table.base);
  made.runs_missing = rows.means().missing;
  made.noise = rows.means().noise;
  made.is_noise_removed = made.noise.has_value();

  std::vector<std::size_t> complete;
  std::vector<std::size_t> unit;
  std::size_t units = 0;
  std::vector<std::optional<std::size_t>> unit_of_batch;
  for (std::size_t j = 0; j < table.base; ++j) {
    if (!rows.is_complete(j))
      continue;
    complete.push_back(j);
    if (table.batch.empty()) {
      unit.push_back(units++);
      continue;
    }
    if (unit_of_batch.size() <= table.batch[j])
      unit_of_batch.resize(table.batch[j] + 1);
    auto& mine = unit_of_batch[table.batch[j]];
    if (!mine)
      mine = units++;
    unit.push_back(*mine);
  }
  made.used = static_cast<std::int64_t>(complete.size());
  made.dropped = made.base - made.used;
  constexpr std::int64_t fewest = 4;
  if (made.used < fewest)
    return made;

  const auto ratios = ratios_of(table, rows, complete, unit, units);
  made.variance = sum(ratios.denominator) / static_cast<double>(made.used);
  if (!(made.variance > 0))
    return made;
  const bool by_theory =
    !table.batch.empty() || options.method == Method::delta;
  auto all = by_theory
               ? deltas(ratios, options.bootstrap.confidence)
               : bootstrapped(ratios, options.method, options.bootstrap);
  const auto k = table.factors;
  const auto split = [&](std::size_t from) {
    return all.begin() + static_cast<std::ptrdiff_t>(from);
  };
  made.first.assign(split(0), split(k));
  made.total.assign(split(k), split(2 * k));
  if (!table.ba.empty()) {
    std::size_t p = 2 * k;
    for (std::size_t i = 0; i < k; ++i)
      for (std::size_t l = i + 1; l < k; ++l)
        made.second.push_back({i, l, all[p++]});
  }
  return made;
}

} // namespace lab::sweeps::statistics
