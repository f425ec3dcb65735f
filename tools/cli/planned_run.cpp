#include "tools/cli/planned_run.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "storage/journal.hpp"

namespace lab::tools {

namespace {

/// The last plan of a run: a hand-over in mid-run is a plan of its own.
/// @errors not_found
Result<RunSpec> read_plan(storage::Journal& journal, RunId run) {
  std::optional<RunSpec> found;
  LAB_CHECKED(journal.replay(
    1,
    [&](const JournalledFact& fact) -> Result<void> {
      const auto* plan = std::get_if<RunPlanned>(&fact.fact);
      if (plan != nullptr && plan->spec.id == run)
        found = plan->spec;
      return {};
    },
    storage::Reading::plans));
  if (found)
    return std::move(*found);
  return fail(Errc::not_found, to_string(run) + " never began");
}

/// Notes the place of each call of one run.
class CallPlaces {
public:
  CallPlaces(RunId run, std::map<std::string, std::int32_t>& asked)
    : run_(run), asked_(asked) {}

  void take(const Fact& fact) {
    if (const auto* reserved = std::get_if<CallReserved>(&fact))
      take(reserved->owner.run, reserved->place);
    else if (const auto* shared = std::get_if<CallShared>(&fact))
      take(shared->run, shared->place);
  }

private:
  void take(RunId run, const Place& place) {
    if (run != run_)
      return;
    auto& last = asked_[place.participant];
    last = std::max(last, place.turn);
  }

  RunId run_;
  std::map<std::string, std::int32_t>& asked_;
};

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
  std::map<std::string, std::int32_t> asked;
  CallPlaces places{*run, asked};
  auto journal = storage::Journal::open(
    workspace->paths().ledger,
    [&places](const JournalledFact& fact) -> Result<void> {
      places.take(fact.fact);
      return {};
    });
  if (!journal)
    return give_up(journal.error(), cannot);
  auto spec = read_plan(**journal, *run);
  if (!spec)
    return give_up(spec.error(), "the plan of `" + word + "`");
  return PlannedRun{std::move(*spec), std::move(detail->row), std::move(asked)};
}

} // namespace lab::tools
