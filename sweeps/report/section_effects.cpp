#include <algorithm>
#include <utility>

#include "sweeps/report/charts.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::LevelEffect;

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

} // namespace lab::sweeps::report
