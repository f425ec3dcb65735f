#include "actors/prompts/prompts.hpp"
#include "actors/prompts/sections.hpp"
#include "actors/prompts/wording.hpp"

namespace lab::actors {

namespace {

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
  return out
         + answer_section(
           view,
           R"({"goals":{"long_term":["..."],"short_term":["..."]},)"
           R"("reasoning":"...","action":"..."})",
           labels);
}

} // namespace

std::vector<ChatMessage> decision_messages(const ParticipantView& view) {
  return participant_messages(view,
                              situation_sections(view) + private_section(view)
                                + goals_section(view) + task_section(view));
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
