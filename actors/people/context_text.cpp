#include "actors/people/context_text.hpp"

#include "actors/prompts/wording.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// Prompts end in how a model shall write its answer, which would only be in
/// a person's way.
std::string_view without_form(std::string_view text) {
  constexpr std::string_view asks_for_form[]{"\nAnswer with one JSON object",
                                             "\nAnswer in these sections",
                                             "\nIf you cannot write JSON"};
  for (const auto begin : asks_for_form)
    text = text.substr(0, text.rfind(begin));
  return text;
}

std::string set_in(const std::string& text, const std::string& indent) {
  std::string out;
  for (const auto& line : split(text, '\n'))
    out += line.empty() ? "\n" : indent + line + "\n";
  return out;
}

std::string list_at(const json::Value& record, const char* key,
                    const std::string& title) {
  const auto* list = json::member(record, key);
  if (list == nullptr || !list->is_array() || list->empty())
    return {};
  auto out = "    " + title + ":\n";
  for (const auto& one : *list)
    if (one.is_string())
      out += set_in(one.get<std::string>(), "    - ");
  return out;
}

/// "Isle to Line, turn 2, bilateral:" and the words below it; a line that is
/// no record stays as it is.
std::string record_text(const std::string& line) {
  const auto record = json::parse(line);
  if (!record)
    return line + "\n";
  auto out = json::text_at(*record, "from").value_or("?");
  if (const auto* to = json::member(*record, "to"); to != nullptr) {
    std::vector<std::string> names;
    for (const auto& name : *to)
      if (name.is_string())
        names.push_back(name.get<std::string>());
    out += " to " + join(names, ", ");
  }
  if (const auto turn = json::unsigned_at(*record, "turn"))
    out += ", turn " + std::to_string(*turn);
  // The world speaks on a channel of its own name.
  if (const auto channel = json::text_at(*record, "channel");
      channel && *channel != json::text_at(*record, "from"))
    out += ", " + *channel;
  out += ":\n";
  if (const auto text = json::text_at(*record, "text"))
    out += set_in(*text, "    ");
  return out + list_at(*record, "long_term", "long-term")
         + list_at(*record, "short_term", "short-term") + "\n";
}

} // namespace

std::string for_people(std::string_view prompt) {
  std::string out;
  for (const auto& line : split(trim(without_form(prompt)), '\n')) {
    const bool twice_blank = line.empty() && out.ends_with("\n\n");
    if (twice_blank || line == trim(data_notice()))
      continue;
    out += line.starts_with(record_opening) ? record_text(line) : line + "\n";
  }
  return std::string{trim(out)};
}

} // namespace lab::actors
