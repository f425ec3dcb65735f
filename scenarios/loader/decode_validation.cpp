#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"
#include "scenarios/loader/check_template.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

/// Both Python versions' default for the checks, and a hosted model: money.
constexpr std::string_view legacy_validation_model = "openai/gpt-4o-mini";
constexpr std::int64_t issues_max = 1'000'000;

struct CheckName {
  const char* name;
  CheckKind kind;
};

constexpr std::array check_names{
  CheckName{"actor_decision_consistency", CheckKind::decision_consistency},
  CheckName{"world_state_coherence", CheckKind::world_coherence},
  CheckName{"information_access_consistency", CheckKind::information_access},
};

std::vector<std::string> all_check_names() {
  std::vector<std::string> names;
  for (const auto& check : check_names)
    names.emplace_back(check.name);
  return names;
}

const std::vector<std::string> severities{"low", "medium", "high"};

IssueSeverity severity_of(std::string_view name) {
  if (name == "low")
    return IssueSeverity::low;
  return name == "high" ? IssueSeverity::high : IssueSeverity::medium;
}

IssueAction action_of(std::string_view name) {
  if (name == "halt")
    return IssueAction::halt;
  return name == "warn" ? IssueAction::warn : IssueAction::log;
}

class ValidationDecoder {
public:
  ValidationDecoder(const Decoding& decoding, const ScenarioSpec& spec)
    : decoding_(decoding), spec_(spec), document_(*decoding.files.validation),
      reader_(document_, decoding.tree.validation,
              decoding.tree.validation.kind == Kind::map ? "validation" : "",
              "S", decoding.findings) {}

  std::optional<ValidationSpec> decode() {
    // An empty file is no wish for checks.
    if (decoding_.tree.validation.kind != Kind::map)
      return std::nullopt;
    ValidationSpec out;
    decode_checks(out);
    const bool runs = decode_when(out);
    decode_reports(out);
    decode_halting(out);
    out.rules = join(lines("scenario_specific_rules"), "\n");
    decode_model(out, runs && !out.checks.empty());
    allow_keys(reader_, validation_keys());
    reader_.finish(Severity::warning);
    if (!runs || out.checks.empty())
      return std::nullopt;
    return out;
  }

private:
  /// A text as it stands, or a list of texts.
  std::vector<std::string> lines(std::string_view key) {
    return reader_.texts(key).value_or(std::vector<std::string>{});
  }

  void decode_checks(ValidationSpec& out) {
    const auto* node = reader_.node("checks");
    if (node == nullptr) {
      assume_checks(out);
      return;
    }
    MapReader block{document_, *node, "validation.checks", "S",
                    decoding_.findings};
    // In the order of their kinds: the order of a map's keys means nothing.
    for (const auto& check : check_names)
      if (const auto* found = block.node(check.name))
        decode_check(block, *found, check, out);
    for (const auto& entry : node->entries)
      if (std::none_of(check_names.begin(), check_names.end(),
                       [&entry](const CheckName& check) {
                         return check.name == entry.key;
                       }))
        warn_of_unknown(entry);
  }

  /// The first version made no check that was not asked for, the second all.
  void assume_checks(ValidationSpec& out) {
    if (decoding_.first_version) {
      reader_.warning("", "S311", "this file asks for no check")
        .help.emplace_back("add `checks: {world_state_coherence: {enabled: "
                           "true}}`");
      return;
    }
    for (const auto& check : check_names)
      out.checks.push_back({check.kind, IssueSeverity::medium, "", ""});
    auto& finding = reader_.warning(
      "", "S312", "no `checks` are listed, so all three are made");
    finding.severity = Severity::note;
    finding.notes.push_back("checks: " + join(all_check_names(), ", "));
  }

  void decode_check(MapReader& block, const yaml::Node& node,
                    const CheckName& name, ValidationSpec& out) {
    CheckSpec check;
    check.kind = name.kind;
    if (node.kind == Kind::scalar && yaml::as_bool(node)) {
      if (*yaml::as_bool(node))
        out.checks.push_back(std::move(check));
      return;
    }
    MapReader reader{document_, node, block.path_of(name.name), "S",
                     decoding_.findings};
    if (node.kind != Kind::map)
      return;
    const auto enabled = reader.boolean("enabled");
    check.severity =
      severity_of(reader.one_of("severity", severities).value_or("medium"));
    check.description = reader.text("description").value_or("");
    check.prompt_template = decode_template(reader, name);
    reader.finish(Severity::warning);
    if (!reader.has("enabled") && decoding_.first_version)
      reader
        .warning("", "S311",
                 "`" + std::string{name.name}
                   + "` is not made: as in the first version, it needs "
                     "`enabled: true`")
        .help.emplace_back("add `enabled: true`, or `enabled: false`");
    if (enabled.value_or(!decoding_.first_version))
      out.checks.push_back(std::move(check));
  }

