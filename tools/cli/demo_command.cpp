#include <filesystem>
#include <fstream>

#include "tools/cli/commands.hpp"
#include "tools/cli/embedded.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/cli/sweep_command.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view manifest_path = "sweeps/demo.yaml";

/// Writes the built-in copies below `folder`.
Result<void> unpack_demo(const fs::path& folder) {
  for (const auto& file : embedded_files()) {
    if (file.path.rfind("docs/", 0) == 0)
      continue;
    const auto target = folder / file.path;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    std::ofstream out{target, std::ios::binary | std::ios::trunc};
    out << file.text << std::flush;
    if (error || !out)
      return fail(Errc::disk_failed, target.string());
  }
  return {};
}

/// The repository's own manifest when the program is called there; else the
/// built-in copies, written into the workspace.
Outcome<std::string> find_manifest(const Context& context) {
  std::error_code ignored;
  if (fs::exists(manifest_path, ignored))
    return std::string{manifest_path};
  const auto folder = fs::path{context.settings.home.value} / "demo";
  if (auto unpacked = unpack_demo(folder); !unpacked)
    return give_up(unpacked.error(), "the demonstration cannot be written");
  return (folder / manifest_path).string();
}

std::string headline(const SweepResult& result) {
  const auto& runs = result.outcome.runs;
  const auto done = runs.existing + runs.completed;
  std::string out = "demo: " + count_of(done, "run");
  if (runs.completed > 0)
    out += " in " + duration_text(result.outcome.wall_us / 1'000'000);
  out += done == runs.planned
           ? ", all done."
           : " of " + std::to_string(runs.planned) + " done.";
  if (result.simulated)
    out += "   " + simulated_notice(result.play_money);
  return out + "\n\n";
}

/// Commands that work as they stand, in this folder, with this workspace.
std::string next_steps(const PlannedSweep& planned, const Context& context) {
  const auto& last = planned.plan->tickets().back();
  const auto home = context.settings.home.origin == "default"
                      ? std::string{}
                      : " --home " + context.settings.home.value;
  const auto& program = context.program;
  return "\n  Read one story     " + program + " show " + last.name + home
         + "\n  See what it took   " + program + " costs --by phase" + home
         + "\n  Run one yourself   " + program + " run "
         + planned.plan->manifest().scenario + " --model sim/persona --seed 7"
         + home
         + "\n\n  With a real model: the same with --model ollama/llama3.1:8b "
           "--credit-limit 1\n";
}

} // namespace

Outcome<ExitCode> demo_command(const Context& context) {
  auto manifest = find_manifest(context);
  if (!manifest)
    return pass_on(manifest);
  Context here = context;
  if (!here.output)
    here.output = "output";
  SweepCommand command;
  command.execute = true;
  command.manifest = std::move(*manifest);
  auto planned = plan_sweep(command, here);
  if (!planned)
    return pass_on(planned);
  here.console.say(plan_text(planned->view) + "\n");
  int signal = 0;
  auto result = execute_sweep(*planned, command, here, signal);
  if (!result)
    return pass_on(result);
  const auto exit = exit_code_of(result->outcome, signal);
  if (result->outcome.status != "completed") {
    here.result(sweep_text(*result), sweep_json(*result));
    here.console.say("Go on: " + here.program + " demo\n");
    return exit;
  }
  auto outcomes = outcome_tables(*planned, here);
  if (!outcomes)
    return pass_on(outcomes);
  here.result(headline(*result) + *outcomes + next_steps(*planned, here),
              sweep_json(*result));
  return exit;
}

} // namespace lab::tools
