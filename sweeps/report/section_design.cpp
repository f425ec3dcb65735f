#include <algorithm>
#include <utility>

#include "sweeps/report/charts.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Estimate;

std::string optional_text(const std::optional<Estimate>& estimate) {
  return estimate ? estimate_text(*estimate) : "-";
}

std::string absent_text(std::int64_t absent) {
  return absent == 0
           ? ""
           : counted(absent, "row") + " of the design have no run yet. ";
}

Figure morris_figure(const MorrisFinding& finding, const Outcome& outcome) {
  MarkChart chart;
  chart.x_title = "mu*: mean size of the elementary effects";
  chart.y_title = "sigma: how much they differ";
  chart.rays = {{1.0, "sigma = mu*"}, {0.1, "0.1 mu*"}};
  for (std::size_t i = 0; i < finding.factors.size(); ++i) {
    const auto& effect = finding.result.effects[i];
    if (effect.mu_star && effect.sigma)
      chart.marks.push_back({finding.factors[i], effect.mu_star->value,
                             effect.sigma->value, effect.mu_star->interval,
                             effect.sigma->interval});
  }
  chart.description = "Morris indices of " + outcome.name
                      + (finding.group.empty() ? "" : ", " + finding.group);
  return {chart.description
            + ". Right: moves the outcome. High: does so unevenly, by "
              "curvature, interaction or noise. Bars: 95 % intervals.",
          draw(chart)};
}

Table morris_table(const MorrisFinding& finding) {
  Table table{finding.group,
              {{"Factor", false},
               {"Effects", true},
               {"Lost", true},
               {"mu*", true},
               {"mu", true},
               {"sigma", true}},
              {}};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < finding.result.effects.size(); ++i)
    order.push_back(i);
  const auto size_of = [&](std::size_t i) {
    const auto& star = finding.result.effects[i].mu_star;
    return star ? -star->value : 0;
  };
  std::ranges::stable_sort(order, {}, size_of);
  for (const auto i : order) {
    const auto& effect = finding.result.effects[i];
    table.rows.push_back(
      {finding.factors[i], grouped_text(effect.effects),
       grouped_text(effect.lost), optional_text(effect.mu_star),
       optional_text(effect.mu), optional_text(effect.sigma)});
  }
  return table;
}

Figure sobol_figure(const SobolFinding& finding, const Outcome& outcome) {
  BarChart chart;
  chart.x_title = "share of the variance";
  chart.series = {"alone (first order)", "with all interactions (total)"};
  for (std::size_t i = 0; i < finding.factors.size(); ++i)
    chart.rows.push_back(
      {finding.factors[i], {finding.result.first[i], finding.result.total[i]}});
  chart.description = "Sobol indices of " + outcome.name
                      + (finding.group.empty() ? "" : ", " + finding.group);
  return {chart.description + ", with 95 % intervals.", draw(chart)};
}

Table sobol_table(const SobolFinding& finding) {
  Table table{finding.group,
              {{"Factor", false}, {"First order", true}, {"Total", true}},
              {}};
  for (std::size_t i = 0; i < finding.factors.size(); ++i)
    table.rows.push_back({finding.factors[i],
                          estimate_text(finding.result.first[i]),
                          estimate_text(finding.result.total[i])});
  return table;
}

Table pairs_table(const SobolFinding& finding) {
  Table table{"Second order: what two factors do only together.",
              {{"Factors", false}, {"Index", true}},
              {}};
  for (const auto& pair : finding.result.second)
    table.rows.push_back(
      {finding.factors[pair.first] + " and " + finding.factors[pair.second],
       estimate_text(pair.index)});
  return table;
}

Table compared_table(const CompareFinding& finding) {
  Table table{"Differences from \"" + finding.baseline
                + "\", 95 % intervals; p adjusted by Holm over this table.",
              {{"Point", false},
               {"Pairs", true},
               {"Difference", true},
               {"p, Holm", true},
               {"Method", false},
               {"Removed by pairing", true}},
              {}};
  for (const auto& point : finding.points) {
    const auto& x = point.against;
    table.rows.push_back(
      {point.label, x.is_paired ? grouped_text(x.pairs) : "-",
       estimate_text(x.difference, x.interval), p_text(point.adjusted_p),
       x.method == statistics::Method::none
         ? ""
         : std::string{statistics::to_string(x.method)}
             + (x.is_paired ? ", paired" : ""),
       x.pairing_gain ? percent_text(*x.pairing_gain) : "-"});
  }
  return table;
}

