#include <algorithm>
#include <filesystem>
#include <utility>

#include "sweeps/adaptive/canaries.hpp"
#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/forecast.hpp"
#include "tools/cli/adaptive_work.hpp"
#include "tools/cli/past_runs.hpp"
#include "tools/cli/stored_runs.hpp"
#include "tools/cli/sweep_command.hpp"

namespace lab::tools {

namespace {

/// Gives the plan what the workspace holds of the sweep: names of a listed
/// plan, somebody to ask for a walked one.
Outcome<void> look_back(const Context& context,
                        const sweeps::Manifest& manifest,
                        sweeps::PlanContext& plan, PlannedSweep& planned) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables)
    return {};
  const auto sweep = sweep_id_of(manifest.name);
  const auto failed = [](const Error& why) {
    return give_up(why, "the sweep's earlier plans");
  };
  if (sweeps::is_listed(manifest)) {
    auto names = (*tables)->run_names(sweep);
    if (!names)
      return failed(names.error());
    plan.names = std::move(*names);
    return {};
  }
  auto stored = std::make_shared<StoredRuns>(std::move(**tables), sweep);
  const auto totals = stored->totals();
  if (!totals)
    return failed(totals.error());
  planned.view.existing = totals->completed;
  planned.view.halted = totals->halted;
  plan.settled = totals->completed + totals->halted;
  plan.known = std::move(stored);
  return {};
}

/// Fills in which runs of a listed plan earlier commands did.
Outcome<void> find_settled(const Context& context, PlannedSweep& planned) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables)
    return {};
  std::vector<RunId> runs;
  for (const auto& ticket : planned.plan->tickets())
    runs.push_back(ticket.run);
  auto completed = (*tables)->completed(runs);
  if (!completed)
    return give_up(completed.error(), "the sweep's earlier runs");
  auto halted = (*tables)->halted_by_phase(runs);
  if (!halted)
    return give_up(halted.error(), "the sweep's earlier runs");
  planned.completed = std::move(*completed);
  planned.halted = std::move(*halted);
  planned.view.existing = std::ssize(planned.completed);
  planned.view.halted = std::ssize(planned.halted);
  return {};
}

std::int32_t runs_in_flight(const SweepCommand& command, const Context& context,
                            const sweeps::Manifest& manifest) {
  if (command.runs_in_flight)
    return *command.runs_in_flight;
  return manifest.runs_max.value_or(context.settings.jobs.value);
}

/// The lane behind a model, as wide as its provider lets it be.
sweeps::LaneWidth lane_of(const std::string& model, const llm::PriceBook& book,
                          const sweeps::Manifest& manifest) {
  sweeps::LaneWidth lane{model, 1};
  const auto route = book.route(model);
  if (!route)
    return lane;
  lane.name = route->provider;
  if (const auto* provider = book.provider(route->provider))
    lane.calls = provider->max_in_flight;
  for (const auto& lowered : manifest.providers)
    if (lowered.provider == lane.name && lowered.calls)
      lane.calls = std::min<std::int64_t>(lane.calls, *lowered.calls);
  return lane;
}

sweeps::TimeForecast forecast_of(const PlanView& view,
                                 const sweeps::Manifest& manifest,
                                 const llm::PriceBook& book,
                                 const Context& context) {
  sweeps::ForecastInput input;
  input.latencies = past_latencies(context);
  input.lane_of = [&](const std::string& model) {
    return lane_of(model, book, manifest);
  };
  input.runs_in_flight = view.runs_in_flight;
  input.calls_max = manifest.calls_max;
  input.participants = static_cast<std::int64_t>(view.participants);
  input.order = manifest.order;
  return sweeps::forecast_time(view.estimate, input);
}

/// What `schedule.pilot` lets come first.
std::optional<PilotView> pilot_of(const sweeps::SweepPlan& plan) {
  const auto& pilot = plan.manifest().pilot;
  if (!pilot)
    return std::nullopt;
  PilotView view;
  view.runs = std::min<std::int64_t>(pilot->runs, plan.run_count());
  if (pilot->then)
    view.then = pilot->then->text();
  if (plan.listed())
    for (std::int64_t i = 0; i < view.runs; ++i)
      view.names.push_back(plan.tickets()[static_cast<std::size_t>(i)].name);
  return view;
}

