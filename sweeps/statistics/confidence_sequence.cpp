#include "sweeps/statistics/confidence_sequence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "runtime/base/check.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::statistics {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// No bet may lose more than this share of the capital.
constexpr double largest_bet = 0.75;

} // namespace

BettingSequence::BettingSequence(Interval range, double confidence,
                                 std::size_t cells)
  : range_(range), log_twice_over_alpha_(std::log(2 / (1 - confidence))),
    limit_(2 / (1 - confidence)), cells_(cells), above_(cells + 1, 1.0),
    below_(cells + 1, 1.0), last_(cells) {
  LAB_CHECK(range.low < range.high && cells > 0,
            "low=" + std::to_string(range.low)
              + " high=" + std::to_string(range.high));
}

double BettingSequence::next_bet() const {
  // Of values before the next: running mean and variance, each with half a
  // value's worth of prior knowledge.
  const auto t = static_cast<double>(n_) + 1;
  const double spread = (0.25 + squares_) / t;
  return std::sqrt(2 * log_twice_over_alpha_ / (spread * t * std::log(1 + t)));
}

void BettingSequence::add(double value) {
  LAB_CHECK(range_.contains(value), "value=" + std::to_string(value));
  const double x = (value - range_.low) / (range_.high - range_.low);
  const double bet = next_bet();
  const double cell = 1 / static_cast<double>(cells_);
  // Means below first_ - 1 are already ruled out from below, means above
  // last_ + 1 from above: their capital no longer matters.
  for (std::size_t g = first_; g <= cells_; ++g) {
    const double m = static_cast<double>(g) * cell;
    above_[g] *= 1 + (bet * m > largest_bet ? largest_bet / m : bet) * (x - m);
  }
  for (std::size_t g = 0; g <= last_; ++g) {
    const double m = static_cast<double>(g) * cell;
    const double room = 1 - m;
    below_[g] *=
      1 - (bet * room > largest_bet ? largest_bet / room : bet) * (x - m);
  }
  // K+ falls and K- rises with m, so what is ruled out are two ends.
  while (first_ < cells_ && above_[first_] >= limit_)
    ++first_;
  while (last_ > 0 && below_[last_] >= limit_)
    --last_;

  ++n_;
  sum_ += x;
  const double mean = (0.5 + sum_) / (static_cast<double>(n_) + 1);
  squares_ += (x - mean) * (x - mean);
  const auto now = open_ends();
  if (now.low < now.high)
    ends_ = now;
  else
    empty_ = true;
}

/// From the last grid point ruled out below to the first ruled out above.
Interval BettingSequence::open_ends() const {
  const double cell = 1 / static_cast<double>(cells_);
  return {first_ == 0 ? 0 : static_cast<double>(first_ - 1) * cell,
          last_ == cells_ ? 1 : static_cast<double>(last_ + 1) * cell};
}

double BettingSequence::mean() const {
  return range_.low
         + (range_.high - range_.low) * sum_ / static_cast<double>(n_);
}

Interval BettingSequence::interval() const {
  const double width = range_.high - range_.low;
  return {range_.low + width * ends_.low, range_.low + width * ends_.high};
}

Interval t_mixture_interval(double mean, double sd, std::int64_t n,
                            double confidence, double best_at) {
  const double alpha = 1 - confidence;
  const auto size = static_cast<double>(n);
  const double log_alpha = std::log(alpha);
  const double rho_squared =
    (-2 * log_alpha + std::log(-2 * log_alpha) + 1) / best_at;
  const double g = 1 + size * rho_squared;
  const double q = std::exp(2 / size * (std::log(g) / 2 - log_alpha));
  if (n < 2 || !(q < g))
    return {-infinity, infinity};
  const double half =
    sd * std::sqrt((size - 1) / size) * std::sqrt((q - 1) / (1 - q / g));
  return {mean - half, mean + half};
}

SequentialState sequential_mean(std::span<const double> values,
                                const MetricKind& metric,
                                const SequentialOptions& options) {
  const double confidence =
    1 - (1 - options.confidence) / static_cast<double>(options.family);
  auto range = metric.range;
  if (!range && metric.is_binary)
    range = Interval{0, 1};
  if (range && !fits(values, *range))
    range.reset();
  SequentialState state;
  state.n = static_cast<std::int64_t>(values.size());
  if (!values.empty())
    state.mean = mean(values);
  std::int64_t start = 0;
  if (range) {
    BettingSequence sequence{*range, confidence};
    for (const double x : values)
      sequence.add(x);
    state.interval = sequence.interval();
    state.is_contradicted = sequence.is_empty();
    state.method = Method::betting;
    start = options.start.value_or(2);
  } else {
    const double spread = values.size() < 2 ? 0 : variance(values);
    // Equal values say nothing of the spread of an unbounded metric.
    state.interval =
      spread > 0 ? t_mixture_interval(state.mean, std::sqrt(spread), state.n,
                                      confidence, options.best_at)
                 : Interval{-infinity, infinity};
    state.method = Method::t_mixture;
    start = options.start.value_or(10);
  }
  state.half_width = state.interval.half_width();
  state.may_stop = state.n >= start;
  return state;
}

bool is_precise_enough(const SequentialState& state, double half_width) {
  return state.may_stop && !state.is_contradicted
         && state.half_width <= half_width;
}

double alpha_of_look(double alpha, std::int64_t look) {
  constexpr double sum_of_inverse_squares = 1.6449340668482264; // pi^2 / 6
  const auto k = static_cast<double>(look);
  return alpha / (sum_of_inverse_squares * k * k);
}

std::int64_t fixed_size(double half_width, double sd, double confidence) {
  const double z = normal_quantile((1 + confidence) / 2);
  const double root = z * sd / half_width;
  return std::max<std::int64_t>(
    2, static_cast<std::int64_t>(std::ceil(root * root)));
}

std::int64_t fixed_size_bounded(double half_width, const Interval& range,
                                double confidence) {
  const double width = range.high - range.low;
  return static_cast<std::int64_t>(
    std::ceil(width * width * std::log(2 / (1 - confidence))
              / (2 * half_width * half_width)));
}

} // namespace lab::sweeps::statistics
