#include "actors/prompts/data_block.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/wording.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

std::string background_section(const ParticipantView& view) {
  return view.background.empty()
           ? std::string{}
           : "## Background\n\n" + data_lines(view.background) + '\n';
}

/// The turns before the window: told in short, or named as left out.
std::string left_out_part(const ParticipantView& view) {
  if (view.left_out == 0)
    return {};
  const auto turns = view.left_out == 1
                       ? "Turn 0, the beginning, is "
                       : std::to_string(view.left_out) + " earlier turns, 0 to "
                           + std::to_string(view.left_out - 1) + ", are ";
  if (view.summary.text.empty())
    return "(" + turns + "left out here.)\n";
  return "(" + turns + "told in short.)\n" + data_line(view.summary) + '\n';
}

std::string past_section(const ParticipantView& view) {
  const auto out = left_out_part(view) + data_lines(view.history);
  return out.empty() ? out : "## What happened before\n\n" + out + '\n';
}

std::string goals_section(const ParticipantView& view) {
  std::string out;
  for (const auto& goals : view.goals)
    out += data_line(view.own_name, goals) + '\n';
  return out.empty() ? out : "## The goals you stated lately\n\n" + out + '\n';
}

std::string private_section(const ParticipantView& view) {
  return view.current.empty() ? std::string{}
                              : "## Said in private this turn\n\n"
                                  + data_lines(view.current) + '\n';
}

std::string task_section(const ParticipantView& view) {
  std::string out = "## Your task\n\nDecide what you do in "
                    + turn_of(view.turn, view.turns)
                    + ". Everybody decides at the same time; nobody knows "
                      "another's move of this turn.\n\n"
                      "State 2 to 4 long-term goals and 1 to 3 short-term "
                      "priorities: keep to your earlier ones, or change them "
                      "for a reason. Give your reasoning; nobody else will "
                      "see it. Then give your action, which is public: what "
                      "you do and say, concretely.\n\n";
  const std::string labels = "**LONG-TERM GOALS:** one a line\n"
                             "**SHORT-TERM PRIORITIES:** one a line\n"
                             "**REASONING:** text\n"
                             "**ACTION:** text\n";
  if (view.v1_prompts)
    return out + "Answer in these sections, each under its label:\n\n" + labels;
  return out
         + "Answer with one JSON object and nothing else:\n\n"
           R"({"goals":{"long_term":["..."],"short_term":["..."]},)"
           R"("reasoning":"...","action":"..."})"
           "\n\nIf you cannot write JSON, answer in these sections, each "
           "under its label:\n\n"
         + labels;
}

} // namespace

std::vector<ChatMessage> decision_messages(const ParticipantView& view) {
  std::vector<ChatMessage> messages;
  if (auto persona = persona_message(view); !persona.empty())
    messages.push_back({ChatRole::system, std::move(persona)});
  messages.push_back(
    {ChatRole::user,
     heading(view.scenario, view.turn, view.turns, view.turn_duration)
       + "Taking part: " + join(view.roster, ", ") + ". You are "
       + view.own_name + ".\n\n" + data_notice() + background_section(view)
       + past_section(view) + "## The situation now\n\n" + data_line(view.world)
       + "\n\n" + private_section(view) + goals_section(view)
       + task_section(view)});
  return messages;
}

const std::string& decision_schema() {
  static const std::string schema =
    R"({"type":"object","additionalProperties":false,)"
    R"("required":["goals","reasoning","action"],"properties":{)"
    R"("goals":{"type":"object","additionalProperties":false,)"
    R"("required":["long_term","short_term"],"properties":{)"
    R"("long_term":{"type":"array","items":{"type":"string"}},)"
    R"("short_term":{"type":"array","items":{"type":"string"}}}},)"
    R"("reasoning":{"type":"string"},"action":{"type":"string"}}})";
  return schema;
}

} // namespace lab::actors
