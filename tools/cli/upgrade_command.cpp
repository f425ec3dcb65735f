#include "tools/cli/upgrade_command.hpp"

#include <filesystem>
#include <utility>

#include "scenarios/loader/scenario_source.hpp"
#include "scenarios/upgrade/upgrade.hpp"
#include "sweeps/planner/plan.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/text_table.hpp"
#include "tools/cli/upgrade_batch.hpp"

namespace lab::tools {

namespace {

using scenarios::FileUpgrade;

/// What the files mean. A scenario whose file names no model is complete with
/// `--model`, and is compared as a simulated one.
struct Meaning {
  ScenarioSpec spec;
  bool with_models = false; // put in, since the files name none
};

Result<ScenarioSpec> resolve_with_models(const ScenarioSource& source,
                                         Findings& findings) {
  return source.resolve(
    sweeps::model_assignments({{"", "sim/persona"}}, source), findings,
    nullptr);
}

Outcome<Meaning> meaning_of(const std::string& folder) {
  Findings findings;
  auto source = scenarios::open_scenario(folder, findings, check_pattern);
  if (!source) {
    auto failure = findings.has_errors()
                     ? failure_of(std::move(findings))
                     : failure_of(source.error(), "`" + folder + "`");
    failure.exit = exit_code_of(source.error().code);
    failure.consequence = "nothing was changed";
    return give_up(std::move(failure));
  }
  Findings own;
  auto spec = (*source)->resolve({}, own, nullptr);
  if (spec)
    return Meaning{std::move(*spec), false};
  Findings again;
  if (auto other = resolve_with_models(**source, again)) {
    // Ours, and none of the files' business.
    other->world_state_model.clear();
    return Meaning{std::move(*other), true};
  }
  findings.append(own);
  auto failure = failure_of(std::move(findings));
  failure.consequence = "correct this first; nothing was changed";
  return give_up(std::move(failure));
}

Json json_of(const FileUpgrade& file, const std::string& backup) {
  return {{"file", file.path},
          {"backup", text_or_null(backup)},
          {"changes", file.changes}};
}

struct Report {
  std::string text;
  std::string document;
};

Report report_of(const std::string& folder,
                 const std::vector<FileUpgrade>& files,
                 const std::vector<scenarios::Written>& written,
                 const std::string& diff) {
  Report report;
  auto list = Json::array();
  std::size_t at = 0;
  for (const auto& file : files) {
    if (!file.changed())
      continue;
    const auto backup = at < written.size() ? written[at++].backup : "";
    list.push_back(json_of(file, backup));
    report.text += file.path + "\n";
    for (const auto& change : file.changes)
      report.text += "  " + change + "\n";
    if (!backup.empty())
      report.text += "  the old file is kept as " + backup + "\n";
  }
  const bool changed = !list.empty();
  if (!changed)
    report.text = folder + ": nothing to do, schema_version "
                  + std::string{scenarios::native_version} + "\n";
  report.document = document(Json{{"schema", "scenario-lab/upgrade/1"},
                                  {"scenario", folder},
                                  {"changed", changed},
                                  {"written", !written.empty()},
                                  {"files", std::move(list)},
                                  {"diff", diff}});
  return report;
}

/// What was written means what it meant; else the old files come back.
Outcome<void> check_written(const std::string& folder, const Meaning& before,
                            const std::vector<scenarios::Written>& written) {
  auto after = meaning_of(folder);
  if (after && after->with_models == before.with_models
      && after->spec.content == before.spec.content)
    return {};
  const auto undone = scenarios::undo_upgrade(written);
  auto failure =
    after ? failure_of(
      Error{Errc::internal, "the upgraded files would be another scenario"},
      "`" + folder + "`")
          : std::move(after.error());
  failure.exit = after ? ExitCode::bug : ExitCode::invalid;
  failure.consequence =
    undone && after
      ? "the old files are back; please report this with the scenario"
    : undone ? "an old file may say so, one of today may not; the old files "
               "are back"
             : "the old files could not be put back (" + undone.error().context
                 + "); they stand beside the new ones as *.before-"
                 + std::string{scenarios::native_version};
  return give_up(std::move(failure));
}

} // namespace

Outcome<ExitCode> upgrade_command(const UpgradeCommand& command,
                                  const Context& context) {
  const auto& folder = command.scenario;
  std::error_code unused;
  if (std::filesystem::is_regular_file(folder, unused))
    return upgrade_batch(command, context);
  const auto before = meaning_of(folder);
  if (!before)
    return give_up(before.error());
  Findings findings;
  const auto files = scenarios::plan_upgrade(folder, before->spec, findings);
  if (!files) {
    if (!findings.has_errors())
      return give_up(files.error(), "`" + folder + "`");
    auto failure = failure_of(std::move(findings));
    failure.consequence = "nothing was changed";
    return give_up(std::move(failure));
  }
  const auto diff = scenarios::diff_of(*files);
  if (command.diff) {
    const auto report = report_of(folder, *files, {}, diff);
    context.result(diff, report.document);
    return diff.empty() ? ExitCode::done : ExitCode::some_failed;
  }
  const auto written = scenarios::write_upgrade(*files);
  if (!written)
    return give_up(written.error(), "`" + folder + "` stays as it was");
  if (!written->empty())
    if (auto same = check_written(folder, *before, *written); !same)
      return pass_on(same);
  const auto report = report_of(folder, *files, *written, diff);
  context.result(report.text, report.document);
  return ExitCode::done;
}

} // namespace lab::tools
