#include <algorithm>
#include <map>
#include <utility>

#include "sweeps/report/charts.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::LevelEffect;

constexpr std::size_t points_shown_max = 40;
constexpr std::size_t dots_max = 400;

std::string noise_words(const OutcomeAnalysis& found) {
  if (!found.seed_noise)
    return {};
  return "band: mean ± seed noise (" + significant_text(*found.seed_noise, 2)
         + ")";
}

Figure effects_figure(const Findings& findings, std::size_t index) {
  const auto& outcome = findings.data.outcomes[index];
  const auto& found = findings.analysis.outcomes[index];
  IntervalChart chart;
  chart.x_title = "adjusted mean of " + outcome.title();
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < found.levelled.size(); ++i) {
    const auto& factor = findings.data.factors[found.levelled[i]];
    IntervalGroup group{factor.title(), {}};
    const auto& levels = found.effects.factors[i].levels;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      if (!levels[l].adjusted)
        continue;
      group.rows.push_back({factor.levels[l], levels[l].adjusted->value,
                            levels[l].adjusted->interval});
      sum += levels[l].adjusted->value;
      ++count;
    }
    chart.groups.push_back(std::move(group));
  }
  if (count > 0) {
    chart.reference = sum / count;
    chart.band = found.seed_noise.value_or(0);
    chart.reference_label = "mean of all levels";
  }
  chart.description = "Adjusted means of " + outcome.name
                      + " at each level of each factor, with 95 % intervals";
  return {chart.description
            + (found.seed_noise ? "; " + noise_words(found) : "") + ".",
          draw(chart)};
}

Table effects_table(const Findings& findings, std::size_t index) {
  const auto& found = findings.analysis.outcomes[index];
  Table table{"Effects by least squares on the additive model. Adjusted means "
              "hold the other factors even; 95 % intervals; n counts copies "
              "once.",
              {{"Factor", false},
               {"Level", false},
               {"n", true},
               {"Adjusted mean", true},
               {"Effect", true}},
              {}};
  for (std::size_t i = 0; i < found.levelled.size(); ++i) {
    const auto& factor = findings.data.factors[found.levelled[i]];
    const auto& levels = found.effects.factors[i].levels;
    for (std::size_t l = 0; l < levels.size(); ++l)
      table.rows.push_back(
        {l == 0 ? factor.title() : "", factor.levels[l],
         grouped_text(levels[l].n),
         levels[l].adjusted ? estimate_text(*levels[l].adjusted) : "-",
         levels[l].effect ? estimate_text(*levels[l].effect) : "-"});
  }
  return table;
}

Table factors_table(const Findings& findings, std::size_t index) {
  const auto& found = findings.analysis.outcomes[index];
  Table table{"How far each factor moves it, beside the seed noise of "
                + (found.seed_noise ? significant_text(*found.seed_noise, 2)
                                    : std::string{"unknown size"})
                + ". p: F test of \"all levels alike\".",
              {{"Factor", false},
               {"Levels", true},
               {"Range", true},
               {"Range / noise", true},
               {"p", true},
               {"p, Holm", true}},
              {}};
  for (std::size_t i = 0; i < found.levelled.size(); ++i) {
    const auto& factor = findings.data.factors[found.levelled[i]];
    const auto& effect = found.effects.factors[i];
    const bool comparable =
      effect.range && found.seed_noise && *found.seed_noise > 0;
    table.rows.push_back(
      {factor.title(),
       grouped_text(static_cast<std::int64_t>(factor.levels.size())),
       effect.range ? significant_text(*effect.range) : "-",
       comparable ? significant_text(*effect.range / *found.seed_noise, 2)
                  : "-",
       p_text(effect.p), p_text(found.adjusted_p[i])});
  }
  return table;
}

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

