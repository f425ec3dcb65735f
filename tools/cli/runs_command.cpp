#include "tools/cli/commands.hpp"
#include "tools/cli/status_report.hpp"

namespace lab::tools {

Outcome<ExitCode> runs_command(const RunsCommand& command,
                               const Context& context) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  storage::RunFilter filter;
  if (!command.sweep.empty()) {
    const auto target = tables->resolve(command.sweep);
    if (!target)
      return give_up(target.error(), "`" + command.sweep + "`");
    const auto* sweep = std::get_if<SweepId>(&*target);
    if (sweep == nullptr)
      return give_up(
        Error{Errc::invalid_input, "`" + command.sweep + "` is a run"},
        "a sweep was wanted");
    filter.sweep = *sweep;
  }
  auto runs = tables->runs(filter);
  if (!runs)
    return give_up(runs.error(), "the runs");
  StatusView view;
  view.at = SystemClock{}.now_ms();
  view.engine = storage::owner_of(context.settings.home.value);
  view.runs = std::move(*runs);
  context.result(runs_text(view), runs_json(view));
  return ExitCode::done;
}

} // namespace lab::tools
