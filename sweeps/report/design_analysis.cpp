#include <algorithm>
#include <map>
#include <utility>

#include "sweeps/report/analysis.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Observation;

/// Finds the runs of a design's points. A point is known by its factors'
/// values: points that came out alike share their runs.
class DesignRuns {
public:
  DesignRuns(const Manifest& manifest, const ReportInput& input,
             const SweepData& data, const Outcome& outcome)
    : manifest_(manifest), data_(data), outcome_(outcome) {
    for (std::size_t p = 0; p < data.points.size(); ++p) {
      const auto& run = input.runs[data.points[p].runs.front()];
      points_.emplace(key_of(run.factors), p);
      for (const auto index : data.points[p].runs)
        seeds_.try_emplace(input.runs[index].seed, seeds_.size());
    }
  }

  /// One slot a seed of the sweep, in order of first appearance.
  std::size_t replicates() const { return seeds_.size(); }

  /// The point's index in the data; nothing when no run of it was planned.
  std::optional<std::size_t> find(std::int64_t index) const {
    const auto point = manifest_.design->point(index);
    std::vector<std::pair<std::string, std::string>> factors;
    for (std::size_t f = 0; f < point.values.size(); ++f)
      if (point.values[f])
        factors.emplace_back(manifest_.factors[f].name, point.values[f]->text);
    const auto found = points_.find(key_of(factors));
    return found == points_.end() ? std::nullopt : std::optional{found->second};
  }

  /// The numbers of a point by seed; copies count once. False: no run of it.
  bool fill(std::int64_t index, std::optional<double>* slots) const {
    const auto point = find(index);
    if (!point)
      return false;
    const auto distinct =
      statistics::distinct(data_.at(data_.points[*point], outcome_));
    for (std::size_t i = 0; i < distinct.values.size(); ++i)
      slots[seeds_.at(distinct.seeds[i])] = distinct.values[i];
    return true;
  }

private:
  static std::string
  key_of(std::vector<std::pair<std::string, std::string>> factors) {
    std::ranges::sort(factors);
    std::string key;
    for (const auto& [name, value] : factors)
      key += name + '\x1f' + value + '\x1e';
    return key;
  }

  const Manifest& manifest_;
  const SweepData& data_;
  const Outcome& outcome_;
  std::map<std::string, std::size_t> points_;
  std::map<std::uint64_t, std::size_t> seeds_;
};

/// A leaf of a block, and one of its groups.
struct Group {
  const Manifest& manifest;
  std::size_t block = 0;
  std::size_t leaf = 0;
  std::int64_t group = 0;

  const Leaf& points() const {
    return *manifest.design->blocks()[block].leaves[leaf];
  }
  std::int64_t index(std::int64_t position) const {
    return manifest.design->index_in_group(block, leaf, group, position);
  }
  std::vector<std::string> factors() const {
    std::vector<std::string> labels;
    for (const auto factor : points().factors()) {
      const auto& each = manifest.factors[factor];
      labels.push_back(each.label.empty() ? each.name : each.label);
    }
    return labels;
  }
  /// What the other leaves hold still: "Local model a".
  std::string title() const {
    std::string out = manifest.design->blocks()[block].name;
    const auto point = manifest.design->point(index(0));
    for (std::size_t f = 0; f < point.values.size(); ++f) {
      if (!point.values[f] || std::ranges::count(points().factors(), f) != 0)
        continue;
      const auto& factor = manifest.factors[f];
      out += (out.empty() ? "" : ", ")
             + (factor.label.empty() ? factor.name : factor.label) + " "
             + point.values[f]->text;
    }
    return out;
  }
};

