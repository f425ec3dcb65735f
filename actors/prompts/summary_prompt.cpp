#include "actors/prompts/data_block.hpp"
#include "actors/prompts/helper_prompts.hpp"
#include "actors/prompts/wording.hpp"

namespace lab::actors {

namespace {

std::string recorder_role(const SummaryView& view) {
  return "You keep the record of \"" + view.scenario
         + "\". You tell in short what happened, in the third person and the "
           "past tense, for readers who were not there.\n\n"
           "Keep who did what, what was promised, refused or agreed, and every "
           "number and date that still matters. Leave out what led to "
           "nothing. Add nothing, judge nobody.";
}

std::string turns_told(const SummaryView& view) {
  return view.last == 0 ? "turn 0, the beginning"
                        : "turns 0 to " + std::to_string(view.last);
}

std::string before_section(const SummaryView& view) {
  return view.before.text.empty()
           ? std::string{}
           : "## The record so far\n\n" + data_line(view.before) + "\n\n";
}

std::string task_section(const SummaryView& view) {
  const std::string labels = "**SUMMARY:** text\n";
  std::string out = "## Your task\n\nTell " + turns_told(view)
                    + " as one text of 200 to 400 words. It takes the place of "
                      "all that stands above.\n\n";
  if (view.v1_prompts)
    return out + "Answer in this section, under its label:\n\n" + labels;
  return out
         + "Answer with one JSON object and nothing else:\n\n"
           R"({"summary":"..."})"
           "\n\nIf you cannot write JSON, answer in this section, under its "
           "label:\n\n"
         + labels;
}

} // namespace

std::vector<ChatMessage> summary_messages(const SummaryView& view) {
  return {{ChatRole::system, recorder_role(view)},
          {ChatRole::user,
           "# " + view.scenario + ": the record of " + turns_told(view) + "\n\n"
             + data_notice() + before_section(view)
             + (view.before.text.empty() ? "## What happened\n\n"
                                         : "## What happened since\n\n")
             + data_lines(view.records) + '\n' + task_section(view)}};
}

const std::string& summary_schema() {
  static const std::string schema =
    R"({"type":"object","additionalProperties":false,)"
    R"("required":["summary"],"properties":{"summary":{"type":"string"}}})";
  return schema;
}

} // namespace lab::actors
