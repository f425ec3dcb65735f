#include "sweeps/report/axis.hpp"

#include <algorithm>
#include <cmath>

#include "sweeps/report/numbers.hpp"

namespace lab::sweeps::report {

namespace {

/// The easy number that is at least `rough`.
double nice_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * (1 - 1e-9))
      return factor * power;
  return 10 * power;
}

} // namespace

Ticks nice_ticks(double low, double high, int wanted) {
  if (!(high > low)) {
    const double margin = low == 0 ? 1 : std::abs(low) / 2;
    low -= margin;
    high += margin;
  }
  const double step = nice_step((high - low) / wanted);
  Ticks ticks;
  ticks.decimals =
    std::clamp(-static_cast<int>(std::floor(std::log10(step) + 1e-9)), 0, 12);
  // Whole multiples, so that no error adds up.
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  for (double i = first; i <= last; ++i)
    ticks.at.push_back(i * step);
  return ticks;
}

Scale::Scale(double low, double high, double first_pixel, double last_pixel,
             int wanted_ticks)
  : ticks_(nice_ticks(low, high, wanted_ticks)), first_(first_pixel),
    last_(last_pixel) {}

double Scale::pixel(double value) const {
  const double share = (value - low()) / (high() - low());
  return first_ + std::clamp(share, 0.0, 1.0) * (last_ - first_);
}

std::string Scale::label(double tick) const {
  return fixed_text(tick, ticks_.decimals);
}

void Extent::add(double value) {
  if (!std::isfinite(value))
    return;
  low_ = empty_ ? value : std::min(low_, value);
  high_ = empty_ ? value : std::max(high_, value);
  empty_ = false;
}

void draw_x_axis(Svg& svg, const Scale& scale, double top, double bottom,
                 const std::string& title) {
  // Labels that would touch are left out, every second or more of them.
  double widest = 0;
  for (const double tick : scale.ticks().at)
    widest = std::max(widest, text_width(scale.label(tick)));
  const auto& at = scale.ticks().at;
  const double gap = std::abs(scale.pixel(at[1]) - scale.pixel(at[0]));
  const auto every =
    static_cast<std::size_t>(std::ceil((widest + 6) / std::max(gap, 1.0)));
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double x = scale.pixel(at[i]);
    svg.line(x, top, x, bottom, faint);
    if (i % every == 0)
      svg.text(x, bottom + 15, scale.label(at[i]), Anchor::middle);
  }
  svg.line(scale.pixel(scale.low()), bottom, scale.pixel(scale.high()), bottom);
  svg.text((scale.pixel(scale.low()) + scale.pixel(scale.high())) / 2,
           bottom + 32, title, Anchor::middle);
}

void draw_y_axis(Svg& svg, const Scale& scale, double left, double right,
                 const std::string& title) {
  for (const double tick : scale.ticks().at) {
    const double y = scale.pixel(tick);
    svg.line(left, y, right, y, faint);
    svg.text(left - 6, y + 4, scale.label(tick), Anchor::end);
  }
  const double top = scale.pixel(scale.high());
  const double bottom = scale.pixel(scale.low());
  svg.line(left, top, left, bottom);
  svg.upright(left - y_axis_width(scale) + 14, (top + bottom) / 2,
              fitted(title, bottom - top + 24));
}

double y_axis_width(const Scale& scale) {
  double widest = 0;
  for (const double tick : scale.ticks().at)
    widest = std::max(widest, text_width(scale.label(tick)));
  return widest + 6 + 22;
}

} // namespace lab::sweeps::report
