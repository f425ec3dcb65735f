#include "actors/prompts/prompts.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// Paragraphs, a blank line between them.
class Paragraphs {
public:
  void add(const std::string& text) {
    if (trim(text).empty())
      return;
    if (!text_.empty())
      text_ += "\n\n";
    text_ += trim(text);
  }
  void add(const std::string& label, const std::string& text) {
    if (!trim(text).empty())
      add(label + ": " + std::string{trim(text)});
  }
  void add(const std::string& label, const std::vector<std::string>& items) {
    if (!items.empty())
      add(label + ":\n- " + join(items, "\n- "));
  }
  std::string take() { return std::move(text_); }

private:
  std::string text_;
};

std::vector<std::string> expertise_of(const ParticipantSpec& own) {
  std::vector<std::string> items;
  for (const auto& [domain, level] : own.expertise) {
    items.push_back(domain);
    if (!level.empty())
      items.back().append(" (").append(level).append(")");
  }
  return items;
}

} // namespace

std::string persona_message(const ParticipantView& view) {
  const auto& own = view.own;
  Paragraphs persona;
  persona.add(view.scenario_prompt);
  persona.add(own.system_prompt);
  if (view.v1_prompts)
    return persona.take();
  persona.add("You are " + (own.name.empty() ? own.id : own.name) + ".");
  persona.add("Your role", own.role);
  persona.add("About you", own.description);
  persona.add("Your goals", own.goals);
  persona.add("Your limits", own.constraints);
  persona.add("What you know well", expertise_of(own));
  persona.add("How you decide", own.decision_style);
  persona.add("How you speak", own.communication_style);
  persona.add("Your character", own.personality_traits);
  persona.add("Known to you alone (others learn it only if you tell them)",
              own.private_information);
  return persona.take();
}

} // namespace lab::actors
