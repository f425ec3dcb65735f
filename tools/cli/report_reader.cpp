#include "tools/cli/report_reader.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/base/text.hpp"
#include "tools/cli/json_output.hpp"

namespace lab::tools {

namespace {

using sweeps::report::ReportCost;
using sweeps::report::ReportInput;
using sweeps::report::ReportMetric;
using sweeps::report::ReportRun;

bool is_play(const std::string& model) { return model.starts_with("sim/"); }

ReportRun run_of(const storage::RunRow& row) {
  ReportRun run;
  run.name = row.name;
  run.point = row.point;
  run.seed = row.seed;
  run.status = row.status;
  run.code = std::string{to_string(row.code)};
  run.reason = row.reason;
  run.factors = row.factors;
  run.paid_calls = row.spend.settled.calls + row.spend.unknown.calls;
  return run;
}

/// Without the runs of other strata when one is asked for.
Result<void> add_runs(storage::Queries& tables, const storage::Target& target,
                      ReportInput& input, std::map<RunId, std::size_t>& places,
                      std::map<RunId, std::int32_t>& last_turns) {
  storage::RunFilter filter;
  filter.sweep = std::get<SweepId>(target);
  LAB_TRY(const auto rows, tables.runs(filter));
  LAB_TRY(const auto digests, tables.reply_digests(target));
  LAB_TRY(const auto models, tables.models_used(target));
  LAB_TRY(const auto sites, tables.last_calls(target));
  LAB_TRY(const auto strata, tables.strata(std::get<SweepId>(target)));
  for (const auto& row : rows) {
    auto run = run_of(row);
    if (const auto found = strata.find(row.id); found != strata.end()) {
      run.began = true;
      run.stratum = found->second;
    }
    if (input.only_stratum && run.stratum != input.only_stratum) {
      input.left_out += run.began ? 1 : 0;
      continue;
    }
    if (const auto found = digests.find(row.id); found != digests.end())
      run.replies = digest128_from(found->second);
    if (const auto found = models.find(row.id); found != models.end())
      run.models = found->second;
    if (const auto found = sites.find(row.id); found != sites.end())
      run.last_phase = found->second.phase;
    if (row.started_at > 0)
      input.first_start = input.first_start == 0
                            ? row.started_at
                            : std::min(input.first_start, row.started_at);
    input.last_end = std::max(input.last_end, row.ended_at);
    if (input.scenario_name.empty())
      input.scenario_name = row.scenario_name;
    places[row.id] = input.runs.size();
    last_turns[row.id] = row.turns_completed;
    input.runs.push_back(std::move(run));
  }
  std::set<std::string> used;
  for (const auto& run : input.runs)
    used.insert(run.models.begin(), run.models.end());
  for (const auto& model : used)
    input.models.push_back(
      {model, is_play(model) ? "simulated: rules, no language model" : ""});
  return {};
}

std::string missing_word(MetricStatus status) {
  switch (status) {
  case MetricStatus::value:
  case MetricStatus::missing:
    return "no value";
  case MetricStatus::unparseable:
    return "not readable";
  case MetricStatus::out_of_range:
    return "out of range";
  }
  return "no value";
}

ReportMetric metric_of(const storage::MetricMeaning& meaning) {
  ReportMetric metric;
  metric.name = meaning.name;
  metric.description = meaning.description;
  metric.unit = meaning.unit;
  if (meaning.range)
    metric.kind.range = {meaning.range->first, meaning.range->second};
  metric.kind.is_binary = meaning.binary;
  return metric;
}

Result<void> add_metrics(storage::Queries& tables,
                         const storage::Target& target, ReportInput& input,
                         const std::map<RunId, std::size_t>& places,
                         const std::map<RunId, std::int32_t>& last_turns) {
  LAB_TRY(const auto meanings, tables.metric_meanings(target));
  std::map<std::string, ReportMetric> metrics;
  for (const auto& meaning : meanings)
    metrics.emplace(meaning.name, metric_of(meaning));
  std::set<std::string> of_world;
  LAB_CHECKED(tables.each_metric(
    target, [&](const storage::MetricPoint& point) -> Result<void> {
      const auto place = places.find(point.run);
      if (place == places.end() || !point.participant.empty())
        return {};
      auto& run = input.runs[place->second];
      of_world.insert(point.metric);
      auto& metric = metrics[point.metric];
      metric.name = point.metric;
      const bool number =
        point.status == MetricStatus::value && point.number.has_value();
      if (run.status == RunStatus::completed && number)
        metric.series.push_back({place->second, point.turn, *point.number});
      if (point.turn != last_turns.at(point.run))
        return {};
      if (number)
        run.values[point.metric] = *point.number;
      else
        run.without[point.metric] = missing_word(point.status);
      return {};
    }));
  for (auto& [name, metric] : metrics)
    if (of_world.contains(name))
      input.metrics.push_back(std::move(metric));
  return {};
}

Result<void> add_costs(storage::Queries& tables, const storage::Target& target,
                       ReportInput& input) {
  using storage::CostBy;
  LAB_TRY(const auto rows,
          tables.costs(target, {CostBy::phase, CostBy::model}));
  std::map<std::pair<bool, std::string>, ReportCost> models;
  std::map<std::pair<bool, std::string>, ReportCost> phases;
  const auto add = [](ReportCost& cost, const storage::Spend& spend) {
    cost.settled += spend.settled;
    cost.unknown += spend.unknown;
    cost.reserved += spend.reserved;
  };
  for (const auto& row : rows) {
    const auto& phase = row.keys[0];
    const auto& model = row.keys[1];
    add(models[{is_play(model), model}], row.spend);
    add(phases[{is_play(model), phase}], row.spend);
    input.attempts[phase] += row.spend.settled.calls + row.spend.unknown.calls
                             + row.spend.reserved.calls;
  }
  const auto flatten = [](auto& from, std::vector<ReportCost>& into) {
    for (auto& [key, cost] : from) {
      cost.is_play = key.first;
      cost.name = key.second;
      into.push_back(std::move(cost));
    }
  };
  flatten(models, input.by_model);
  flatten(phases, input.by_phase);
  return {};
}

/// The amounts of a price row, those that are there.
std::string price_text(const std::string& model, const std::string& row) {
  const auto price = Json::parse(row, nullptr, false);
  if (!price.is_object())
    return "not known";
  const auto text = [&](const char* key) {
    const auto found = price.find(key);
    return found != price.end() && found->is_string()
             ? found->get<std::string>()
             : std::string{};
  };
  const std::string unit = is_play(model) ? "" : "$";
  std::string out;
  for (const auto& [key, name] :
       {std::pair{"input_usd_per_mtok", "input"},
        std::pair{"cached_input_usd_per_mtok", "cached input"},
        std::pair{"cache_write_usd_per_mtok", "cache write"},
        std::pair{"output_usd_per_mtok", "output"}}) {
    const auto amount = text(key);
    if (!amount.empty() && (amount != "0" || is_play(model)))
      out +=
        (out.empty() ? "" : ", ") + std::string{name} + " " + unit + amount;
  }
  out = out.empty() ? "nothing" : out + " a million tokens";
  if (const auto fee = text("fee_usd"); !fee.empty() && fee != "0")
    out += ", " + unit + fee + " a call";
  if (const auto source = text("source"); !source.empty())
    out += "; source: " + source;
  if (const auto from = text("valid_from"); !from.empty())
    out += ", valid from " + from;
  return out;
}

} // namespace

Result<ReportInput> read_report(storage::Queries& tables, SweepId sweep,
                                std::optional<sweeps::Manifest> manifest,
                                std::optional<std::int32_t> only_stratum) {
  const storage::Target target{sweep};
  LAB_TRY(auto row, tables.sweep(sweep));
  ReportInput input;
  input.program = "scenario-lab " LAB_VERSION;
  input.id = to_string(sweep);
  input.name = row.name;
  input.about = row.about;
  input.scenario = row.scenario;
  input.simulated = row.simulated;
  input.factors = row.factors;
  input.points_planned = row.points;
  input.runs_planned = std::int64_t{row.points} * row.replicates;
  LAB_TRY(input.manifest_text, tables.manifest(sweep));
  input.manifest = std::move(manifest);
  input.only_stratum = only_stratum;
  LAB_TRY(const auto checks, tables.model_checks(sweep));
  input.model_checks = std::ssize(checks);
  LAB_TRY(input.model_changes, tables.model_changes(sweep));
  std::map<RunId, std::size_t> places;
  std::map<RunId, std::int32_t> last_turns;
  LAB_CHECKED(add_runs(tables, target, input, places, last_turns));
  LAB_CHECKED(add_metrics(tables, target, input, places, last_turns));
  LAB_CHECKED(add_costs(tables, target, input));
  LAB_TRY(const auto prices, tables.prices(target));
  for (const auto& price : prices)
    input.prices.push_back(
      {price.model, price.id, price_text(price.model, price.row)});
  // Other ends of a completed sweep have no reason.
  if (row.status == "completed")
    input.ended_by_rule = row.reason;
  return input;
}

} // namespace lab::tools
