#include "tools/cli/hand_over.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab::tools {

namespace {

struct Wish {
  std::string participant;
  Control control = Control::ai;
};

std::vector<Wish> wishes_of(const ActorIds& human, const ActorIds& ai) {
  std::vector<Wish> wishes;
  for (const auto& id : human)
    wishes.push_back({id, Control::human});
  for (const auto& id : ai)
    wishes.push_back({id, Control::ai});
  return wishes;
}

tl::unexpected<Failure> refuse(const std::string& what,
                               std::vector<std::string> help) {
  auto failure = failure_of(Error{Errc::invalid_input, what}, "");
  failure.findings = {};
  failure.findings.add(finding("R601", what, std::move(help)));
  failure.consequence = "nothing was run, nothing was spent";
  return give_up(std::move(failure));
}

tl::unexpected<Failure> refuse_stranger(const ScenarioSpec& scenario,
                                        const std::string& id) {
  std::vector<std::string> ids;
  for (const auto& participant : scenario.participants)
    ids.push_back(participant.id);
  const auto near = closest(id, ids);
  return refuse("`" + printable(id) + "` takes no part in " + scenario.id
                  + (near ? "; did you mean `" + *near + "`?" : ""),
                {"actors: " + join(ids, ", ")});
}

} // namespace

std::vector<Assignment> control_assignments(const ActorIds& human,
                                            const ActorIds& ai) {
  std::vector<Assignment> made;
  for (const auto& [id, control] : wishes_of(human, ai))
    made.push_back(
      {"actors." + id + ".control",
       yaml::Node::plain(control == Control::human ? "human" : "ai")});
  return made;
}

Outcome<std::vector<ControlChange>> hand_over(const PlannedRun& planned,
                                              const ActorIds& human,
                                              const ActorIds& ai) {
  const auto& spec = planned.spec;
  const auto wishes = wishes_of(human, ai);
  if (!wishes.empty() && spec.sweep)
    return refuse(spec.name
                    + " is a run of a sweep, and the sweep's plan says "
                      "who decides in it",
                  {"make another run of it: --branch-from " + to_string(spec.id)
                   + " --branch-at-turn K"});
  std::vector<ControlChange> changes;
  for (const auto& [id, control] : wishes) {
    const auto* participant = spec.scenario->participant(id);
    if (participant == nullptr)
      return refuse_stranger(*spec.scenario, id);
    const auto asked = planned.asked.find(id);
    const auto turn =
      std::max(static_cast<std::int32_t>(planned.row.turns_completed),
               asked == planned.asked.end() ? 0 : asked->second)
      + 1;
    if (spec.control_of(*participant, turn) == control)
      continue;
    // The questions that are still open may be left to the model even so.
    if (turn > spec.scenario->turns && control == Control::ai)
      continue;
    if (turn > spec.scenario->turns)
      return refuse("`" + id + "` cannot be handed over: the run has "
                      + std::to_string(spec.scenario->turns)
                      + " turns, and none of them is left",
                    {"branch earlier: --branch-from " + to_string(spec.id)
                     + " --branch-at-turn K --human " + id});
    changes.push_back({id, turn, control});
  }
  return changes;
}

Outcome<std::vector<ControlChange>>
hand_over_after(const ScenarioSpec& scenario, std::int32_t turn,
                const ActorIds& human, const ActorIds& ai) {
  std::vector<ControlChange> changes;
  for (const auto& [id, control] : wishes_of(human, ai)) {
    if (scenario.participant(id) == nullptr)
      return refuse_stranger(scenario, id);
    changes.push_back({id, turn + 1, control});
  }
  return changes;
}

RunId with_controls(RunId id, const std::vector<ControlChange>& controls) {
  if (controls.empty())
    return id;
  Hasher hash;
  hash.add("controls").add(static_cast<std::int64_t>(id.value));
  for (const auto& change : controls)
    hash.add(change.participant)
      .add(change.from_turn)
      .add(static_cast<std::int64_t>(change.control));
  return RunId{hash.finish128().high};
}

Outcome<std::vector<ControlChange>> known_controls(const Context& context,
                                                   RunId run) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (!*tables || !(*tables)->run(run))
    return std::vector<ControlChange>{};
  tables->reset(); // the run is looked up anew
  auto planned = find_planned_run(context, to_string(run));
  if (planned)
    return std::move(planned->spec.controls);
  // A sweep's plan names runs that never began.
  if (planned.error().exit == ExitCode::not_found)
    return std::vector<ControlChange>{};
  return pass_on(planned);
}

bool has_people(const RunSpec& spec) {
  const auto human = [](const auto& who) {
    return who.control == Control::human;
  };
  return std::any_of(spec.scenario->participants.begin(),
                     spec.scenario->participants.end(), human)
         || std::any_of(spec.controls.begin(), spec.controls.end(), human);
}

std::string hand_over_text(const ControlChange& change) {
  return change.participant + ": "
         + (change.control == Control::human ? "a person" : "the model")
         + " decides from turn " + std::to_string(change.from_turn) + " on\n";
}

} // namespace lab::tools
