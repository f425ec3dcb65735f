#include "sweeps/report/sweep_data.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/expression/scope.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Observation;

constexpr std::size_t levels_max = 12;

const std::string* value_of(const ReportRun& run, const std::string& factor) {
  for (const auto& [name, value] : run.factors)
    if (name == factor)
      return &value;
  return nullptr;
}

const Factor* described(const ReportInput& input, const std::string& name) {
  if (!input.manifest)
    return nullptr;
  const auto& factors = input.manifest->factors;
  const auto found = std::ranges::find(factors, name, &Factor::name);
  return found == factors.end() ? nullptr : &*found;
}

bool writes_models(const Factor& factor) {
  return !factor.paths.empty()
         && std::ranges::all_of(factor.paths, [](const auto& path) {
              return path.ends_with("model");
            });
}

/// Whether some block's sampler draws the factor: its estimator tells more than
/// effects by level, which its points hardly cross.
bool is_sampled(const ReportInput& input, const std::string& name) {
  if (!input.manifest)
    return false;
  for (const auto& block : input.manifest->design->blocks())
    for (const auto& leaf : block.leaves) {
      const auto kind = leaf->kind();
      if (kind == LeafKind::grid || kind == LeafKind::list
          || kind == LeafKind::zip || kind == LeafKind::one_at_a_time)
        continue;
      for (const auto factor : leaf->factors())
        if (input.manifest->factors[factor].name == name)
          return true;
    }
  return false;
}

/// The levels that occur, in the order of the manifest or of the numbers.
FactorData factor_data(const ReportInput& input, const std::string& name) {
  FactorData factor{name, name, "", {}, {}, {}, true};
  const auto* spec = described(input, name);
  if (spec != nullptr) {
    if (!spec->label.empty())
      factor.label = spec->label;
    factor.unit = spec->unit;
    if (writes_models(*spec))
      factor.role = statistics::TermRole::model;
  }
  if (name == "wording")
    factor.role = statistics::TermRole::wording;
  std::set<std::string> seen;
  std::vector<std::string> found; // in order of first appearance
  for (const auto& run : input.runs)
    if (const auto* value = value_of(run, name);
        value != nullptr && seen.insert(*value).second)
      found.push_back(*value);
  const bool numeric =
    !found.empty() && std::ranges::all_of(found, [](const auto& value) {
      return finite_number(value).has_value();
    });
  if (numeric) {
    std::ranges::stable_sort(
      found, {}, [](const auto& value) { return *finite_number(value); });
  } else if (spec != nullptr) {
    const auto place = [&](const std::string& value) {
      const auto level =
        std::ranges::find(spec->levels, value, &FactorValue::text);
      return level - spec->levels.begin();
    };
    std::ranges::stable_sort(found, {}, place);
  }
  factor.levels = std::move(found);
  if (numeric)
    for (const auto& value : factor.levels)
      factor.numbers.push_back(*finite_number(value));
  factor.is_levelled =
    factor.levels.size() <= levels_max && !is_sampled(input, name);
  return factor;
}

std::string label_of(const SweepData& data, const PointData& point) {
  std::string out;
  for (std::size_t i = 0; i < data.factors.size(); ++i)
    if (point.levels[i])
      out += (out.empty() ? "" : ", ") + data.factors[i].label + " "
             + data.factors[i].levels[*point.levels[i]];
  return out.empty() ? point.name : out;
}

void fill_points(SweepData& data, const ReportInput& input) {
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < input.runs.size(); ++i) {
    const auto& run = input.runs[i];
    const auto [entry, fresh] =
      known.try_emplace(run.point, data.points.size());
    if (fresh) {
      PointData point;
      point.name = run.point;
      point.levels.resize(data.factors.size());
      data.points.push_back(std::move(point));
    }
    auto& point = data.points[entry->second];
    point.runs.push_back(i);
    for (std::size_t f = 0; f < data.factors.size(); ++f) {
      const auto* value = value_of(run, data.factors[f].name);
      if (value == nullptr)
        continue;
      const auto& levels = data.factors[f].levels;
      point.levels[f] = static_cast<std::size_t>(
        std::ranges::find(levels, *value) - levels.begin());
    }
  }
  for (auto& point : data.points)
    point.label = label_of(data, point);
}

std::string reason_of(const ReportRun& run, const std::string& metric) {
  if (run.status != RunStatus::completed)
    return std::string{to_string(run.status)};
  const auto found = run.without.find(metric);
  return found == run.without.end() ? "no value" : found->second;
}

Observation observation_of(const ReportRun& run, std::optional<double> value,
                           std::string reason) {
  Observation observation;
  observation.seed = run.seed;
  observation.value = value;
  observation.reason = value ? "" : std::move(reason);
  observation.replies = run.replies;
  return observation;
}

