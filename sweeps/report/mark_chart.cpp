#include <algorithm>
#include <cmath>

#include "sweeps/report/axis.hpp"
#include "sweeps/report/charts.hpp"

namespace lab::sweeps::report {

namespace {

constexpr double width = 560;
constexpr double height = 400;

struct Box {
  double left, top, right, bottom;

  bool touches(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom
           && other.top < bottom;
  }
};

/// Where a name of this width can stand beside a mark: right, left, above,
/// below, then further away.
std::vector<Box> places(double x, double y, double text) {
  std::vector<Box> out;
  for (double away = 0; away <= 14 * 14; away += 14) {
    out.push_back({x + 7, y - 7 - away, x + 7 + text, y + 7 - away});
    out.push_back({x + 7, y - 7 + away, x + 7 + text, y + 7 + away});
    out.push_back({x - 7 - text, y - 7 - away, x - 7, y + 7 - away});
    out.push_back({x - 7 - text, y - 7 + away, x - 7, y + 7 + away});
    out.push_back({x - text / 2, y - 22 - away, x + text / 2, y - 8 - away});
    out.push_back({x - text / 2, y + 8 + away, x + text / 2, y + 22 + away});
  }
  return out;
}

void draw_names(Svg& svg, const Scale& x, const Scale& y,
                const std::vector<Mark>& marks, const Box& plot) {
  std::vector<Box> taken;
  for (const auto& mark : marks) {
    const double at = x.pixel(mark.x);
    const double up = y.pixel(mark.y);
    taken.push_back({at - 5, up - 5, at + 5, up + 5});
  }
  for (const auto& mark : marks) {
    const double at = x.pixel(mark.x);
    const double up = y.pixel(mark.y);
    const auto name = fitted(mark.label, 170);
    const auto options = places(at, up, text_width(name));
    const auto fits = [&](const Box& box) {
      return box.left >= plot.left && box.right <= width && box.top >= 0
             && box.bottom <= plot.bottom
             && std::ranges::none_of(
               taken, [&](const Box& other) { return box.touches(other); });
    };
    auto place = std::ranges::find_if(options, fits);
    if (place == options.end())
      place = options.begin();
    taken.push_back(*place);
    const double middle = (place->top + place->bottom) / 2;
    if (std::abs(middle - up) > 16) // too far off to be seen as the mark's
      svg.line(at, up, std::clamp(at, place->left, place->right), middle, muted,
               0.5);
    svg.text(place->left, place->bottom - 3, name);
  }
}

} // namespace

std::string draw(const MarkChart& chart) {
  Extent x_extent;
  Extent y_extent;
  x_extent.add(0);
  y_extent.add(0);
  double highest = 0;
  for (const auto& mark : chart.marks) {
    x_extent.add(mark.x);
    y_extent.add(mark.y);
    highest = std::max(highest, mark.y);
    if (mark.x_interval) {
      x_extent.add(mark.x_interval->low);
      x_extent.add(mark.x_interval->high);
    }
  }
  // Intervals of spreads can be many times as long as all that is to be seen;
  // they are cut at the plot's edge.
  for (const auto& mark : chart.marks)
    if (mark.y_interval)
      y_extent.add(std::min(mark.y_interval->high, 1.5 * highest));
  const double top = 14;
  const double bottom = height - 42;
  const Scale y{y_extent.low(), y_extent.high(), bottom, top, 6};
  const double left = y_axis_width(y);
  const double right = width - 90; // names may reach beyond the plot
  const Scale x{x_extent.low(), x_extent.high(), left, right, 6};
  Svg svg{width, height};
  draw_y_axis(svg, y, left, right, chart.y_title);
  draw_x_axis(svg, x, top, bottom, chart.x_title);
  for (const auto& [slope, name] : chart.rays) {
    const double reach = std::min(x.high(), slope > 0 ? y.high() / slope : 0);
    svg.line(x.pixel(0), y.pixel(0), x.pixel(reach), y.pixel(reach * slope),
             muted, 1, true);
    svg.text(x.pixel(reach) + 4, y.pixel(reach * slope) + 4, name,
             Anchor::start, muted);
  }
  for (const auto& mark : chart.marks) {
    const double at = x.pixel(mark.x);
    const double up = y.pixel(mark.y);
    if (mark.x_interval)
      svg.line(x.pixel(mark.x_interval->low), up,
               x.pixel(mark.x_interval->high), up, "#9bbfd9");
    if (mark.y_interval)
      svg.line(at, y.pixel(mark.y_interval->low), at,
               y.pixel(mark.y_interval->high), "#9bbfd9");
    svg.circle(at, up, 4, series_colour(0));
  }
  draw_names(svg, x, y, chart.marks, {left, top, right, bottom});
  return svg.finish(chart.description);
}

} // namespace lab::sweeps::report
