#include "scenarios/loader/check_template.hpp"

#include <algorithm>

namespace lab::scenarios {

namespace {

bool is_name_letter(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
         || (!first && c >= '0' && c <= '9');
}

/// The length of the name that begins at `at` and ends before a `}`; else 0.
std::size_t name_at(const std::string& text, std::size_t at) {
  std::size_t length = 0;
  while (at + length < text.size()
         && is_name_letter(text[at + length], length == 0))
    ++length;
  return at + length < text.size() && text[at + length] == '}' ? length : 0;
}

} // namespace

const std::vector<std::string>& placeholders_of(CheckKind kind) {
  static const std::vector<std::string> of_decision{
    "actor_name", "actor_profile", "world_state", "actor_reasoning",
    "actor_action"};
  static const std::vector<std::string> of_world{
    "previous_world_state", "actor_actions", "new_world_state"};
  static const std::vector<std::string> of_access{"actor_name",
                                                  "public_world_state",
                                                  "private_communications",
                                                  "restricted_information",
                                                  "actor_reasoning",
                                                  "actor_action"};
  switch (kind) {
  case CheckKind::decision_consistency:
    return of_decision;
  case CheckKind::world_coherence:
    return of_world;
  case CheckKind::information_access:
    return of_access;
  }
  return of_world;
}

CheckTemplate read_check_template(const std::string& written, CheckKind kind) {
  const auto& known = placeholders_of(kind);
  // Only who writes `{{` doubles braces at all; else `}}` ends nested JSON.
  const bool doubled = written.find("{{") != std::string::npos;
  CheckTemplate out;
  for (std::size_t i = 0; i < written.size();) {
    const char c = written[i];
    if (doubled && (c == '{' || c == '}')
        && written.compare(i + 1, 1, &c, 1) == 0) {
      out.text += c;
      i += 2;
      continue;
    }
    const auto length = c == '{' ? name_at(written, i + 1) : 0;
    if (length == 0) {
      out.text += c;
      ++i;
      continue;
    }
    const auto name = written.substr(i + 1, length);
    if (std::find(known.begin(), known.end(), name) != known.end())
      out.has_placeholder = true;
    else if (std::find(out.unknown.begin(), out.unknown.end(), name)
             == out.unknown.end())
      out.unknown.push_back(name);
    out.text.append(written, i, length + 2);
    i += length + 2;
  }
  return out;
}

} // namespace lab::scenarios
