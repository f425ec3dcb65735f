#include "scenarios/loader/decode.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/base/text.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::Node;

// docs/sim.md
constexpr std::array<std::string_view, 5> dials{"caution", "openness", "trust",
                                                "power", "pressure"};

bool is_unit(double number) { return number >= 0 && number <= 1; }

/// `text` as a whole number, also when it is written 3.0.
std::optional<std::int64_t> whole_in(const std::string& text) {
  const auto plain = Node::plain(text);
  if (const auto whole = yaml::as_int(plain))
    return whole;
  constexpr double exact_max = 9'007'199'254'740'992.0; // 2^53
  const auto number = yaml::as_number(plain);
  if (number && std::abs(*number) < exact_max && std::trunc(*number) == *number)
    return static_cast<std::int64_t>(*number);
  return std::nullopt;
}

/// Reads one dial that follows a parameter:
/// `{param: trust, to: [0.2, 0.9]}` or `{param: rule, values: {none: 0.1}}`.
class DialRule {
public:
  DialRule(const Decoding& decoding, yaml::MapReader& dial)
    : decoding_(decoding), dial_(dial) {}

  std::optional<double> read() {
    const auto name = dial_.required_text("param");
    dial_.allow("to");
    dial_.allow("values");
    std::optional<double> value;
    if (name)
      value = follow(*name);
    dial_.finish();
    return value;
  }

private:
  std::optional<double> follow(const std::string& name) {
    const auto* parameter = decoding_.parameters.find(name);
    if (parameter == nullptr) {
      auto& finding =
        dial_.error("param", "S221", "there is no parameter `" + name + "`");
      const auto known = decoding_.parameters.names();
      if (const auto near = closest(name, known))
        finding.help.push_back("did you mean `" + *near + "`?");
      if (!known.empty())
        finding.notes.push_back("parameters: " + join(known, ", "));
      return std::nullopt;
    }
    decoding_.parameters.note_dial(name);
    return dial_.has("values") ? by_word(*parameter) : by_number(*parameter);
  }

  std::optional<double> by_word(const ParameterSpec& parameter) {
    const auto* values = dial_.node("values");
    const auto* level =
      values->kind == Kind::map ? values->find(parameter.value) : nullptr;
    if (level == nullptr) {
      dial_.error("values", "S221",
                  "`values` has no number for `" + parameter.value
                    + "`, the value of `" + parameter.name + "`");
      return std::nullopt;
    }
    const auto number = yaml::as_number(*level);
    if (number && is_unit(*number))
      return number;
    dial_.error("values", "S102", "a dial lies between 0 and 1");
    return std::nullopt;
  }

  std::optional<double> by_number(const ParameterSpec& parameter) {
    if (!parameter.number) {
      auto& finding = dial_.error(
        "param", "S221", "`" + parameter.name + "` is a word, not a number");
      finding.help.push_back("give each word a number: values: {"
                             + parameter.value + ": 0.5}");
      return std::nullopt;
    }
    const auto ends = target();
    const auto range = decoding_.parameters.range(parameter.name);
    // A value out of its range was reported where it stands.
    if (!ends
        || (range
            && (*parameter.number < range->first
                || *parameter.number > range->second)))
      return std::nullopt;
    const auto [low, high] = range.value_or(std::pair{0.0, 1.0});
    const auto share = (*parameter.number - low) / (high - low);
    const auto value = ends->first + share * (ends->second - ends->first);
    if (is_unit(value))
      return value;
    auto& finding = dial_.error("param", "S102",
                                "`" + parameter.name + "` is "
                                  + number_text(*parameter.number)
                                  + ", and a dial lies between 0 and 1");
    finding.help.push_back("give the parameter a `range`; the dial then goes "
                           "from 0 to 1 over it");
    return std::nullopt;
  }

  /// Where the ends of the parameter's range lie on the dial.
  std::optional<std::pair<double, double>> target() {
    const auto* to = dial_.node("to");
    if (to == nullptr)
      return std::pair{0.0, 1.0};
    if (to->kind == Kind::list && to->items.size() == 2) {
      const auto first = yaml::as_number(to->items[0]);
      const auto second = yaml::as_number(to->items[1]);
      if (first && second && is_unit(*first) && is_unit(*second))
        return std::pair{*first, *second};
    }
    dial_.error("to", "S102", "`to` must hold two numbers between 0 and 1");
    return std::nullopt;
  }

  const Decoding& decoding_;
  yaml::MapReader& dial_;
};

} // namespace

std::map<std::string, double> decode_dials(const Decoding& decoding,
                                           yaml::MapReader& reader) {
  std::map<std::string, double> values;
  const auto* block = reader.node("sim");
  if (block == nullptr)
    return values;
  yaml::MapReader sim{reader.document(), *block, reader.path_of("sim"), "S",
                      decoding.findings};
  for (const auto dial : dials) {
    const auto* node = sim.node(dial);
    if (node == nullptr)
      continue;
    if (node->kind == Kind::map) {
      yaml::MapReader rule{reader.document(), *node, sim.path_of(dial), "S",
                           decoding.findings};
      if (const auto value = DialRule{decoding, rule}.read())
        values.emplace(dial, *value);
    } else if (const auto number = sim.number(dial)) {
      if (is_unit(*number))
        values.emplace(dial, *number);
      else
        sim.error(dial, "S102",
                  "`" + std::string{dial} + "` must lie between 0 and 1, not "
                    + number_text(*number));
    }
  }
  sim.finish(Severity::warning);
  return values;
}

