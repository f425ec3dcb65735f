#include <map>

#include "sweeps/report/axis.hpp"
#include "sweeps/report/chart_frame.hpp"
#include "sweeps/report/charts.hpp"

namespace lab::sweeps::report {

namespace {

/// Equal values are moved apart up and down: every dot is one run.
void draw_dots(Svg& svg, const Scale& scale, double y,
               const std::vector<double>& values) {
  std::map<std::int64_t, int> taken; // by pixel
  for (const double value : values) {
    const double x = scale.pixel(value);
    const int before = taken[static_cast<std::int64_t>(x / 3)]++;
    const double step = (before + 1) / 2 * 3.5 * (before % 2 == 0 ? -1 : 1);
    svg.circle(x, y + std::clamp(step, -9.0, 9.0), 2.5, series_colour(0), 0.6);
  }
}

} // namespace

std::string draw(const StripChart& chart) {
  Extent extent;
  for (const auto& row : chart.rows)
    for (const double value : row.values)
      extent.add(value);
  const double left = label_width(
    chart.rows, [](const auto& row) { return std::string_view{row.label}; });
  const double top = 6;
  const double bottom =
    top + static_cast<double>(chart.rows.size()) * (row_height + 2) + 4;
  const Scale scale{extent.low(), extent.high(), left,
                    chart_width - right_margin, 8};
  Svg svg{chart_width, bottom + axis_height};
  draw_x_axis(svg, scale, top, bottom, chart.x_title);
  double y = top + row_height / 2 + 3;
  for (const auto& row : chart.rows) {
    svg.text(0, y + 4, fitted(row.label, left - 12));
    if (row.box) {
      const double low = scale.pixel(row.box->low);
      svg.rect(low, y - 8, scale.pixel(row.box->high) - low, 16, band, muted);
    }
    if (row.median)
      svg.line(scale.pixel(*row.median), y - 8, scale.pixel(*row.median), y + 8,
               ink, 2);
    draw_dots(svg, scale, y, row.values);
    y += row_height + 2;
  }
  return svg.finish(chart.description);
}

} // namespace lab::sweeps::report
