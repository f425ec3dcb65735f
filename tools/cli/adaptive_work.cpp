#include "tools/cli/adaptive_work.hpp"

#include <iostream>
#include <utility>

#include "runtime/base/text.hpp"
#include "storage/queries.hpp"
#include "tools/cli/stored_attempts.hpp"

namespace lab::tools {

namespace {

sweeps::Moment moment_of(UnixMs at) {
  constexpr double ms_per_second = 1'000;
  return {static_cast<double>(at) / ms_per_second};
}

/// Runs of the sweep that ended and count: completed ones, and those that
/// their own checks halted.
Result<std::unordered_map<RunId, EndedRun>> ended_runs(storage::Queries& tables,
                                                       SweepId sweep) {
  LAB_TRY(const auto rows, tables.runs({sweep, {}, {}, {}, {}, 0}));
  std::vector<RunId> ids;
  for (const auto& row : rows)
    ids.push_back(row.id);
  LAB_TRY(const auto halted, tables.halted_by_phase(ids));
  std::unordered_map<RunId, EndedRun> ended;
  std::unordered_map<RunId, std::int32_t> last_turn;
  for (const auto& row : rows) {
    if (row.status != RunStatus::completed && !halted.contains(row.id))
      continue;
    auto& run = ended[row.id];
    run.outcome.run = row.id;
    run.outcome.status = row.status;
    run.outcome.code = row.code;
    run.outcome.reason = row.reason;
    run.outcome.turns_completed = row.turns_completed;
    run.charge = row.spend.settled + row.spend.unknown;
    if (row.status == RunStatus::completed)
      last_turn[row.id] = row.turns_completed;
  }
  LAB_CHECKED(tables.each_metric(
    storage::Target{sweep},
    [&](const storage::MetricPoint& metric) -> Result<void> {
      const auto last = last_turn.find(metric.run);
      if (last != last_turn.end() && metric.turn == last->second
          && metric.participant.empty() && metric.status == MetricStatus::value
          && metric.number)
        ended[metric.run].metrics.emplace_back(metric.metric, *metric.number);
      return {};
    }));
  LAB_TRY(const auto digests, tables.reply_digests(storage::Target{sweep}));
  for (const auto& [run, digest] : digests)
    if (last_turn.contains(run))
      ended[run].replies = digest128_from(digest);
  return ended;
}

void count_known(const sweeps::SweepPlan& plan,
                 const std::unordered_map<RunId, EndedRun>& known,
                 RunCounts& counts) {
  counts.existing = counts.halted = 0;
  for (const auto& ticket : plan.tickets())
    if (const auto found = known.find(ticket.run); found != known.end())
      ++(found->second.outcome.status == RunStatus::completed ? counts.existing
                                                              : counts.halted);
}

} // namespace

Outcome<sweeps::AdaptiveRules> rules_of(const sweeps::SweepPlan& plan,
                                        const Context& context) {
  Findings findings;
  auto rules = sweeps::adaptive_rules(plan, findings);
  if (!rules && !findings.has_errors())
    return give_up(rules.error(), "the sweep's rules");
  if (rules) {
    if (rules->ask_for("provider.error_rate"))
      rules->attempts =
        std::make_shared<StoredAttempts>(context.workspace().analytics);
    if (const auto& window = plan.manifest().time.window)
      rules->forecast.window_close =
        moment_of(opening_at(window->hours, SystemClock{}.now_ms()).close);
  }
  if (auto settled = settle_findings(context, std::move(findings)); !settled)
    return pass_on(settled);
  return std::move(*rules);
}

Outcome<std::unique_ptr<RunSource>> runs_by_rules(const sweeps::SweepPlan& plan,
                                                  sweeps::AdaptiveRules rules,
                                                  const Context& context,
                                                  RunCounts& counts) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables)
    return sweeps::adaptive_runs(plan, std::move(rules), {});
  auto known = ended_runs(**tables, plan.id());
  if (!known)
    return give_up(known.error(), "the sweep's earlier runs");
  if (plan.listed())
    count_known(plan, *known, counts);
  return sweeps::adaptive_runs(plan, std::move(rules), std::move(*known));
}

bool wants_to_go_on(const Context& context, const RuledEnd& end) {
  if (!context.attended)
    return false;
  context.console.problem(printable(end.because)
                          + "\nGo on with the sweep? [y/N] ");
  std::string answer;
  return std::getline(std::cin, answer)
         && (answer == "y" || answer == "Y" || answer == "yes");
}

} // namespace lab::tools
