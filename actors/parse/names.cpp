#include "actors/parse/names.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// What of two spellings of one name is equal.
std::string name_form(std::string_view name) {
  constexpr std::string_view ignored = "*`\"'<>[]{}#@";
  constexpr std::string_view blanks = " \t\r\n-_";
  constexpr std::string_view edges = " .,:;!";
  std::string form;
  for (const char c : to_lower(printable(name))) {
    if (ignored.find(c) != std::string_view::npos)
      continue;
    const bool blank = blanks.find(c) != std::string_view::npos;
    if (!blank || (!form.empty() && form.back() != ' '))
      form += blank ? ' ' : c;
  }
  const auto begin = form.find_first_not_of(edges);
  if (begin == std::string::npos)
    return {};
  form = form.substr(begin, form.find_last_not_of(edges) - begin + 1);
  constexpr std::string_view article = "the ";
  return form.starts_with(article) ? form.substr(article.size()) : form;
}

std::vector<std::string> spellings_of(const ParticipantSpec& participant) {
  return {name_form(participant.id), name_form(participant.name),
          name_form(participant.name + " (" + participant.id + ")")};
}

/// "a, b and c" at its commas; at " and " and the like too when `words`.
std::vector<std::string> parts_of(std::string_view entry, bool words) {
  std::string text{entry};
  if (words)
    for (const std::string_view between :
         {" and ", " und ", " et ", " & ", " AND ", " + ", ";", "/"})
      for (auto at = text.find(between); at != std::string::npos;
           at = text.find(between, at))
        text.replace(at, between.size(), ",");
  return split(text, ',');
}

} // namespace

std::string participant_named(const ScenarioSpec& scenario,
                              std::string_view name) {
  const auto wanted = name_form(name);
  if (wanted.empty())
    return {};
  std::string found;
  for (const auto& participant : scenario.participants) {
    const auto spellings = spellings_of(participant);
    if (std::find(spellings.begin(), spellings.end(), wanted)
        == spellings.end())
      continue;
    if (!found.empty())
      return {};
    found = participant.id;
  }
  return found;
}

std::vector<std::string>
participants_named(const ScenarioSpec& scenario,
                   const std::vector<std::string>& entries) {
  std::vector<std::string> ids;
  const auto add = [&](const std::string& id) {
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end())
      ids.push_back(id);
    return !id.empty();
  };
  for (const auto& entry : entries) {
    if (add(participant_named(scenario, entry)))
      continue;
    const auto parts = parts_of(entry, false);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      // "Ministry of Trade, Industry" is one name with a comma in it.
      const bool joined =
        i + 1 < parts.size()
        && add(participant_named(scenario, parts[i] + "," + parts[i + 1]));
      if (joined) {
        ++i;
        continue;
      }
      if (!add(participant_named(scenario, parts[i])))
        for (const auto& part : parts_of(parts[i], true))
          add(participant_named(scenario, part));
    }
  }
  return ids;
}

} // namespace lab::actors
