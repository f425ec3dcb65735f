#pragma once

#include <string>
#include <vector>

#include "sweeps/report/svg.hpp"

namespace lab::sweeps::report {

/// Numbers that a reader finds easy, and how many decimals they need.
struct Ticks {
  std::vector<double> at;
  int decimals = 0;
};

/// At most `wanted` + 1 multiples of 1, 2 or 5 times a power of ten, from below
/// `low` or at it to above `high` or at it. Equal ends are widened.
/// @pre  finite
Ticks nice_ticks(double low, double high, int wanted);

/// From a quantity to pixels.
class Scale {
public:
  /// Widened to whole ticks.
  Scale(double low, double high, double first_pixel, double last_pixel,
        int wanted_ticks);

  double pixel(double value) const;
  double low() const { return ticks_.at.front(); }
  double high() const { return ticks_.at.back(); }
  const Ticks& ticks() const { return ticks_; }
  std::string label(double tick) const;

private:
  Ticks ticks_;
  double first_;
  double last_;
};

/// The smallest range that holds everything added.
class Extent {
public:
  void add(double value);
  bool empty() const { return empty_; }
  double low() const { return low_; }
  double high() const { return high_; }

private:
  bool empty_ = true;
  double low_ = 0;
  double high_ = 1;
};

/// Tick labels below, a faint line through the plot at each, the title below.
void draw_x_axis(Svg& svg, const Scale& scale, double top, double bottom,
                 const std::string& title);
/// The same at the left.
void draw_y_axis(Svg& svg, const Scale& scale, double left, double right,
                 const std::string& title);
/// Room left of the plot for the labels of `scale` and an upright title.
double y_axis_width(const Scale& scale);

} // namespace lab::sweeps::report
