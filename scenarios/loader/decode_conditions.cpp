#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

struct Operator {
  std::string_view text;
  Comparison comparison;
};

// The longer first, as a text begins with both. The first version took a lone
// `=` as well.
constexpr std::array operators{
  Operator{">=", Comparison::at_least}, Operator{"<=", Comparison::at_most},
  Operator{"==", Comparison::equal},    Operator{"!=", Comparison::unequal},
  Operator{">", Comparison::more},      Operator{"<", Comparison::less},
  Operator{"=", Comparison::equal},
};

constexpr const char* usual_form =
  "write it like `conditions: {tension: \">= 5\"}`";

constexpr std::string_view operator_letters = "<>=!~";

std::optional<Comparison> comparison_of(std::string_view text) {
  for (const auto& one : operators)
    if (one.text == text)
      return one.comparison;
  return std::nullopt;
}

/// What somebody meant by an operator that there is not.
std::string_view meant_by(std::string_view text) {
  if (text == "=>")
    return ">=";
  if (text == "=<")
    return "<=";
  return text == "<>" || text == "=!" ? "!=" : "";
}

class ConditionDecoder {
public:
  ConditionDecoder(const Decoding& decoding, const ScenarioSpec& spec,
                   MapReader& event)
    : decoding_(decoding), spec_(spec), event_(event),
      where_(event.path_of("conditions")) {}

  std::vector<EventCondition> decode() {
    const auto* node = needed(event_, "conditions", usual_form);
    if (node == nullptr)
      return {};
    if (node->kind == Kind::scalar
        || (node->entries.empty() && node->items.empty())) {
      event_
        .error("conditions", "S101",
               "`conditions` must name at least one metric, not "
                 + (node->kind == Kind::scalar ? yaml::describe(*node)
                                               : std::string{"nothing"}))
        .help.emplace_back(usual_form);
      return {};
    }
    for (const auto& entry : node->entries)
      decode_pair(entry);
    for (std::size_t i = 0; i < node->items.size(); ++i)
      decode_item(node->items[i], i);
    return std::move(conditions_);
  }

private:
  Diagnostic& report(const yaml::Node& node, const std::string& path,
                     std::string code, std::string message) {
    auto finding =
      yaml::at(event_.document(), node, std::move(code), std::move(message));
    finding.path = path;
    return decoding_.findings.add(std::move(finding));
  }

  /// `tension: ">= 5"`.
  void decode_pair(const yaml::Entry& entry) {
    const auto path = where_ + "." + entry.key;
    EventCondition condition;
    condition.metric = entry.key;
    auto at_name = yaml::at_key(event_.document(), entry, "", "");
    at_name.path = path;
    check_metric(entry.key, std::move(at_name));
    if (entry.value.kind != Kind::scalar) {
      report(entry.value, path, "S122",
             "a condition is an operator and a number, not "
               + yaml::describe(entry.value))
        .help.push_back("write it like `" + entry.key + ": \">= 5\"`");
      return;
    }
    const auto text = trim(entry.value.scalar);
    const auto sign = text.substr(
      0, std::min(text.find_first_not_of(operator_letters), text.size()));
    const auto number = std::string{trim(text.substr(sign.size()))};
    const auto value = yaml::as_number(yaml::Node::plain(number));
    const auto comparison = comparison_of(sign);
    if (!comparison || !value) {
      report_pair(entry, path, sign, value ? number : "5");
      return;
    }
    condition.comparison = *comparison;
    condition.value = *value;
    conditions_.push_back(std::move(condition));
  }

  void report_pair(const yaml::Entry& entry, const std::string& path,
                   std::string_view sign, const std::string& number) {
    const bool wrong_sign = !sign.empty() && !comparison_of(sign);
    auto& finding = report(
      entry.value, path, "S122",
      wrong_sign ? "there is no operator `" + std::string{sign} + "`"
                 : "`" + entry.value.scalar + "` is no operator with a number");
    const auto meant = meant_by(sign);
    finding.help.push_back("write it like `" + entry.key + ": \""
                           + std::string{!meant.empty() ? meant
                                         : wrong_sign || sign.empty()
                                           ? std::string_view{">="}
                                           : sign}
                           + " " + number + "\"`");
    finding.notes.emplace_back("operators: >=, <=, ==, !=, >, <");
  }

