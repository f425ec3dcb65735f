#include "tools/cli/sweep_command.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "sweeps/planner/estimate.hpp"
#include "tools/cli/answers_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/outcome_report.hpp"
#include "tools/cli/past_runs.hpp"
#include "tools/cli/status_report.hpp"
#include "tools/cli/text_table.hpp"
#include "tools/cli/work.hpp"

namespace lab::tools {

namespace {

// More tables than this are a matter for `runs --json` and the database.
constexpr std::size_t metrics_shown_max = 3;

/// Names that earlier plans of the sweep gave.
Outcome<std::map<RunId, std::string>> known_names(const Context& context,
                                                  SweepId sweep) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables)
    return std::map<RunId, std::string>{};
  auto names = (*tables)->run_names(sweep);
  if (!names)
    return give_up(names.error(), "the sweep's earlier plans");
  return std::move(*names);
}

/// Fills in which runs of the plan earlier commands did.
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
  return {};
}

std::int32_t runs_in_flight(const SweepCommand& command, const Context& context,
                            const sweeps::Manifest& manifest) {
  if (command.runs_in_flight)
    return *command.runs_in_flight;
  return manifest.runs_max.value_or(context.settings.jobs.value);
}

void fill_scenario(PlanView& view, const sweeps::SweepPlan& plan) {
  for (std::size_t i = 0; i < plan.point_count(); ++i) {
    const auto turns = plan.turns_of(i);
    view.turns_min = i == 0 ? turns : std::min(view.turns_min, turns);
    view.turns_max = std::max(view.turns_max, turns);
  }
  if (const auto first = plan.scenario_of(0)) {
    view.scenario = first->id;
    view.participants = first->participants.size();
  }
}

PlanView view_of(const PlannedSweep& planned, const SweepCommand& command,
                 const Context& context, sweeps::SweepEstimate estimate,
                 const llm::PriceBook& book) {
  const auto& plan = *planned.plan;
  const auto& manifest = plan.manifest();
  PlanView view;
  view.name = manifest.name;
  view.manifest = command.manifest;
  view.folder = manifest.scenario;
  view.outline = manifest.design->outline();
  view.points = static_cast<std::int64_t>(plan.point_count());
  view.replicates = manifest.replicates.count;
  view.seeds = manifest.replicates.mode;
  view.runs = static_cast<std::int64_t>(plan.tickets().size());
  view.existing = static_cast<std::int64_t>(planned.completed.size());
  view.halted = static_cast<std::int64_t>(planned.halted.size());
  view.routes = routes_of(estimate.all, book);
  view.estimate = std::move(estimate);
  view.budget = plan.budget();
  view.per_run = manifest.per_run_usd;
  view.runs_in_flight = runs_in_flight(command, context, manifest);
  view.output = plan.output();
  fill_scenario(view, plan);
  return view;
}

/// Which of the plan's models are simulated: those of the runs to do, which
/// are in the estimate, and those of the runs that are done.
Simulation simulation_of_plan(const PlannedSweep& planned,
                              const llm::PriceBook& book) {
  std::set<std::string> done_points;
  for (const auto& ticket : planned.plan->tickets())
    if (planned.completed.contains(ticket.run))
      done_points.insert(ticket.point);
  sweeps::Estimate models;
  models.by_model = planned.view.estimate.all.by_model;
  for (std::size_t i = 0; i < planned.plan->point_count(); ++i) {
    if (!done_points.contains(planned.plan->point(i).name))
      continue;
    if (const auto scenario = planned.plan->scenario_of(i))
      models.by_model.merge(
        sweeps::estimate(*scenario, price_lookup(book)).by_model);
  }
  return simulation_of(models);
}

/// The folder in which sweeps get their own: the flag's, else the setting's.
std::optional<std::string> output_base(const Context& context) {
  if (context.output)
    return context.output;
  const auto& setting = context.settings.output.value;
  return setting.empty() ? std::nullopt : std::optional{setting};
}

std::int64_t missing_turns(const PlannedSweep& planned) {
  std::map<std::string, std::int32_t> turns;
  for (std::size_t i = 0; i < planned.plan->point_count(); ++i)
    turns[planned.plan->point(i).name] = planned.plan->turns_of(i);
  std::int64_t sum = 0;
  const auto settled = planned.settled();
  for (const auto& ticket : planned.plan->tickets())
    if (!settled.contains(ticket.run))
      sum += turns[ticket.point];
  return sum;
}

