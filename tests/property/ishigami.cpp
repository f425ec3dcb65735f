#include "tests/property/ishigami.hpp"

#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include <boost/random/sobol.hpp>

#include "sweeps/statistics/draws.hpp"

namespace lab::sweeps::statistics {

namespace {

constexpr double a = 7;
constexpr double b = 0.1;
constexpr double pi = std::numbers::pi;
constexpr std::size_t factors = 3;

using Point = std::array<double, 2 * factors>; // a row of A, a row of B

double ishigami(const double* unit) {
  std::array<double, factors> x{};
  for (std::size_t i = 0; i < factors; ++i)
    x[i] = pi * (2 * unit[i] - 1);
  const double s = std::sin(x[1]);
  return std::sin(x[0]) * (1 + b * std::pow(x[2], 4)) + a * s * s;
}

std::vector<Point> points_of(const IshigamiTrial& trial, const Seed& seed) {
  std::vector<Point> made(trial.base);
  if (trial.batches == 0) {
    const Draws draws{seed.child("points")};
    for (std::size_t j = 0; j < trial.base; ++j)
      for (std::size_t d = 0; d < 2 * factors; ++d)
        made[j][d] = draws.unit(j * 2 * factors + d);
    return made;
  }
  const auto size = trial.base / trial.batches;
  for (std::size_t batch = 0; batch < trial.batches; ++batch) {
    const Draws shift{
      seed.child("shift").child(static_cast<std::int64_t>(batch))};
    boost::random::sobol sequence{2 * factors};
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t d = 0; d < 2 * factors; ++d)
        made[batch * size + j][d] =
          static_cast<double>((sequence() ^ shift.bits(d)) >> 11U) * 0x1.0p-53;
  }
  return made;
}

/// Runs a row's replicates.
class Runner {
public:
  Runner(const IshigamiTrial& trial, const Seed& seed)
    : trial_(trial), noise_(seed.child("noise")), seeds_(seed.child("seeds")),
      failures_(seed.child("failures")) {}

  void run(const double* unit, std::vector<std::optional<double>>& out) {
    const double response = ishigami(unit);
    for (std::size_t r = 0; r < trial_.replicates; ++r) {
      const auto place = counter_++;
      if (failures_.unit(place) < trial_.failing) {
        out.emplace_back();
        continue;
      }
      out.emplace_back(response + trial_.noise_sd * noise_.normal(place)
                       + trial_.seed_sd * seeds_.normal(r));
    }
  }

private:
  const IshigamiTrial& trial_;
  Draws noise_;
  Draws seeds_;
  Draws failures_;
  std::uint64_t counter_ = 0;
};

} // namespace

IshigamiIndices truth_of(const IshigamiTrial& trial) {
  const double v1 = std::pow(1 + b * std::pow(pi, 4) / 5, 2) / 2;
  const double v2 = a * a / 8;
  const double v13 = b * b * std::pow(pi, 8) * (1.0 / 18 - 1.0 / 50);
  const double noise =
    trial.replicates > 1 ? 0 : trial.noise_sd * trial.noise_sd;
  const double all = v1 + v2 + v13 + noise;
  return {{v1 / all, v2 / all, 0},
          {(v1 + v13 + noise) / all, (v2 + noise) / all, (v13 + noise) / all}};
}

SobolResult ask(const IshigamiTrial& trial, std::int64_t number) {
  const auto seed = Seed{2026}.child("ishigami").child(number);
  const auto points = points_of(trial, seed);
  Runner runner{trial, seed};
  SaltelliTable table;
  table.factors = factors;
  table.base = trial.base;
  table.replicates = trial.replicates;
  for (std::size_t j = 0; j < trial.base; ++j) {
    const auto& point = points[j];
    runner.run(point.data(), table.a);
    runner.run(point.data() + factors, table.b);
    for (std::size_t i = 0; i < factors; ++i) {
      auto mixed = point;
      mixed[i] = point[factors + i];
      runner.run(mixed.data(), table.ab);
    }
    if (trial.batches > 0 && trial.tells_batches)
      table.batch.push_back(j / (trial.base / trial.batches));
  }
  auto options = trial.options;
  options.bootstrap.seed = seed.child("bootstrap");
  return sobol(table, options);
}

IshigamiCoverage coverage_of(const IshigamiTrial& trial, int trials,
                             std::int64_t first_seed) {
  const auto truth = truth_of(trial);
  IshigamiCoverage made;
  struct Errors {
    double sum = 0;
    double squares = 0;
  };
  std::array<Errors, factors> first{};
  std::array<Errors, factors> total{};
  const auto judge = [&](const Estimate& estimate, double expected,
                         double& held, Errors& errors) {
    const double error = estimate.value - expected;
    held += estimate.interval->contains(expected) ? 1.0 / trials : 0;
    errors.sum += error;
    errors.squares += error * error;
    made.half_width +=
      estimate.interval->half_width() / (2.0 * factors * trials);
  };
  for (int t = 0; t < trials; ++t) {
    const auto result = ask(trial, first_seed + t);
    made.used += static_cast<double>(result.used)
                 / static_cast<double>(result.base) / trials;
    for (std::size_t i = 0; i < factors; ++i) {
      judge(result.first[i], truth.first[i], made.first[i], first[i]);
      judge(result.total[i], truth.total[i], made.total[i], total[i]);
    }
  }
  const auto bias = [&](const Errors& errors) {
    const double mean = errors.sum / trials;
    const double spread = errors.squares / trials - mean * mean;
    return mean / std::sqrt(spread / trials);
  };
  for (std::size_t i = 0; i < factors; ++i) {
    made.first_bias[i] = bias(first[i]);
    made.total_bias[i] = bias(total[i]);
  }
  return made;
}

} // namespace lab::sweeps::statistics