MorrisFinding morris_of(const Group& group, const DesignRuns& runs) {
  MorrisFinding finding{group.title(), group.factors(), {}, 0};
  const auto& leaf = group.points();
  statistics::MorrisTable table;
  table.factors = leaf.factors().size();
  table.replicates = runs.replicates();
  table.trajectory_rows = table.factors + 1;
  const auto rows = static_cast<std::size_t>(leaf.size());
  table.values.resize(rows * table.replicates);
  for (std::int64_t p = 0; p < leaf.size(); ++p) {
    for (const double x : leaf.unit(p))
      table.coordinates.push_back(x);
    if (!runs.fill(group.index(p),
                   table.values.data()
                     + static_cast<std::size_t>(p) * table.replicates))
      ++finding.absent;
  }
  finding.result = statistics::morris(table);
  return finding;
}

SobolFinding sobol_of(const Group& group, const DesignRuns& runs,
                      const Seed& seed) {
  SobolFinding finding{group.title(), group.factors(), {}, 0};
  const auto& leaf = group.points();
  statistics::SaltelliTable table;
  table.factors = leaf.factors().size();
  table.replicates = runs.replicates();
  std::int64_t samples = 0;
  bool second = false;
  for (std::int64_t p = 0; p < leaf.size(); ++p) {
    const auto place = std::get<SaltelliPlace>(leaf.place(p));
    samples = std::max<std::int64_t>(samples, place.sample + 1);
    second = second || place.row == SaltelliRow::ba;
  }
  table.base = static_cast<std::size_t>(samples);
  const auto size = table.base * table.replicates;
  table.a.resize(size);
  table.b.resize(size);
  table.ab.resize(size * table.factors);
  if (second)
    table.ba.resize(size * table.factors);
  for (std::int64_t p = 0; p < leaf.size(); ++p) {
    const auto place = std::get<SaltelliPlace>(leaf.place(p));
    const auto j = static_cast<std::size_t>(place.sample);
    if (place.batch >= 0) {
      table.batch.resize(table.base);
      table.batch[j] = static_cast<std::size_t>(place.batch);
    }
    std::optional<double>* slots = nullptr;
    if (place.row == SaltelliRow::a || place.row == SaltelliRow::b)
      slots = (place.row == SaltelliRow::a ? table.a : table.b).data()
              + j * table.replicates;
    else
      slots = (place.row == SaltelliRow::ab ? table.ab : table.ba).data()
              + (j * table.factors + static_cast<std::size_t>(place.swapped))
                  * table.replicates;
    if (!runs.fill(group.index(p), slots))
      ++finding.absent;
  }
  statistics::SobolOptions options;
  options.bootstrap.seed = seed.child(finding.group);
  options.bootstrap.resamples = 1000;
  finding.result = statistics::sobol(table, options);
  return finding;
}

/// The points of one-at-a-time against its baseline, or of a list against the
/// point that the manifest names.
void compare_points(const std::vector<std::int64_t>& indices,
                    std::size_t baseline, const Manifest& manifest,
                    const SweepData& data, const Outcome& outcome,
                    const DesignRuns& runs, const Seed& seed,
                    OutcomeAnalysis& into) {
  const auto base = runs.find(indices[baseline]);
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
    const auto point = runs.find(index);
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
  const auto& design = *manifest.design;
  const DesignRuns runs{manifest, input, data, outcome};
  const auto seed = report_seed(input).child(outcome.name);
  for (std::size_t b = 0; b < design.blocks().size(); ++b)
    for (std::size_t l = 0; l < design.blocks()[b].leaves.size(); ++l)
      for (std::int64_t g = 0; g < design.group_count(b, l); ++g) {
        const Group group{manifest, b, l, g};
        const auto& leaf = group.points();
        if (leaf.kind() == LeafKind::morris) {
          into.morris.push_back(morris_of(group, runs));
        } else if (leaf.kind() == LeafKind::saltelli) {
          into.sobol.push_back(sobol_of(group, runs, seed.child("sobol")));
        } else if (leaf.kind() == LeafKind::one_at_a_time) {
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
      }
  compare_as_asked(manifest, data, outcome, runs, seed.child("compare"), into);
}

} // namespace lab::sweeps::report
