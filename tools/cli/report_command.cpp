#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/data_files.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/planned_manifest.hpp"

namespace lab::tools {

namespace {

struct Wanted {
  SweepId sweep;
  std::optional<sweeps::Manifest> manifest;
};

/// A manifest's file wins over a sweep of that name.
Outcome<Wanted> wanted_sweep(const std::string& word,
                             storage::Queries& tables) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(word, ignored)) {
    Findings findings;
    auto manifest = sweeps::load_manifest(word, findings);
    if (!manifest)
      return give_up(failure_of(std::move(findings)));
    const auto sweep = sweep_id_of(manifest->name);
    return Wanted{sweep, std::move(manifest)};
  }
  const auto target = tables.resolve(word);
  if (!target)
    return give_up(target.error(), "`" + word + "`");
  const auto* sweep = std::get_if<SweepId>(&*target);
  if (sweep == nullptr)
    return give_up(
      Error{Errc::invalid_input, "a run has no report; `show` tells its story"},
      "`" + word + "`");
  return Wanted{*sweep, planned_manifest(tables, *sweep)};
}

} // namespace

Outcome<ExitCode> report_command(const ReportCommand& command,
                                 const Context& context) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  auto wanted = wanted_sweep(command.sweep, *tables);
  if (!wanted)
    return pass_on(wanted);
  auto folder = command.folder;
  if (folder.empty()) {
    const auto row = tables->sweep(wanted->sweep);
    if (!row)
      return give_up(row.error(), "`" + command.sweep + "`");
    folder = row->output;
  }
  auto written =
    write_report(*tables, wanted->sweep, std::move(wanted->manifest), folder,
                 command.stratum);
  if (!written)
    return pass_on(written);
  std::string text;
  for (const auto& path : *written)
    text += printable(path) + "\n";
  context.result(text, document({{"schema", "scenario-lab/report/1"},
                                 {"sweep", to_string(wanted->sweep)},
                                 {"files", *written}}));
  return ExitCode::done;
}

} // namespace lab::tools
