#include <algorithm>
#include <utility>

#include "sweeps/report/chart_frame.hpp"
#include "sweeps/report/charts.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::report {

namespace {

constexpr std::size_t points_shown_max = 40;

Table points_table(const Findings& findings, std::size_t index,
                   const std::vector<std::size_t>& shown) {
  const auto& found = findings.analysis.outcomes[index];
  Table table{"",
              {{"Point", false},
               {"Values", false},
               {"n", true},
               {"Effective n", true},
               {"Mean", true},
               {"SD", true},
               {"No number", false}},
              {}};
  for (const auto p : shown) {
    const auto& point = findings.data.points[p];
    const auto& summary = found.points[p];
    std::string missing;
    for (const auto& [reason, count] : summary.missing)
      missing +=
        (missing.empty() ? "" : ", ") + grouped_text(count) + " " + reason;
    auto mean = estimate_text(summary.mean, summary.interval);
    if (summary.why_none == statistics::NoInterval::one_distinct_run
        && summary.n > 1)
      mean += " no interval: one observation";
    table.rows.push_back({point.name, point.label, grouped_text(summary.n),
                          grouped_text(summary.effective_n), mean,
                          summary.sd ? significant_text(*summary.sd, 2) : "-",
                          missing});
  }
  if (std::ranges::all_of(table.rows,
                          [](const auto& row) { return row.back().empty(); })) {
    table.columns.pop_back();
    for (auto& row : table.rows)
      row.pop_back();
  }
  return table;
}

/// All points, or so many evenly spaced by their means.
std::vector<std::size_t> shown_points(const OutcomeAnalysis& found) {
  std::vector<std::size_t> order;
  for (std::size_t p = 0; p < found.points.size(); ++p)
    order.push_back(p);
  if (order.size() <= points_shown_max)
    return order;
  std::erase_if(order, [&](std::size_t p) { return !found.points[p].mean; });
  std::ranges::stable_sort(
    order, {}, [&](std::size_t p) { return *found.points[p].mean; });
  if (order.size() <= points_shown_max)
    return order;
  std::vector<std::size_t> spaced;
  for (std::size_t i = 0; i < points_shown_max; ++i)
    spaced.push_back(order[i * (order.size() - 1) / (points_shown_max - 1)]);
  return spaced;
}

/// The point's values with their factors' names, else without, else its name:
/// the longest that has room.
std::string short_label(const SweepData& data, std::size_t index) {
  const auto& point = data.points[index];
  if (text_width(point.label) <= label_width_max)
    return point.label;
  std::string values;
  for (std::size_t f = 0; f < data.factors.size(); ++f)
    if (point.levels[f])
      values +=
        (values.empty() ? "" : ", ") + data.factors[f].levels[*point.levels[f]];
  return text_width(values) <= label_width_max ? values : point.name;
}

StripRow strip_of(const Findings& findings, std::size_t index,
                  std::size_t point) {
  const auto& outcome = findings.data.outcomes[index];
  const auto& summary = findings.analysis.outcomes[index].points[point];
  StripRow row{short_label(findings.data, point), {}, {}, {}};
  const auto distinct = statistics::distinct(
    findings.data.at(findings.data.points[point], outcome));
  row.values = distinct.values;
  if (summary.effective_n >= 4 && summary.lower_quartile
      && summary.upper_quartile)
    row.box =
      statistics::Interval{*summary.lower_quartile, *summary.upper_quartile};
  if (summary.effective_n >= 2)
    row.median = summary.median;
  return row;
}

} // namespace

void add_distributions(Document& document, const Findings& findings,
                       std::size_t index) {
  const auto& found = findings.analysis.outcomes[index];
  if (found.points.empty())
    return;
  const auto shown = shown_points(found);
  document.add(Heading{3, "Points"});
  if (shown.size() < found.points.size())
    document.add(Paragraph{
      grouped_text(static_cast<std::int64_t>(shown.size())) + " of "
      + counted(static_cast<std::int64_t>(found.points.size()), "point")
      + ", evenly spaced by their means. All of them: scenario-lab export."});
  if (found.effective_n > 0) {
    StripChart chart;
    chart.x_title = findings.data.outcomes[index].title();
    chart.description = chart.x_title + " at each point";
    for (const auto point : shown)
      chart.rows.push_back(strip_of(findings, index, point));
    document.add(Figures{
      {{chart.description
          + ": a dot a distinct run, the line is the median, the box holds the "
            "middle half (from four runs on).",
        draw(chart)}}});
  }
  document.add(points_table(findings, index, shown));
}

} // namespace lab::sweeps::report
