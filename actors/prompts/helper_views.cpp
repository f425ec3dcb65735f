#include "actors/prompts/helper_views.hpp"

#include <algorithm>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

std::string shown_text(const std::string& text) {
  return std::string{trim(printable(text))};
}

Utterance world_of(const TurnRecord& record) {
  return {"world", record.turn, "world", {}, shown_text(record.world)};
}

Utterance words_of(const ScenarioSpec& scenario, const TurnRecord& record,
                   const std::string& id, const char* channel,
                   const std::string& text) {
  return {shown_name(scenario, id), record.turn, channel, {}, shown_text(text)};
}

void add_actions(std::vector<Utterance>& out, const ScenarioSpec& scenario,
                 const TurnRecord& record) {
  for (const auto& decision : record.decisions)
    out.push_back(words_of(scenario, record, decision.participant, "action",
                           decision.action));
}

const Decision* decision_of(const TurnRecord& record, const std::string& id) {
  for (const auto& decision : record.decisions)
    if (decision.participant == id)
      return &decision;
  return nullptr;
}

bool concerns(const std::string& id, const Message& message) {
  return message.sender == id
         || std::find(message.recipients.begin(), message.recipients.end(), id)
              != message.recipients.end();
}

/// Private words of a turn, parted by whether `id` wrote or was sent them.
void part_messages(CheckView& view, const ScenarioSpec& scenario,
                   const TurnRecord& record, const std::string& id) {
  for (const auto& message : record.messages) {
    auto words = words_of(scenario, record, message.sender,
                          message.channel.c_str(), message.text);
    for (const auto& recipient : message.recipients)
      words.to.push_back(shown_name(scenario, recipient));
    auto& side = concerns(id, message) ? view.told : view.restricted;
    side.push_back(std::move(words));
  }
}

/// The first turn that the window of the turn being played still shows.
std::int32_t window_start(const ScenarioSpec& scenario,
                          const TurnState& state) {
  return std::max(
    state.current.turn - std::max(scenario.context_window_size, 0), 0);
}

} // namespace

std::optional<SummaryView> summary_view_of(const ScenarioSpec& scenario,
                                           const TurnState& state) {
  LAB_CHECK(!state.history.empty(), "scenario=" + scenario.id);
  const auto end = window_start(scenario, state);
  if (end == 0)
    return std::nullopt;
  SummaryView view;
  view.scenario = scenario.name;
  view.v1_prompts = scenario.v1_prompts;
  view.last = end - 1;
  // The newest summary that stands; what it tells is not told again.
  std::int32_t first = 0;
  for (const auto& past : state.history)
    if (!past->summary.empty()) {
      first =
        std::max(past->turn - std::max(scenario.context_window_size, 0), 0);
      view.before = {
        "record", first - 1, "summary", {}, shown_text(past->summary)};
    }
  for (const auto& past : state.history)
    if (past->turn >= first && past->turn < end) {
      add_actions(view.records, scenario, *past);
      view.records.push_back(world_of(*past));
    }
  return view;
}

CheckView check_view_of(const ScenarioSpec& scenario, const TurnState& state,
                        const CheckSpec& check,
                        const std::string& participant) {
  LAB_CHECK(!state.history.empty(), "scenario=" + scenario.id);
  const auto& turn = state.current;
  CheckView view;
  view.scenario = scenario.name;
  view.v1_prompts = scenario.v1_prompts;
  view.check = check;
  if (scenario.validation)
    view.rules = scenario.validation->rules;
  view.world_before = world_of(*state.history.back());
  view.world_after = world_of(turn);
  add_actions(view.actions, scenario, turn);
  view.events = turn.events;
  if (participant.empty())
    return view;

  const auto* own = scenario.participant(participant);
  const auto* decision = decision_of(turn, participant);
  LAB_CHECK(own != nullptr && decision != nullptr,
            "participant=" + participant);
  view.judged = shown_name(scenario, participant);
  view.own = *own;
  view.reasoning =
    words_of(scenario, turn, participant, "reasoning", decision->reasoning);
  view.action =
    words_of(scenario, turn, participant, "action", decision->action);
  for (const auto& other : scenario.participants)
    if (other.id != participant && !trim(other.private_information).empty())
      view.restricted.push_back({shown_name(scenario, other.id),
                                 0,
                                 "private_information",
                                 {},
                                 shown_text(other.private_information)});
  const auto first = window_start(scenario, state);
  for (const auto& past : state.history)
    if (past->turn >= first)
      part_messages(view, scenario, *past, participant);
  part_messages(view, scenario, turn, participant);
  return view;
}

MetricView metric_view_of(const ScenarioSpec& scenario, const TurnRecord& turn,
                          const MetricSpec& metric,
                          const std::string& participant) {
  MetricView view;
  view.scenario = scenario.name;
  view.metric = metric;
  view.v1_prompts = scenario.v1_prompts;
  if (participant.empty()) {
    if (metric.reads_actions)
      add_actions(view.texts, scenario, turn);
    view.texts.push_back(world_of(turn));
    return view;
  }
  if (const auto* decision = decision_of(turn, participant)) {
    if (!metric.reads_actions)
      view.texts.push_back(words_of(scenario, turn, participant, "reasoning",
                                    decision->reasoning));
    view.texts.push_back(
      words_of(scenario, turn, participant, "action", decision->action));
  }
  return view;
}

} // namespace lab::actors
