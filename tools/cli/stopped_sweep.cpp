#include "tools/cli/stopped_sweep.hpp"

#include <utility>

#include "runtime/base/text.hpp"
#include "tools/cli/table_cells.hpp"

namespace lab::tools {

namespace {

/// The ceilings that the sweep had when it was last run.
Result<Limit> latest_limit(storage::Queries& tables, SweepId sweep) {
  const AccountId account{AccountKind::sweep, to_string(sweep)};
  LAB_TRY(const auto found,
          tables.sql("SELECT pico_usd, calls, tokens FROM limits "
                     "WHERE account = '"
                       + to_string(account) + "'",
                     1));
  Limit limit;
  if (found.rows.empty())
    return limit;
  const auto& row = found.rows.front();
  if (row[0])
    limit.usd = Money{number_in(row[0])};
  if (row[1])
    limit.calls = number_in(row[1]);
  if (row[2])
    limit.tokens = number_in(row[2]);
  return limit;
}

template <class Measure>
bool is_higher(const std::optional<Measure>& before,
               const std::optional<Measure>& now) {
  return before && (!now || *now > *before);
}

} // namespace

bool is_raised(const Limit& before, const Limit& now) {
  return is_higher(before.usd, now.usd) || is_higher(before.calls, now.calls)
         || is_higher(before.tokens, now.tokens);
}

Outcome<void> may_go_on(const PlannedSweep& planned, const Context& context) {
  const auto& plan = *planned.plan;
  if (plan.manifest().budget_rules.on_exhausted != sweeps::OnExhausted::stop)
    return {};
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables)
    return {};
  const auto row = (*tables)->sweep(plan.id());
  if (!row || row->status != "stopped")
    return {};
  const auto limit = latest_limit(**tables, plan.id());
  if (!limit)
    return give_up(limit.error(), "the sweep's limits");
  if (is_raised(*limit, plan.budget()))
    return {};
  Failure failure;
  failure.exit = ExitCode::limit_reached;
  auto told = finding("B515",
                      "this sweep is over: its budget was used up, and the "
                      "manifest says `on_exhausted: stop`",
                      {"raise `budget` in the manifest, or give more once: "
                       "sweep run ... --budget-usd AMOUNT",
                       "write `on_exhausted: pause` if it shall go on whenever "
                       "the command is repeated"});
  told.notes.push_back(printable(row->reason));
  failure.findings.add(std::move(told));
  failure.consequence = "nothing was run, nothing was spent";
  return give_up(std::move(failure));
}

} // namespace lab::tools