void fill_view(PlannedSweep& planned, const SweepCommand& command,
               const Context& context, sweeps::SweepEstimate estimate,
               const llm::PriceBook& book) {
  const auto& plan = *planned.plan;
  const auto& manifest = plan.manifest();
  auto& view = planned.view;
  view.name = manifest.name;
  view.manifest = command.manifest;
  view.folder = manifest.scenario;
  view.outline = manifest.design->outline();
  view.design_notes = manifest.design->notes();
  view.designed = manifest.design->size();
  view.points = plan.point_count();
  view.listed = plan.listed();
  view.replicates = manifest.replicates.count;
  view.seeds = manifest.replicates.mode;
  view.order = manifest.order;
  view.runs = plan.run_count();
  view.routes = routes_of(estimate.all, book);
  view.estimate = std::move(estimate);
  view.budget = plan.budget();
  view.per_run = manifest.per_run_usd;
  view.limits = plan_limits(manifest, SystemClock{}.now_ms());
  view.runs_in_flight = runs_in_flight(command, context, manifest);
  view.output = plan.output();
  view.turns_min = plan.turns().least;
  view.turns_max = plan.turns().most;
  if (const auto first = plan.scenario_of(0)) {
    view.scenario = first->id;
    view.participants = first->participants.size();
    view.events = first->events.size();
  }
  view.forecast = forecast_of(view, manifest, book, context);
  view.pilot = pilot_of(plan);
}

/// What the sweep has spent; nothing when it never ran.
Charge spent_so_far(const Context& context, SweepId sweep) {
  auto tables = tables_if_any(context);
  if (!tables || !*tables)
    return {};
  const auto row = (*tables)->sweep(sweep);
  return row ? row->spend.settled + row->spend.unknown : Charge{};
}

/// Which of the plan's models are simulated: those of the runs to do, which
/// are in the estimate, and those of the runs that are done.
Simulation simulation_of_plan(const PlannedSweep& planned,
                              const llm::PriceBook& book) {
  sweeps::Estimate models;
  models.by_model = planned.view.estimate.all.by_model;
  if (!planned.plan->listed())
    return simulation_of(models);
  std::set<std::int32_t> done_points;
  for (const auto& ticket : planned.plan->tickets())
    if (planned.completed.contains(ticket.run))
      done_points.insert(ticket.point_index);
  for (const auto point : done_points)
    if (const auto scenario = planned.plan->scenario_of(point))
      models.by_model.merge(
        sweeps::estimate(*scenario, price_lookup(book)).by_model);
  return simulation_of(models);
}

/// The folder in which sweeps get their own: the flag's, else the setting's.
std::optional<std::string> output_base(const Context& context) {
  if (context.output)
    return context.output;
  const auto& setting = context.settings.output.value;
  return setting.empty() ? std::nullopt : std::optional{setting};
}

} // namespace

Outcome<PlannedSweep> plan_sweep(const SweepCommand& command,
                                 const Context& context) {
  Findings findings;
  auto manifest = sweeps::load_manifest(command.manifest, findings);
  if (!manifest) {
    auto failure = failure_of(std::move(findings));
    std::error_code ignored;
    if (!std::filesystem::exists(command.manifest, ignored))
      failure.exit = ExitCode::not_found;
    return give_up(std::move(failure));
  }
  if (auto settled = settle_findings(context, std::move(findings)); !settled)
    return pass_on(settled);

  PlannedSweep planned;
  auto source = open_source(context, manifest->scenario);
  if (!source)
    return pass_on(source);
  planned.source = std::move(*source);
  sweeps::PlanContext plan_context;
  if (auto looked = look_back(context, *manifest, plan_context, planned);
      !looked)
    return pass_on(looked);
  plan_context.user = context.settings.user.value;
  plan_context.output = output_base(context);
  plan_context.models = command.models;
  plan_context.first = command.first;
  plan_context.usd = command.budget;
  Findings problems;
  auto plan = sweeps::make_plan(std::move(*manifest), *planned.source,
                                plan_context, problems);
  if (!plan && !problems.has_errors())
    return give_up(plan.error(), "`" + command.manifest + "`");
  if (auto settled = settle_findings(context, std::move(problems)); !settled)
    return pass_on(settled);
  planned.plan = std::move(*plan);
  auto rules = rules_of(*planned.plan, context);
  if (!rules)
    return pass_on(rules);
  planned.rules = std::move(*rules);

  if (planned.plan->listed())
    if (auto found = find_settled(context, planned); !found)
      return pass_on(found);
  const auto book = price_book(context.settings);
  const auto first = planned.plan->scenario_of(0);
  auto estimate = sweeps::estimate_plan(
    *planned.plan, planned.settled(), price_lookup(book),
    first ? past_runs(context, first->id) : std::vector<sweeps::PastRun>{});
  if (!estimate)
    return give_up(estimate.error(), "the estimate");
  if (const auto& sentinel = planned.plan->manifest().sentinel)
    sweeps::add_canaries(*sentinel, price_lookup(book), *estimate);
  fill_view(planned, command, context, std::move(*estimate), book);
  planned.view.simulation = simulation_of_plan(planned, book);
  planned.view.chances =
    sweeps::cap_chances(planned.view.estimate, planned.view.budget,
                        spent_so_far(context, planned.plan->id()));
  return planned;
}

} // namespace lab::tools
