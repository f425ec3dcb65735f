#include "llm/sim/traits.hpp"

#include <algorithm>

#include "llm/sim/chance.hpp"

namespace lab::llm {

namespace {

// @source docs/sim.md
constexpr double dial_low = 0.35;
constexpr double dial_spread = 0.3;

struct DialName {
  std::string_view name;
  double Dials::*value;
};
constexpr std::array dial_names{
  DialName{"caution", &Dials::caution}, DialName{"openness", &Dials::openness},
  DialName{"trust", &Dials::trust}, DialName{"power", &Dials::power},
  DialName{"pressure", &Dials::pressure}};

bool same_id_char(char a, char b) {
  return a == b || (a == '-' && b == '_') || (a == '_' && b == '-');
}

/// "eu_caution" belongs to participant "eu".
bool belongs_to(std::string_view parameter, std::string_view id) {
  return parameter.size() > id.size() && parameter[id.size()] == '_'
         && std::equal(id.begin(), id.end(), parameter.begin(), same_id_char);
}

/// A parameter speaks of everybody unless its name begins with an id.
bool concerns(std::string_view parameter, const Brief& brief) {
  const auto& names = brief.names;
  return belongs_to(parameter, brief.participant)
         || std::none_of(names.begin(), names.end(), [&](const auto& one) {
              return belongs_to(parameter, one.first);
            });
}

double dial_of(const Brief& brief, std::string_view name) {
  for (const auto& [dial, value] : brief.dials)
    if (dial == name)
      return std::clamp(value, 0.0, 1.0);
  for (const auto& [parameter, value] : brief.parameters)
    if (value >= 0 && value <= 1
        && parameter.find(name) != std::string_view::npos
        && concerns(parameter, brief))
      return value;
  auto chance = Chance{0}.child(name).child(brief.name);
  for (const auto goal : brief.goals)
    chance = chance.child(goal);
  return dial_low + dial_spread * chance.unit(0);
}

} // namespace

Dials dials_of(const Brief& brief) {
  Dials dials;
  for (const auto& dial : dial_names)
    dials.*(dial.value) = dial_of(brief, dial.name);
  return dials;
}

double stance_of(std::string_view text) {
  const auto kind = kind_in(text);
  return kind ? rule_of(*kind).stance : 0;
}

double mood_of_others(const Brief& brief) {
  double sum = 0;
  int count = 0;
  for (const auto* heard : {&brief.actions, &brief.messages})
    for (const auto& one : *heard)
      if (one.participant != brief.participant) {
        sum += stance_of(one.text);
        ++count;
      }
  return count == 0 ? 0 : sum / count;
}

std::string_view without_stop(std::string_view text) {
  while (text.ends_with('.') || text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

std::string_view shown_name(const Brief& brief, std::string_view id) {
  for (const auto& [known, name] : brief.names)
    if (known == id)
      return name;
  return id;
}

void fill(std::string& out, std::string_view pattern, const Words& words) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '@' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
    case 'n':
      out += words.name;
      break;
    case 't':
      out += words.target;
      break;
    default: // 'g'
      out += words.goal;
      break;
    }
  }
}

} // namespace lab::llm