Work work_of(PlannedSweep& planned, const SweepCommand& command,
             const Context& context) {
  const auto& plan = *planned.plan;
  Work work;
  auto& job = work.job;
  job.sweep = plan.sweep_fact();
  job.runs = plan.missing(planned.settled());
  job.counts.planned = planned.view.runs;
  job.counts.existing = planned.view.existing;
  job.counts.halted = planned.view.halted;
  job.turns_planned = missing_turns(planned);
  job.runs_in_flight = planned.view.runs_in_flight;
  job.per_run.usd = plan.manifest().per_run_usd;
  job.account = {AccountKind::sweep, to_string(plan.id())};

  // The manifest is the word on the sweep's limit, its silence too.
  LimitSet limit;
  limit.account = job.account;
  limit.limit = plan.budget();
  limit.by = context.settings.user.value;
  limit.reason = command.budget ? "--budget-usd" : "manifest";
  work.limits.push_back(std::move(limit));
  work.calls_max = plan.manifest().calls_max;
  work.on_unknown = plan.manifest().on_unknown;

  work.header.subject = "sweep";
  work.header.id = to_string(plan.id());
  work.header.name = plan.manifest().name;
  work.header.simulated = planned.view.simulation.any;
  work.header.play_money = planned.view.simulation.all;
  work.start_note = to_string(plan.id()) + " " + plan.manifest().name + " "
                    + count_of(planned.view.runs, "run") + ", output "
                    + plan.output();
  return work;
}

/// The sweep's result when there is nothing to do, from its tables.
Outcome<SweepResult> result_without_work(const PlannedSweep& planned,
                                         const Context& context) {
  SweepResult result;
  result.outcome.status = "completed";
  result.outcome.runs.planned = planned.view.runs;
  result.outcome.runs.existing = planned.view.existing;
  result.outcome.runs.halted = planned.view.halted;
  result.balance.limit = planned.plan->budget();
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  // Its runs may all belong to another sweep, which paid for them.
  if (const auto row = tables->sweep(planned.plan->id())) {
    result.balance.settled = row->spend.settled;
    result.balance.unknown = row->spend.unknown;
    result.balance.reserved = row->spend.reserved;
  }
  return result;
}

std::optional<std::pair<double, double>> range_of(const ScenarioSpec& scenario,
                                                  const std::string& metric) {
  for (const auto& spec : scenario.metrics)
    if (spec.name == metric)
      return spec.range;
  return std::nullopt;
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
  auto names = known_names(context, sweep_id_of(manifest->name));
  if (!names)
    return pass_on(names);
  sweeps::PlanContext plan_context;
  plan_context.user = context.settings.user.value;
  plan_context.output = output_base(context);
  plan_context.models = command.models;
  plan_context.first = command.first;
  plan_context.usd = command.budget;
  plan_context.names = std::move(*names);
  Findings problems;
  auto plan = sweeps::make_plan(std::move(*manifest), *planned.source,
                                plan_context, problems);
  if (!plan && !problems.has_errors())
    return give_up(plan.error(), "`" + command.manifest + "`");
  if (auto settled = settle_findings(context, std::move(problems)); !settled)
    return pass_on(settled);
  planned.plan = std::move(*plan);

  if (auto found = find_settled(context, planned); !found)
    return pass_on(found);
  const auto book = price_book(context.settings);
  const auto first = planned.plan->scenario_of(0);
  auto estimate = sweeps::estimate_plan(
    *planned.plan, planned.settled(), price_lookup(book),
    first ? past_runs(context, first->id) : std::vector<sweeps::PastRun>{});
  if (!estimate)
    return give_up(estimate.error(), "the estimate");
  planned.view = view_of(planned, command, context, std::move(*estimate), book);
  planned.view.simulation = simulation_of_plan(planned, book);
  return planned;
}