Outcome measured(const ReportInput& input, const ReportMetric& metric) {
  Outcome outcome;
  outcome.name = metric.name;
  outcome.description = metric.description;
  outcome.unit = metric.unit;
  outcome.kind = metric.kind;
  outcome.series = &metric.series;
  for (const auto& run : input.runs) {
    auto& place = outcome.runs.emplace_back();
    if (!has_ended(run.status))
      continue;
    const auto value = run.values.find(metric.name);
    const bool data =
      run.status == RunStatus::completed && value != run.values.end();
    place =
      observation_of(run, data ? std::optional{value->second} : std::nullopt,
                     reason_of(run, metric.name));
  }
  return outcome;
}

/// The metrics of one run, as expressions name them.
class RunValues final : public Environment {
public:
  explicit RunValues(const std::map<std::string, double>& values) {
    for (const auto& [name, value] : values)
      values_[expression_name(name)] = value;
  }
  Value name(const std::string& name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? Value{} : Value{found->second};
  }
  void add(const std::string& name, double value) {
    values_[expression_name(name)] = value;
  }

private:
  std::map<std::string, double> values_;
};

std::vector<Outcome> derived(const ReportInput& input) {
  std::vector<Outcome> outcomes;
  if (!input.manifest)
    return outcomes;
  const auto& formulas = input.manifest->measure.derived;
  for (const auto& formula : formulas) {
    Outcome outcome;
    outcome.name = formula.name;
    outcome.description = "derived: " + formula.value.text();
    outcome.formula = formula.value.text();
    outcome.is_derived = true;
    outcome.runs.resize(input.runs.size());
    outcomes.push_back(std::move(outcome));
  }
  for (std::size_t i = 0; i < input.runs.size(); ++i) {
    const auto& run = input.runs[i];
    if (!has_ended(run.status))
      continue;
    RunValues values{run.values};
    for (std::size_t d = 0; d < formulas.size(); ++d) {
      std::optional<double> value;
      if (run.status == RunStatus::completed)
        value = formulas[d].value.number(values);
      if (value)
        values.add(formulas[d].name, *value);
      outcomes[d].runs[i] =
        observation_of(run, value,
                       run.status == RunStatus::completed
                         ? "no value"
                         : std::string{to_string(run.status)});
    }
  }
  return outcomes;
}

bool has_a_number(const Outcome& outcome) {
  return std::ranges::any_of(outcome.runs,
                             [](const auto& run) { return run && run->value; });
}

/// Those that the manifest names, in its order; all when it names none.
std::vector<Outcome> wanted(const ReportInput& input,
                            std::vector<Outcome> all) {
  const std::vector<std::string> none;
  const auto& names =
    input.manifest ? input.manifest->measure.final_metrics : none;
  std::vector<Outcome> chosen;
  for (const auto& name : names)
    for (auto& outcome : all)
      if (outcome.name == name)
        chosen.push_back(outcome);
  for (auto& outcome : all)
    if (outcome.is_derived && !std::ranges::count(names, outcome.name))
      chosen.push_back(outcome);
  if (!names.empty())
    return chosen;
  std::erase_if(all,
                [](const auto& outcome) { return !has_a_number(outcome); });
  return all;
}

} // namespace

bool has_ended(RunStatus status) {
  return status == RunStatus::completed || status == RunStatus::failed
         || status == RunStatus::halted;
}

std::vector<Observation> SweepData::at(const PointData& point,
                                       const Outcome& outcome) const {
  std::vector<Observation> runs;
  for (const auto run : point.runs)
    if (outcome.runs[run])
      runs.push_back(*outcome.runs[run]);
  return runs;
}

std::vector<statistics::LevelRow>
SweepData::level_rows(const Outcome& outcome,
                      const std::vector<std::size_t>& wanted) const {
  std::vector<statistics::LevelRow> rows;
  for (std::size_t p = 0; p < points.size(); ++p) {
    std::vector<std::size_t> levels;
    for (const auto factor : wanted)
      if (points[p].levels[factor])
        levels.push_back(*points[p].levels[factor]);
    if (levels.size() != wanted.size())
      continue;
    const auto runs = at(points[p], outcome);
    const auto distinct = statistics::distinct(runs);
    for (std::size_t i = 0; i < distinct.values.size(); ++i)
      rows.push_back({levels, distinct.values[i], distinct.seeds[i], p});
  }
  return rows;
}

std::vector<std::size_t> SweepData::levelled() const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < factors.size(); ++i)
    if (factors[i].is_levelled && factors[i].levels.size() > 1)
      found.push_back(i);
  return found;
}

SweepData sweep_data(const ReportInput& input) {
  SweepData data;
  data.is_paired =
    !input.manifest || input.manifest->replicates.mode != SeedMode::fresh;
  for (const auto& name : input.factors)
    data.factors.push_back(factor_data(input, name));
  fill_points(data, input);
  std::vector<Outcome> all;
  for (const auto& metric : input.metrics)
    all.push_back(measured(input, metric));
  for (auto& outcome : derived(input))
    all.push_back(std::move(outcome));
  data.outcomes = wanted(input, std::move(all));
  return data;
}

} // namespace lab::sweeps::report