StripRow strip_of(const Findings& findings, std::size_t index,
                  std::size_t point) {
  const auto& outcome = findings.data.outcomes[index];
  const auto& summary = findings.analysis.outcomes[index].points[point];
  StripRow row{findings.data.points[point].label, {}, {}, {}};
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

/// Mean of all completed runs of a group by turn, averaged over points.
Curve turns_of(const Findings& findings, const Outcome& outcome,
               const std::vector<bool>& wanted, std::string label) {
  std::vector<std::size_t> point_of(findings.input.runs.size(), 0);
  for (std::size_t p = 0; p < findings.data.points.size(); ++p)
    for (const auto run : findings.data.points[p].runs)
      point_of[run] = p;
  std::map<std::int32_t, std::vector<statistics::CurveRow>> by_turn;
  for (const auto& value : *outcome.series)
    if (wanted[value.run])
      by_turn[value.turn].push_back(
        {static_cast<double>(value.turn), value.value, point_of[value.run]});
  Curve curve{std::move(label), {}};
  for (const auto& [turn, rows] : by_turn)
    for (const auto& bin : statistics::response_curve(rows, 1))
      curve.points.push_back({bin.x, bin.mean, bin.interval});
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

/// The factor whose levels the lines of a plot over turns stand for.
std::optional<std::size_t> widest_factor(const OutcomeAnalysis& found,
                                         const SweepData& data) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < found.levelled.size(); ++i) {
    const auto& effect = found.effects.factors[i];
    if (data.factors[found.levelled[i]].levels.size() > 4 || !effect.range)
      continue;
    if (!best || *effect.range > *found.effects.factors[*best].range)
      best = i;
  }
  return best ? std::optional{found.levelled[*best]} : std::nullopt;
}

} // namespace

void add_effects(Document& document, const Findings& findings,
                 std::size_t outcome) {
  const auto& found = findings.analysis.outcomes[outcome];
  if (found.levelled.empty() || found.effective_n == 0)
    return;
  document.add(Heading{3, "Effects"});
  if (found.effects.is_confounded) {
    document.add(
      Paragraph{"The effects cannot be told apart: some levels were only run "
                "together. More runs of the design are needed."});
    return;
  }
  document.add(Figures{{effects_figure(findings, outcome)}});
  document.add(factors_table(findings, outcome));
  document.add(effects_table(findings, outcome));
}

void add_curves(Document& document, const Findings& findings,
                std::size_t outcome) {
  const auto& found = findings.analysis.outcomes[outcome];
  if (found.curves.empty())
    return;
  document.add(Heading{3, "Response to numbers"});
  Figures figures;
  const auto& title = findings.data.outcomes[outcome].title();
  Table table{"Means by value or range of values; 95 % intervals over points.",
              {{"Factor", false},
               {"From", true},
               {"To", true},
               {"Points", true},
               {"Mean", true}},
              {}};
  for (const auto& curve : found.curves) {
    const auto& factor = findings.data.factors[curve.factor];
    CurveChart chart;
    chart.x_title = factor.title();
    chart.y_title = title;
    chart.description = title + " over " + factor.title();
    Curve line;
    for (const auto& bin : curve.bins) {
      line.points.push_back({bin.x, bin.mean, bin.interval});
      table.rows.push_back(
        {line.points.size() == 1 ? factor.title() : "",
         significant_text(bin.low), significant_text(bin.high),
         grouped_text(bin.effective_n), estimate_text(bin.mean, bin.interval)});
    }
    chart.curves.push_back(std::move(line));
    const auto rows =
      findings.data.level_rows(findings.data.outcomes[outcome], {curve.factor});
    if (rows.size() <= dots_max)
      for (const auto& row : rows)
        chart.dots.emplace_back(factor.numbers[row.levels.front()], row.value);
    figures.each.push_back(
      {chart.description + ": means with 95 % intervals; dots are runs.",
       draw(chart)});
  }
  document.add(std::move(figures));
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
  const auto factor =
    widest_factor(findings.analysis.outcomes[index], findings.data);
  if (factor) {
    const auto& data = findings.data.factors[*factor];
    for (std::size_t l = 0; l < data.levels.size(); ++l) {
      std::vector<bool> wanted(findings.input.runs.size(), false);
      for (const auto& point : findings.data.points)
        for (const auto run : point.runs)
          wanted[run] = point.levels[*factor] == l;
      chart.curves.push_back(
        turns_of(findings, outcome, wanted, data.levels[l]));
    }
    chart.description = outcome.title() + " over the turns, by " + data.label;
  } else {
    chart.curves.push_back(
      turns_of(findings, outcome,
               std::vector<bool>(findings.input.runs.size(), true), ""));
    chart.description = outcome.title() + " over the turns";
  }
  std::size_t turns = 0;
  for (const auto& curve : chart.curves)
    turns = std::max(turns, curve.points.size());
  if (turns < 2)
    return;
  document.add(Heading{3, "Over the turns"});
  document.add(
    Figures{{{chart.description + ": means with 95 % intervals over points.",
              draw(chart)}}});
}

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