  /// `{type: metrics, metric: tension, operator: ">=", value: 5}` or
  /// `{type: world_state_contains, pattern: …, sensitivity: …}`.
  void decode_item(const yaml::Node& item, std::size_t index) {
    MapReader reader{event_.document(), item,
                     where_ + "." + std::to_string(index), "S",
                     decoding_.findings};
    if (item.kind != Kind::map)
      return;
    EventCondition condition;
    bool sound = false;
    const auto type =
      reader.required("type") == nullptr
        ? std::nullopt
        : reader.one_of("type", {"world_state_contains", "metrics", "metric"});
    if (type == "world_state_contains")
      sound = decode_words(reader, condition);
    else if (type)
      sound = decode_comparison(reader, condition);
    if (type)
      reader.finish(Severity::warning);
    if (sound)
      conditions_.push_back(std::move(condition));
  }

  bool decode_words(MapReader& reader, EventCondition& condition) {
    bool sound = reader.required("pattern") != nullptr;
    for (const auto* key : {"pattern", "sensitivity"}) {
      const auto pattern = reader.text(key);
      if (!pattern) {
        sound = sound && !reader.has(key);
        continue;
      }
      if (decoding_.check_pattern)
        if (const auto searchable = decoding_.check_pattern(*pattern);
            !searchable) {
          reader.error(key, "S116",
                       "this pattern cannot be searched for: "
                         + searchable.error().context);
          sound = false;
        }
      condition.patterns.push_back(*pattern);
    }
    return sound;
  }

  bool decode_comparison(MapReader& reader, EventCondition& condition) {
    const auto metric = reader.required_text("metric");
    const auto sign = reader.required_text("operator");
    const auto value = reader.required("value") == nullptr
                         ? std::nullopt
                         : reader.number("value");
    if (metric) {
      auto at_name =
        yaml::at(reader.document(), *reader.node("metric"), "", "");
      at_name.path = reader.path_of("metric");
      check_metric(*metric, std::move(at_name));
      condition.metric = *metric;
    }
    const auto comparison = sign ? comparison_of(*sign) : std::nullopt;
    if (sign && !comparison) {
      auto& finding = reader.error("operator", "S122",
                                   "there is no operator `" + *sign + "`");
      if (const auto meant = meant_by(*sign); !meant.empty())
        finding.help.push_back("did you mean `" + std::string{meant} + "`?");
      finding.notes.emplace_back("operators: >=, <=, ==, !=, >, <");
    }
    if (!metric || !comparison || !value)
      return false;
    condition.comparison = *comparison;
    condition.value = *value;
    return true;
  }

  /// The first version took a metric that nobody measures for a condition that
  /// never holds; a slip of the pen would cost a sweep.
  void check_metric(const std::string& name, Diagnostic finding) {
    std::vector<std::string> names;
    for (const auto& metric : spec_.metrics)
      names.push_back(metric.name);
    if (std::find(names.begin(), names.end(), name) != names.end()
        || !decoding_.files.complete)
      return;
    finding.code = "S206";
    finding.message = "there is no metric `" + name + "`";
    if (decoding_.first_version) {
      finding.severity = Severity::warning;
      finding.message += ", so this event never happens";
    }
    offer_names(finding, name, names, "metrics");
    if (names.empty())
      finding.help.push_back("measure `" + name + "` in metrics.yaml");
    decoding_.findings.add(std::move(finding));
  }

  const Decoding& decoding_;
  const ScenarioSpec& spec_;
  MapReader& event_;
  std::string where_;
  std::vector<EventCondition> conditions_;
};

} // namespace

std::vector<EventCondition> decode_conditions(const Decoding& decoding,
                                              const ScenarioSpec& spec,
                                              yaml::MapReader& event) {
  return ConditionDecoder{decoding, spec, event}.decode();
}

} // namespace lab::scenarios
