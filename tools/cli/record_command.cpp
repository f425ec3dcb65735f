#include "tools/cli/record_command.hpp"

#include <filesystem>
#include <fstream>
#include <utility>

#include "llm/sim/script.hpp"
#include "runtime/base/text.hpp"
#include "storage/journal.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/planned_run.hpp"
#include "tools/cli/recording.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

namespace fs = std::filesystem;

/// The run and those it branched from, the oldest first.
Outcome<std::vector<RunSpec>> line_of(const Context& context,
                                      const std::string& word) {
  std::vector<RunSpec> line;
  for (auto next = word; !next.empty();) {
    auto planned = find_planned_run(context, next);
    if (!planned)
      return pass_on(planned);
    const auto parent = planned->spec.branch_from;
    line.insert(line.begin(), std::move(planned->spec));
    next = parent ? to_string(parent) : "";
  }
  return line;
}

Result<std::vector<RecordedReply>>
read_replies(const std::string& home, const std::vector<RunSpec>& line) {
  LAB_TRY(const auto workspace, storage::Workspace::open(home));
  LAB_TRY(const auto journal, storage::Journal::open(workspace.paths().ledger));
  std::vector<Ancestor> ancestors;
  for (const auto& spec : line)
    ancestors.push_back({spec.id, spec.branch_turn});
  UsedReplies uses{std::move(ancestors)};
  const auto visit = [&uses](const JournalledFact& fact) -> Result<void> {
    uses.apply(fact.fact);
    return {};
  };
  LAB_CHECKED(journal->replay(1, visit, storage::Reading::calls));
  std::vector<RecordedReply> replies;
  for (auto& [place, use] : uses.used()) {
    LAB_TRY(auto stored, journal->read_reply(use.attempt));
    replies.push_back({place, use.model, std::move(stored.reply)});
  }
  return replies;
}

/// Under another name first: a name never stands for half a file, and what a
/// script does not read back never gets it.
Result<void> write_script(const std::string& path, const std::string& text,
                          const std::vector<RecordedReply>& replies) {
  const fs::path name{path};
  const auto temporary =
    (name.parent_path() / (".part-" + name.filename().string())).string();
  {
    std::ofstream file{temporary, std::ios::binary | std::ios::trunc};
    file << text << std::flush;
    if (!file)
      return fail(Errc::disk_failed, temporary + " cannot be written");
  }
  std::error_code error;
  const auto script = llm::Script::load(temporary);
  auto reads = script.has_value();
  for (const auto& [place, model, reply] : replies) {
    if (!reads)
      break;
    llm::Brief brief;
    brief.turn = place.turn;
    brief.phase = place.phase;
    brief.participant = place.participant;
    brief.ordinal = place.ordinal;
    const auto* found = script->find(brief);
    reads = found != nullptr && found->text == reply.text
            && found->finish == reply.finish;
  }
  if (reads)
    fs::rename(temporary, path, error);
  else
    fs::remove(temporary, error);
  if (!reads)
    return fail(Errc::invalid_input,
                script ? "a reply of the run cannot be written as YAML"
                       : script.error().context);
  return error ? Result<void>{fail(Errc::disk_failed,
                                   path + ": " + error.message())}
               : Result<void>{};
}

std::string about_text(const RunSpec& run) {
  return "Replies of " + to_string(run.id) + ", scenario "
         + printable(run.scenario->name) + ", seed " + std::to_string(run.seed)
         + ".\nWritten by scenario-lab record; the form is "
           "docs/formats/script.md.";
}

} // namespace

Outcome<ExitCode> record_command(const RecordCommand& command,
                                 const Context& context) {
  const auto& path = command.file;
  std::error_code ignored;
  if (fs::exists(path, ignored))
    return give_up(Error{Errc::already_exists, "`" + path + "`"},
                   "a recording writes over nothing; choose another name");
  const auto line = line_of(context, command.run);
  if (!line)
    return give_up(line.error());
  auto replies = read_replies(context.settings.home.value, *line);
  if (!replies)
    return give_up(replies.error(), "the replies of `" + command.run + "`");
  const auto entries = playable(std::move(*replies));
  const auto& run = line->back();
  const bool as_lines = path.ends_with(".jsonl");
  const auto text =
    as_lines ? script_lines(entries) : script_yaml(entries, about_text(run));
  if (auto written = write_script(path, text, entries); !written) {
    auto failure = failure_of(written.error(), "`" + path + "`");
    if (!as_lines && written.error().code == Errc::invalid_input)
      failure.consequence =
        "one JSON object a line has no such bounds: --to FILE.jsonl";
    return give_up(std::move(failure));
  }
  const auto count = static_cast<std::int64_t>(entries.size());
  context.result(path + ": "
                   + (count == 1 ? "1 reply" : grouped(count) + " replies")
                   + " of " + to_string(run.id) + "\n",
                 document(Json{{"schema", "scenario-lab/record/1"},
                               {"run_id", to_string(run.id)},
                               {"file", path},
                               {"replies", count}}));
  context.console.say("Play it: " + context.program
                      + " run SCENARIO --model 'sim/script?file=" + path
                      + "'\n");
  return ExitCode::done;
}

} // namespace lab::tools
