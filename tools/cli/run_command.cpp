#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/plan.hpp"
#include "tools/cli/answers_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/hand_over.hpp"
#include "tools/cli/output_folder.hpp"
#include "tools/cli/past_runs.hpp"
#include "tools/cli/planned_run.hpp"
#include "tools/cli/result_report.hpp"
#include "tools/cli/work.hpp"

namespace lab::tools {

namespace {

/// A run that shall be executed, and what is told of it.
struct PreparedRun {
  RunSpec spec;
  sweeps::Estimate estimate;
  /// What the first turns of a branch had cost its parent.
  std::optional<storage::Spend> inherited;
  /// Its plan, when it is another than the journal's.
  std::optional<RunSpec> planned_anew;
};

/// Hands out one run.
class OneRun final : public RunSource {
public:
  explicit OneRun(RunSpec spec) : spec_(std::move(spec)) {}

  std::optional<RunTicket> next() override {
    if (std::exchange(handed_out_, true))
      return std::nullopt;
    RunTicket ticket;
    ticket.run = spec_.id;
    ticket.name = spec_.name;
    ticket.point = spec_.point;
    ticket.replicate = spec_.replicate;
    ticket.seed = spec_.seed;
    return ticket;
  }
  Result<RunSpec> resolve(const RunTicket&) const override { return spec_; }

private:
  RunSpec spec_;
  bool handed_out_ = false;
};

/// Short enough to be typed again.
std::uint64_t fresh_seed() { return std::random_device{}(); }

/// A single run shares its replies with no other.
Digest128 own_scope(RunId run) {
  return Hasher{}.add("run").add(to_string(run)).finish128();
}

Outcome<PreparedRun> prepare_new(const RunCommand& command,
                                 const Context& context) {
  auto source = open_source(context, command.scenario);
  if (!source)
    return pass_on(source);
  std::vector<Assignment> assignments;
  if (command.end_turn)
    assignments.push_back(
      {"turns", yaml::Node::plain(std::to_string(*command.end_turn))});
  for (auto& assignment : sweeps::model_assignments(command.models, **source))
    assignments.push_back(std::move(assignment));
  for (auto& assignment : control_assignments(command.human, command.ai))
    assignments.push_back(std::move(assignment));
  auto scenario = resolve_scenario(context, **source, assignments);
  if (!scenario)
    return pass_on(scenario);

  PreparedRun run;
  auto& spec = run.spec;
  spec.seed = command.seed.value_or(fresh_seed());
  spec.id = run_id_of(scenario->content, spec.seed);
  spec.scenario = share(std::move(*scenario));
  if (command.dry_run) // may stand beside a running engine
    return run;
  auto controls = known_controls(context, spec.id);
  if (!controls)
    return pass_on(controls);
  spec.controls = std::move(*controls);
  return run;
}

Outcome<PreparedRun> prepare_resumed(const RunCommand& command,
                                     const Context& context) {
  auto planned = find_planned_run(context, command.resume);
  if (!planned)
    return pass_on(planned);
  PreparedRun run;
  auto changes = hand_over(*planned, command.human, command.ai);
  if (!changes)
    return pass_on(changes);
  if (!changes->empty()) {
    for (const auto& change : *changes)
      context.console.say(hand_over_text(change));
    auto& controls = planned->spec.controls;
    controls.insert(controls.end(), changes->begin(), changes->end());
    run.planned_anew = planned->spec;
  }
  run.spec = std::move(planned->spec);
  run.spec.end_turn = command.end_turn.value_or(0);
  // Whoever resumes a run that its checks halted wants it to go on.
  run.spec.past_halt = true;
  return run;
}

/// What the shared turns of a branch had cost the runs that played them.
Outcome<storage::Spend> inherited_spend(const Context& context,
                                        const RunSpec& branch) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  std::set<RunId> sources;
  for (std::int32_t turn = 1; turn <= branch.branch_turn; ++turn)
    sources.insert(branch.source_of(turn).run);
  storage::Spend sum;
  for (const auto source : sources) {
    const auto rows =
      tables->costs(storage::Target{source}, {storage::CostBy::turn});
    if (!rows)
      return give_up(rows.error(), "the costs of " + to_string(source));
    for (const auto& row : *rows) {
      const auto turn = static_cast<std::int32_t>(
        std::strtol(row.keys.front().c_str(), nullptr, 10));
      if (branch.source_of(turn).run != source)
        continue;
      sum.settled += row.spend.settled;
      sum.unknown += row.spend.unknown;
      sum.reserved += row.spend.reserved;
    }
  }
  return sum;
}

/// What makes a branch its parent's after `turn`. A branch of a turn that the
/// parent inherited itself comes from the run that played it.
void branch_off(const RunSpec& parent, std::int32_t turn, RunSpec& branch) {
  const auto source = parent.source_of(turn);
  branch.scenario = parent.scenario;
  branch.branch_from = source.run;
  branch.branch_turn = turn;
  branch.branch_seed = source.seed;
  auto roots = parent.branch_roots;
  if (parent.branch_from)
    roots.push_back(
      {parent.branch_from, parent.branch_turn, parent.branch_seed});
  for (const auto& root : roots)
    if (root.last_turn < turn)
      branch.branch_roots.push_back(root);
  // Who answered then must be asked again.
  for (const auto& change : parent.controls)
    if (change.from_turn <= turn)
      branch.controls.push_back(change);
}

Outcome<PreparedRun> prepare_branch(const RunCommand& command,
                                    const Context& context) {
  auto planned = find_planned_run(context, command.branch_from);
  if (!planned)
    return pass_on(planned);
  const auto& parent = planned->spec;
  const auto turn = command.branch_at_turn;
  if (turn > planned->row.turns_completed)
    return give_up(
      Error{Errc::invalid_input,
            "it completed " + std::to_string(planned->row.turns_completed)},
      to_string(parent.id) + " cannot be branched after turn "
        + std::to_string(turn));

  PreparedRun run;
  auto& spec = run.spec;
  branch_off(parent, turn, spec);
  spec.end_turn = command.end_turn.value_or(0);
  spec.seed = command.seed.value_or(fresh_seed());
  auto changes =
    hand_over_after(*spec.scenario, turn, command.human, command.ai);
  if (!changes)
    return pass_on(changes);
  spec.controls = parent.controls;
  spec.controls.insert(spec.controls.end(), changes->begin(), changes->end());
  spec.id = with_controls(
    branch_id_of(spec.branch_from, turn, spec.scenario->content, spec.seed),
    spec.controls);
  auto spend = inherited_spend(context, spec);
  if (!spend)
    return pass_on(spend);
  run.inherited = *spend;
  return run;
}

/// A pause at a place that no turn has would be waited for in vain.
Outcome<void> check_pauses(const std::vector<PauseSpec>& pauses,
                           const ScenarioSpec& scenario) {
  auto phases = scenario.phases;
  if (phases.empty() || phases.back() != "persistence")
    phases.emplace_back("persistence");
  for (const auto& pause : pauses) {
    const std::string flag = pause.before ? "--pause-before" : "--pause-after";
    if (std::ranges::find(phases, pause.phase) == phases.end()) {
      const auto meant = closest(pause.phase, phases);
      return give_up(Error{Errc::invalid_input,
                           "its phases are " + join(phases, ", ")
                             + (meant ? "; did you mean " + *meant + "?" : "")},
                     "`" + flag + " " + pause.phase + "`: `" + scenario.id
                       + "` has no such phase");
    }
    if (pause.turn > scenario.turns)
      return give_up(
        Error{Errc::invalid_input,
              "it plays " + std::to_string(scenario.turns) + " turns"},
        "`" + flag + " " + pause.phase + "@" + std::to_string(pause.turn)
          + "`: `" + scenario.id + "` has no such turn");
  }
  return {};
}

/// The folder that the run had before; else the one of `--output`; else the
/// next number below the settings' folder.
Outcome<std::string> output_of(const Context& context, const RunSpec& spec) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (*tables)
    if (const auto known = (*tables)->run(spec.id);
        known && !known->row.output.empty())
      return known->row.output;
  if (context.output)
    return *context.output;
  const auto& base = context.settings.output.value;
  auto folder = claim_run_folder((base.empty() ? "output" : base) + "/"
                                 + spec.scenario->id);
  if (!folder)
    return give_up(folder.error(), "no output folder can be made");
  return std::move(*folder);
}

