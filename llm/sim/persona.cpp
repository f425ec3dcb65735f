#include "llm/sim/persona.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "llm/sim/action_kind.hpp"
#include "llm/sim/brief.hpp"
#include "llm/sim/check_answers.hpp"
#include "llm/sim/metric_rule.hpp"
#include "llm/sim/talk_answers.hpp"
#include "llm/sim/traits.hpp"

namespace lab::llm {

namespace {

// @source docs/sim.md
constexpr double temperature = 0.35;
constexpr double flaw_share = 0.02;
constexpr double power_default = 0.5;
constexpr std::size_t narrated_max = 12;

/// What each draw of a call is for. `Chance` is counter-based, so a new one at
/// the end changes no other.
enum Draw : std::uint64_t {
  draw_kind,
  draw_pattern,
  draw_target,
  draw_goal,
  draw_flaw,
};

/// Seed and coordinates, never wording: paired runs share their luck.
Chance chance_of(const ChatRequest& request, const Brief& brief) {
  return Chance{request.seed}
    .child(static_cast<std::uint64_t>(brief.turn))
    .child(brief.phase)
    .child(brief.participant)
    .child(static_cast<std::uint64_t>(brief.ordinal));
}

ActionKind chosen(const Dials& dials, double mood, const Chance& chance) {
  std::array<double, action_kinds> weights{};
  double total = 0;
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto& rule = rule_of(static_cast<ActionKind>(i));
    double utility = rule.base + reciprocity * mood * rule.stance;
    for (const auto dial : all_dials)
      utility += rule.weights.*dial * (dials.*dial - 0.5);
    weights[i] = std::exp(utility / temperature);
    total += weights[i];
  }
  auto left = chance.unit(draw_kind) * total;
  for (std::size_t i = 0; i + 1 < action_kinds; ++i) {
    left -= weights[i];
    if (left < 0)
      return static_cast<ActionKind>(i);
  }
  return static_cast<ActionKind>(action_kinds - 1);
}

/// Somebody else of the scenario, by chance.
std::string_view target_of(const Brief& brief, const Chance& chance) {
  std::vector<std::string_view> others;
  for (const auto& [id, name] : brief.names)
    if (id != brief.participant)
      others.push_back(name);
  return others.empty() ? std::string_view{"the others"}
                        : others[chance.below(draw_target, others.size())];
}

/// Metrics that stand in the text as lines or words, at their new values.
void append_metrics(std::string& out, const Brief& brief, double climate,
                    const Chance& chance, Manner manner,
                    std::vector<std::string>* changes) {
  bool first = true;
  for (std::size_t i = 0; i < brief.metrics.size(); ++i) {
    const auto& metric = brief.metrics[i];
    const auto moved = manner == Manner::minimal
                         ? kept(metric)
                         : moved_by(metric, climate, chance.child(i));
    if (moved.line.empty())
      continue;
    out += first ? "\n\n" : "\n";
    first = false;
    out += moved.line;
    if (changes != nullptr && !moved.change.empty())
      changes->push_back(moved.change);
  }
}

Answer decide(const Brief& brief, const Chance& chance, Manner manner) {
  const auto kind = manner == Manner::minimal
                      ? ActionKind::hold
                      : chosen(dials_of(brief), mood_of_others(brief), chance);
  const auto& rule = rule_of(kind);
  const auto goal =
    brief.goals.empty()
      ? std::string_view{"its own position"}
      : without_stop(brief.goals[chance.below(draw_goal, brief.goals.size())]);
  const Words words{brief.name.empty() ? brief.participant : brief.name,
                    target_of(brief, chance), goal};

  Answer answer;
  answer.kind = Answer::Kind::decision;
  for (const auto one : brief.goals)
    answer.goals.emplace_back(without_stop(one));
  if (answer.goals.empty())
    answer.goals.emplace_back("keep its position");
  answer.priorities.emplace_back(rule.priority);
  answer.reasoning = rule.reasoning;
  if (!brief.events.empty()) {
    answer.reasoning += " After \"";
    answer.reasoning += brief.events.front().name;
    answer.reasoning += "\" this holds all the more.";
  }
  fill(answer.action,
       rule.patterns.at(chance.below(draw_pattern, rule.patterns.size())),
       words);
  append_metrics(answer.action, brief, rule.stance, chance, manner, nullptr);
  return answer;
}

double power_of(const Brief& brief, std::string_view id) {
  for (const auto& [known, power] : brief.powers)
    if (known == id)
      return std::clamp(power, 0.0, 1.0);
  return power_default;
}

/// The mean stance of the turn's actions, the powerful counting more.
double climate_of(const Brief& brief) {
  double sum = 0;
  double weights = 0;
  for (const auto& action : brief.actions) {
    const auto weight = 0.5 + power_of(brief, action.participant);
    sum += weight * stance_of(action.text);
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

struct Mood {
  double from;
  std::string_view state;
  std::string_view consequence;
};
constexpr std::array moods{
  Mood{0.45, "The parties work together openly.",
       "Trust grows, and with it what can be agreed next."},
  Mood{0.15, "The parties talk, and some of it moves.",
       "A modest agreement is within reach if nobody overplays."},
  Mood{-0.15, "The parties circle each other.",
       "Without a new impulse the next round will look like this one."},
  Mood{-0.45, "The tone is sharp and patience short.",
       "Positions harden; outsiders begin to take sides."},
  Mood{-1.01, "The parties are in open dispute.",
       "Retaliation is likely, and repair will take longer than the quarrel."},
};

Answer narrate(const Brief& brief, const Chance& chance, Manner manner) {
  const auto climate = climate_of(brief);
  const auto& mood =
    *std::find_if(moods.begin(), moods.end() - 1,
                  [&](const Mood& one) { return climate >= one.from; });
  Answer answer;
  answer.kind = Answer::Kind::world;
  auto& state = answer.state;
  state.reserve(1024);
  state += "Turn " + std::to_string(brief.turn);
  if (brief.turns > 0)
    state += " of " + std::to_string(brief.turns);
  state += ". ";
  state += mood.state;
  std::size_t narrated = 0;
  for (const auto& action : brief.actions) {
    if (++narrated > narrated_max)
      break;
    const auto kind = kind_in(action.text);
    state += narrated == 1 ? "\n\n" : " ";
    state += shown_name(brief, action.participant);
    state += ' ';
    state += kind ? rule_of(*kind).seen_as : "made a statement";
    state += '.';
  }
  for (const auto& event : brief.events) {
    state += "\n\n";
    state += event.name;
    if (!event.description.empty()) {
      state += ": ";
      state += event.description;
    }
    answer.changes.push_back("Event: " + std::string{event.name});
  }
  append_metrics(state, brief, climate, chance, manner, &answer.changes);
  if (answer.changes.empty())
    answer.changes.emplace_back("Nothing that can be counted");
  answer.consequences.emplace_back(mood.consequence);
  return answer;
}

} // namespace

Result<std::string> Persona::answer(const ChatRequest& request, Manner manner) {
  LAB_TRY(const Brief brief, parse_brief(request.brief));
  const auto chance = chance_of(request, brief);
  Answer answer;
  switch (brief.kind) {
  case Brief::Kind::decision:
    answer = decide(brief, chance, manner);
    break;
  case Brief::Kind::world:
    answer = narrate(brief, chance, manner);
    break;
  case Brief::Kind::talk_offer:
  case Brief::Kind::talk_answer:
  case Brief::Kind::coalition_proposal:
  case Brief::Kind::coalition_answer:
  case Brief::Kind::coalition_word:
    answer = talked(brief, chance, manner);
    break;
  case Brief::Kind::summary:
    answer = summarised(brief);
    break;
  case Brief::Kind::check:
    answer = judged(brief, dials_of(brief));
    break;
  case Brief::Kind::metric:
    answer = measured(brief);
    break;
  case Brief::Kind::other:
    answer.plain = "This is a simulated model; it has nothing to add.";
    break;
  }
  answer.flawed = manner == Manner::rules && !brief.repair
                  && chance.unit(draw_flaw) < flaw_share;
  if (request.schema.empty())
    return labelled(answer);
  return schemas_.write(request.schema, answer);
}

} // namespace lab::llm
