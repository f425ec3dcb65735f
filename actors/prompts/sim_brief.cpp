#include "actors/prompts/sim_brief.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "actors/prompts/view.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/json.hpp"

namespace lab::actors {

namespace {

using json::Value;

/// The latest number that a metric had in a finished turn.
std::optional<double> last_value(const TurnState& state,
                                 const std::string& metric,
                                 const std::string& participant) {
  for (auto turn = state.history.rbegin(); turn != state.history.rend(); ++turn)
    for (const auto& value : (*turn)->metrics)
      if (value.metric == metric && value.participant == participant
          && value.status == MetricStatus::value && value.number)
        return value.number;
  return std::nullopt;
}

const char* type_name(MetricType type) {
  switch (type) {
  case MetricType::continuous:
    return "continuous";
  case MetricType::integer:
    return "integer";
  case MetricType::boolean:
    return "boolean";
  case MetricType::categorical:
    return "categorical";
  case MetricType::text:
    break;
  }
  return "text";
}

bool is_about(const MetricSpec& metric, const std::string& participant) {
  if (participant.empty() || !metric.per_participant)
    return participant.empty() && !metric.per_participant;
  return metric.participant.empty() || metric.participant == participant;
}

/// What a brief says of a metric, but for how it is said and its value.
Value fixed_part_of(const MetricSpec& metric) {
  Value one{{"name", metric.name}, {"type", type_name(metric.type)}};
  if (metric.range) {
    one["low"] = metric.range->first;
    one["high"] = metric.range->second;
  }
  if (!metric.categories.empty())
    one["categories"] = metric.categories;
  return one;
}

/// The metrics that a model's words will be read for.
/// @param participant  id; empty: the world
Value metrics_of(const ScenarioSpec& scenario, const TurnState& state,
                 const std::string& participant,
                 const std::map<std::string, SimLine>& lines) {
  auto metrics = Value::array();
  for (const auto& metric : scenario.metrics) {
    if (!is_about(metric, participant)
        || metric.extraction == Extraction::manual)
      continue;
    const auto line = lines.find(metric.name);
    const bool whole = line != lines.end() && line->second.whole
                       && metric.type == MetricType::continuous;
    auto one = fixed_part_of(metric);
    if (whole)
      one["type"] = type_name(MetricType::integer);
    if (const auto value = last_value(state, metric.name, participant))
      one["value"] = *value;
    if (metric.extraction == Extraction::keyword)
      one["keywords"] = metric.keywords;
    if (line != lines.end())
      one["line"] = line->second.text;
    metrics.push_back(std::move(one));
  }
  return metrics;
}

Value parameters_of(const ScenarioSpec& scenario) {
  auto parameters = Value::object();
  for (const auto& parameter : scenario.parameters)
    if (parameter.number)
      parameters[parameter.name] = *parameter.number;
  return parameters;
}

Value actions_of(const TurnRecord& record) {
  auto actions = Value::array();
  for (const auto& decision : record.decisions)
    actions.push_back(
      {{"participant", decision.participant}, {"text", decision.action}});
  return actions;
}

/// A participant's dials, the scenario's where it has none of its own.
std::map<std::string, double> dials_of(const ScenarioSpec& scenario,
                                       const ParticipantSpec& own) {
  auto dials = scenario.sim;
  for (const auto& [dial, value] : own.sim)
    dials[dial] = value;
  return dials;
}

/// What briefs of all kinds say.
Value brief_at(const ScenarioSpec& scenario, const Place& place,
               const char* kind) {
  auto names = Value::object();
  for (const auto& participant : scenario.participants)
    names[participant.id] = shown_name(scenario, participant.id);
  return {{"kind", kind},
          {"turn", place.turn},
          {"turns", scenario.turns},
          {"phase", place.phase},
          {"participant", place.participant},
          {"ordinal", place.ordinal},
          {"repair", false},
          {"names", std::move(names)},
          {"parameters", parameters_of(scenario)}};
}

/// Private words that are to or from `id`.
Value words_of(const std::vector<Message>& messages, const std::string& id) {
  auto words = Value::array();
  for (const auto& message : messages)
    if (may_read(id, message))
      words.push_back({{"from", message.sender}, {"text", message.text}});
  return words;
}

/// What the briefs of a participant say, whatever it is asked.
Value participant_brief(const ScenarioSpec& scenario, const TurnState& state,
                        const Place& place, const char* kind) {
  const auto* own = scenario.participant(place.participant);
  LAB_CHECK(own != nullptr, to_string(place));
  auto brief = brief_at(scenario, place, kind);
  brief["name"] = shown_name(scenario, own->id);
  brief["goals"] = own->goals;
  brief["dials"] = dials_of(scenario, *own);
  brief["actions"] = actions_of(*state.history.back());
  if (auto words = words_of(state.current.messages, own->id); !words.empty())
    brief["messages"] = std::move(words);
  return brief;
}

/// The same, of a coalition that `place.participant` was proposed for.
Value coalition_brief(const ScenarioSpec& scenario, const TurnState& state,
                      const CoalitionProposal& proposal, const Place& place,
                      const char* kind) {
  auto brief = participant_brief(scenario, state, place, kind);
  brief["from"] = proposal.proposer;
  brief["members"] = proposal.members;
  brief["message"] = proposal.purpose;
  return brief;
}

} // namespace

SimBriefs::SimBriefs(Shared<ScenarioSpec> scenario)
  : scenario_(std::move(scenario)) {
  for (const auto& metric : scenario_->metrics)
    if (auto line = sim_line(metric))
      lines_.emplace(metric.name, std::move(*line));
}

std::string SimBriefs::for_decision(const TurnState& state,
                                    const Place& place) const {
  auto brief = participant_brief(*scenario_, state, place, "decision");
  brief["metrics"] = metrics_of(*scenario_, state, place.participant, lines_);
  return json::dump(brief);
}

std::string SimBriefs::for_world(const TurnState& state,
                                 const Place& place) const {
  auto brief = brief_at(*scenario_, place, "world");
  auto powers = Value::object();
  for (const auto& participant : scenario_->participants) {
    const auto dials = dials_of(*scenario_, participant);
    if (const auto power = dials.find("power"); power != dials.end())
      powers[participant.id] = power->second;
  }
  brief["powers"] = std::move(powers);
  auto events = Value::array();
  for (const auto& event : state.current.events)
    events.push_back(
      {{"name", event.name}, {"description", event.description}});
  brief["events"] = std::move(events);
  brief["actions"] = actions_of(state.current);
  brief["metrics"] = metrics_of(*scenario_, state, {}, lines_);
  return json::dump(brief);
}

std::string SimBriefs::for_talk_offer(const TurnState& state,
                                      const Place& place) const {
  return json::dump(participant_brief(*scenario_, state, place, "talk_offer"));
}

std::string SimBriefs::for_talk_answer(const TurnState& state, const Talk& talk,
                                       const Place& place) const {
  auto brief = participant_brief(*scenario_, state, place, "talk_answer");
  brief["from"] = talk.initiator;
  brief["message"] = talk.message;
  return json::dump(brief);
}

std::string SimBriefs::for_coalition_proposal(const TurnState& state,
                                              const Place& place) const {
  return json::dump(
    participant_brief(*scenario_, state, place, "coalition_proposal"));
}

std::string SimBriefs::for_coalition_answer(const TurnState& state,
                                            const CoalitionProposal& proposal,
                                            const Place& place) const {
  return json::dump(
    coalition_brief(*scenario_, state, proposal, place, "coalition_answer"));
}

std::string SimBriefs::for_coalition_word(const TurnState& state,
                                          const CoalitionProposal& proposal,
                                          const std::vector<Message>& words,
                                          const Place& place) const {
  auto brief =
    coalition_brief(*scenario_, state, proposal, place, "coalition_word");
  brief["words"] = words_of(words, place.participant);
  return json::dump(brief);
}

std::string SimBriefs::for_summary(const SummaryView& view,
                                   const Place& place) const {
  auto brief = brief_at(*scenario_, place, "summary");
  brief["before"] = view.before.text;
  auto actions = Value::array();
  for (const auto& record : view.records)
    if (record.channel == "action")
      actions.push_back({{"participant", record.from},
                         {"turn", record.turn},
                         {"text", record.text}});
  brief["actions"] = std::move(actions);
  return json::dump(brief);
}

std::string SimBriefs::for_check(const CheckView& view,
                                 const Place& place) const {
  auto brief = brief_at(*scenario_, place, "check");
  auto actions = Value::array();
  switch (view.check.kind) {
  case CheckKind::decision_consistency:
    brief["check"] = "decision_consistency";
    brief["name"] = view.judged;
    brief["goals"] = view.own->goals;
    brief["dials"] = dials_of(*scenario_, *view.own);
    brief["text"] = view.action.text;
    break;
  case CheckKind::world_coherence:
    brief["check"] = "world_coherence";
    for (const auto& action : view.actions)
      actions.push_back({{"participant", action.from}, {"text", action.text}});
    brief["actions"] = std::move(actions);
    brief["text"] = view.world_after.text;
    break;
  case CheckKind::information_access: {
    brief["check"] = "information_access";
    brief["text"] = view.reasoning.text + '\n' + view.action.text;
    auto restricted = Value::array();
    for (const auto& one : view.restricted)
      restricted.push_back(one.text);
    brief["restricted"] = std::move(restricted);
    break;
  }
  }
  return json::dump(brief);
}

std::string SimBriefs::for_metric(const MetricView& view,
                                  const Place& place) const {
  auto brief = brief_at(*scenario_, place, "metric");
  brief["metrics"] = Value::array({fixed_part_of(view.metric)});
  std::string text;
  for (const auto& one : view.texts)
    text += one.text + '\n';
  brief["text"] = std::move(text);
  return json::dump(brief);
}

std::string repair_brief(const std::string& brief, const Place& place) {
  if (brief.empty())
    return brief;
  auto value = json::parse(brief);
  LAB_CHECK(value.has_value(), to_string(place));
  (*value)["repair"] = true;
  (*value)["ordinal"] = place.ordinal;
  return json::dump(*value);
}

} // namespace lab::actors
