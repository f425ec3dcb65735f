#include "actors/prompts/view.hpp"

#include <algorithm>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// What a model wrote, as another prompt may hold it.
std::string shown_text(const std::string& text) {
  return std::string{trim(printable(text))};
}

std::vector<std::string> shown_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> shown;
  shown.reserve(texts.size());
  for (const auto& text : texts)
    shown.push_back(shown_text(text));
  return shown;
}

std::vector<std::string> roster_of(const ScenarioSpec& scenario) {
  std::vector<std::string> names;
  for (const auto& participant : scenario.participants)
    names.push_back(shown_name(scenario, participant.id));
  return names;
}

Utterance world_after(const TurnRecord& record) {
  return {"world", record.turn, "world", {}, shown_text(record.world)};
}

Utterance said(const ScenarioSpec& scenario, const Message& message,
               std::int32_t turn) {
  Utterance utterance{shown_name(scenario, message.sender),
                      turn,
                      message.channel,
                      {},
                      shown_text(message.text)};
  for (const auto& recipient : message.recipients)
    utterance.to.push_back(shown_name(scenario, recipient));
  return utterance;
}

bool is_party(const CoalitionProposal& proposal, const std::string& id) {
  return proposal.proposer == id
         || std::find(proposal.members.begin(), proposal.members.end(), id)
              != proposal.members.end();
}

/// The proposer first.
std::vector<std::string> shown_members(const ScenarioSpec& scenario,
                                       const CoalitionProposal& proposal) {
  std::vector<std::string> names{shown_name(scenario, proposal.proposer)};
  for (const auto& member : proposal.members)
    names.push_back(shown_name(scenario, member));
  return names;
}

/// Private words of one turn that are for `id`, then what became of the
/// coalitions that it was proposed for: a fact of the engine.
void add_messages(std::vector<Utterance>& out, const ScenarioSpec& scenario,
                  const TurnRecord& record, const std::string& id) {
  for (const auto& message : record.messages)
    if (may_read(id, message))
      out.push_back(said(scenario, message, record.turn));
  for (const auto& proposal : record.coalitions)
    if (!proposal.members.empty() && !proposal.repeated
        && is_party(proposal, id))
      out.push_back({"record", record.turn, "outcome",
                     shown_members(scenario, proposal),
                     proposal.formed ? "All accepted: this coalition stands."
                                     : "Not all accepted: there is no such "
                                       "coalition."});
}

void add_actions(std::vector<Utterance>& out, const ScenarioSpec& scenario,
                 const TurnRecord& record) {
  for (const auto& decision : record.decisions)
    out.push_back({shown_name(scenario, decision.participant),
                   record.turn,
                   "action",
                   {},
                   shown_text(decision.action)});
}

void add_goals(std::vector<StatedGoals>& out, const TurnRecord& record,
               const std::string& id) {
  for (const auto& decision : record.decisions)
    if (decision.participant == id)
      out.push_back({record.turn, shown_texts(decision.long_term_goals),
                     shown_texts(decision.short_term_priorities)});
}

/// The first of the last `count` entries of `size`.
std::size_t last_few(std::size_t size, std::int32_t count) {
  const auto wanted = static_cast<std::size_t>(std::max(count, 0));
  return size > wanted ? size - wanted : 0;
}

} // namespace

bool may_read(const std::string& id, const Message& message) {
  return message.sender == id
         || std::find(message.recipients.begin(), message.recipients.end(), id)
              != message.recipients.end();
}

std::string shown_name(const ScenarioSpec& scenario, const std::string& id) {
  const auto* participant = scenario.participant(id);
  if (participant == nullptr || participant->name.empty())
    return id;
  const auto namesakes = std::count_if(
    scenario.participants.begin(), scenario.participants.end(),
    [&](const auto& other) { return other.name == participant->name; });
  return namesakes == 1 ? participant->name
                        : participant->name + " (" + id + ")";
}

ParticipantView view_of(const ScenarioSpec& scenario, const TurnState& state,
                        const std::string& id) {
  const auto* own = scenario.participant(id);
  LAB_CHECK(own != nullptr, "participant=" + id);
  LAB_CHECK(!state.history.empty(), "participant=" + id);
  ParticipantView view;
  view.scenario = scenario.name;
  view.scenario_prompt = scenario.system_prompt;
  view.turn_duration = scenario.turn_duration;
  view.turn = state.current.turn;
  view.turns = scenario.turns;
  view.v1_prompts = scenario.v1_prompts;
  view.roster = roster_of(scenario);
  view.own_name = shown_name(scenario, id);
  view.own = *own;

  const auto& past = state.history;
  const auto first = last_few(past.size(), scenario.context_window_size);
  view.left_out = static_cast<std::int32_t>(first);
  for (const auto& text : scenario.background)
    view.background.push_back(
      {text.name, 0, "background", {}, shown_text(text.text)});
  if (view.left_out > 0)
    view.summary = {"record",
                    view.left_out - 1,
                    "summary",
                    {},
                    shown_text(state.current.summary)};
  for (auto i = first; i < past.size(); ++i) {
    add_messages(view.history, scenario, *past[i], id);
    add_actions(view.history, scenario, *past[i]);
    if (i + 1 < past.size())
      view.history.push_back(world_after(*past[i]));
  }
  view.world = world_after(*past.back());
  add_messages(view.current, scenario, state.current, id);
  for (auto i = last_few(past.size(), 2); i < past.size(); ++i)
    add_goals(view.goals, *past[i], id);
  return view;
}

Utterance offer_to(const ScenarioSpec& scenario, const Talk& talk,
                   std::int32_t turn, const std::string& id) {
  LAB_CHECK(talk.target == id, "target=" + talk.target + " reader=" + id);
  return said(scenario, {"bilateral", talk.initiator, {id}, talk.message},
              turn);
}

CoalitionView coalition_view_of(const ScenarioSpec& scenario,
                                const CoalitionProposal& proposal,
                                const std::vector<Message>& words,
                                std::int32_t turn, const std::string& id) {
  LAB_CHECK(is_party(proposal, id),
            "proposer=" + proposal.proposer + " reader=" + id);
  CoalitionView view;
  view.proposer = shown_name(scenario, proposal.proposer);
  view.members = shown_members(scenario, proposal);
  view.purpose = said(
    scenario,
    {"coalition", proposal.proposer, proposal.members, proposal.purpose}, turn);
  for (const auto& word : words)
    if (may_read(id, word))
      view.words.push_back(said(scenario, word, turn));
  return view;
}

WorldView world_view_of(const ScenarioSpec& scenario, const TurnState& state) {
  LAB_CHECK(!state.history.empty(), "scenario=" + scenario.id);
  WorldView view;
  view.scenario = scenario.name;
  view.turn_duration = scenario.turn_duration;
  view.turn = state.current.turn;
  view.turns = scenario.turns;
  view.v1_prompts = scenario.v1_prompts;
  view.roster = roster_of(scenario);
  view.world = world_after(*state.history.back());
  add_actions(view.actions, scenario, state.current);
  view.events = state.current.events;
  return view;
}

} // namespace lab::actors
