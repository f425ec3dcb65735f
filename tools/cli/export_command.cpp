#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "storage/export/tidy_tables.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/data_files.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/planned_manifest.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

/// `export` in the folder of the target's artefacts.
Result<std::string> usual_folder(storage::Queries& tables,
                                 const storage::Target& target) {
  std::string output;
  if (const auto* sweep = std::get_if<SweepId>(&target)) {
    LAB_TRY(const auto row, tables.sweep(*sweep));
    output = row.output;
  } else {
    LAB_TRY(const auto detail, tables.run(std::get<RunId>(target)));
    output = detail.row.output;
  }
  return (std::filesystem::path{output} / "export").string();
}

std::string exported_text(const std::vector<storage::ExportedTable>& written) {
  TextTable table{{{"", Align::left}, {"", Align::right}, {"", Align::left}}};
  for (const auto& each : written)
    table.row({each.name, count_of(each.rows, "row"), printable(each.file)});
  return table.text();
}

std::string exported_json(const std::vector<storage::ExportedTable>& written) {
  Json files = Json::array();
  for (const auto& each : written)
    files.push_back(
      {{"table", each.name}, {"file", each.file}, {"rows", each.rows}});
  return document(
    {{"schema", "scenario-lab/exported/1"}, {"tables", std::move(files)}});
}

} // namespace

Outcome<ExitCode> export_command(const ExportCommand& command,
                                 const Context& context) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  const auto target = tables->resolve(command.id);
  if (!target)
    return give_up(target.error(), "`" + command.id + "`");
  storage::ExportOrder order;
  order.target = *target;
  order.form = command.form;
  order.tables = command.tables;
  order.folder = command.folder;
  if (order.folder.empty()) {
    auto folder = usual_folder(*tables, *target);
    if (!folder)
      return give_up(folder.error(), "`" + command.id + "`");
    order.folder = std::move(*folder);
  }
  std::optional<sweeps::Manifest> manifest;
  if (const auto* sweep = std::get_if<SweepId>(&*target))
    manifest = planned_manifest(*tables, *sweep);
  auto written = write_tables(*tables, std::move(order), manifest);
  if (!written)
    return pass_on(written);
  context.result(exported_text(*written), exported_json(*written));
  return ExitCode::done;
}

} // namespace lab::tools
