#include "tools/cli/commands.hpp"

namespace lab::tools {

Outcome<ExitCode> report_command(const ReportCommand& command,
                                 const Context& context) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  const auto target = tables->resolve(command.sweep);
  if (!target)
    return give_up(target.error(), "`" + command.sweep + "`");
  return ExitCode::done;
}

} // namespace lab::tools
