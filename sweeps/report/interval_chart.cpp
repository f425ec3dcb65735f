#include <cmath>

#include "sweeps/report/axis.hpp"
#include "sweeps/report/chart_frame.hpp"
#include "sweeps/report/charts.hpp"

namespace lab::sweeps::report {

namespace {

/// Bold letters are wider than those that `text_width` knows.
constexpr double bold_wider = 1.1;

Extent extent_of(const IntervalChart& chart) {
  Extent extent;
  if (chart.reference) {
    extent.add(*chart.reference - chart.band);
    extent.add(*chart.reference + chart.band);
  }
  for (const auto& group : chart.groups)
    for (const auto& row : group.rows) {
      extent.add(row.value);
      if (row.interval) {
        extent.add(row.interval->low);
        extent.add(row.interval->high);
      }
    }
  return extent;
}

double label_width_of(const IntervalChart& chart) {
  double widest = 0;
  for (const auto& group : chart.groups)
    widest = std::max(
      {widest, std::min(text_width(group.title) * bold_wider, label_width_max),
       label_width(group.rows, [](const auto& row) {
         return std::string_view{row.label};
       })});
  return widest + 12; // rows of a titled group are indented
}

void draw_row(Svg& svg, const Scale& scale, double y, const IntervalRow& row) {
  if (row.interval) {
    const double low = std::isfinite(row.interval->low)
                         ? scale.pixel(row.interval->low)
                         : scale.pixel(scale.low());
    const double high = std::isfinite(row.interval->high)
                          ? scale.pixel(row.interval->high)
                          : scale.pixel(scale.high());
    svg.line(low, y, high, y, series_colour(0), 2);
    svg.line(low, y - 4, low, y + 4, series_colour(0), 2);
    svg.line(high, y - 4, high, y + 4, series_colour(0), 2);
    svg.circle(scale.pixel(row.value), y, 4, series_colour(0));
  } else {
    svg.ring(scale.pixel(row.value), y, 4, series_colour(0));
  }
}

} // namespace

std::string draw(const IntervalChart& chart) {
  const auto extent = extent_of(chart);
  const double left = label_width_of(chart);
  const double top = chart.reference_label.empty() ? 8 : 24;
  double rows = 0;
  for (const auto& group : chart.groups)
    rows +=
      static_cast<double>(group.rows.size()) + (group.title.empty() ? 0 : 1);
  const double bottom = top + rows * row_height + 4;
  const Scale scale{extent.low(), extent.high(), left,
                    chart_width - right_margin, 8};
  Svg svg{chart_width, bottom + axis_height};
  if (chart.reference && chart.band > 0) {
    const double from = scale.pixel(*chart.reference - chart.band);
    const double to = scale.pixel(*chart.reference + chart.band);
    svg.rect(from, top, to - from, bottom - top, band);
  }
  draw_x_axis(svg, scale, top, bottom, chart.x_title);
  if (chart.reference) {
    const double x = scale.pixel(*chart.reference);
    svg.line(x, top, x, bottom, muted, 1, true);
    const double half = text_width(chart.reference_label) / 2;
    svg.text(std::clamp(x, left + half, chart_width - right_margin - half),
             top - 8, chart.reference_label, Anchor::middle, muted);
  }
  double y = top + row_height / 2 + 2;
  for (const auto& group : chart.groups) {
    double indent = 0;
    if (!group.title.empty()) {
      svg.text(0, y + 4, fitted(group.title, left - 8), Anchor::start, ink,
               true);
      y += row_height;
      indent = 12;
    }
    for (const auto& row : group.rows) {
      svg.text(indent, y + 4, fitted(row.label, left - 12 - indent));
      draw_row(svg, scale, y, row);
      y += row_height;
    }
  }
  return svg.finish(chart.description);
}

} // namespace lab::sweeps::report
