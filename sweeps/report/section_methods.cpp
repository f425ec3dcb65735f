#include <algorithm>
#include <set>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

std::string seeds_text(const ReportInput& input) {
  std::set<std::uint64_t> seeds;
  for (const auto& run : input.runs)
    seeds.insert(run.seed);
  std::string mode;
  if (input.manifest) {
    const auto& replicates = input.manifest->replicates;
    mode = replicates.mode == SeedMode::fresh
             ? "each run its own"
             : "the same ones at every point (common random numbers)";
    mode = "Replicates: " + grouped_text(replicates.count) + ", seeds "
           + (replicates.mode == SeedMode::listed ? "as listed, " : "") + mode
           + ". ";
  }
  if (seeds.size() > 20)
    return mode + grouped_text(static_cast<std::int64_t>(seeds.size()))
           + " different seeds; the runs table of an export has them.";
  std::vector<std::string> texts;
  for (const auto seed : seeds)
    texts.push_back(std::to_string(seed));
  return mode + "Seeds: " + join(texts, ", ") + ".";
}

std::string design_text(const ReportInput& input) {
  if (!input.manifest)
    return "The manifest can no longer be read; the design is not known here.";
  return "Design: " + input.manifest->design->outline() + " points, seed "
         + std::to_string(input.manifest->seed)
         + ". Runs start in random order, block of replicates by block.";
}

std::string times_text(const ReportInput& input) {
  if (input.first_start == 0)
    return "No run has started.";
  return "First run started " + utc_text(input.first_start)
         + (input.last_end > 0 ? ", last one ended " + utc_text(input.last_end)
                               : std::string{})
         + ".";
}

std::string exclusions_text(const Findings& findings) {
  const auto& input = findings.input;
  std::vector<std::string> parts;
  for (const auto status :
       {RunStatus::planned, RunStatus::running, RunStatus::paused,
        RunStatus::failed, RunStatus::halted, RunStatus::cancelled})
    if (const auto count =
          std::ranges::count(input.runs, status, &ReportRun::status);
        count > 0)
      parts.push_back(grouped_text(count) + " "
                      + std::string{to_string(status)});
  std::string out = parts.empty() ? "Excluded runs: none."
                                  : "Excluded runs: " + join(parts, ", ")
                                      + " (only completed runs are data).";
  for (std::size_t i = 0; i < findings.data.outcomes.size(); ++i) {
    const auto& found = findings.analysis.outcomes[i];
    const auto copies = found.n - found.effective_n;
    if (copies > 0)
      out += " " + findings.data.outcomes[i].name + ": "
             + counted(copies, "number")
             + " of runs that repeat another run's replies count once with it.";
  }
  return out;
}

/// What was computed, and by whom it was found.
std::vector<std::string> estimators(const Findings& findings) {
  std::vector<std::string> out{
    "Means of points: t interval (Student 1908), cut to the metric's declared "
    "range; shares: Wilson (1927). Effective n counts distinct sequences of "
    "replies; no interval is given at one.",
    "Seed noise: standard deviation between replicates, pooled over points."};
  bool effects = false;
  bool split = false;
  bool morris = false;
  bool sobol = false;
  bool compared = false;
  bool missing = false;
  for (const auto& outcome : findings.analysis.outcomes) {
    effects = effects || !outcome.levelled.empty();
    split = split || outcome.split.has_value();
    morris = morris || !outcome.morris.empty();
    sobol = sobol || !outcome.sobol.empty();
    compared = compared || !outcome.compared.empty();
    missing = missing || !outcome.censored.missing.empty();
  }
  if (effects)
    out.emplace_back(
      "Effects: least squares on the additive model, adjusted means (Searle, "
      "Speed and Milliken 1980), F tests, p adjusted by Holm (1979).");
  if (split)
    out.emplace_back(
      "Variance: functional ANOVA of the levels tried, free of noise bias; "
      "intervals by bootstrap of reflated residuals (Carpenter, Goldstein and "
      "Rasbash 2003).");
  if (morris)
    out.emplace_back(
      "Screening: elementary effects (Morris 1991), mu* (Campolongo, Cariboni "
      "and Saltelli 2007).");
  if (sobol)
    out.emplace_back(
      "Indices: first order by Saltelli et al. (2010), total by Jansen (1999); "
      "BCa bootstrap over sample rows (Efron 1987).");
  if (compared)
    out.emplace_back(
      "Differences: paired by seed (Law 2015), t interval; without pairs Welch "
      "(1947).");
  if (missing)
    out.emplace_back(
      "Runs without a number: worst and best case of the mean (Manski 1989), "
      "interval by Horowitz and Manski (2000). Dependence on factors: exact "
      "tests (Fisher 1934; Freeman and Halton 1951).");
  return out;
}

} // namespace

void add_methods(Document& document, const Findings& findings) {
  const auto& input = findings.input;
  document.add(Heading{2, "Methods"});
  document.add(Paragraph{
    "Sweep " + input.name + " (" + input.id + ") of the scenario "
    + (input.scenario_name.empty() ? input.scenario : input.scenario_name)
    + ", run and computed with " + input.program + ". " + times_text(input)});
  document.add(Paragraph{design_text(input) + " " + seeds_text(input)});
  document.add(Paragraph{exclusions_text(findings)});
  Table models{
    "Models.", {{"Model", false}, {"What is known of it", false}}, {}};
  for (const auto& model : input.models)
    models.rows.push_back({model.name, model.note});
  if (!models.rows.empty())
    document.add(std::move(models));
  Table prices{"Prices that calls were priced with.",
               {{"Model", false}, {"Price", false}, {"Id", false}},
               {}};
  for (const auto& price : input.prices)
    prices.rows.push_back({price.model, price.text, price.id});
  if (!prices.rows.empty())
    document.add(std::move(prices));
  for (const auto& outcome : findings.data.outcomes)
    if (outcome.is_derived)
      document.add(
        Paragraph{outcome.name + " is derived: " + outcome.formula + "."});
  document.add(Bullets{estimators(findings)});
  document.add(Paragraph{
    "Language models simulate what they were trained on. A difference between "
    "points is a fact about these models, prompts and seeds, not about people "
    "or states."});
  if (!input.manifest_text.empty())
    document.add(
      Verbatim{"The manifest as it was planned:", input.manifest_text});
}

} // namespace lab::sweeps::report
