#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runtime/base/clock.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"
#include "sweeps/statistics/comparison.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Observation;

/// Strata that runs are in for sure, ascending.
std::set<std::int32_t> strata_of(const ReportInput& input) {
  std::set<std::int32_t> strata;
  for (const auto& run : input.runs)
    if (run.stratum)
      strata.insert(*run.stratum);
  return strata;
}

std::int64_t runs_in(const ReportInput& input,
                     std::optional<std::int32_t> stratum) {
  return std::ranges::count_if(input.runs, [&](const auto& run) {
    return run.began && run.stratum == stratum;
  });
}

/// One mean a point, so that points pair across strata as seeds do across
/// points.
std::vector<Observation> point_means(const Findings& findings,
                                     const Outcome& outcome,
                                     std::int32_t stratum) {
  std::vector<Observation> means;
  for (std::size_t p = 0; p < findings.data.points.size(); ++p) {
    std::vector<Observation> runs;
    for (const auto run : findings.data.points[p].runs)
      if (outcome.runs[run] && findings.input.runs[run].stratum == stratum)
        runs.push_back(*outcome.runs[run]);
    const auto distinct = statistics::distinct(runs);
    if (distinct.values.empty())
      continue;
    auto& mean = means.emplace_back();
    mean.seed = p;
    mean.value = statistics::mean(distinct.values);
  }
  return means;
}

Table changes_table(const ReportInput& input) {
  Table table{"",
              {{"Model", false},
               {"The old one until", false},
               {"Another one by", false},
               {"What gave it away", false}},
              {}};
  for (const auto& change : input.model_changes)
    table.rows.push_back({change.model, utc_text(change.after),
                          utc_text(change.before), change.why});
  return table;
}

Table outcomes_table(const Findings& findings,
                     const std::set<std::int32_t>& strata) {
  Table table{"Means by stratum, and how far each is from the first one: over "
              "the points that have runs in both, where there are two or more, "
              "else of all runs (Welch).",
              {{"Outcome", false},
               {"Stratum", true},
               {"Runs", true},
               {"Mean", true},
               {"Against the first", true},
               {"p", true}},
              {}};
  for (const auto& outcome : findings.data.outcomes) {
    const auto base = point_means(findings, outcome, *strata.begin());
    for (const auto stratum : strata) {
      std::vector<Observation> runs;
      for (std::size_t i = 0; i < outcome.runs.size(); ++i)
        if (outcome.runs[i] && findings.input.runs[i].stratum == stratum)
          runs.push_back(*outcome.runs[i]);
      const auto summary = statistics::summarise(runs, outcome.kind);
      std::vector<std::string> cells{
        outcome.title(),
        std::to_string(stratum),
        grouped_text(summary.n),
        estimate_text(summary.mean, summary.interval),
        "-",
        "-"};
      if (stratum != *strata.begin()) {
        const auto against = statistics::compare(
          base, point_means(findings, outcome, stratum), {});
        cells[4] = estimate_text(against.difference, against.interval);
        cells[5] = p_text(against.p);
      }
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

} // namespace

void add_drift_notice(Document& document, const Findings& findings) {
  const auto& input = findings.input;
  if (input.only_stratum)
    document.add(Notice{
      "Only stratum " + std::to_string(*input.only_stratum) + ": "
      + counted(input.left_out, "run")
      + " of other strata, or of none for sure, left out everywhere below."});
  else if (!input.model_changes.empty())
    document.add(
      Notice{"Another model came to answer under a name of this sweep while it "
             "ran. Numbers below mix both, unless they say otherwise: see \""
             + std::string{models_title} + "\"."});
}

void add_models(Document& document, const Findings& findings) {
  const auto& input = findings.input;
  if (input.model_checks == 0 && input.model_changes.empty())
    return;
  document.add(Heading{2, models_title});
  if (input.model_changes.empty()) {
    document.add(Paragraph{
      "Yes, as far as canaries tell: in " + counted(input.model_checks, "check")
      + " no model got another digest or name, or answered fixed prompts "
        "otherwise than before."});
    return;
  }
  document.add(changes_table(input));
  const auto strata = strata_of(input);
  std::string counts;
  for (const auto stratum : strata)
    counts += (counts.empty() ? "" : ", ") + std::string{"stratum "}
              + std::to_string(stratum) + " has "
              + counted(runs_in(input, stratum), "run");
  const auto unsure = runs_in(input, std::nullopt);
  document.add(Paragraph{
    "A change opens a new stratum for the runs that ask that model: " + counts
    + ". " + counted(unsure, "run") + (unsure == 1 ? " was" : " were")
    + " under way, or shared a reply of before, when the model may have "
      "changed, and "
    + (unsure == 1 ? "belongs" : "belong")
    + " to none for sure. `sweep report --stratum N` reports one stratum "
      "alone."});
  if (strata.size() > 1)
    document.add(outcomes_table(findings, strata));
}

} // namespace lab::sweeps::report