Figure compared_figure(const CompareFinding& finding, const Outcome& outcome) {
  IntervalChart chart;
  chart.x_title = "difference of " + outcome.title();
  chart.reference = 0;
  chart.reference_label = "no difference";
  IntervalGroup group;
  for (const auto& point : finding.points)
    if (point.against.difference)
      group.rows.push_back(
        {point.label, *point.against.difference, point.against.interval});
  chart.groups.push_back(std::move(group));
  chart.description =
    "Differences of " + outcome.name + " from " + finding.baseline;
  return {chart.description + ", with 95 % intervals.", draw(chart)};
}

std::string role_text(const statistics::SplitPart& part) {
  if (!part.role || *part.role == statistics::TermRole::factor)
    return part.role ? "factor" : "";
  return *part.role == statistics::TermRole::model ? "model" : "wording";
}

} // namespace

void add_comparisons(Document& document, const Findings& findings,
                     std::size_t outcome) {
  for (const auto& finding : findings.analysis.outcomes[outcome].compared) {
    document.add(Heading{3, "Compared with " + finding.baseline});
    const bool any = std::ranges::any_of(finding.points, [](const auto& point) {
      return point.against.difference.has_value();
    });
    if (any && finding.points.size() <= 40)
      document.add(
        Figures{{compared_figure(finding, findings.data.outcomes[outcome])}});
    document.add(compared_table(finding));
  }
}

void add_morris(Document& document, const Findings& findings,
                std::size_t outcome) {
  const auto& all = findings.analysis.outcomes[outcome].morris;
  if (all.empty())
    return;
  document.add(Heading{3, "Screening (Morris)"});
  for (const auto& finding : all) {
    const auto& result = finding.result;
    if (result.rows_missing > 0 || finding.absent > 0)
      document.add(Paragraph{
        absent_text(finding.absent) + counted(result.rows_missing, "row")
        + " of " + grouped_text(result.rows)
        + " have no number; each takes the steps into and out of it."});
    const bool drawn =
      std::ranges::any_of(result.effects, [](const auto& effect) {
        return effect.mu_star && effect.sigma;
      });
    if (drawn)
      document.add(
        Figures{{morris_figure(finding, findings.data.outcomes[outcome])}});
    document.add(morris_table(finding));
  }
}

void add_sobol(Document& document, const Findings& findings,
               std::size_t outcome) {
  const auto& all = findings.analysis.outcomes[outcome].sobol;
  if (all.empty())
    return;
  document.add(Heading{3, "Variance by factor (Sobol)"});
  for (const auto& finding : all) {
    const auto& result = finding.result;
    std::string text = absent_text(finding.absent) + grouped_text(result.used)
                       + " of " + grouped_text(result.base)
                       + " sample rows have a number at every point of theirs";
    text += result.dropped > 0 ? "; the others are left out whole. " : ". ";
    text += result.is_noise_removed
              ? "Seed noise is taken out of the indices."
              : "With one replicate a total index holds seed noise as well.";
    if (!finding.group.empty())
      document.add(Heading{4, finding.group});
    document.add(Paragraph{text});
    if (result.first.empty()) {
      document.add(Paragraph{"Too little data for indices yet."});
      continue;
    }
    document.add(
      Figures{{sobol_figure(finding, findings.data.outcomes[outcome])}});
    document.add(sobol_table(finding));
    if (!result.second.empty())
      document.add(pairs_table(finding));
  }
}

void add_variance(Document& document, const Findings& findings,
                  std::size_t outcome) {
  const auto& split = findings.analysis.outcomes[outcome].split;
  if (!split || split->is_constant || split->is_confounded)
    return;
  document.add(Heading{3, "Where the variance comes from"});
  BarChart chart;
  chart.x_title = "share of the variance of a single run's outcome";
  Table table{split->is_noise_known
                ? ""
                : "No point has two replicates: interaction and noise cannot "
                  "be told apart.",
              {{"Source", false}, {"Kind", false}, {"Share", true}},
              {}};
  for (const auto& part : split->parts) {
    chart.rows.push_back({part.name, {part.share}});
    auto share = percent_text(part.share.value);
    if (part.share.interval)
      share += " (" + percent_text(part.share.interval->low) + " to "
               + percent_text(part.share.interval->high) + ")";
    table.rows.push_back({part.name, role_text(part), share});
  }
  chart.series = {"share"};
  chart.description =
    "Variance of " + findings.data.outcomes[outcome].name + " by source";
  document.add(
    Figures{{{chart.description + ", with 95 % intervals.", draw(chart)}}});
  document.add(std::move(table));
}

} // namespace lab::sweeps::report
