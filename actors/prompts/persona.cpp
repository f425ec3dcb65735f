#include "actors/prompts/persona_parts.hpp"
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

/// The words above each part of a description.
struct PartLabels {
  const char* role;
  const char* description;
  const char* goals;
  const char* constraints;
  const char* expertise;
  const char* decision_style;
  const char* communication_style;
  const char* traits;
  const char* coalitions;
  const char* secret;
};

constexpr PartLabels to_itself{
  "Your role",
  "About you",
  "Your goals",
  "Your limits",
  "What you know well",
  "How you decide",
  "How you speak",
  "Your character",
  "With whom you would rather side",
  "Known to you alone (others learn it only if you tell them)"};

constexpr PartLabels to_a_judge{"Role",
                                "About it",
                                "Goals",
                                "Limits",
                                "What it knows well",
                                "How it decides",
                                "How it speaks",
                                "Character",
                                "With whom it would rather side",
                                "Known to it alone"};

void add_parts(Paragraphs& out, const ParticipantSpec& own,
               const PartLabels& labels) {
  out.add(labels.role, own.role);
  out.add(labels.description, own.description);
  out.add(labels.goals, own.goals);
  out.add(labels.constraints, own.constraints);
  out.add(labels.expertise, expertise_of(own));
  out.add(labels.decision_style, own.decision_style);
  out.add(labels.communication_style, own.communication_style);
  out.add(labels.traits, own.personality_traits);
  out.add(labels.coalitions, own.preferred_coalitions);
  out.add(labels.secret, own.private_information);
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
  add_parts(persona, own, to_itself);
  persona.add("How your answers shall look", own.response_format);
  return persona.take();
}

std::string profile_of(const ParticipantSpec& own, const std::string& name) {
  Paragraphs profile;
  profile.add(name);
  profile.add("What it was told to be", own.system_prompt);
  add_parts(profile, own, to_a_judge);
  return profile.take();
}

} // namespace lab::actors