Outcome<PreparedRun> prepare(const RunCommand& command,
                             const Context& context) {
  auto run = !command.resume.empty()        ? prepare_resumed(command, context)
             : !command.branch_from.empty() ? prepare_branch(command, context)
                                            : prepare_new(command, context);
  if (!run)
    return run;
  auto& spec = run->spec;
  if (auto sound = check_pauses(command.pauses, *spec.scenario); !sound)
    return pass_on(sound);
  spec.pauses = command.pauses;
  if (command.resume.empty()) {
    spec.name = to_string(spec.id);
    spec.user = context.settings.user.value;
    spec.scope = own_scope(spec.id);
    spec.simulated = uses_simulation(*spec.scenario);
  }
  const auto book = price_book(context.settings);
  run->estimate = sweeps::estimate(*spec.scenario, price_lookup(book),
                                   past_runs(context, spec.scenario->id));
  if (auto callable = check_models(run->estimate, book); !callable)
    return pass_on(callable);
  return run;
}

ExitCode show_estimate(const PreparedRun& run, const Context& context,
                       const RunCommand& command) {
  const auto book = price_book(context.settings);
  auto view = estimate_view(*run.spec.scenario, command.scenario, run.estimate);
  view.routes = routes_of(run.estimate, book);
  context.result(estimate_text(view), estimate_json(view));
  context.console.say("Nothing was sent: --dry-run.\n");
  return ExitCode::done;
}

