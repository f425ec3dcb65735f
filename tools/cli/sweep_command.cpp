#include "tools/cli/sweep_command.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sweeps/adaptive/canaries.hpp"
#include "tools/cli/adaptive_work.hpp"
#include "tools/cli/answers_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/data_files.hpp"
#include "tools/cli/model_watching.hpp"
#include "tools/cli/outcome_report.hpp"
#include "tools/cli/status_report.hpp"
#include "tools/cli/stopped_sweep.hpp"
#include "tools/cli/stored_runs.hpp"
#include "tools/cli/text_table.hpp"
#include "tools/cli/work.hpp"

namespace lab::tools {

namespace {

// More tables than this are a matter for `runs --json` and the database.
constexpr std::size_t metrics_shown_max = 3;

/// The names of some runs in this sweep.
Outcome<std::map<RunId, std::string>>
names_of(const PlannedSweep& planned, const std::vector<RunOutcome>& ended,
         const Context& context) {
  std::map<RunId, std::string> names;
  if (planned.plan->listed()) {
    for (const auto& ticket : planned.plan->tickets())
      names[ticket.run] = ticket.name;
    return names;
  }
  if (ended.empty())
    return names;
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  StoredRuns stored{std::move(*tables), planned.plan->id()};
  for (const auto& run : ended) {
    const auto found = stored.find(run.run);
    if (!found)
      return give_up(found.error(), "the sweep's runs");
    if (!found->name.empty())
      names[run.run] = found->name;
  }
  return names;
}

Work work_of(PlannedSweep& planned, const SweepCommand& command,
             const Context& context) {
  const auto& plan = *planned.plan;
  Work work;
  auto& job = work.job;
  job.sweep = plan.sweep_fact();
  // Rules have a source of their own, and names are given once.
  if (!planned.rules.any())
    job.runs = plan.missing(planned.settled());
  job.counts.planned = planned.view.runs;
  job.counts.existing = planned.view.existing;
  job.counts.halted = planned.view.halted;
  job.turns_planned = planned.view.estimate.turns;
  job.runs_in_flight = planned.view.runs_in_flight;
  job.per_run.usd = plan.manifest().per_run_usd;
  const auto on_exhausted = plan.manifest().budget_rules.on_exhausted;
  job.exhausted_ends_running =
    on_exhausted != sweeps::OnExhausted::finish_running;
  job.exhausted_ends_sweep = on_exhausted == sweeps::OnExhausted::stop;
  job.account = {AccountKind::sweep, to_string(plan.id())};
  const auto& times = plan.manifest().time;
  if (times.run_seconds)
    job.time.run_time = std::chrono::seconds{*times.run_seconds};
  if (times.sweep_seconds)
    job.time.sweep_time = std::chrono::seconds{*times.sweep_seconds};
  if (times.window) {
    job.time.window = times.window->hours;
    job.time.close_ends_running = !times.window->finish_running;
  }
  if (const auto& retry = plan.manifest().retry)
    job.tries_max = retry->attempts;

  // The manifest is the word on the sweep's limit, its silence too.
  LimitSet limit;
  limit.account = job.account;
  limit.limit = plan.budget();
  limit.by = context.settings.user.value;
  limit.reason = command.budget ? "--budget-usd" : "manifest";
  limit.warn_at = plan.manifest().budget_rules.warn_at;
  work.limits.push_back(std::move(limit));
  for (const auto& [model, usd] : plan.manifest().budget_rules.by_model) {
    Limit ceiling;
    ceiling.usd = usd;
    work.limits.push_back({model_account(plan.id(), model), ceiling,
                           context.settings.user.value, "manifest"});
    job.limited_models.insert(model);
  }
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

Outcome<SweepResult> execute_sweep(PlannedSweep& planned,
                                   const SweepCommand& command,
                                   const Context& context, int& signal) {
  const auto& plan = *planned.plan;
  SweepResult result;
  // Points that are still loose may get more runs than were planned.
  if (plan.listed() && !planned.rules.more
      && planned.view.runs == planned.view.existing + planned.view.halted) {
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
    if (planned.rules.any()) {
      auto runs =
        runs_by_rules(plan, std::move(planned.rules), context, work.job.counts);
      if (!runs)
        return pass_on(runs);
      work.job.runs = std::move(*runs);
    }
    auto watch = watch_of(planned, context);
    if (!watch)
      return pass_on(watch);
    if (*watch) {
      work.job.watch = std::move(*watch);
      work.job.check_every = plan.manifest().sentinel->every;
      work.job.user = context.settings.user.value;
    }
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
  auto names = names_of(planned, result.outcome.ended, context);
  if (!names)
    return pass_on(names);
  result.names = std::move(*names);
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
  sweeps::check_sentinel(planned->plan->manifest(), planned->view.estimate,
                         budget);
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

  if (auto may = may_go_on(*planned, context); !may)
    return pass_on(may);
  int signal = 0;
  auto result = execute_sweep(*planned, command, context, signal);
  // Doing it again is the word to go on.
  while (result && signal == 0 && result->outcome.ruled
         && result->outcome.ruled->then == "ask"
         && wants_to_go_on(context, *result->outcome.ruled)) {
    planned = plan_sweep(command, context);
    if (!planned)
      return pass_on(planned);
    result = execute_sweep(*planned, command, context, signal);
  }
  if (!result)
    return pass_on(result);
  auto outcomes = outcome_tables(*planned, context);
  if (!outcomes)
    return pass_on(outcomes);
  context.result(sweep_text(*result) + "\n" + *outcomes, sweep_json(*result));
  const auto files = write_wanted_files(context, planned->plan->manifest(),
                                        planned->plan->output());
  if (!files)
    return give_up(files.error());
  for (const auto& path : *files)
    context.console.say("Wrote " + path + "\n");
  // A walked plan meets them as its runs start.
  if (const auto& found = planned->plan->duplicates();
      !planned->plan->listed() && found.count > 0)
    context.console.problem(
      render(sweeps::duplicates_finding(planned->plan->manifest(), found)));
  if (result->outcome.code != Errc::ok && !result->outcome.ruled)
    context.console.problem(render(
      failure_of(Error{result->outcome.code, result->outcome.reason}, "")));
  if (result->outcome.status == "stopped")
    context.console.say("The sweep is over, as `on_exhausted: stop` has it. Go "
                        "on: raise its budget in the manifest, or give more "
                        "once with --budget-usd.\n");
  else if (result->outcome.status != "completed"
           || result->outcome.runs.failed > 0)
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
