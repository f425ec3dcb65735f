#include <algorithm>
#include <utility>

#include "sweeps/analysis/design_tables.hpp"
#include "sweeps/report/analysis.hpp"

namespace lab::sweeps::report {

namespace {

/// The points of a design with their runs, and the numbers of one outcome.
struct DesignRuns {
  DesignRuns(const Manifest& manifest, const ReportInput& input,
             const SweepData& data, const Outcome& outcome)
    : points(manifest), numbers(points) {
    for (std::size_t p = 0; p < data.points.size(); ++p) {
      const auto& runs = data.points[p].runs;
      points.add(input.runs[runs.front()].factors, p);
      for (const auto run : runs)
        numbers.add_seed(input.runs[run].seed);
      for (const auto& run : data.at(data.points[p], outcome))
        numbers.add(p, run);
    }
  }

  DesignPoints points;
  DesignNumbers numbers; // refers to `points`
};

MorrisFinding morris_of(const DesignGroup& group, const DesignRuns& runs) {
  MorrisFinding finding{group.title(), group.labels(), {}, 0};
  const auto rows = morris_rows(group, runs.numbers);
  finding.absent = rows.absent;
  finding.result = statistics::morris(rows.table);
  return finding;
}

SobolFinding sobol_of(const DesignGroup& group, const DesignRuns& runs,
                      const Seed& seed) {
  SobolFinding finding{group.title(), group.labels(), {}, 0};
  const auto rows = saltelli_rows(group, runs.numbers);
  finding.absent = rows.absent;
  statistics::SobolOptions options;
  options.bootstrap.seed = seed.child(finding.group);
  options.bootstrap.resamples = 1000;
  finding.result = statistics::sobol(rows.table, options);
  return finding;
}

/// The points of one-at-a-time against its baseline, or of a list against the
/// point that the manifest names.
void compare_points(const std::vector<std::int64_t>& indices,
                    std::size_t baseline, const Manifest& manifest,
                    const SweepData& data, const Outcome& outcome,
                    const DesignRuns& runs, const Seed& seed,
                    OutcomeAnalysis& into) {
  const auto base = runs.points.find(indices[baseline]);
  if (!base)
    return;
  const auto name_of = [&](std::int64_t index, std::size_t point) {
    const auto label = manifest.design->point(index).label;
    return label.empty() ? data.points[point].label : label;
  };
  CompareFinding finding{name_of(indices[baseline], *base), {}};
  statistics::BootstrapOptions options;
  options.resamples = 1000;
  std::vector<double> p;
  for (const auto index : indices) {
    const auto point = runs.points.find(index);
    if (!point || *point == *base)
      continue;
    options.seed = seed.child(data.points[*point].name);
    finding.points.push_back(
      {name_of(index, *point),
       statistics::compare(data.at(data.points[*base], outcome),
                           data.at(data.points[*point], outcome), options),
       std::nullopt});
    if (finding.points.back().against.p)
      p.push_back(*finding.points.back().against.p);
  }
  const auto adjusted = statistics::holm(p);
  std::size_t next = 0;
  for (auto& point : finding.points)
    if (point.against.p)
      point.adjusted_p = adjusted[next++];
  if (!finding.points.empty())
    into.compared.push_back(std::move(finding));
}

/// The points that `measure.analyse` compares, and with which.
void compare_as_asked(const Manifest& manifest, const SweepData& data,
                      const Outcome& outcome, const DesignRuns& runs,
                      const Seed& seed, OutcomeAnalysis& into) {
  const auto& design = *manifest.design;
  for (const auto& analysis : manifest.measure.analyses) {
    if (analysis.kind != AnalysisKind::compare
        || std::ranges::count(analysis.of, outcome.name) == 0)
      continue;
    std::vector<std::int64_t> indices;
    for (const auto& block : design.blocks())
      if (analysis.block.empty() || block.name == analysis.block)
        for (std::int64_t i = 0; i < block.size; ++i)
          indices.push_back(block.first + i);
    const auto named = std::ranges::find_if(indices, [&](std::int64_t index) {
      return design.point(index).label == analysis.baseline;
    });
    if (indices.empty())
      continue;
    const auto baseline = analysis.baseline.empty() || named == indices.end()
                            ? 0
                            : named - indices.begin();
    compare_points(indices, static_cast<std::size_t>(baseline), manifest, data,
                   outcome, runs, seed, into);
  }
}

} // namespace

void analyse_design(const ReportInput& input, const SweepData& data,
                    const Outcome& outcome, OutcomeAnalysis& into) {
  if (!input.manifest || data.points.empty())
    return;
  const auto& manifest = *input.manifest;
  const DesignRuns runs{manifest, input, data, outcome};
  const auto seed = report_seed(input).child(outcome.name);
  for (const auto& group : groups_of(manifest, LeafKind::morris))
    into.morris.push_back(morris_of(group, runs));
  for (const auto& group : groups_of(manifest, LeafKind::saltelli))
    into.sobol.push_back(sobol_of(group, runs, seed.child("sobol")));
  for (const auto& group : groups_of(manifest, LeafKind::one_at_a_time)) {
    const auto& leaf = group.points();
    std::vector<std::int64_t> indices;
    std::size_t baseline = 0;
    for (std::int64_t p = 0; p < leaf.size(); ++p) {
      if (std::get<OneAtATimePlace>(leaf.place(p)).moved < 0)
        baseline = indices.size();
      indices.push_back(group.index(p));
    }
    compare_points(indices, baseline, manifest, data, outcome, runs,
                   seed.child("one-at-a-time"), into);
  }
  compare_as_asked(manifest, data, outcome, runs, seed.child("compare"), into);
}

} // namespace lab::sweeps::report