Outcome<SweepResult> execute_sweep(PlannedSweep& planned,
                                   const SweepCommand& command,
                                   const Context& context, int& signal) {
  const auto& plan = *planned.plan;
  SweepResult result;
  if (planned.view.runs == planned.view.existing + planned.view.halted) {
    auto nothing = result_without_work(planned, context);
    if (!nothing)
      return nothing;
    result = std::move(*nothing);
    context.console.say(
      grouped(planned.view.existing) + " of " + grouped(planned.view.runs)
      + " done already"
      + (planned.view.halted > 0
           ? ", " + grouped(planned.view.halted) + " halted by their own checks"
           : "")
      + "; nothing to do\n");
  } else {
    auto work = work_of(planned, command, context);
    auto ready = ready_answers(command.answers, {});
    if (!ready)
      return give_up(ready.error(), "--answers");
    work.people.ready = std::move(*ready);
    auto worked = do_work(context, std::move(work));
    if (!worked)
      return pass_on(worked);
    signal = worked->signal;
    result.outcome = std::move(worked->outcome);
    result.calls = worked->last.calls;
    result.balance = worked->last.balance;
    result.slots = slots_of(worked->last.lanes);
  }
  result.sweep = plan.id();
  result.name = plan.manifest().name;
  for (const auto& ticket : plan.tickets())
    result.names[ticket.run] = ticket.name;
  result.points = planned.view.points;
  result.simulated = planned.view.simulation.any;
  result.play_money = planned.view.simulation.all;
  result.database = context.workspace().analytics;
  result.output = plan.output();
  return result;
}

Outcome<std::string> outcome_tables(const PlannedSweep& planned,
                                    const Context& context) {
  const auto& plan = *planned.plan;
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  const auto names = tables->metrics(plan.id());
  if (!names)
    return give_up(names.error(), "the sweep's metrics");
  const auto& wanted = plan.manifest().measure.final_metrics;
  const auto scenario = plan.scenario_of(0);
  std::string out;
  std::size_t shown = 0;
  for (const auto& name : *names) {
    const bool asked =
      wanted.empty()
      || std::find(wanted.begin(), wanted.end(), name.metric) != wanted.end();
    if (!name.participant.empty() || !asked || shown == metrics_shown_max)
      continue;
    const auto rows = tables->metric_table(plan.id(), name);
    if (!rows)
      return give_up(rows.error(), "the metric " + name.metric);
    OutcomeView view;
    view.metric = name.metric;
    view.replicates = plan.manifest().replicates.count;
    view.simulated = planned.view.simulation.any;
    view.table = tabulate(*rows);
    if (scenario)
      view.range = range_of(*scenario, name.metric);
    for (const auto& factor : plan.manifest().factors)
      view.labels[factor.name] = factor.label;
    out += (shown++ == 0 ? "" : "\n") + outcome_text(view);
  }
  return out;
}

Outcome<ExitCode> sweep_command(const SweepCommand& command,
                                const Context& context) {
  auto planned = plan_sweep(command, context);
  if (!planned)
    return pass_on(planned);
  Findings budget;
  sweeps::check_budget(*planned->plan, planned->view.estimate, budget);
  const auto text = plan_text(planned->view);
  if (command.execute)
    context.console.say(text + "\n");
  else
    context.result(text, plan_json(planned->view));
  if (auto settled = settle_findings(context, std::move(budget)); !settled) {
    settled.error().consequence = "nothing was run, nothing was spent";
    return pass_on(settled);
  }
  const auto book = price_book(context.settings);
  if (auto callable = check_models(planned->view.estimate.all, book); !callable)
    return pass_on(callable);
  if (!command.execute) {
    context.console.say("Next: " + context.program + " sweep run "
                        + command.manifest + "\n");
    return ExitCode::done;
  }

  int signal = 0;
  auto result = execute_sweep(*planned, command, context, signal);
  if (!result)
    return pass_on(result);
  auto outcomes = outcome_tables(*planned, context);
  if (!outcomes)
    return pass_on(outcomes);
  context.result(sweep_text(*result) + "\n" + *outcomes, sweep_json(*result));
  if (result->outcome.code != Errc::ok)
    context.console.problem(render(
      failure_of(Error{result->outcome.code, result->outcome.reason}, "")));
  if (result->outcome.status != "completed" || result->outcome.runs.failed > 0)
    context.console.say(
      "Go on: repeat the command; it does what is missing.\n");
  return exit_code_of(result->outcome, signal);
}

Outcome<ExitCode> sweep_list_command(const Context& context) {
  StatusView view;
  view.at = SystemClock{}.now_ms();
  view.engine = storage::owner_of(context.settings.home.value);
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (*tables) {
    auto sweeps = (*tables)->sweeps();
    if (!sweeps)
      return give_up(sweeps.error(), "the sweeps");
    view.sweeps = std::move(*sweeps);
  }
  context.result(sweep_list_text(view), sweep_list_json(view));
  return ExitCode::done;
}

} // namespace lab::tools
