#include <algorithm>
#include <cmath>

#include "sweeps/report/axis.hpp"
#include "sweeps/report/charts.hpp"

namespace lab::sweeps::report {

namespace {

constexpr double width = 344; // two beside each other
constexpr double height = 250;

void draw_curve(Svg& svg, const Scale& x, const Scale& y, const Curve& curve,
                std::string_view colour) {
  std::vector<std::pair<double, double>> line;
  for (const auto& point : curve.points) {
    const double at = x.pixel(point.x);
    line.emplace_back(at, y.pixel(point.value));
    if (point.interval) {
      const double low = y.pixel(point.interval->low);
      const double high = y.pixel(point.interval->high);
      svg.line(at, low, at, high, colour, 1.5);
      svg.line(at - 3, low, at + 3, low, colour, 1.5);
      svg.line(at - 3, high, at + 3, high, colour, 1.5);
    }
  }
  svg.polyline(line, colour);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (curve.points[i].interval)
      svg.circle(line[i].first, line[i].second, 3, colour);
    else
      svg.ring(line[i].first, line[i].second, 3, colour);
  }
}

/// Names of the curves under each other at the right, near their ends.
void draw_names(Svg& svg, const Scale& y, double left, double room,
                const std::vector<Curve>& curves) {
  std::vector<std::pair<double, std::size_t>> ends;
  for (std::size_t i = 0; i < curves.size(); ++i)
    if (!curves[i].points.empty())
      ends.emplace_back(y.pixel(curves[i].points.back().value), i);
  std::ranges::sort(ends);
  double free = 0;
  for (const auto& [at, index] : ends) {
    const double place = std::max(at, free);
    svg.text(left, place + 4, fitted(curves[index].label, room), Anchor::start,
             series_colour(index));
    free = place + font_size + 2;
  }
}

} // namespace

std::string draw(const CurveChart& chart) {
  Extent x_extent;
  Extent y_extent;
  double names = 0;
  for (const auto& curve : chart.curves) {
    names = std::max(names, text_width(curve.label));
    for (const auto& point : curve.points) {
      x_extent.add(point.x);
      y_extent.add(point.value);
      if (point.interval) {
        y_extent.add(point.interval->low);
        y_extent.add(point.interval->high);
      }
    }
  }
  for (const auto& [at, value] : chart.dots) {
    x_extent.add(at);
    y_extent.add(value);
  }
  const double room = chart.curves.size() > 1 ? std::min(names, 110.0) + 8 : 14;
  const double top = 12;
  const double bottom = height - 42;
  const Scale y{y_extent.low(), y_extent.high(), bottom, top, 6};
  const double left = y_axis_width(y);
  const double right = width - room;
  const Scale x{x_extent.low(), x_extent.high(), left, right, 5};
  Svg svg{width, height};
  draw_y_axis(svg, y, left, right, chart.y_title);
  draw_x_axis(svg, x, top, bottom, fitted(chart.x_title, width - left));
  for (const auto& [at, value] : chart.dots)
    svg.circle(x.pixel(at), y.pixel(value), 2, muted, 0.35);
  for (std::size_t i = 0; i < chart.curves.size(); ++i)
    draw_curve(svg, x, y, chart.curves[i], series_colour(i));
  if (chart.curves.size() > 1)
    draw_names(svg, y, right + 8, room - 8, chart.curves);
  return svg.finish(chart.description);
}

} // namespace lab::sweeps::report
