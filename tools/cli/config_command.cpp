#include "runtime/base/text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

Outcome<ExitCode> config_show_command(const ConfigShowCommand& command,
                                      const Context& context) {
  TextTable table{{{"", Align::left}, {"", Align::left}, {"", Align::left}}};
  Json settings = Json::object();
  for (const auto& line : setting_lines(context.settings)) {
    table.row(
      {line.key, printable(line.value), command.origin ? line.origin : ""});
    settings[line.key] = {{"value", line.value}, {"origin", line.origin}};
  }
  context.result(table.text(),
                 document(Json{{"schema", "scenario-lab/config/1"},
                               {"files", context.settings.files},
                               {"settings", settings}}));
  return ExitCode::done;
}

} // namespace lab::tools
