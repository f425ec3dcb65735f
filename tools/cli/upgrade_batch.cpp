#include "tools/cli/upgrade_batch.hpp"

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "scenarios/upgrade/upgrade.hpp"
#include "sweeps/batch/batch_file.hpp"
#include "sweeps/batch/batch_upgrade.hpp"
#include "tools/cli/json_output.hpp"

namespace lab::tools {

namespace {

using scenarios::FileUpgrade;

/// The file as it is, to the byte.
std::string bytes_of(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The manifest in the place of the batch file.
std::optional<FileUpgrade> plan_of(const yaml::Document& batch,
                                   Findings& findings) {
  const auto meant = sweeps::manifest_of_batch(batch, findings);
  Findings twice; // what the first reading found
  auto text = meant ? sweeps::upgraded_batch(batch, twice) : std::nullopt;
  if (!text)
    return std::nullopt;
  const auto written = yaml::parse(*text, batch.file, twice);
  if (!written
      || yaml::canonical(written->root) != yaml::canonical(meant->root))
    return std::nullopt;
  FileUpgrade file;
  file.name = batch.file;
  file.path =
    batch.file.find('/') == std::string::npos ? "./" + batch.file : batch.file;
  file.before = bytes_of(file.path);
  file.after = std::move(*text);
  file.changes.emplace_back("written as a sweep: schema sweep/1");
  return file;
}

} // namespace

Outcome<ExitCode> upgrade_batch(const UpgradeCommand& command,
                                const Context& context) {
  const auto& path = command.scenario;
  Findings findings;
  const auto batch = yaml::load(path, findings);
  const auto refuse = [&] {
    auto failure = failure_of(std::move(findings));
    failure.exit = ExitCode::invalid;
    failure.consequence = "nothing was changed";
    return give_up(std::move(failure));
  };
  if (!batch)
    return refuse();
  const auto* schema = batch->root.find("schema");
  const bool native = schema != nullptr && schema->scalar == "sweep/1";
  if (!native && !sweeps::is_batch_file(*batch)) {
    auto finding = yaml::at(*batch, batch->root, "S403",
                            "this is neither a scenario's folder nor a batch "
                            "file of an earlier version");
    finding.help.emplace_back("give the folder that holds scenario.yaml");
    findings.add(std::move(finding));
    return refuse();
  }
  std::vector<FileUpgrade> files;
  if (!native) {
    auto file = plan_of(*batch, findings);
    if (!file && findings.has_errors())
      return refuse();
    if (!file)
      return give_up(
        Error{Errc::internal, "the upgraded file would be another sweep"},
        "`" + path + "`");
    files.push_back(std::move(*file));
  }
  const auto diff = scenarios::diff_of(files);
  std::string backup;
  std::string text;
  if (!command.diff && !files.empty()) {
    const auto written = scenarios::write_upgrade(files);
    if (!written)
      return give_up(written.error(), "`" + path + "` stays as it was");
    backup = written->front().backup;
    text = path + "\n  " + files[0].changes[0] + "\n  the old file is kept as "
           + backup + "\n";
  }
  if (files.empty())
    text = path + ": nothing to do, schema sweep/1\n";
  if (!files.empty() && !findings.empty())
    text += render(findings);
  auto list = Json::array();
  for (const auto& file : files)
    list.push_back({{"file", file.path},
                    {"backup", text_or_null(backup)},
                    {"changes", file.changes}});
  context.result(command.diff ? diff : text,
                 document(Json{{"schema", "scenario-lab/upgrade/1"},
                               {"scenario", path},
                               {"changed", !files.empty()},
                               {"written", !backup.empty()},
                               {"files", std::move(list)},
                               {"diff", diff}}));
  return command.diff && !diff.empty() ? ExitCode::some_failed : ExitCode::done;
}

} // namespace lab::tools
