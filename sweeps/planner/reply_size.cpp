#include "sweeps/planner/reply_size.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "runtime/base/text.hpp"
#include "runtime/model/chat.hpp"

namespace lab::sweeps {

namespace {

/// A real model's reply uses about a third of what it may.
constexpr double output_share = 1.0 / 3;
/// At most so many bytes of plain prose are one token.
constexpr double bytes_per_token_max = 6;

// What a reply may leave behind, as the parsers cut it.
constexpr double action_bytes_max = 2'000;
constexpr double goals_bytes_max = 10'000;
constexpr double goals_frames = 60; // quotes and commas of 20 items
constexpr double world_bytes_max = 12'000;
constexpr double message_bytes_max = 2'000; // one private word
constexpr double purpose_bytes_max = 500;
constexpr double summary_bytes_max = 6'000;
constexpr double reasoning_bytes_max = 4'000;

// Of a real model's expected reply, what later prompts repeat.
constexpr double action_part = 1.0 / 3;
constexpr double goals_part = 1.0 / 4;
constexpr double world_part = 3.0 / 4;
constexpr double message_part = 1.0 / 2;
constexpr double thought_part = 1.0 / 3;

// --- The rules of sim/persona, as lengths ------------------------------------
// A test holds these against runs on the real engine.

// Sentence patterns name the participant once, another and a goal now and then.
constexpr double sim_action_words = 54;
constexpr double sim_action_targets = 0.56;
constexpr double sim_action_goals = 0.5;
constexpr double sim_priority = 23;
constexpr double sim_reasoning = 52;
constexpr double sim_no_goal = 17; // "its own position"
// {"goals":{"long_term":["…"],"short_term":["…"]},"reasoning":"…","action":"…"}
constexpr double sim_decision_frame = 72;
constexpr double sim_item_frame = 3;   // quotes and comma
constexpr double sim_state_words = 51; // "Turn 3 of 8." and the mood
constexpr double sim_seen_as = 23;     // " gave ground. "
constexpr std::size_t sim_narrated_max = 12;
constexpr double sim_line_frame = 9;    // "\n- Label: 6.1"
constexpr double sim_change_frame = 26; // "… went from 5.2 to 6.1"
constexpr double sim_event_change = 10;
constexpr double sim_consequence = 62;
// {"updated_state":"…","key_changes":["…"],"consequences":["…"]}
constexpr double sim_world_frame = 58;
constexpr double sim_keywords_frame = 17; // "Much is said of …."
constexpr double sim_keywords_max = 10;
/// A boolean is told of in about every other turn.
constexpr double sim_boolean_share = 0.5;
constexpr double sim_no_change = 30; // "Nothing that can be counted"

constexpr ReplySize sim_offer{262, 125, 0, 0};
constexpr ReplySize sim_no_offer{125, 0, 0, 0};
constexpr ReplySize sim_answer{203, 119, 0, 0};
constexpr ReplySize sim_proposal{262, 95, 0, 0};
constexpr ReplySize sim_no_proposal{131, 0, 0, 0};
constexpr ReplySize sim_verdict{215, 88, 0, 0};
constexpr ReplySize sim_word{150, 123, 0, 0};
constexpr double sim_summary_frame = 14;        // {"summary":"…"}
constexpr double sim_summary_none = 24;         // "Nobody has acted so far."
constexpr double sim_summary_turn = 10;         // "Turn 3: …."
constexpr double sim_summary_bytes_max = 1'500; // of what was told before
constexpr ReplySize sim_check{92, 0, 0, 0};
constexpr ReplySize sim_metric{15.8, 0, 0, 0};

bool simulated(const std::string& model) { return provider_of(model) == "sim"; }

double length(const std::string& text) {
  return static_cast<double>(text.size());
}

/// The mean length of texts; `otherwise` of none.
double mean_length(const std::vector<std::string>& texts, double otherwise) {
  if (texts.empty())
    return otherwise;
  double sum = 0;
  for (const auto& text : texts)
    sum += length(text);
  return sum / static_cast<double>(texts.size());
}

/// The words of a pattern that stand before its value, when they are others
/// than the metric's name: `sim/persona` then says them too.
double other_words(const MetricSpec& metric) {
  if (metric.patterns.empty())
    return 0;
  const auto& pattern = metric.patterns.front();
  const auto words = pattern.substr(0, pattern.find_first_of("\\([.*+?"));
  auto name = to_lower(metric.name);
  std::ranges::replace(name, '_', ' ');
  return to_lower(words).find(name) == std::string::npos ? length(words) + 1
                                                         : 0;
}

/// What `sim/persona` says of a metric in the words that it is read from.
double sim_line(const MetricSpec& metric) {
  // What a model reads has no words of its own.
  if (metric.type == MetricType::text || metric.extraction == Extraction::manual
      || metric.extraction == Extraction::llm)
    return 0;
  const bool boolean = metric.type == MetricType::boolean;
  const auto share = boolean ? sim_boolean_share : 1;
  if (metric.extraction == Extraction::keyword
      && metric.type != MetricType::categorical) {
    const auto middle = metric.range
                          ? (metric.range->first + metric.range->second) / 2
                          : sim_keywords_max / 2;
    const auto count = boolean ? 1 : std::clamp(middle, 0.0, sim_keywords_max);
    return share
           * (sim_keywords_frame
              + count * (mean_length(metric.keywords, 0) + 2));
  }
  const auto value = metric.type == MetricType::categorical
                       ? mean_length(metric.categories, 0) - 3
                       : length(metric.unit) + (metric.unit.empty() ? 0 : 1);
  return share
         * (length(metric.name) + sim_line_frame + value + other_words(metric));
}

double sim_change(const MetricSpec& metric) {
  const bool number =
    metric.type == MetricType::continuous || metric.type == MetricType::integer;
  return number && metric.extraction != Extraction::keyword
             && metric.extraction != Extraction::manual
             && metric.extraction != Extraction::llm
           ? length(metric.name) + sim_change_frame
           : 0;
}

bool speaks_of(const MetricSpec& metric, const ParticipantSpec& participant) {
  return metric.per_participant
         && (metric.participant.empty()
             || metric.participant == participant.id);
}

const std::string& shown(const ParticipantSpec& participant) {
  return participant.name.empty() ? participant.id : participant.name;
}

ReplySize sim_decision(const ScenarioSpec& scenario,
                       const ParticipantSpec& own) {
  double others = 0;
  for (const auto& participant : scenario.participants)
    if (participant.id != own.id)
      others += length(shown(participant));
  if (scenario.participants.size() > 1)
    others /= static_cast<double>(scenario.participants.size() - 1);
  ReplySize size;
  size.goals = sim_priority + sim_item_frame;
  for (const auto& goal : own.goals)
    size.goals += length(goal) + sim_item_frame;
  if (own.goals.empty())
    size.goals += sim_no_goal + sim_item_frame;
  size.kept = sim_action_words + length(shown(own))
              + sim_action_targets * others
              + sim_action_goals * mean_length(own.goals, sim_no_goal);
  for (const auto& metric : scenario.metrics)
    if (speaks_of(metric, own))
      size.kept += sim_line(metric);
  size.thought = sim_reasoning;
  size.whole = sim_decision_frame + size.goals + size.thought + size.kept;
  return size;
}

ReplySize sim_world(const ScenarioSpec& scenario) {
  ReplySize size;
  size.kept = sim_state_words;
  const auto narrated =
    std::min(scenario.participants.size(), sim_narrated_max);
  for (std::size_t i = 0; i < narrated; ++i)
    size.kept += length(shown(scenario.participants[i])) + sim_seen_as;
  // Nothing has changed before there was a value.
  const auto first = 1 / static_cast<double>(std::max(scenario.turns, 1));
  double changes = 0;
  for (const auto& metric : scenario.metrics)
    if (!metric.per_participant) {
      size.kept += sim_line(metric);
      if (const auto change = sim_change(metric); change > 0)
        changes += change + sim_item_frame;
    }
  for (const auto& event : scenario.events) {
    const auto share = share_of_turns(event, scenario, usual_habits);
    size.kept += share * (length(event.name) + length(event.description) + 6);
    changes += share * (length(event.name) + sim_event_change);
  }
  changes =
    changes > 0 ? changes * (1 - first) + sim_no_change * first : sim_no_change;
  size.whole = sim_world_frame + size.kept + changes + sim_consequence;
  return size;
}

/// Of a turn in the middle of those that have a summary.
ReplySize sim_summary(const ScenarioSpec& scenario) {
  double turn = sim_summary_turn;
  for (const auto& participant : scenario.participants)
    turn += length(shown(participant)) + sim_seen_as;
  const auto told =
    (scenario.turns - std::max(scenario.context_window_size, 0) - 1) / 2.0;
  ReplySize size;
  size.kept = told > 0 ? std::min(turn * told, sim_summary_bytes_max + turn)
                       : sim_summary_none;
  size.whole = size.kept + sim_summary_frame;
  return size;
}

/// The part of the model id after `tokens_out=`; 0: none.
double reported_output(const std::string& model) {
  constexpr std::string_view knob = "tokens_out=";
  const auto at = model.find(knob);
  std::int64_t tokens = 0;
  if (simulated(model) && at != std::string::npos)
    std::from_chars(model.data() + at + knob.size(),
                    model.data() + model.size(), tokens);
  return static_cast<double>(std::max<std::int64_t>(tokens, 0));
}

/// A reply of a real model: a share of its cap, and what of it is kept.
ReplySize prose(std::int64_t cap, double part, double kept_max) {
  const auto whole = static_cast<double>(cap) * output_share * bytes_per_token;
  return {whole, std::min(whole * part, kept_max), 0, 0};
}

ReplySize longest(std::int64_t cap, double kept_max) {
  const auto whole = static_cast<double>(cap) * bytes_per_token_max;
  return {whole, std::min(whole, kept_max),
          std::min(whole, goals_bytes_max) + goals_frames,
          std::min(whole, reasoning_bytes_max)};
}

/// Of those that make an offer and those that do not, by their share.
ReplySize mixed(const ReplySize& made, const ReplySize& none, double share) {
  return {made.whole * share + none.whole * (1 - share), made.kept, 0, 0};
}

} // namespace

double share_of_turns(const EventSpec& event, const ScenarioSpec& scenario,
                      const Habits& habits) {
  if (!habits.usual)
    return 1;
  const auto once = 1 / static_cast<double>(std::max(scenario.turns, 1));
  switch (event.type) {
  case EventType::trend:
    return event.probability / std::max(event.every, 1);
  case EventType::scheduled:
    return std::min(static_cast<double>(event.turns.size()) * once, 1.0);
  case EventType::random:
    return event.once ? std::min(event.probability, once) : event.probability;
  case EventType::conditional:
    break;
  }
  return event.once ? std::min(habits.conditions, once) : habits.conditions;
}

const char* phase_of(CallKind kind) {
  switch (kind) {
  case CallKind::summary:
    return "summary";
  case CallKind::talk_offer:
  case CallKind::talk_answer:
    return "communication";
  case CallKind::coalition_proposal:
  case CallKind::coalition_answer:
  case CallKind::coalition_word:
    return "coalition";
  case CallKind::decision:
    return "decision";
  case CallKind::world_update:
    return "world_update";
  case CallKind::metric:
    return "metrics";
  case CallKind::check:
    break;
  }
  return "validation";
}

std::int64_t output_cap_of(const ScenarioSpec& scenario,
                           const std::string& phase) {
  for (const auto& key : {phase, std::string{}})
    if (const auto cap = scenario.output_caps.find(key);
        cap != scenario.output_caps.end())
      return cap->second;
  return phase == phase_of(CallKind::world_update) ? 2'000 : 1'200;
}

const ReplySize& ReplySizes::of(CallKind kind, std::size_t index) const {
  switch (kind) {
  case CallKind::summary:
    return summary;
  case CallKind::talk_offer:
    return offers[index];
  case CallKind::talk_answer:
    return answers[index];
  case CallKind::coalition_proposal:
    return proposals[index];
  case CallKind::coalition_answer:
    return verdicts[index];
  case CallKind::coalition_word:
    return words[index];
  case CallKind::decision:
    return decisions[index];
  case CallKind::world_update:
    return world;
  case CallKind::metric:
    return metric;
  case CallKind::check:
    break;
  }
  return check;
}

ReplySizes expected_replies(const ScenarioSpec& scenario) {
  const auto cap = [&](CallKind kind) {
    return output_cap_of(scenario, phase_of(kind));
  };
  // By the participant's own model, or by the model of a phase.
  const auto of = [](const std::string& model, ReplySize sim, ReplySize real) {
    return simulated(model) ? sim : real;
  };
  const auto said = [&](CallKind kind) {
    return prose(cap(kind), message_part, message_bytes_max);
  };
  ReplySizes sizes;
  for (const auto& participant : scenario.participants) {
    const auto& model = participant.model;
    auto decided =
      prose(cap(CallKind::decision), action_part, action_bytes_max);
    decided.goals = std::min(decided.whole * goals_part, goals_bytes_max);
    decided.thought =
      std::min(decided.whole * thought_part, reasoning_bytes_max);
    sizes.decisions.push_back(
      of(model, sim_decision(scenario, participant), decided));
    sizes.offers.push_back(of(model,
                              mixed(sim_offer, sim_no_offer, usual_habits.talk),
                              said(CallKind::talk_offer)));
    sizes.answers.push_back(of(model, sim_answer, said(CallKind::talk_answer)));
    sizes.proposals.push_back(
      of(model, mixed(sim_proposal, sim_no_proposal, usual_habits.propose),
         prose(cap(CallKind::coalition_proposal), message_part,
               purpose_bytes_max)));
    sizes.verdicts.push_back(
      of(model, sim_verdict, said(CallKind::coalition_answer)));
    sizes.words.push_back(of(model, sim_word, said(CallKind::coalition_word)));
  }
  sizes.world =
    of(scenario.world_state_model, sim_world(scenario),
       prose(cap(CallKind::world_update), world_part, world_bytes_max));
  sizes.summary = of(scenario.summary_model.empty() ? scenario.world_state_model
                                                    : scenario.summary_model,
                     sim_summary(scenario),
                     prose(cap(CallKind::summary), 1, summary_bytes_max));
  sizes.check =
    of(scenario.validation ? scenario.validation->model : std::string{},
       sim_check, prose(cap(CallKind::check), 0, 0));
  sizes.metric = sim_metric; // a number, whoever says it
  return sizes;
}

ReplySizes longest_replies(const ScenarioSpec& scenario) {
  const auto all = [&](CallKind kind, double kept_max) {
    return longest(output_cap_of(scenario, phase_of(kind)), kept_max);
  };
  const auto everybody = [&](CallKind kind, double kept_max) {
    return std::vector<ReplySize>(scenario.participants.size(),
                                  all(kind, kept_max));
  };
  ReplySizes sizes;
  sizes.decisions = everybody(CallKind::decision, action_bytes_max);
  sizes.offers = everybody(CallKind::talk_offer, message_bytes_max);
  sizes.answers = everybody(CallKind::talk_answer, message_bytes_max);
  sizes.proposals = everybody(CallKind::coalition_proposal, purpose_bytes_max);
  sizes.verdicts = everybody(CallKind::coalition_answer, message_bytes_max);
  sizes.words = everybody(CallKind::coalition_word, message_bytes_max);
  sizes.world = all(CallKind::world_update, world_bytes_max);
  sizes.summary = all(CallKind::summary, summary_bytes_max);
  sizes.metric = all(CallKind::metric, 0);
  sizes.check = all(CallKind::check, 0);
  return sizes;
}

double expected_output(const std::string& model, std::int64_t cap,
                       const ReplySize& reply) {
  const auto most = static_cast<double>(std::max<std::int64_t>(cap, 1));
  if (const auto reported = reported_output(model); reported > 0)
    return std::min(reported, most);
  return std::clamp(reply.whole / bytes_per_token, 1.0, most);
}

} // namespace lab::sweeps
