#include "actors/people/answer_form.hpp"

#include <algorithm>
#include <optional>

#include "actors/parse/reply_parsers.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// Longest private or public words of a person, in characters. What others
/// are shown of it is cut by the same rules as a model's.
constexpr std::size_t words_chars_max = action_chars_max;
constexpr std::size_t notes_chars_max = reasoning_chars_max;
constexpr std::size_t members_max = 64;

AnswerField text(std::string key, std::string label, std::string hint,
                 bool required, std::size_t chars_max, std::string needs = {}) {
  return {std::move(key),
          std::move(label),
          std::move(hint),
          FieldKind::text,
          required,
          std::move(needs),
          chars_max,
          0,
          {}};
}

AnswerField goals(std::string key, std::string label, std::string hint) {
  return {std::move(key),
          std::move(label),
          std::move(hint),
          FieldKind::lines,
          false,
          {},
          goal_chars_max,
          goals_max,
          {}};
}

AnswerField yes_no(std::string key, std::string label, std::string hint) {
  return {std::move(key),
          std::move(label),
          std::move(hint),
          FieldKind::yes_no,
          true,
          {},
          0,
          0,
          {}};
}

AnswerForm decision_form() {
  return {
    "decision",
    "what you do this turn",
    {goals("goals.long_term", "LONG-TERM GOALS", "one a line; may stay empty"),
     goals("goals.short_term", "SHORT-TERM PRIORITIES",
           "one a line; may stay empty"),
     text("reasoning", "REASONING",
          "yours alone, nobody sees it; may stay empty", false,
          notes_chars_max),
     text("action", "ACTION",
          "needed: what you do and say, concretely; everybody sees it", true,
          action_chars_max)}};
}

AnswerForm talk_offer_form() {
  auto target = text("target", "TALK TO", "with whom, after a yes", true,
                     words_chars_max, "initiate");
  target.kind = FieldKind::choice;
  return {"talk_offer",
          "whether you open a private talk",
          {yes_no("initiate", "OPEN A TALK", "needed: yes or no"),
           std::move(target),
           text("message", "MESSAGE",
                "after a yes: your words; only the other one reads them", true,
                words_chars_max, "initiate"),
           text("reasoning", "REASONING",
                "yours alone, nobody sees it; may stay empty", false,
                notes_chars_max)}};
}

AnswerForm talk_answer_form() {
  return {"talk_answer",
          "your answer in a private talk",
          {text("response", "RESPONSE",
                "needed: your words; only who opened the talk reads them", true,
                words_chars_max),
           text("internal_notes", "INTERNAL NOTES",
                "yours alone, nobody sees them; may stay empty", false,
                notes_chars_max)}};
}

AnswerForm coalition_proposal_form() {
  AnswerField members{"members",
                      "COALITION MEMBERS",
                      "after a yes: who shall join you, one a line",
                      FieldKind::picks,
                      true,
                      "propose",
                      words_chars_max,
                      members_max,
                      {}};
  return {"coalition_proposal",
          "whether you propose a coalition",
          {yes_no("propose", "PROPOSE A COALITION", "needed: yes or no"),
           std::move(members),
           text("purpose", "COALITION PURPOSE",
                "after a yes: what for; those you ask read it", true,
                words_chars_max, "propose"),
           text("reasoning", "REASONING",
                "yours alone, nobody sees it; may stay empty", false,
                notes_chars_max)}};
}

AnswerForm coalition_answer_form() {
  auto decision =
    text("decision", "DECISION", "needed: accept or reject", true, 0);
  decision.kind = FieldKind::choice;
  decision.choices = {"accept", "reject"};
  return {"coalition_answer",
          "whether you join a coalition",
          {std::move(decision),
           text("response", "RESPONSE",
                "your words to who proposed it; may stay empty", false,
                words_chars_max),
           text("internal_notes", "INTERNAL NOTES",
                "yours alone, nobody sees them; may stay empty", false,
                notes_chars_max)}};
}

AnswerForm coalition_word_form() {
  return {
    "coalition_word",
    "your word to the members of your coalition",
    {text("message", "MESSAGE", "needed: your words; the members read them",
          true, words_chars_max)}};
}

using FormMaker = AnswerForm (*)();

struct KnownForm {
  std::string_view kind;
  FormMaker make;
};

constexpr KnownForm known_forms[]{
  {"decision", decision_form},
  {"talk_offer", talk_offer_form},
  {"talk_answer", talk_answer_form},
  {"coalition_proposal", coalition_proposal_form},
  {"coalition_answer", coalition_answer_form},
  {"coalition_word", coalition_word_form},
};

/// The texts of `enum` in the schema of one property, or of its items.
std::vector<std::string> listed(const json::Value& schema,
                                const std::string& key) {
  const auto* properties = json::member(schema, "properties");
  const auto* property =
    properties == nullptr ? nullptr : json::member(*properties, key.c_str());
  if (property != nullptr)
    if (const auto* items = json::member(*property, "items"))
      property = items;
  const auto* allowed =
    property == nullptr ? nullptr : json::member(*property, "enum");
  std::vector<std::string> names;
  if (allowed != nullptr && allowed->is_array())
    for (const auto& name : *allowed)
      // An empty name, or "none", says that nobody is meant.
      if (name.is_string() && !name.get<std::string>().empty()
          && to_lower(name.get<std::string>()) != "none")
        names.push_back(name.get<std::string>());
  return names;
}

} // namespace

Result<AnswerForm> form_of(std::string_view kind, const std::string& schema) {
  const auto* known =
    std::find_if(std::begin(known_forms), std::end(known_forms),
                 [kind](const KnownForm& form) { return form.kind == kind; });
  if (known == std::end(known_forms))
    return fail(Errc::invalid_input,
                "people are not asked for `" + printable(kind) + "`");
  auto form = known->make();
  if (schema.empty())
    return form;
  LAB_TRY(const json::Value parsed, json::parse(schema));
  for (auto& field : form.fields)
    if (field.choices.empty()
        && (field.kind == FieldKind::choice || field.kind == FieldKind::picks))
      field.choices = listed(parsed, field.key);
  return form;
}

std::string shown_label(const AnswerField& field) {
  return "**" + field.label + ":**";
}

std::string declined_answer(std::string_view how) {
  return R"({"declined":)" + json_quote(how) + "}";
}

} // namespace lab::actors
