#include "runtime/base/text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

constexpr std::size_t value_width = 40;

std::string first_line(const std::string& text) {
  return shorten(printable(text.substr(0, text.find('\n'))), value_width);
}

} // namespace

Outcome<ExitCode> paths_command(const PathsCommand& command,
                                const Context& context) {
  auto source = open_source(context, command.scenario);
  if (!source)
    return pass_on(source);
  TextTable table{{{"PATH", Align::left},
                   {"TYPE", Align::left},
                   {"VALUE", Align::left},
                   {"PLACE", Align::left}}};
  Json rows = Json::array();
  for (const auto& path : (*source)->paths()) {
    const auto place =
      path.line > 0 ? path.file + ":" + std::to_string(path.line) : path.file;
    table.row({path.path, path.type, first_line(path.value), place});
    rows.push_back({{"path", path.path},
                    {"type", path.type},
                    {"value", path.value},
                    {"file", path.file},
                    {"line", path.line}});
  }
  context.result(table.text(), document(Json{{"schema", "scenario-lab/paths/1"},
                                             {"scenario", command.scenario},
                                             {"paths", rows}}));
  return ExitCode::done;
}

} // namespace lab::tools
