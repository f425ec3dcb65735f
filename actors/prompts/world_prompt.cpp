#include "actors/prompts/data_block.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/wording.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

std::string narrator_role(const WorldView& view) {
  return "You narrate the world of \"" + view.scenario
         + "\". After each turn you tell what the world has become, in the "
           "third person and the present tense.\n\n"
           "Consequences follow from what was done and from how the world is: "
           "with delay, friction and side effects, as in life. Take no side, "
           "judge nobody, advise nobody.\n\n"
           "Ascribe deeds and words only to those whose record shows them. "
           "Who has no record in this turn did nothing in it.";
}

std::string actions_section(const WorldView& view) {
  const auto lines = data_lines(view.actions);
  return "## What was done this turn\n\n"
         + (lines.empty() ? "Nobody did anything.\n" : lines) + '\n';
}

std::string events_section(const WorldView& view) {
  if (view.events.empty())
    return {};
  std::string out = "## What happened besides\n\n";
  for (const auto& event : view.events)
    out += "- " + event.name + ": " + event.description + '\n';
  return out + '\n';
}

std::string task_section(const WorldView& view) {
  const std::string labels = "**UPDATED STATE:** 2 to 4 paragraphs\n"
                             "**KEY CHANGES:** a list with dashes\n"
                             "**CONSEQUENCES:** a list with dashes\n";
  std::string out =
    "## Your task\n\nTell the world as it is after "
    + turn_of(view.turn, view.turns)
    + ". Think of these questions:\n\n"
      "- What does each action bring about, and what stands in its way?\n"
      "- Where do actions meet: do they help, hinder or undo each other?\n"
      "- Who gains and who loses, and how do they take it?\n"
      "- What do the events besides change?\n"
      "- What takes effect at once, and what only later?\n"
      "- What is open now that was not before?\n\n"
      "Carry forward what still holds of the old state, with its numbers.\n\n";
  if (view.v1_prompts)
    return out + "Answer in these sections, each under its label:\n\n" + labels;
  return out
         + "Answer with one JSON object and nothing else; updated_state has "
           "2 to 4 paragraphs:\n\n"
           R"({"updated_state":"...","key_changes":["..."],)"
           R"("consequences":["..."]})"
           "\n\nIf you cannot write JSON, answer in these sections, each "
           "under its label:\n\n"
         + labels;
}

} // namespace

std::vector<ChatMessage> world_messages(const WorldView& view) {
  return {{ChatRole::system, narrator_role(view)},
          {ChatRole::user,
           heading(view.scenario, view.turn, view.turns, view.turn_duration)
             + "Taking part: " + join(view.roster, ", ") + ".\n\n"
             + data_notice() + "## The world before this turn\n\n"
             + data_line(view.world) + "\n\n" + actions_section(view)
             + events_section(view) + task_section(view)}};
}

const std::string& world_schema() {
  static const std::string schema =
    R"({"type":"object","additionalProperties":false,)"
    R"("required":["updated_state","key_changes","consequences"],)"
    R"("properties":{"updated_state":{"type":"string"},)"
    R"("key_changes":{"type":"array","items":{"type":"string"}},)"
    R"("consequences":{"type":"array","items":{"type":"string"}}}})";
  return schema;
}

} // namespace lab::actors
