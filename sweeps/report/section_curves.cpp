#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sweeps/report/charts.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

constexpr std::size_t dots_max = 400;

/// Single runs over a factor, as long as they can be told apart.
void add_dots(CurveChart& chart, const Findings& findings, std::size_t index,
              std::size_t factor) {
  const auto rows =
    findings.data.level_rows(findings.data.outcomes[index], {factor});
  if (rows.size() > dots_max)
    return;
  for (const auto& row : rows)
    chart.dots.emplace_back(
      findings.data.factors[factor].numbers[row.levels.front()], row.value);
}

CurveChart curve_over(const Findings& findings, std::size_t index,
                      std::size_t factor) {
  CurveChart chart;
  chart.x_title = findings.data.factors[factor].title();
  chart.y_title = findings.data.outcomes[index].title();
  chart.description = chart.y_title + " over " + chart.x_title;
  add_dots(chart, findings, index, factor);
  return chart;
}

/// The adjusted means of a factor whose levels are numbers.
Figure level_curve(const Findings& findings, std::size_t index,
                   std::size_t place) {
  const auto& found = findings.analysis.outcomes[index];
  const auto factor = found.levelled[place];
  auto chart = curve_over(findings, index, factor);
  Curve line;
  const auto& levels = found.effects.factors[place].levels;
  for (std::size_t l = 0; l < levels.size(); ++l)
    if (levels[l].adjusted)
      line.points.push_back({findings.data.factors[factor].numbers[l],
                             levels[l].adjusted->value,
                             levels[l].adjusted->interval});
  chart.curves.push_back(std::move(line));
  return {chart.description
            + ": adjusted means with 95 % intervals; dots are runs.",
          draw(chart)};
}

Figure sampled_curve(const Findings& findings, std::size_t index,
                     const FactorCurve& curve) {
  auto chart = curve_over(findings, index, curve.factor);
  Curve line;
  for (const auto& bin : curve.bins)
    line.points.push_back({bin.x, bin.mean, bin.interval});
  chart.curves.push_back(std::move(line));
  return {chart.description
            + ": means with 95 % intervals over points; dots are runs.",
          draw(chart)};
}

/// What single runs gave at each turn; of runs that hold the same text only
/// the first.
std::map<std::int32_t, std::vector<std::pair<std::size_t, double>>>
by_turn(const Findings& findings, const Outcome& outcome) {
  std::set<std::size_t> copies;
  for (const auto& point : findings.data.points) {
    std::set<Digest128> seen;
    for (const auto run : point.runs) {
      const auto& replies = findings.input.runs[run].replies;
      if (replies && !seen.insert(*replies).second)
        copies.insert(run);
    }
  }
  std::map<std::int32_t, std::vector<std::pair<std::size_t, double>>> turns;
  for (const auto& value : *outcome.series)
    if (!copies.contains(value.run))
      turns[value.turn].emplace_back(value.run, value.value);
  return turns;
}

/// A line for each level of a factor: means adjusted for the others.
std::vector<Curve> level_turns(const Findings& findings, std::size_t index,
                               std::size_t place) {
  const auto& outcome = findings.data.outcomes[index];
  const auto& found = findings.analysis.outcomes[index];
  std::vector<std::size_t> point_of(findings.input.runs.size(), 0);
  for (std::size_t p = 0; p < findings.data.points.size(); ++p)
    for (const auto run : findings.data.points[p].runs)
      point_of[run] = p;
  std::vector<std::size_t> counts;
  for (const auto factor : found.levelled)
    counts.push_back(findings.data.factors[factor].levels.size());
  std::vector<Curve> curves;
  for (const auto& level : findings.data.factors[found.levelled[place]].levels)
    curves.push_back({level, {}});
  for (const auto& [turn, values] : by_turn(findings, outcome)) {
    std::vector<statistics::LevelRow> rows;
    for (const auto& [run, value] : values) {
      const auto& point = findings.data.points[point_of[run]];
      statistics::LevelRow row{
        {}, value, findings.input.runs[run].seed, point_of[run]};
      for (const auto factor : found.levelled)
        row.levels.push_back(*point.levels[factor]);
      rows.push_back(std::move(row));
    }
    const auto effects =
      statistics::main_effects(rows, counts, findings.data.is_paired);
    if (effects.is_confounded)
      continue;
    const auto& levels = effects.factors[place].levels;
    for (std::size_t l = 0; l < levels.size(); ++l)
      if (levels[l].adjusted)
        curves[l].points.push_back({static_cast<double>(turn),
                                    levels[l].adjusted->value,
                                    levels[l].adjusted->interval});
  }
  return curves;
}

