#include "sweeps/report/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lab::sweeps::report {

namespace {

using statistics::Observation;

constexpr std::size_t curve_bins = 8;

/// Pooled over points: sqrt(sum (n_i - 1) s_i² / sum (n_i - 1)).
void pool_noise(OutcomeAnalysis& analysis) {
  double squares = 0;
  for (const auto& point : analysis.points) {
    analysis.n += point.n;
    analysis.effective_n += point.effective_n;
    if (!point.sd)
      continue;
    const auto freedom = point.effective_n - 1;
    squares += static_cast<double>(freedom) * *point.sd * *point.sd;
    analysis.noise_freedom += freedom;
  }
  if (analysis.noise_freedom > 0)
    analysis.seed_noise =
      std::sqrt(squares / static_cast<double>(analysis.noise_freedom));
}

void find_effects(const SweepData& data, const Outcome& outcome,
                  OutcomeAnalysis& analysis) {
  analysis.levelled = data.levelled();
  // A factor that only some points use cannot stand beside the others.
  std::erase_if(analysis.levelled, [&](std::size_t factor) {
    return std::ranges::any_of(data.points, [&](const PointData& point) {
      return !point.levels[factor];
    });
  });
  if (analysis.levelled.empty())
    return;
  std::vector<std::size_t> counts;
  for (const auto factor : analysis.levelled)
    counts.push_back(data.factors[factor].levels.size());
  const auto rows = data.level_rows(outcome, analysis.levelled);
  analysis.effects = statistics::main_effects(rows, counts, data.is_paired);
}

void find_curves(const SweepData& data, const Outcome& outcome,
                 OutcomeAnalysis& analysis) {
  for (std::size_t f = 0; f < data.factors.size(); ++f) {
    if (!data.factors[f].is_number() || data.factors[f].levels.size() < 2
        || std::ranges::count(analysis.levelled, f) > 0)
      continue;
    std::vector<statistics::CurveRow> rows;
    for (const auto& row : data.level_rows(outcome, {f}))
      rows.push_back(
        {data.factors[f].numbers[row.levels.front()], row.value, row.point});
    auto bins = statistics::response_curve(rows, curve_bins);
    if (outcome.kind.range)
      for (auto& bin : bins)
        if (bin.interval)
          bin.interval =
            statistics::clipped(*bin.interval, *outcome.kind.range);
    if (bins.size() > 1)
      analysis.curves.push_back({f, std::move(bins)});
  }
}

void split(const SweepData& data, const Outcome& outcome, const Seed& seed,
           OutcomeAnalysis& analysis) {
  if (analysis.levelled.empty() || analysis.effective_n < 4)
    return;
  std::vector<statistics::SplitTerm> terms;
  for (const auto factor : analysis.levelled)
    terms.push_back({data.factors[factor].label, data.factors[factor].role,
                     data.factors[factor].levels.size()});
  statistics::SplitOptions options;
  options.paired = data.is_paired;
  options.bootstrap.seed = seed;
  options.bootstrap.resamples = 500;
  const auto rows = data.level_rows(outcome, analysis.levelled);
  analysis.split = statistics::split_variance(rows, terms, options);
}

/// All runs that ended. Copies of another point are runs of their own.
std::vector<Observation> all_runs(const SweepData& data,
                                  const Outcome& outcome) {
  std::vector<Observation> runs;
  for (const auto& point : data.points)
    for (auto observation : data.at(point, outcome)) {
      if (observation.replies)
        observation.replies =
          Hasher{}.add(point.name).add(*observation.replies).finish128();
      runs.push_back(std::move(observation));
    }
  return runs;
}

/// Of the first outcome: a run without a number there mostly has none at all.
std::vector<statistics::MissingByFactor>
missing_by_factor(const SweepData& data, const ReportInput& input) {
  std::vector<statistics::MissingByFactor> table;
  const auto fails = [&](std::size_t run) {
    return input.runs[run].status != RunStatus::completed;
  };
  for (const auto f : data.levelled()) {
    statistics::MissingByFactor factor{data.factors[f].label, {}};
    for (const auto& level : data.factors[f].levels)
      factor.levels.push_back({level, 0, 0});
    for (const auto& point : data.points) {
      if (!point.levels[f])
        continue;
      auto& level = factor.levels[*point.levels[f]];
      for (const auto run : point.runs)
        if (has_ended(input.runs[run].status)) {
          ++level.runs;
          level.missing += fails(run) ? 1 : 0;
        }
    }
    table.push_back(std::move(factor));
  }
  std::map<std::string, statistics::MissingByFactor> by_model;
  for (const auto& run : input.runs)
    for (const auto& model : run.models)
      by_model.try_emplace(
        model, statistics::MissingByFactor{
                 "replies of " + model, {{"without", 0, 0}, {"with", 0, 0}}});
  if (by_model.size() > 1) // a model that all runs use tells nothing
    for (auto& [model, factor] : by_model) {
      for (std::size_t i = 0; i < input.runs.size(); ++i) {
        const auto& run = input.runs[i];
        if (!has_ended(run.status))
          continue;
        auto& level = factor.levels[run.models.contains(model) ? 1 : 0];
        ++level.runs;
        level.missing += fails(i) ? 1 : 0;
      }
      table.push_back(std::move(factor));
    }
  return table;
}

/// Adjusts the tests of all factors and outcomes together.
void adjust(Analysis& analysis) {
  std::vector<double> p;
  for (const auto& outcome : analysis.outcomes)
    for (const auto& factor : outcome.effects.factors)
      if (factor.p)
        p.push_back(*factor.p);
  const auto adjusted = statistics::holm(p);
  std::size_t next = 0;
  for (auto& outcome : analysis.outcomes)
    for (const auto& factor : outcome.effects.factors)
      outcome.adjusted_p.push_back(factor.p ? std::optional{adjusted[next++]}
                                            : std::nullopt);
  analysis.multiplicity = statistics::multiplicity_note(p);
}

} // namespace

Seed report_seed(const ReportInput& input) {
  return Seed{0}.child("report").child(input.id);
}

Analysis analyse(const ReportInput& input, const SweepData& data) {
  Analysis analysis;
  const auto seed = report_seed(input);
  for (const auto& outcome : data.outcomes) {
    OutcomeAnalysis found;
    for (const auto& point : data.points)
      found.points.push_back(
        statistics::summarise(data.at(point, outcome), outcome.kind));
    pool_noise(found);
    find_effects(data, outcome, found);
    find_curves(data, outcome, found);
    split(data, outcome, seed.child("split").child(outcome.name), found);
    found.censored =
      statistics::censored_mean(all_runs(data, outcome), outcome.kind);
    analyse_design(input, data, outcome, found);
    analysis.outcomes.push_back(std::move(found));
  }
  const auto table = missing_by_factor(data, input);
  analysis.missing_by_factor =
    statistics::missingness(table, seed.child("missing"));
  adjust(analysis);
  return analysis;
}

} // namespace lab::sweeps::report
