#include <filesystem>

#include "storage/journal.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

std::string report_text(const storage::JournalReport& report,
                        const std::string& file) {
  auto out = file + ": "
             + count_of(static_cast<std::int64_t>(report.facts), "fact") + ", "
             + grouped(static_cast<std::int64_t>(report.replies)) + " replies, "
             + (report.sound() ? "all sound" : "damaged") + "\n";
  if (!report.head.empty())
    out += "  head of the chain  " + report.head + "\n";
  for (const auto& problem : report.problems)
    out += "  problem            " + problem + "\n";
  return out;
}

std::string report_json(const storage::JournalReport& report,
                        const std::string& file) {
  return document(Json{{"schema", "scenario-lab/verify/1"},
                       {"file", file},
                       {"sound", report.sound()},
                       {"facts", report.facts},
                       {"replies", report.replies},
                       {"head", report.head},
                       {"problems", report.problems}});
}

} // namespace

Outcome<ExitCode> verify_command(const Context& context) {
  const auto& home = context.settings.home.value;
  const auto paths = context.workspace();
  std::error_code ignored;
  if (!std::filesystem::exists(paths.ledger, ignored))
    return give_up(Error{Errc::not_found, "`" + home + "`"},
                   "nothing ran in this workspace yet");
  const auto workspace = storage::Workspace::open(home);
  if (!workspace)
    return give_up(workspace.error(),
                   "the workspace `" + home + "` cannot be opened");
  const auto report = storage::Journal::verify(paths.ledger);
  context.result(report_text(report, paths.ledger),
                 report_json(report, paths.ledger));
  return report.sound() ? ExitCode::done : ExitCode::disk;
}

} // namespace lab::tools
