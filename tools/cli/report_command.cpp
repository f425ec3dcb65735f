#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "storage/export/out_file.hpp"
#include "sweeps/report/report.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/planned_manifest.hpp"
#include "tools/cli/report_reader.hpp"

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

Result<std::string> write(const std::string& folder, const std::string& name,
                          const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(Errc::disk_failed, folder + ": " + error.message());
  auto path = (std::filesystem::path{folder} / name).string();
  LAB_TRY(auto file, storage::OutFile::open(path));
  LAB_CHECKED(file.write(text));
  LAB_CHECKED(file.finish());
  return path;
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
  const auto input =
    read_report(*tables, wanted->sweep, std::move(wanted->manifest));
  if (!input)
    return give_up(input.error(), "`" + command.sweep + "`");
  auto folder = command.folder;
  if (folder.empty()) {
    const auto row = tables->sweep(wanted->sweep);
    if (!row)
      return give_up(row.error(), "`" + command.sweep + "`");
    folder = row->output;
  }
  const auto document = sweeps::report::report(*input);
  std::string text;
  Json files = Json::array();
  for (const auto& [name, content] :
       {std::pair{"report.md", sweeps::report::to_markdown(document)},
        std::pair{"report.html", sweeps::report::to_html(document)}}) {
    const auto written = write(folder, name, content);
    if (!written)
      return give_up(written.error(), "the report");
    text += printable(*written) + "\n";
    files.push_back(*written);
  }
  context.result(text,
                 lab::tools::document({{"schema", "scenario-lab/report/1"},
                                       {"sweep", input->id},
                                       {"files", std::move(files)}}));
  return ExitCode::done;
}

} // namespace lab::tools