  std::string decode_template(MapReader& reader, const CheckName& name) {
    const auto written = reader.text("prompt_template");
    if (!written)
      return {};
    if (trim(*written).empty()) {
      reader.error("prompt_template", "S106",
                   "`prompt_template` must not be blank");
      return {};
    }
    const auto read = read_check_template(*written, name.kind);
    const auto& known = placeholders_of(name.kind);
    const auto& node = *reader.node("prompt_template");
    for (const auto& unknown : read.unknown) {
      auto finding =
        at_words(document_, node, "{" + unknown + "}", "S119",
                 "`{" + unknown + "}` stands for nothing in a template of `"
                   + name.name + "`");
      finding.path = reader.path_of("prompt_template");
      if (const auto near = closest(unknown, known))
        finding.help.push_back("did you mean `{" + *near + "}`?");
      // With parameters, two braces name one of those.
      if (decoding_.parameters.specs().empty())
        finding.help.push_back("write `{{" + unknown
                               + "}}` where braces are meant");
      finding.notes.push_back("placeholders here: {" + join(known, "}, {")
                              + "}");
      decoding_.findings.add(std::move(finding));
    }
    if (!read.has_placeholder && read.unknown.empty())
      reader
        .warning("prompt_template", "S311",
                 "this template shows the model nothing of the turn")
        .notes.push_back("placeholders here: {" + join(known, "}, {") + "}");
    return read.text;
  }

  void warn_of_unknown(const yaml::Entry& entry) {
    const auto* enabled = entry.value.find("enabled");
    if ((enabled != nullptr && yaml::as_bool(*enabled) == false)
        || yaml::as_bool(entry.value) == false)
      return;
    auto finding =
      yaml::at_key(document_, entry, "S315",
                   "there is no check `" + entry.key + "`; it is not made");
    finding.severity = Severity::warning;
    finding.path = "validation.checks." + entry.key;
    offer_names(finding, entry.key, all_check_names(), "checks");
    decoding_.findings.add(std::move(finding));
  }

  /// Whether anything is checked at any time.
  bool decode_when(ValidationSpec& out) {
    const auto each_turn = reader_.boolean("run_after_each_turn");
    const auto at_end = reader_.boolean("run_at_scenario_end");
    out.every_turn = each_turn.value_or(true);
    if (out.every_turn || at_end.value_or(false))
      return true;
    reader_
      .warning("run_after_each_turn", "S311",
               "no check is made: neither after a turn nor at the end")
      .help.emplace_back("remove the file, or add `run_at_scenario_end: true`");
    return false;
  }

  void decode_reports(ValidationSpec& out) {
    out.turn_reports = reader_.boolean("generate_turn_reports").value_or(true);
    const auto summary = reader_.boolean("generate_summary_report");
    const auto other = reader_.boolean("generate_summary");
    if (summary && other && *summary != *other)
      warn_of_rival(reader_, "generate_summary_report", "generate_summary");
    out.summary_report = summary ? *summary : other.value_or(true);
  }

  void decode_halting(ValidationSpec& out) {
    const auto own = reader_.boolean("halt_on_critical");
    std::optional<bool> reported;
    if (const auto* node = reader_.node("reporting")) {
      MapReader reporting{document_, *node, "validation.reporting", "S",
                          decoding_.findings};
      reported = reporting.boolean("halt_on_critical");
      if (own && reported && *own != *reported)
        warn_of_rival(reader_, "halt_on_critical", "reporting");
      for (const auto* key : {"verbosity", "include_suggestions"}) {
        reporting.allow(key);
        if (reporting.has(key))
          reporting.warning(key, "S302",
                            "`" + std::string{key}
                              + "` is accepted for old files and has no "
                                "effect");
      }
      reporting.finish(Severity::warning);
    }
    out.halt_on_critical = own ? *own : reported.value_or(false);
    out.issues_before_halt = static_cast<std::int32_t>(
      whole_number(reader_, "max_issues_before_halt", {1, issues_max})
        .value_or(0));
    const auto* node = reader_.node("severity_thresholds");
    if (node == nullptr)
      return;
    MapReader actions{document_, *node, "validation.severity_thresholds", "S",
                      decoding_.findings};
    for (const auto& severity : severities)
      if (const auto action = actions.one_of(severity, {"log", "warn", "halt"}))
        out.actions.emplace(severity, action_of(*action));
    actions.finish(Severity::warning);
  }

  void decode_model(ValidationSpec& out, bool is_used) {
    out.model = model_id(reader_, "validation_model");
    if (!is_used || (out.model.empty() && reader_.has("validation_model")))
      return;
    if (!out.model.empty()) {
      warn_if_alone(reader_, "validation_model", out.model, spec_);
      return;
    }
    const bool hosted =
      std::any_of(spec_.participants.begin(), spec_.participants.end(),
                  [](const ParticipantSpec& p) { return is_hosted(p.model); });
    out.model =
      hosted ? std::string{legacy_validation_model} : spec_.world_state_model;
    // Without any model for the world there is an error already.
    if (out.model.empty())
      return;
    auto& finding = reader_.warning("", hosted ? "S309" : "S312",
                                    "no `validation_model` is given, so "
                                      + out.model + " makes the checks");
    finding.help.emplace_back("name the model you want");
    if (!hosted)
      finding.severity = Severity::note;
  }

  const Decoding& decoding_;
  const ScenarioSpec& spec_;
  const yaml::Document& document_;
  MapReader reader_;
};

} // namespace

std::optional<ValidationSpec> decode_validation(const Decoding& decoding,
                                                const ScenarioSpec& spec) {
  if (!decoding.files.validation)
    return std::nullopt;
  return ValidationDecoder{decoding, spec}.decode();
}

} // namespace lab::scenarios
