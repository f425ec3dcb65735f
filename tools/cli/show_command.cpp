#include "tools/cli/commands.hpp"
#include "tools/cli/planned_run.hpp"
#include "tools/cli/story_report.hpp"

namespace lab::tools {

Outcome<ExitCode> show_command(const ShowCommand& command,
                               const Context& context) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  auto run = find_run(*tables, command.run);
  if (!run)
    return pass_on(run);
  const auto detail = tables->run(*run);
  if (!detail)
    return give_up(detail.error(), "`" + command.run + "`");
  context.result(story_text(*detail), story_json(*detail));
  return ExitCode::done;
}

} // namespace lab::tools