Work work_of(PreparedRun& run, const RunCommand& command,
             const Context& context) {
  const auto& spec = run.spec;
  const auto simulation = simulation_of(run.estimate);
  Work work;
  auto& job = work.job;
  job.sweep.scenario = spec.scenario->id;
  job.sweep.output = spec.output;
  job.sweep.simulated = spec.simulated;
  job.counts.planned = 1;
  job.turns_planned = spec.end_turn > 0
                        ? std::min(spec.end_turn, spec.scenario->turns)
                        : spec.scenario->turns;
  job.runs_in_flight = 1;
  job.account = {AccountKind::run, to_string(spec.id)};
  job.runs = std::make_unique<OneRun>(spec);

  // Without a word now, a limit that was set before goes on to hold.
  const auto& configured = context.settings.credit_limit;
  const auto ceiling =
    command.credit_limit ? command.credit_limit : configured.value;
  if (ceiling) {
    LimitSet limit;
    limit.account = job.account;
    limit.limit.usd = ceiling;
    limit.by = context.settings.user.value;
    limit.reason = command.credit_limit ? "--credit-limit" : configured.origin;
    work.limits.push_back(std::move(limit));
  }
  if (run.planned_anew) {
    run.planned_anew->output = spec.output;
    job.planned_anew.push_back(*run.planned_anew);
  }
  work.people.any = has_people(spec);
  work.people.attended = context.attended && !command.no_wait;
  work.header.subject = "run";
  work.header.id = to_string(spec.id);
  work.header.name = spec.scenario->id;
  work.header.simulated = simulation.any;
  work.header.play_money = simulation.all;
  work.start_note = to_string(spec.id) + " " + spec.scenario->id + " "
                    + std::to_string(job.turns_planned) + " turns, seed "
                    + std::to_string(spec.seed)
                    + (ceiling ? ", cap " + to_display(*ceiling) : "");
  return work;
}

RunOutcome outcome_of(const RunSpec& spec, const SweepOutcome& outcome,
                      const Context& context) {
  if (!outcome.ended.empty())
    return outcome.ended.front();
  RunOutcome run;
  run.run = spec.id;
  run.code = outcome.code;
  run.reason = outcome.reason;
  if (outcome.runs.completed > 0) {
    run.status = RunStatus::completed;
    run.turns_completed = spec.scenario->turns;
    // A condition may have ended it earlier.
    if (auto tables = open_tables(context))
      if (const auto known = tables->run(spec.id)) {
        run.turns_completed = known->row.turns_completed;
        run.reason = known->row.reason;
      }
  } else {
    // It never began: the work was stopped before.
    run.status = RunStatus::halted;
  }
  return run;
}

} // namespace

Outcome<ExitCode> run_command(const RunCommand& command,
                              const Context& context) {
  auto prepared = prepare(command, context);
  if (!prepared)
    return pass_on(prepared);
  auto& run = *prepared;
  if (command.dry_run)
    return show_estimate(run, context, command);
  auto output = output_of(context, run.spec);
  if (!output)
    return pass_on(output);
  run.spec.output = std::move(*output);
  if (command.resume.empty() && !command.seed)
    context.console.say("seed " + std::to_string(run.spec.seed)
                        + " was drawn; --seed repeats this run\n");

  auto work = work_of(run, command, context);
  auto ready = ready_answers(command.answers, command.ai);
  if (!ready)
    return give_up(ready.error(), "--answers");
  work.people.ready = std::move(*ready);
  auto worked = do_work(context, std::move(work));
  if (!worked)
    return pass_on(worked);
  const auto simulation = simulation_of(run.estimate);
  RunResult result;
  result.run = run.spec.id;
  result.scenario = run.spec.scenario->id;
  result.outcome = outcome_of(run.spec, worked->outcome, context);
  result.seed = run.spec.seed;
  result.turns = run.spec.scenario->turns;
  result.simulated = simulation.any;
  result.play_money = simulation.all;
  result.calls = worked->last.calls;
  result.balance = worked->last.balance;
  result.output = run.spec.output;
  result.inherited = run.inherited;
  result.parent = run.spec.branch_from;
  context.result(run_text(result), run_json(result));
  if (result.outcome.code != Errc::ok)
    context.console.problem(render(
      failure_of(Error{result.outcome.code, result.outcome.reason}, "")));
  if (result.outcome.status == RunStatus::completed)
    context.console.say("Next: " + context.program + " show "
                        + to_string(result.run) + "\n");
  else
    context.console.say(
      (result.outcome.code == Errc::waits_for_person ? "Answer with: "
                                                     : "Go on: ")
      + context.program + " run --resume " + to_string(result.run) + "\n");
  return exit_code_of(worked->outcome, worked->signal);
}

} // namespace lab::tools
