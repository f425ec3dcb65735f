#include "tools/cli/commands.hpp"
#include "tools/cli/status_report.hpp"

namespace lab::tools {

namespace {

Outcome<void> add_runs(StatusView& view, storage::Queries& tables,
                       const storage::RunFilter& filter) {
  auto runs = tables.runs(filter);
  if (!runs)
    return give_up(runs.error(), "the runs");
  view.runs = std::move(*runs);
  return {};
}

/// Sweeps, and the single runs beside them.
Outcome<void> add_everything(StatusView& view, storage::Queries& tables) {
  auto sweeps = tables.sweeps();
  if (!sweeps)
    return give_up(sweeps.error(), "the sweeps");
  view.sweeps = std::move(*sweeps);
  if (auto added = add_runs(view, tables, {}); !added)
    return added;
  std::erase_if(view.runs,
                [](const storage::RunRow& run) { return bool{run.sweep}; });
  return {};
}

/// A sweep with those of its runs that need a look, or one run.
Outcome<void> add_target(StatusView& view, storage::Queries& tables,
                         const storage::Target& target) {
  if (const auto* run = std::get_if<RunId>(&target)) {
    auto detail = tables.run(*run);
    if (!detail)
      return give_up(detail.error(), to_string(*run));
    view.runs.push_back(std::move(detail->row));
    return {};
  }
  const auto id = std::get<SweepId>(target);
  auto sweep = tables.sweep(id);
  if (!sweep)
    return give_up(sweep.error(), to_string(id));
  view.sweeps.push_back(std::move(*sweep));
  storage::RunFilter filter;
  filter.sweep = id;
  if (auto added = add_runs(view, tables, filter); !added)
    return added;
  std::erase_if(view.runs, [](const storage::RunRow& run) {
    return run.status == RunStatus::completed
           || run.status == RunStatus::planned;
  });
  return {};
}

} // namespace

Outcome<ExitCode> status_command(const StatusCommand& command,
                                 const Context& context) {
  StatusView view;
  view.at = SystemClock{}.now_ms();
  view.engine = storage::owner_of(context.settings.home.value);
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables && !command.id.empty())
    return give_up(Error{Errc::not_found, "nothing ran in this workspace yet"},
                   "`" + command.id + "`");
  if (*tables && command.id.empty()) {
    if (auto added = add_everything(view, **tables); !added)
      return pass_on(added);
  } else if (*tables) {
    const auto target = (*tables)->resolve(command.id);
    if (!target)
      return give_up(target.error(), "`" + command.id + "`");
    if (auto added = add_target(view, **tables, *target); !added)
      return pass_on(added);
  }
  context.result(status_text(view), status_json(view));
  return ExitCode::done;
}

} // namespace lab::tools
