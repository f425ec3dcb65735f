#include "actors/prompts/sections.hpp"

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

} // namespace

std::string situation_sections(const ParticipantView& view) {
  return background_section(view) + past_section(view)
         + "## The situation now\n\n" + data_line(view.world) + "\n\n";
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

std::string answer_section(const ParticipantView& view, const std::string& json,
                           const std::string& labels) {
  if (view.v1_prompts)
    return "Answer in these sections, each under its label:\n\n" + labels;
  return "Answer with one JSON object and nothing else:\n\n" + json
         + "\n\nIf you cannot write JSON, answer in these sections, each "
           "under its label:\n\n"
         + labels;
}

std::vector<ChatMessage> participant_messages(const ParticipantView& view,
                                              const std::string& sections) {
  std::vector<ChatMessage> messages;
  if (auto persona = persona_message(view); !persona.empty())
    messages.push_back({ChatRole::system, std::move(persona)});
  messages.push_back(
    {ChatRole::user,
     heading(view.scenario, view.turn, view.turns, view.turn_duration)
       + "Taking part: " + join(view.roster, ", ") + ". You are "
       + view.own_name + ".\n\n" + data_notice() + sections});
  return messages;
}

} // namespace lab::actors
