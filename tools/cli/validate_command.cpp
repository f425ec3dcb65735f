#include <algorithm>
#include <filesystem>

#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/plan.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

namespace fs = std::filesystem;

/// One path's findings; the worst code of all paths is the program's.
struct Checked {
  Findings findings;
  ExitCode exit = ExitCode::done;

  void refuse(const Error& error, const std::string& what) {
    if (!findings.has_errors())
      findings.append(failure_of(error, what).findings);
    exit = exit_code_of(error.code);
  }
};

Checked check_scenario(const std::string& folder) {
  Checked checked;
  auto source =
    scenarios::open_scenario(folder, checked.findings, check_pattern);
  if (!source) {
    checked.refuse(source.error(), "`" + folder + "`");
    return checked;
  }
  if (const auto spec = (*source)->resolve({}, checked.findings); !spec)
    checked.refuse(spec.error(), "`" + folder + "`");
  return checked;
}

/// The manifest, its scenario, and every point of its plan.
Checked check_manifest(const std::string& file) {
  Checked checked;
  auto manifest = sweeps::load_manifest(file, checked.findings);
  if (!manifest) {
    checked.exit = ExitCode::invalid;
    return checked;
  }
  auto source = scenarios::open_scenario(manifest->scenario, checked.findings,
                                         check_pattern);
  if (!source) {
    checked.refuse(source.error(), "`" + manifest->scenario + "`");
    return checked;
  }
  const auto plan =
    sweeps::make_plan(std::move(*manifest), **source, {}, checked.findings);
  if (!plan)
    checked.refuse(plan.error(), "`" + file + "`");
  return checked;
}

Checked check(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return check_scenario(path);
  if (!fs::exists(path, ignored)) {
    Checked checked;
    checked.refuse(Error{Errc::not_found, "`" + path + "`"},
                   "there is no such file or folder");
    return checked;
  }
  const fs::path file{path};
  return file.filename() == "scenario.yaml" ? check_scenario(
           file.has_parent_path() ? file.parent_path().string() : ".")
                                            : check_manifest(path);
}

} // namespace

Outcome<ExitCode> validate_command(const ValidateCommand& command,
                                   const Context& context) {
  Findings all;
  auto exit = ExitCode::done;
  std::string text;
  for (const auto& path : command.paths) {
    auto checked = check(path);
    checked.findings.sort();
    if (checked.findings.has_errors()) {
      exit = std::max(exit, std::max(checked.exit, ExitCode::invalid));
    } else {
      const auto warnings = checked.findings.all().size();
      text +=
        path + ": valid"
        + (warnings == 0
             ? ""
             : ", " + count_of(static_cast<std::int64_t>(warnings), "warning"))
        + "\n";
    }
    all.append(checked.findings);
  }
  const bool as_json = context.json || command.as_json;
  if (as_json) {
    context.console.result(R"({"schema":"scenario-lab/validate/1","valid":)"
                           + std::string{all.has_errors() ? "false" : "true"}
                           + R"(,"findings":)" + to_json(all) + "}\n");
    return exit;
  }
  if (!all.empty())
    context.console.problem(render(all));
  context.console.result(text);
  return exit;
}

} // namespace lab::tools
