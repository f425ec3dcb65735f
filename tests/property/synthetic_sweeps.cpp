#include "tests/property/synthetic_sweeps.hpp"

#include <cmath>

#include "sweeps/statistics/confidence_sequence.hpp"
#include "sweeps/statistics/distributions.hpp"

namespace lab::sweeps::statistics {

namespace {

constexpr double confidence = 0.95;
/// Coarser than the product's thousand, so that debug builds are quick; ends
/// are rounded outwards by half a percent of the range.
constexpr std::size_t cells = 200;

/// Running mean and squares.
struct Moments {
  std::int64_t n = 0;
  double mean = 0;
  double squares = 0;

  void add(double x) {
    const double off = x - mean;
    mean += off / static_cast<double>(++n);
    squares += off * (x - mean);
  }
  double sd() const {
    return n < 2 ? 0 : std::sqrt(squares / static_cast<double>(n - 1));
  }
};

/// The interval after each value, as `sequential_mean` gives it, without going
/// through all earlier values again.
class Looks {
public:
  explicit Looks(const SyntheticMetric& metric) {
    if (metric.range)
      betting_.emplace(*metric.range, confidence, cells);
  }

  Interval after(double value) {
    moments_.add(value);
    if (betting_) {
      betting_->add(value);
      return betting_->interval();
    }
    return t_mixture_interval(moments_.mean, moments_.sd(), moments_.n,
                              confidence, SequentialOptions{}.best_at);
  }
  bool may_stop() const { return moments_.n >= (betting_ ? 2 : 10); }

private:
  std::optional<BettingSequence> betting_;
  Moments moments_;
};

/// t quantiles by degrees of freedom, made once.
std::vector<double> t_quantiles(std::int64_t most) {
  std::vector<double> made{0};
  for (std::int64_t freedom = 1; freedom < most; ++freedom)
    made.push_back(
      t_quantile((1 + confidence) / 2, static_cast<double>(freedom)));
  return made;
}

void count(StoppingTally& tally, std::int64_t sweeps, bool missed,
           bool ever_missed, bool stopped, std::int64_t runs) {
  const double one = 1.0 / static_cast<double>(sweeps);
  tally.missed += missed ? one : 0;
  tally.ever_missed += ever_missed ? one : 0;
  tally.stopped += stopped ? one : 0;
  tally.runs += static_cast<double>(runs) * one;
}

Draws draws_of(const SyntheticMetric& metric, std::int64_t sweep) {
  return Draws{Seed{2026}.child(metric.name).child(sweep)};
}

} // namespace

std::vector<SyntheticMetric> synthetic_metrics() {
  const Interval unit{0, 1};
  std::vector<SyntheticMetric> made;
  made.push_back({"uniform", unit, 0.5, std::sqrt(1.0 / 12),
                  [](const Draws& d, std::uint64_t i) { return d.unit(i); },
                  0.12, 300});
  // u^4: most values near 0, a few near 1. Mean 1/5, second moment 1/9.
  made.push_back(
    {"skewed", unit, 0.2, std::sqrt(1.0 / 9 - 0.04),
     [](const Draws& d, std::uint64_t i) { return std::pow(d.unit(i), 4); },
     0.12, 300});
  made.push_back({"binary", unit, 0.1, 0.3,
                  [](const Draws& d, std::uint64_t i) {
                    return d.unit(i) < 0.1 ? 1.0 : 0.0;
                  },
                  0.12, 300});
  made.push_back(
    {"normal", std::nullopt, 3, 2,
     [](const Draws& d, std::uint64_t i) { return 3 + 2 * d.normal(i); }, 1.2,
     300});
  made.push_back(
    {"exponential, no range", std::nullopt, 1, 1,
     [](const Draws& d, std::uint64_t i) { return -std::log1p(-d.unit(i)); },
     0.4, 300});
  made.back().holds_at_all_looks = false;
  return made;
}

StoppingTally stop_valid(const SyntheticMetric& metric, std::int64_t sweeps) {
  StoppingTally tally;
  tally.sweeps = sweeps;
  for (std::int64_t sweep = 0; sweep < sweeps; ++sweep) {
    const auto draws = draws_of(metric, sweep);
    Looks looks{metric};
    bool missed = false;
    bool ever_missed = false;
    bool stopped = false;
    std::int64_t n = 0;
    while (n < metric.at_most && !stopped) {
      const auto interval =
        looks.after(metric.draw(draws, static_cast<std::uint64_t>(n++)));
      missed = !interval.contains(metric.mean);
      ever_missed = ever_missed || (looks.may_stop() && missed);
      stopped = looks.may_stop() && interval.half_width() <= metric.half_width;
    }
    count(tally, sweeps, missed, ever_missed, stopped, n);
  }
  return tally;
}

StoppingTally stop_by_t(const SyntheticMetric& metric, std::int64_t sweeps) {
  const auto quantiles = t_quantiles(metric.at_most);
  StoppingTally tally;
  tally.sweeps = sweeps;
  for (std::int64_t sweep = 0; sweep < sweeps; ++sweep) {
    const auto draws = draws_of(metric, sweep);
    Moments moments;
    bool missed = false;
    bool ever_missed = false;
    bool stopped = false;
    while (moments.n < metric.at_most && !stopped) {
      moments.add(metric.draw(draws, static_cast<std::uint64_t>(moments.n)));
      if (moments.n < 3)
        continue;
      const double half = quantiles[static_cast<std::size_t>(moments.n - 1)]
                          * moments.sd()
                          / std::sqrt(static_cast<double>(moments.n));
      missed = std::abs(moments.mean - metric.mean) > half;
      ever_missed = ever_missed || missed;
      stopped = half <= metric.half_width;
    }
    count(tally, sweeps, missed, ever_missed, stopped, moments.n);
  }
  return tally;
}

std::int64_t careful_size(const SyntheticMetric& metric) {
  if (metric.range)
    return fixed_size_bounded(metric.half_width, *metric.range, confidence);
  return fixed_size(metric.half_width, 2 * metric.sd, confidence);
}

} // namespace lab::sweeps::statistics
