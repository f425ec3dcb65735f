#include "sweeps/planner/factor_book.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/factor_values.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

/// Levels with a name of their own are chosen by it, others by their value.
bool is_level(const FactorValue& level, const yaml::Node& value) {
  return value_text(value) == level.text
         || (level.value.kind != yaml::Kind::map
             && comparable(level.value) == comparable(value));
}

void report_level(const yaml::Document& document, const FactorEntry& entry,
                  const yaml::Node& value, const std::string& path,
                  Findings& findings) {
  constexpr std::size_t shown_max = 10;
  std::vector<std::string> texts;
  for (const auto& level : entry.factor.levels)
    texts.push_back(level.text);
  auto& finding = error_at(document, value, findings, "S413",
                           "`" + value_text(value) + "` is not a value of `"
                             + entry.factor.name + "`",
                           path);
  if (const auto near = closest(value_text(value), texts))
    finding.help.push_back("did you mean `" + *near + "`?");
  else if (!texts.empty())
    finding.help.push_back("write one of its " + std::to_string(texts.size())
                           + " values, as `" + texts.front() + "`");
  if (texts.size() <= shown_max)
    finding.notes.push_back("values of `" + entry.factor.name
                            + "`: " + join(texts, ", "));
}

/// "write a whole number from 1 to 4"
std::string bounds_text(const Distribution& numbers) {
  std::string text =
    numbers.is_whole() ? "write a whole number" : "write a number";
  if (numbers.low() && numbers.high())
    return text + " from " + to_string(*numbers.low()) + " to "
           + to_string(*numbers.high());
  if (numbers.low())
    return text + " from " + to_string(*numbers.low()) + " on";
  if (numbers.high())
    return text + " up to " + to_string(*numbers.high());
  return text;
}

std::optional<FactorValue> chosen_number(const yaml::Document& document,
                                         const FactorEntry& entry,
                                         const yaml::Node& value,
                                         const std::string& path,
                                         Findings& findings) {
  constexpr std::int64_t one = 1'000'000'000; // units of a Decimal
  const auto& numbers = *entry.factor.distribution;
  const auto number = value.kind == yaml::Kind::scalar
                        ? parse_decimal(value.scalar)
                        : std::nullopt;
  if (number && (!numbers.low() || *number >= *numbers.low())
      && (!numbers.high() || *number <= *numbers.high())
      && (!numbers.is_whole() || number->units % one == 0))
    return FactorValue{value, to_string(*number)};
  error_at(document, value, findings, "S413",
           "`" + value_text(value) + "` is not in the range of `"
             + entry.factor.name + "`",
           path)
    .help.push_back(bounds_text(numbers));
  return std::nullopt;
}

} // namespace

FactorBook::FactorBook(const std::vector<FactorEntry>& factors,
                       Findings& findings)
  : factors_(factors), findings_(findings) {
  for (const auto& entry : factors_)
    names_.push_back(entry.factor.name);
}

std::optional<std::size_t> FactorBook::find(const std::string& name,
                                            Diagnostic unknown,
                                            std::string path) const {
  const auto found = std::ranges::find(names_, name);
  if (found != names_.end())
    return static_cast<std::size_t>(found - names_.begin());
  unknown.path = std::move(path);
  if (const auto near = closest(name, names_))
    unknown.help.push_back("did you mean `" + *near + "`?");
  unknown.notes.push_back(names_.empty() ? "this manifest has no factors"
                                         : "factors: " + join(names_, ", "));
  findings_.add(std::move(unknown));
  return std::nullopt;
}

std::optional<std::vector<std::size_t>>
FactorBook::read_names(yaml::MapReader& reader) const {
  const auto names = read_with_help(
    reader, "factors", findings_, "add `factors`, as in factors: [trust]",
    [](auto& map) -> std::optional<std::vector<std::string>> {
      if (map.required("factors") == nullptr)
        return std::nullopt;
      return map.texts("factors");
    });
  const auto* place = reader.node("factors");
  if (!names)
    return std::nullopt;
  if (names->empty()) {
    reader.error("factors", "S411", "this part of the design has no factors")
      .help.emplace_back("name at least one, as in factors: [trust]");
    return std::nullopt;
  }
  std::vector<std::size_t> made;
  bool sound = true;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const bool listed = place->kind == yaml::Kind::list;
    const auto& at = listed ? place->items[i] : *place;
    const auto path =
      reader.path_of("factors") + (listed ? "." + std::to_string(i) : "");
    const auto& name = (*names)[i];
    const auto index = find(name,
                            yaml::at(reader.document(), at, "S409",
                                     "there is no factor `" + name + "`"),
                            path);
    if (index && std::ranges::find(made, *index) != made.end()) {
      error_at(reader.document(), at, findings_, "S414",
               "the factor `" + name + "` stands twice in this list", path)
        .help.emplace_back("name it once");
      sound = false;
    } else if (index) {
      made.push_back(*index);
    }
    sound = sound && index.has_value();
  }
  return sound ? std::optional{std::move(made)} : std::nullopt;
}

std::optional<FactorValue> chosen_value(const yaml::Document& document,
                                        const FactorEntry& entry,
                                        const yaml::Node& value,
                                        const std::string& path,
                                        Findings& findings) {
  if (!entry.sound)
    return std::nullopt;
  if (entry.factor.distribution)
    return chosen_number(document, entry, value, path, findings);
  const auto level = chosen_level(document, entry, value, path, findings);
  if (!level)
    return std::nullopt;
  // The level itself, so that a hand-made point and a grid's are one.
  auto made = entry.factor.levels[*level];
  if (!entry.factor.bundle) {
    made.value.mark = value.mark;
    made.value.end = value.end;
  }
  return made;
}

std::optional<std::size_t> chosen_level(const yaml::Document& document,
                                        const FactorEntry& entry,
                                        const yaml::Node& value,
                                        const std::string& path,
                                        Findings& findings) {
  if (!entry.sound)
    return std::nullopt;
  const auto& levels = entry.factor.levels;
  const auto found = std::ranges::find_if(
    levels, [&](const auto& level) { return is_level(level, value); });
  if (found != levels.end())
    return static_cast<std::size_t>(found - levels.begin());
  report_level(document, entry, value, path, findings);
  return std::nullopt;
}

} // namespace lab::sweeps