/// One line over all points.
Curve all_turns(const Findings& findings, const Outcome& outcome) {
  std::vector<std::size_t> point_of(findings.input.runs.size(), 0);
  for (std::size_t p = 0; p < findings.data.points.size(); ++p)
    for (const auto run : findings.data.points[p].runs)
      point_of[run] = p;
  Curve curve;
  for (const auto& [turn, values] : by_turn(findings, outcome)) {
    std::vector<statistics::CurveRow> rows;
    for (const auto& [run, value] : values)
      rows.push_back({static_cast<double>(turn), value, point_of[run]});
    for (const auto& bin : statistics::response_curve(rows, 1))
      curve.points.push_back({bin.x, bin.mean, bin.interval});
  }
  return curve;
}

bool wants_series(const Findings& findings, const Outcome& outcome) {
  if (outcome.series == nullptr || outcome.series->empty())
    return false;
  if (!findings.input.manifest)
    return true;
  const auto& names = findings.input.manifest->measure.series;
  return names.empty() || std::ranges::count(names, outcome.name) > 0;
}

/// The factor whose levels the lines of a plot over turns stand for: its place
/// in `OutcomeAnalysis::levelled`.
std::optional<std::size_t> widest_factor(const OutcomeAnalysis& found,
                                         const SweepData& data) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < found.effects.factors.size(); ++i) {
    const auto& effect = found.effects.factors[i];
    if (data.factors[found.levelled[i]].levels.size() > 4 || !effect.range)
      continue;
    if (!best || *effect.range > *found.effects.factors[*best].range)
      best = i;
  }
  return best;
}

} // namespace

void add_curves(Document& document, const Findings& findings,
                std::size_t index) {
  const auto& found = findings.analysis.outcomes[index];
  Figures figures;
  for (std::size_t i = 0; i < found.levelled.size(); ++i)
    if (findings.data.factors[found.levelled[i]].is_number()
        && found.effective_n > 0 && !found.effects.is_confounded)
      figures.each.push_back(level_curve(findings, index, i));
  Table table{"Means by range of values; 95 % intervals over points.",
              {{"Factor", false},
               {"From", true},
               {"To", true},
               {"Points", true},
               {"Mean", true}},
              {}};
  for (const auto& curve : found.curves) {
    figures.each.push_back(sampled_curve(findings, index, curve));
    for (const auto& bin : curve.bins)
      table.rows.push_back(
        {&bin == &curve.bins.front()
           ? findings.data.factors[curve.factor].title()
           : "",
         significant_text(bin.low), significant_text(bin.high),
         grouped_text(bin.effective_n), estimate_text(bin.mean, bin.interval)});
  }
  if (figures.each.empty())
    return;
  document.add(Heading{3, "Response to numbers"});
  document.add(std::move(figures));
  if (!table.rows.empty())
    document.add(std::move(table));
}

void add_series(Document& document, const Findings& findings,
                std::size_t index) {
  const auto& outcome = findings.data.outcomes[index];
  if (!wants_series(findings, outcome))
    return;
  CurveChart chart;
  chart.x_title = "turn";
  chart.y_title = outcome.title();
  chart.description = outcome.title() + " over the turns";
  const auto& found = findings.analysis.outcomes[index];
  const auto place = found.effects.is_confounded
                       ? std::nullopt
                       : widest_factor(found, findings.data);
  if (place) {
    chart.curves = level_turns(findings, index, *place);
    chart.description +=
      ", by " + findings.data.factors[found.levelled[*place]].label;
  } else {
    chart.curves.push_back(all_turns(findings, outcome));
  }
  std::size_t turns = 0;
  for (const auto& curve : chart.curves)
    turns = std::max(turns, curve.points.size());
  if (turns < 2)
    return;
  document.add(Heading{3, "Over the turns"});
  document.add(
    Figures{{{chart.description
                + (place ? ": adjusted means with 95 % intervals."
                         : ": means with 95 % intervals over points."),
              draw(chart)}}});
}

} // namespace lab::sweeps::report
