#include "sweeps/planner/text_size.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

// A persona's paragraphs: the label of each and the blank line before it.
constexpr double name_label = 11;
constexpr double role_label = 13;
constexpr double description_label = 13;
constexpr double decision_style_label = 18;
constexpr double communication_style_label = 17;
constexpr double private_label = 62;
constexpr double goals_label = 13;
constexpr double limits_label = 14;
constexpr double expertise_label = 21;
constexpr double character_label = 17;
constexpr double partners_label = 34;
constexpr double format_label = 31;
constexpr double listed_frame = 3;    // "\n- "
constexpr double expertise_frame = 3; // " (…)"

TextSize labelled(const std::vector<std::string>& texts, double label) {
  TextSize sum;
  for (const auto& text : texts)
    sum += size_of(text) + listed_frame;
  return texts.empty() ? sum : sum + label;
}

} // namespace

TextSize size_of(std::string_view text) {
  const auto others = std::ranges::count_if(
    text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return {static_cast<double>(text.size()), static_cast<double>(others)};
}

TextSize labelled(const std::string& text, double label) {
  const auto size = size_of(trim(text));
  return size.bytes > 0 ? size + label : size;
}

TextSize persona_size(const ScenarioSpec& scenario,
                      const ParticipantSpec& own) {
  TextSize size =
    labelled(scenario.system_prompt, 0) + labelled(own.system_prompt, 2);
  if (scenario.v1_prompts)
    return size;
  size += labelled(own.name.empty() ? own.id : own.name, name_label);
  size += labelled(own.role, role_label);
  size += labelled(own.description, description_label);
  size += labelled(own.decision_style, decision_style_label);
  size += labelled(own.communication_style, communication_style_label);
  size += labelled(own.private_information, private_label);
  size += labelled(own.response_format, format_label);
  size += labelled(own.goals, goals_label);
  size += labelled(own.constraints, limits_label);
  size += labelled(own.personality_traits, character_label);
  size += labelled(own.preferred_coalitions, partners_label);
  for (const auto& [domain, level] : own.expertise)
    size += size_of(domain) + labelled(level, expertise_frame) + listed_frame;
  if (!own.expertise.empty())
    size += TextSize{expertise_label, 0};
  return size;
}

} // namespace lab::sweeps
