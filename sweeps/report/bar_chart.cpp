#include <cmath>

#include "sweeps/report/axis.hpp"
#include "sweeps/report/chart_frame.hpp"
#include "sweeps/report/charts.hpp"

namespace lab::sweeps::report {

namespace {

Extent extent_of(const BarChart& chart) {
  Extent extent;
  extent.add(0);
  for (const auto& row : chart.rows)
    for (const auto& bar : row.bars)
      if (bar) {
        extent.add(bar->value);
        if (bar->interval) {
          extent.add(bar->interval->low);
          extent.add(bar->interval->high);
        }
      }
  return extent;
}

/// Squares and names above the plot.
void draw_key(Svg& svg, double left, const std::vector<std::string>& series) {
  double x = left;
  for (std::size_t i = 0; i < series.size(); ++i) {
    svg.rect(x, 4, 11, 11, series_colour(i));
    svg.text(x + 16, 14, series[i]);
    x += 16 + text_width(series[i]) + 18;
  }
}

void draw_bar(Svg& svg, const Scale& scale, double y, double thick,
              const statistics::Estimate& bar, std::string_view colour) {
  const double zero = scale.pixel(0);
  const double end = scale.pixel(bar.value);
  svg.rect(std::min(zero, end), y, std::max(std::abs(end - zero), 0.75), thick,
           colour);
  if (!bar.interval)
    return;
  const double middle = y + thick / 2;
  const double low = scale.pixel(bar.interval->low);
  const double high = scale.pixel(bar.interval->high);
  svg.line(low, middle, high, middle, ink, 1.25);
  svg.line(low, middle - 3, low, middle + 3, ink, 1.25);
  svg.line(high, middle - 3, high, middle + 3, ink, 1.25);
}

} // namespace

std::string draw(const BarChart& chart) {
  const auto extent = extent_of(chart);
  const double left = label_width(
    chart.rows, [](const auto& row) { return std::string_view{row.label}; });
  const bool has_key = chart.series.size() > 1;
  const double top = has_key ? 24 : 6;
  const double thick = chart.series.size() > 1 ? 9 : 12;
  const double each =
    static_cast<double>(std::max<std::size_t>(chart.series.size(), 1))
      * (thick + 1)
    + 10;
  const double bottom = top + static_cast<double>(chart.rows.size()) * each + 4;
  const Scale scale{extent.low(), extent.high(), left,
                    chart_width - right_margin, 8};
  Svg svg{chart_width, bottom + axis_height};
  if (has_key)
    draw_key(svg, left, chart.series);
  draw_x_axis(svg, scale, top, bottom, chart.x_title);
  svg.line(scale.pixel(0), top, scale.pixel(0), bottom);
  double y = top + 7;
  for (const auto& row : chart.rows) {
    svg.text(0, y + (each - 10) / 2 + 4, fitted(row.label, left - 12));
    double at = y;
    for (std::size_t i = 0; i < row.bars.size(); ++i) {
      if (row.bars[i])
        draw_bar(svg, scale, at, thick, *row.bars[i], series_colour(i));
      at += thick + 1;
    }
    y += each;
  }
  return svg.finish(chart.description);
}

} // namespace lab::sweeps::report