std::vector<std::string> lines_of(yaml::MapReader& reader,
                                  std::string_view key) {
  const auto* node = reader.node(key);
  if (node == nullptr)
    return {};
  if (node->kind != Kind::scalar)
    return reader.texts(key).value_or(std::vector<std::string>{});
  std::vector<std::string> lines;
  for (const auto& line : split(node->scalar, '\n')) {
    auto rest = trim(line);
    const auto first = rest.find_first_not_of("- ");
    if (first != std::string_view::npos)
      lines.emplace_back(rest.substr(first));
  }
  return lines;
}

std::optional<std::int64_t> whole_number(yaml::MapReader& reader,
                                         std::string_view key,
                                         yaml::IntRange range) {
  const auto* node = reader.node(key);
  if (node == nullptr)
    return std::nullopt;
  const auto whole =
    node->kind == Kind::scalar ? whole_in(node->scalar) : std::nullopt;
  if (whole && *whole >= range.min && *whole <= range.max)
    return whole;
  if (!whole)
    return reader.integer(key, range);
  reader.error(
    key, "S102",
    "`" + std::string{key} + "` must be from " + std::to_string(range.min)
      + " to " + std::to_string(range.max) + ", not " + std::to_string(*whole));
  return std::nullopt;
}

std::string filled_text(yaml::MapReader& reader, std::string_view key) {
  const auto text = reader.required_text(key);
  if (!text)
    return {};
  if (trim(*text).empty())
    reader.error(key, "S106", "`" + std::string{key} + "` must not be blank");
  return *text;
}

std::string model_id(yaml::MapReader& reader, std::string_view key) {
  const auto text = reader.text(key);
  if (!text)
    return {};
  const auto slash = text->find('/');
  const bool sound = slash != std::string::npos && slash > 0
                     && slash + 1 < text->size()
                     && text->find_first_of(" \t\n") == std::string::npos;
  if (sound)
    return *text;
  auto& finding = reader.error(key, "P002", "`" + *text + "` is no model id");
  finding.help.emplace_back(
    "write it as provider/model: sim/persona, ollama/llama3.1:8b, "
    "openai/gpt-4o-mini");
  return {};
}

void allow_keys(yaml::MapReader& reader, const std::vector<Key>& keys) {
  for (const auto& key : keys) {
    reader.allow(key.name);
    if (key.effect != Effect::none || !reader.has(key.name)
        || yaml::as_bool(*reader.node(key.name)) == false)
      continue;
    reader.warning(key.name, "S302",
                   "`" + std::string{key.name}
                     + "` is accepted for old files and has no effect");
  }
}

const Node* needed(yaml::MapReader& reader, std::string_view key,
                   const std::string& help) {
  const auto* found = reader.node(key);
  if (found == nullptr)
    reader
      .error(key, "S103",
             "`" + reader.path_of("") + "` lacks the key `" + std::string{key}
               + "`")
      .help.push_back(help);
  return found;
}

void warn_of_rival(yaml::MapReader& reader, std::string_view winner,
                   std::string_view rival) {
  reader
    .warning(rival, "S307",
             "`" + std::string{rival} + "` differs from `" + std::string{winner}
               + "`, and `" + std::string{winner} + "` counts")
    .help.push_back("keep one of the two");
}

Diagnostic& warn_of_no_effect(yaml::MapReader& reader, std::string_view key,
                              const std::string& why) {
  return reader.warning(
    key, "S311", "`" + std::string{key} + "` has no effect here: " + why);
}

std::optional<std::pair<std::int32_t, std::int32_t>>
turn_range(yaml::MapReader& reader, std::string_view key) {
  const auto* node = reader.node(key);
  if (node == nullptr)
    return std::nullopt;
  if (node->kind == Kind::list && node->items.size() == 2
      && node->items[0].kind == Kind::scalar
      && node->items[1].kind == Kind::scalar) {
    const auto first = whole_in(node->items[0].scalar);
    const auto last = whole_in(node->items[1].scalar);
    if (first && last && *first >= 1 && *first <= *last && *last <= turns_max)
      return std::pair{static_cast<std::int32_t>(*first),
                       static_cast<std::int32_t>(*last)};
  }
  auto& finding = reader.error(key, "S118",
                               "`" + std::string{key}
                                 + "` must hold two turns, the first and the "
                                   "last, counted from 1");
  finding.help.push_back("write it like `" + std::string{key} + ": [2, 5]`");
  return std::nullopt;
}

Diagnostic at_words(const yaml::Document& document, const yaml::Node& node,
                    const std::string& words, std::string code,
                    std::string message) {
  auto finding = yaml::at(document, node, std::move(code), std::move(message));
  const auto last =
    std::min(node.end.line, static_cast<int>(document.lines.size()));
  for (int line = std::max(node.mark.line, 1); line <= last; ++line) {
    const auto& text = document.lines[static_cast<std::size_t>(line) - 1];
    const auto found = text.find(words);
    if (found == std::string::npos)
      continue;
    finding.line = line;
    finding.column = static_cast<int>(found) + 1;
    finding.end_column = finding.column + static_cast<int>(words.size());
    finding.source = text;
    break;
  }
  return finding;
}

void offer_names(Diagnostic& finding, const std::string& wanted,
                 const std::vector<std::string>& known,
                 const std::string& plural) {
  if (const auto near = closest(wanted, known))
    finding.help.push_back("did you mean `" + *near + "`?");
  if (!known.empty())
    finding.notes.push_back(plural + ": " + join(known, ", "));
}

} // namespace lab::scenarios
