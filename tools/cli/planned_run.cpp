#include "tools/cli/planned_run.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "storage/journal.hpp"

namespace lab::tools {

namespace {

/// Reads the journal until the run's plan is found.
/// @errors not_found
Result<RunSpec> read_plan(storage::Journal& journal, RunId run) {
  std::optional<RunSpec> found;
  const auto visit = [&](const JournalledFact& fact) -> Result<void> {
    const auto* plan = std::get_if<RunPlanned>(&fact.fact);
    if (plan == nullptr || plan->spec.id != run)
      return {};
    found = plan->spec;
    return fail(Errc::stopped, "found");
  };
  const auto read = journal.replay(1, visit);
  if (found)
    return std::move(*found);
  if (!read)
    return tl::unexpected(read.error());
  return fail(Errc::not_found, to_string(run) + " never began");
}

} // namespace

Outcome<RunId> find_run(storage::Queries& tables, const std::string& word) {
  auto target = tables.resolve(word);
  if (!target)
    return give_up(target.error(), "`" + word + "`");
  if (const auto* run = std::get_if<RunId>(&*target))
    return *run;
  return give_up(Error{Errc::invalid_input, "`" + word + "` is a sweep"},
                 "a run was wanted");
}

Outcome<PlannedRun> find_planned_run(const Context& context,
                                     const std::string& word) {
  auto tables = open_tables(context);
  if (!tables)
    return pass_on(tables);
  auto run = find_run(*tables, word);
  if (!run)
    return pass_on(run);
  auto detail = tables->run(*run);
  if (!detail)
    return give_up(detail.error(), "`" + word + "`");

  const auto cannot =
    "the workspace `" + context.settings.home.value + "` cannot be opened";
  auto workspace = storage::Workspace::open(context.settings.home.value);
  if (!workspace)
    return give_up(workspace.error(), cannot);
  auto journal = storage::Journal::open(workspace->paths().ledger);
  if (!journal)
    return give_up(journal.error(), cannot);
  auto spec = read_plan(**journal, *run);
  if (!spec)
    return give_up(spec.error(), "the plan of `" + word + "`");
  return PlannedRun{std::move(*spec), std::move(detail->row)};
}

} // namespace lab::tools
