#include "sweeps/designs/distribution.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/triangular.hpp>

#include "runtime/base/check.hpp"

namespace lab::sweeps {

namespace {

constexpr double units_in_one = 1e9;
constexpr double half_step = 0x1.0p-54;
constexpr double below_one = 1.0 - 0x1.0p-53;

double real(Decimal number) {
  return static_cast<double>(number.units) / units_in_one;
}

/// Six digits behind the first of `size`, as a power of ten in units.
std::int64_t grain(double size) {
  constexpr int digits = 6;
  constexpr std::array<std::int64_t, 16> powers{1,
                                                10,
                                                100,
                                                1'000,
                                                10'000,
                                                100'000,
                                                1'000'000,
                                                10'000'000,
                                                100'000'000,
                                                1'000'000'000,
                                                10'000'000'000,
                                                100'000'000'000,
                                                1'000'000'000'000,
                                                10'000'000'000'000,
                                                100'000'000'000'000,
                                                1'000'000'000'000'000};
  if (!(size > 0))
    return 1;
  const int first = static_cast<int>(std::floor(std::log10(size)));
  const int power = std::clamp(first - digits + 9, 0, 15);
  return powers[static_cast<std::size_t>(power)];
}

/// Cut off at the bounds, from whichever tail keeps the digits.
double cut_normal(double mean, double sd, std::optional<Decimal> low,
                  std::optional<Decimal> high, double u) {
  using boost::math::complement;
  const boost::math::normal_distribution<double> normal{mean, sd};
  if (low && real(*low) > mean) {
    const double above = cdf(complement(normal, real(*low)));
    const double rest = high ? cdf(complement(normal, real(*high))) : 0.0;
    const double q = above - u * (above - rest);
    return quantile(complement(normal, std::clamp(q, 1e-300, below_one)));
  }
  const double before = low ? cdf(normal, real(*low)) : 0.0;
  const double until = high ? cdf(normal, real(*high)) : 1.0;
  const double p = before + u * (until - before);
  return quantile(normal, std::clamp(p, 1e-300, below_one));
}

} // namespace

Distribution::Distribution(Kind kind, std::optional<Decimal> low,
                           std::optional<Decimal> high, double first,
                           double second)
  : kind_(kind), low_(low), high_(high), first_(first), second_(second) {}

Distribution Distribution::uniform(Decimal low, Decimal high) {
  LAB_CHECK(low < high, "an empty range");
  return {Kind::uniform, low, high, 0, 0};
}

Distribution Distribution::log_uniform(Decimal low, Decimal high) {
  LAB_CHECK(low.units > 0 && low < high, "an empty range");
  return {Kind::log_uniform, low, high, 0, 0};
}

Distribution Distribution::normal(Decimal mean, Decimal sd,
                                  std::optional<Decimal> low,
                                  std::optional<Decimal> high) {
  LAB_CHECK(sd.units > 0 && (!low || !high || *low < *high), "no spread");
  return {Kind::normal, low, high, real(mean), real(sd)};
}

Distribution Distribution::triangular(Decimal low, Decimal mode, Decimal high) {
  LAB_CHECK(low <= mode && mode <= high && low < high, "an empty range");
  return {Kind::triangular, low, high, real(mode), 0};
}

Distribution Distribution::beta(Decimal alpha, Decimal beta, Decimal low,
                                Decimal high) {
  LAB_CHECK(alpha.units > 0 && beta.units > 0 && low < high, "no shape");
  return {Kind::beta, low, high, real(alpha), real(beta)};
}

Distribution Distribution::whole() const {
  auto made = *this;
  made.whole_ = true;
  return made;
}

double Distribution::exact_quantile(double u) const {
  LAB_CHECK(u >= 0 && u <= 1, "u=" + std::to_string(u));
  // Whole numbers reach a half further, so that the outer ones get their share.
  const double wider =
    whole_ && (kind_ == Kind::uniform || kind_ == Kind::log_uniform) ? 0.5 : 0;
  const double low = low_ ? real(*low_) - wider : 0;
  const double high = high_ ? real(*high_) + wider : 0;
  const double inside = std::clamp(u, half_step, below_one);
  switch (kind_) {
  case Kind::uniform:
    return low + u * (high - low);
  case Kind::log_uniform:
    return low * std::exp(u * std::log(high / low));
  case Kind::normal:
    // A bound is met exactly; where there is none, its end is infinite.
    return cut_normal(
      first_, second_, low_, high_,
      std::clamp(u, low_ ? 0.0 : half_step, high_ ? 1.0 : below_one));
  case Kind::triangular:
    return boost::math::quantile(
      boost::math::triangular_distribution<double>{low, first_, high}, u);
  case Kind::beta:
    return low
           + (high - low)
               * boost::math::quantile(
                 boost::math::beta_distribution<double>{first_, second_},
                 u <= 0 || u >= 1 ? u : inside);
  }
  LAB_CHECK(false, "a kind of distribution");
}

Decimal Distribution::quantile(double u) const {
  const double exact = exact_quantile(u);
  if (low_ && exact <= real(*low_))
    return *low_;
  if (high_ && exact >= real(*high_))
    return *high_;
  std::int64_t step = 1'000'000'000;
  double tie = 0;
  if (whole_) {
    // Of two whole numbers that are as near, the greater, whatever the sign.
    constexpr double rounding = 1e-9;
    tie = rounding;
  } else {
    double size = std::abs(exact);
    if (kind_ == Kind::normal)
      size = second_;
    else if (kind_ != Kind::log_uniform)
      size = real(*high_) - real(*low_);
    step = grain(size);
  }
  // What a manifest can write ends at 10^9.
  constexpr double units_max = 999'999'999.0 * units_in_one;
  const double units = std::clamp(exact * units_in_one, -units_max, units_max);
  const auto steps = static_cast<std::int64_t>(
    std::floor(units / static_cast<double>(step) + 0.5 + tie));
  Decimal made{steps * step};
  if (low_)
    made = std::max(made, *low_);
  if (high_)
    made = std::min(made, *high_);
  return made;
}

} // namespace lab::sweeps
