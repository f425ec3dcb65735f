#include "actors/parse/fields.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/parse/tolerant.hpp"

namespace lab::actors {

namespace {

const Keys long_keys{"long_term", "longterm", "long_term_goals"};
const Keys short_keys{"short_term", "shortterm", "short_term_priorities",
                      "short_term_goals", "priorities"};
const Keys reasoning_keys{"reasoning", "current_reasoning", "rationale",
                          "thinking"};
const Keys action_keys{"action", "actions", "public_action", "decision",
                       "plan"};

const std::vector<SectionNames> decision_sections{
  {"LONG TERM GOALS", "LONG TERM GOAL", "LONG TERM", "GOALS"},
  {"SHORT TERM PRIORITIES", "SHORT TERM GOALS", "SHORT TERM", "PRIORITIES"},
  {"REASONING", "CURRENT REASONING", "RATIONALE", "THINKING"},
  {"ACTION", "ACTIONS", "PUBLIC ACTION", "DECISION", "PLAN"}};

/// What a reply says, before caps.
struct Said {
  std::vector<std::string> long_term;
  std::vector<std::string> short_term;
  std::string reasoning;
  std::string action;
};

std::optional<Decision> decision_of(const Said& said) {
  Decision decision;
  decision.action = field_text(said.action, action_chars_max);
  if (decision.action.empty())
    return std::nullopt;
  decision.reasoning = field_text(said.reasoning, reasoning_chars_max);
  decision.long_term_goals =
    field_texts(said.long_term, goals_max, goal_chars_max);
  decision.short_term_priorities =
    field_texts(said.short_term, goals_max, goal_chars_max);
  return decision;
}

/// Goals come as an object of two lists, as one list or as one text, inside
/// `goals` or beside it.
void take_goals(const json::Value& object, Said& said) {
  said.long_term = texts_at(object, long_keys);
  said.short_term = texts_at(object, short_keys);
  const auto* goals = member_like(object, {"goals"});
  if (goals == nullptr)
    return;
  const bool parted = member_like(*goals, long_keys) != nullptr
                      || member_like(*goals, short_keys) != nullptr;
  if (said.long_term.empty())
    said.long_term = parted ? texts_at(*goals, long_keys) : texts_of(*goals);
  if (said.short_term.empty() && parted)
    said.short_term = texts_at(*goals, short_keys);
}

bool has_action(const json::Value& object) {
  return member_like(object, {"action", "actions"}) != nullptr;
}

std::optional<Decision> from_object(const json::Value& object) {
  // {"decision": {"goals": …, "action": …}}
  if (!has_action(object))
    for (const auto& wrapped : object)
      if (has_action(wrapped))
        return from_object(wrapped);
  Said said;
  take_goals(object, said);
  said.reasoning = text_at(object, reasoning_keys);
  said.action = text_at(object, action_keys);
  return decision_of(said);
}

std::optional<Decision> from_sections(const std::vector<Section>& sections) {
  return decision_of({list_items(sections[0].text),
                      list_items(sections[1].text), sections[2].text,
                      sections[3].text});
}

} // namespace

Result<Decision> parse_decision(const Reply& reply) {
  static const TolerantForm<Decision> form{decision_sections, from_object,
                                           from_sections, "action"};
  auto decision = parse_tolerantly(reply, form);
  if (decision)
    decision->raw = reply.text;
  return decision;
}

} // namespace lab::actors
