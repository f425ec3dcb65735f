#include "actors/prompts/talk_prompts.hpp"

#include "actors/prompts/data_block.hpp"
#include "actors/prompts/sections.hpp"
#include "actors/prompts/wording.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

constexpr const char* task_heading = "## Your task\n\n";

/// Everybody but the viewer, as the roster names them.
std::vector<std::string> others_of(const ParticipantView& view) {
  std::vector<std::string> others;
  for (const auto& name : view.roster)
    if (name != view.own_name)
      others.push_back(name);
  return others;
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) {
    if (out.size() > 1)
      out += ',';
    out += json_quote(text);
  }
  return out + ']';
}

/// What a participant knows before it acts, then what it is asked.
std::vector<ChatMessage> asked(const ParticipantView& view,
                               const std::string& question) {
  return participant_messages(view, situation_sections(view)
                                      + private_section(view)
                                      + goals_section(view) + question);
}

/// A schema of an object whose properties are all required.
std::string object_schema(
  const std::vector<std::pair<std::string, std::string>>& properties) {
  std::string required;
  std::string members;
  for (const auto& [name, schema] : properties) {
    const std::string comma = required.empty() ? "" : ",";
    required += comma + json_quote(name);
    members += comma + json_quote(name) + ':' + schema;
  }
  return R"({"type":"object","additionalProperties":false,"required":[)"
         + required + R"(],"properties":{)" + members + "}}";
}

constexpr const char* text_type = R"({"type":"string"})";
constexpr const char* truth_type = R"({"type":"boolean"})";

std::string one_of(const std::vector<std::string>& texts) {
  return R"({"type":"string","enum":)" + json_list(texts) + '}';
}

std::string coalition_section(const CoalitionView& coalition) {
  return "## The coalition\n\n" + coalition.proposer
         + " proposes a coalition of " + join(coalition.members, ", ") + ".\n\n"
         + data_line(coalition.purpose) + '\n' + data_lines(coalition.words)
         + '\n';
}

} // namespace

std::vector<ChatMessage> talk_offer_messages(const ParticipantView& view,
                                             std::int32_t round,
                                             std::int32_t rounds) {
  std::string task = task_heading;
  task += "Before everybody decides, you may open one private talk: send one "
          "message to one of these: "
          + join(others_of(view), ", ")
          + ". Only the two of you will ever read it and the answer. You may "
            "also talk to nobody.";
  if (rounds > 1)
    task += " This is chance " + std::to_string(round + 1) + " of "
            + std::to_string(rounds) + " to do so in "
            + turn_of(view.turn, view.turns) + ".";
  task += " Give your reasoning; nobody else will see it.\n\n";
  return asked(view,
               task
                 + answer_section(
                   view,
                   R"({"initiate":true,"target":"...","message":"...",)"
                   R"("reasoning":"..."})"
                   "\n\nWithout a talk, initiate is false, target \"none\" and "
                   "message empty.",
                   "**INITIATE_BILATERAL:** yes or no\n"
                   "**TARGET_ACTOR:** a name, or none\n"
                   "**PROPOSED_MESSAGE:** text, or none\n"
                   "**REASONING:** text\n"));
}

std::string talk_offer_schema(const ParticipantView& view) {
  auto targets = others_of(view);
  targets.emplace_back("none");
  return object_schema({{"initiate", truth_type},
                        {"target", one_of(targets)},
                        {"message", text_type},
                        {"reasoning", text_type}});
}

std::vector<ChatMessage> talk_answer_messages(const ParticipantView& view,
                                              const Utterance& offer) {
  return asked(
    view,
    "## A private message to you\n\n" + data_line(offer) + "\n\n" + task_heading
      + "Answer " + offer.from
      + ". Only the two of you will ever read your response; your notes "
        "nobody will.\n\n"
      + answer_section(view, R"({"response":"...","internal_notes":"..."})",
                       "**RESPONSE:** text\n"
                       "**INTERNAL_NOTES:** text\n"));
}

const std::string& talk_answer_schema() {
  static const auto schema =
    object_schema({{"response", text_type}, {"internal_notes", text_type}});
  return schema;
}

std::vector<ChatMessage>
coalition_proposal_messages(const ParticipantView& view) {
  return asked(
    view,
    std::string{task_heading}
      + "Before everybody decides, you may propose one coalition: you and at "
        "least two of these: "
      + join(others_of(view), ", ")
      + ". It stands if all of them accept. Only they learn of it and of its "
        "purpose. You may also propose none. Give your reasoning; nobody else "
        "will see it.\n\n"
      + answer_section(view,
                       R"({"propose":true,"members":["...","..."],)"
                       R"("purpose":"...","reasoning":"..."})"
                       "\n\nWithout a coalition, propose is false, members "
                       "and purpose are empty.",
                       "**PROPOSE_COALITION:** yes or no\n"
                       "**COALITION_MEMBERS:** names with commas, or none\n"
                       "**COALITION_PURPOSE:** text, or none\n"
                       "**REASONING:** text\n"));
}

std::string coalition_proposal_schema(const ParticipantView& view) {
  return object_schema(
    {{"propose", truth_type},
     {"members", R"({"type":"array","items":)" + one_of(others_of(view)) + '}'},
     {"purpose", text_type},
     {"reasoning", text_type}});
}

std::vector<ChatMessage>
coalition_answer_messages(const ParticipantView& view,
                          const CoalitionView& coalition) {
  return asked(
    view,
    coalition_section(coalition) + task_heading
      + "Say whether you join this coalition. It stands only if all accept; a "
        "condition counts as a refusal. "
      + coalition.proposer
      + " will read your response; your notes nobody will.\n\n"
      + answer_section(view,
                       R"({"decision":"accept","response":"...",)"
                       R"("internal_notes":"..."})"
                       "\n\nThe decision is \"accept\" or \"reject\".",
                       "**DECISION:** accept or reject\n"
                       "**RESPONSE:** text\n"
                       "**INTERNAL_NOTES:** text\n"));
}

const std::string& coalition_answer_schema() {
  static const auto schema =
    object_schema({{"decision", one_of({"accept", "reject"})},
                   {"response", text_type},
                   {"internal_notes", text_type}});
  return schema;
}

std::vector<ChatMessage>
coalition_word_messages(const ParticipantView& view,
                        const CoalitionView& coalition) {
  return asked(
    view,
    coalition_section(coalition) + task_heading
      + "All accepted, so this coalition stands. Say one thing to "
        "its other members, who alone will read it: what you bring, "
        "what you ask, what you do together.\n\n"
      + answer_section(view, R"({"message":"..."})", "**MESSAGE:** text\n"));
}

const std::string& coalition_word_schema() {
  static const auto schema = object_schema({{"message", text_type}});
  return schema;
}

} // namespace lab::actors
