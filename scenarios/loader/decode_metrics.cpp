#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

// Five shapes are in circulation (docs/formats/scenario.md). They differ in
// where the extraction stands and what things are called, so one reader takes
// each fact from whichever place the item has it.

struct TypeName {
  std::string_view name;
  MetricType type;
};

constexpr std::array type_names{
  TypeName{"continuous", MetricType::continuous},
  TypeName{"float", MetricType::continuous},
  TypeName{"number", MetricType::continuous},
  TypeName{"integer", MetricType::integer},
  TypeName{"int", MetricType::integer},
  TypeName{"boolean", MetricType::boolean},
  TypeName{"bool", MetricType::boolean},
  TypeName{"categorical", MetricType::categorical},
  TypeName{"string", MetricType::text},
  TypeName{"str", MetricType::text},
  TypeName{"text", MetricType::text},
};

std::vector<std::string> all_type_names() {
  std::vector<std::string> names;
  for (const auto& entry : type_names)
    names.emplace_back(entry.name);
  return names;
}

MetricType type_of(std::string_view name) {
  const auto found =
    std::find_if(type_names.begin(), type_names.end(),
                 [name](const TypeName& entry) { return entry.name == name; });
  return found == type_names.end() ? MetricType::text : found->type;
}

/// Names go into paths, columns and texts.
bool is_metric_name(std::string_view name) {
  constexpr std::size_t bytes_max = 64;
  return !trim(name).empty() && name.size() <= bytes_max
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '_' || c == '-'
                     || c == ' ';
            });
}

class MetricDecoder {
public:
  /// @param top  the file's map: models and thresholds may stand there
  MetricDecoder(const Decoding& decoding, const yaml::Node& top,
                const yaml::Node& item, std::string name,
                const ScenarioSpec& scenario)
    : decoding_(decoding), document_(*decoding.files.metrics), top_(top),
      scenario_(scenario), name_(std::move(name)),
      reader_(document_, item, "metrics." + name_, "S", decoding.findings) {}

  MetricSpec decode() {
    MetricSpec spec;
    spec.name = name_;
    reader_.allow("name");
    spec.description = reader_.text("description").value_or("");
    spec.unit = reader_.text("unit").value_or("");
    if (reader_.map().kind == Kind::map)
      decode_extraction(spec);
    spec.type = decode_type(spec);
    spec.range = decode_range();
    decode_categories(spec);
    decode_thresholds(spec);
    decode_subject(spec);
    check_needs(spec);
    settle_model(spec);
    allow_keys(reader_, metric_keys());
    reader_.finish(Severity::warning);
    return spec;
  }

private:
  void decode_extraction(MetricSpec& spec) {
    if (const auto* node = reader_.node("extraction")) {
      MapReader extraction{document_, *node, reader_.path_of("extraction"), "S",
                           decoding_.findings};
      take(spec, extraction,
           extraction.one_of("type", {"pattern", "regex", "keyword", "llm",
                                      "manual", "sentiment", "custom"}),
           "type");
      extraction.finish(Severity::warning);
    } else if (reader_.has("extraction_type")) {
      take(spec, reader_,
           reader_.one_of("extraction_type",
                          {"llm", "keyword", "pattern", "regex", "manual"}),
           "extraction_type");
    } else if (reader_.has("extraction_method") || reader_.has("pattern")) {
      is_engine_v1_ = true;
      take(spec, reader_,
           reader_.has("extraction_method")
             ? reader_.one_of("extraction_method", {"regex", "manual"})
             : std::optional<std::string>{"regex"},
           "extraction_method");
    } else {
      auto& finding = reader_.error(
        "", "S115", "`" + name_ + "` does not say how it is measured");
      finding.help.emplace_back("add `extraction: {type: pattern, pattern: "
                                "…}` or `{type: keyword, keywords: […]}`");
      is_faulty_ = true;
    }
  }

  /// Takes the extraction's facts from `from`, the item itself or its
  /// `extraction` block.
  void take(MetricSpec& spec, MapReader& from,
            const std::optional<std::string>& type, std::string_view type_key) {
    for (const auto* key :
         {"pattern", "patterns", "keywords", "prompt", "model", "scoring"})
      from.allow(key);
    if (!type) {
      is_faulty_ = true;
      if (!from.has(type_key) && from.map().kind == Kind::map)
        static_cast<void>(from.required(type_key));
      return;
    }
    spec.patterns = from.texts("pattern").value_or(std::vector<std::string>{});
    for (auto& pattern :
         from.texts("patterns").value_or(std::vector<std::string>{}))
      spec.patterns.push_back(std::move(pattern));
    spec.keywords = from.texts("keywords").value_or(std::vector<std::string>{});
    const auto prompt = from.text("prompt");
    const auto other_prompt = reader_.text("extraction_prompt");
    spec.prompt = prompt ? *prompt : other_prompt.value_or("");
    spec.model = model_id(from, "model");
    const auto* shared_model = top_.find("extraction_model");
    if (spec.model.empty() && shared_model != nullptr)
      spec.model = shared_model->scalar;
    const auto scoring =
      from.one_of("scoring", {"count", "presence", "density"});
    if (scoring == "presence")
      spec.scoring = Scoring::presence;
    else if (scoring == "density")
      spec.scoring = Scoring::density;
    check_patterns(spec, from);
    spec.extraction = extraction_of(*type, spec);
  }

  static Extraction extraction_of(const std::string& type,
                                  const MetricSpec& spec) {
    if (type == "pattern" || type == "regex")
      return Extraction::pattern;
    if (type == "keyword")
      return Extraction::keyword;
    if (type == "manual")
      return Extraction::manual;
    // `sentiment` and `custom` of a draft that nothing ever read.
    return type == "llm" || !spec.prompt.empty() ? Extraction::llm
                                                 : Extraction::manual;
  }

  void check_patterns(const MetricSpec& spec, MapReader& from) {
    if (!decoding_.check_pattern)
      return;
    for (const auto& pattern : spec.patterns) {
      const auto sound = decoding_.check_pattern(pattern);
      if (sound)
        continue;
      from.error(from.has("pattern") ? "pattern" : "patterns", "S116",
                 "this pattern cannot be searched for: "
                   + sound.error().context);
    }
  }

  MetricType decode_type(const MetricSpec& spec) {
    const auto names = all_type_names();
    if (reader_.has("data_type")) {
      const auto type =
        type_of(reader_.one_of("data_type", names).value_or(""));
      // The draft had no categories; its keywords were meant as them.
      return type == MetricType::text && !spec.keywords.empty()
               ? MetricType::categorical
               : type;
    }
    const auto type = reader_.one_of("type", names);
    if (type)
      return type_of(*type);
    return is_engine_v1_ ? MetricType::text : MetricType::continuous;
  }

  std::optional<std::pair<double, double>> decode_range() {
    const auto* node = reader_.node("range");
    if (node == nullptr)
      return std::nullopt;
    if (node->kind == Kind::list && node->items.size() == 2) {
      const auto low = yaml::as_number(node->items[0]);
      const auto high = yaml::as_number(node->items[1]);
      if (low && high && *low < *high)
        return std::pair{*low, *high};
    }
    auto& finding = reader_.error("range", "S118",
                                  "`range` must hold two numbers, low then "
                                  "high");
    finding.help.emplace_back("write it like `range: [0, 10]`");
    return std::nullopt;
  }

  void decode_categories(MetricSpec& spec) {
    spec.categories =
      reader_.texts("categories").value_or(std::vector<std::string>{});
    if (spec.type == MetricType::categorical && spec.categories.empty()
        && !reader_.has("categories"))
      spec.categories = spec.keywords;
  }

  void decode_thresholds(MetricSpec& spec) {
    spec.warning_threshold = reader_.number("warning_threshold");
    spec.critical_threshold = reader_.number("critical_threshold");
    const auto* all = top_.find("thresholds");
    const auto* own = all == nullptr ? nullptr : all->find(name_);
    if (own == nullptr)
      return;
    MapReader thresholds{document_, *own, "thresholds." + name_, "S",
                         decoding_.findings};
    const auto warning = thresholds.number("warning");
    const auto critical = thresholds.number("critical");
    thresholds.finish(Severity::warning);
    if (!spec.warning_threshold)
      spec.warning_threshold = warning;
    if (!spec.critical_threshold)
      spec.critical_threshold = critical;
  }

  void decode_subject(MetricSpec& spec) {
    spec.per_participant = reader_.boolean("actor_specific").value_or(false);
    const auto actor = reader_.text("actor");
    if (actor && spec.per_participant)
      spec.participant = participant_id(*actor);
    spec.reads_actions =
      reader_.boolean("reads_actions").value_or(is_engine_v1_)
      && !spec.per_participant;
  }

  /// V1 names the participant as people see it; an id is taken too.
  std::string participant_id(const std::string& named) {
    std::vector<std::string> names;
    for (const auto& participant : scenario_.participants) {
      if (participant.name == named || participant.id == named)
        return participant.id;
      names.push_back(participant.name);
    }
    if (!decoding_.files.complete)
      return {};
    auto& finding = reader_.error("actor", "S205",
                                  "no participant is called `" + named + "`");
    if (const auto near = closest(named, names))
      finding.help.push_back("did you mean `" + *near + "`?");
    finding.notes.push_back("participants: " + join(names, ", "));
    return {};
  }

  void check_needs(const MetricSpec& spec) {
    if (is_faulty_)
      return;
    const auto need = [&](const char* what) {
      reader_.error("", "S115", "`" + name_ + "` needs " + std::string{what});
    };
    if (spec.extraction == Extraction::pattern && spec.patterns.empty())
      need("a `pattern` to look for");
    else if (spec.extraction == Extraction::keyword && spec.keywords.empty())
      need("`keywords` to count");
    else if (spec.extraction == Extraction::llm && spec.prompt.empty())
      need("a `prompt` to ask with");
    else if (spec.type == MetricType::categorical && spec.categories.empty())
      need("`categories` to choose from");
  }

  /// Who is asked when nobody is named: the scenario's own model, which may be
  /// a local one; both Python versions asked a hosted one.
  void settle_model(MetricSpec& spec) {
    if (spec.extraction != Extraction::llm || is_faulty_) {
      spec.model.clear();
      return;
    }
    const auto* block = reader_.node("extraction");
    const bool named = reader_.has("model")
                       || (block != nullptr && block->find("model") != nullptr);
    if (!spec.model.empty() && block != nullptr) {
      MapReader extraction{document_, *block, reader_.path_of("extraction"),
                           "S", decoding_.findings};
      warn_if_alone(extraction, "model", spec.model, scenario_);
    } else if (!spec.model.empty()) {
      warn_if_alone(reader_, "model", spec.model, scenario_);
    } else if (!named && !spec.prompt.empty()
               && !scenario_.world_state_model.empty()) {
      spec.model = scenario_.world_state_model;
      auto& finding = reader_.warning(
        block != nullptr ? "extraction" : "", "S312",
        "`" + name_ + "` names no model, so " + spec.model + " is asked");
      finding.severity = Severity::note;
      finding.help.push_back("to settle it, write `model: " + spec.model + "`");
    }
  }

  const Decoding& decoding_;
  const yaml::Document& document_;
  const yaml::Node& top_;
  const ScenarioSpec& scenario_;
  std::string name_;
  MapReader reader_;
  bool is_engine_v1_ = false;
  bool is_faulty_ = false;
};

class MetricsDecoder {
public:
  MetricsDecoder(const Decoding& decoding, const ScenarioSpec& scenario)
    : decoding_(decoding), document_(*decoding.files.metrics),
      scenario_(scenario) {}

  std::vector<MetricSpec> decode() {
    const auto& top = decoding_.tree.metrics;
    if (top.kind == Kind::null)
      return {};
    MapReader reader{document_, top, "", "S", decoding_.findings};
    if (top.kind != Kind::map)
      return {};
    const auto* all = reader.required("metrics");
    if (all != nullptr && all->kind == Kind::scalar)
      reader.error("metrics", "S101",
                   "`metrics` must be a list or a map, not "
                     + yaml::describe(*all));
    else if (all != nullptr)
      decode_all(*all);
    allow_top_keys(reader);
    reader.finish(Severity::warning);
    return std::move(metrics_);
  }

private:
  void decode_all(const yaml::Node& all) {
    for (const auto& entry : all.entries)
      decode_one(entry.value, entry.key,
                 yaml::at_key(document_, entry, "", ""));
    for (std::size_t i = 0; i < all.items.size(); ++i) {
      const auto& item = all.items[i];
      const auto* name = item.find("name");
      if (item.kind != Kind::map || name == nullptr
          || name->kind != Kind::scalar) {
        auto finding = yaml::at(document_, item, "S103",
                                item.kind == Kind::map
                                  ? "a metric lacks the key `name`"
                                  : "each metric must be a map of keys, not "
                                      + yaml::describe(item));
        finding.path = "metrics." + std::to_string(i);
        decoding_.findings.add(std::move(finding));
        continue;
      }
      decode_one(item, name->scalar, yaml::at(document_, *name, "", ""));
    }
  }

  /// @param at_name  a finding at the metric's name, still without words
  void decode_one(const yaml::Node& item, const std::string& name,
                  Diagnostic at_name) {
    at_name.path = "metrics." + name;
    if (!is_metric_name(name)) {
      at_name.code = "S110";
      at_name.message = "`" + name + "` cannot name a metric";
      at_name.help.emplace_back("use at most 64 letters, digits, `_`, `-` and "
                                "blanks");
      decoding_.findings.add(std::move(at_name));
      return;
    }
    const bool again =
      std::any_of(metrics_.begin(), metrics_.end(),
                  [&](const MetricSpec& other) { return other.name == name; });
    if (again) {
      at_name.code = "S109";
      at_name.message = "the metric `" + name + "` is defined twice";
      decoding_.findings.add(std::move(at_name));
      return;
    }
    metrics_.push_back(
      MetricDecoder{decoding_, decoding_.tree.metrics, item, name, scenario_}
        .decode());
  }

  static void allow_top_keys(MapReader& reader) {
    reader.allow("scenario_name");
    reader.allow("thresholds");
    reader.allow("schema_version");
    static_cast<void>(model_id(reader, "extraction_model"));
    for (const auto* key : {"export_format", "auto_export", "export_path"}) {
      reader.allow(key);
      if (reader.has(key))
        reader.warning(key, "S302",
                       "`" + std::string{key}
                         + "` is accepted for old files and has no effect");
    }
  }

  const Decoding& decoding_;
  const yaml::Document& document_;
  const ScenarioSpec& scenario_;
  std::vector<MetricSpec> metrics_;
};

} // namespace

std::vector<MetricSpec> decode_metrics(const Decoding& decoding,
                                       const ScenarioSpec& spec) {
  if (!decoding.files.metrics)
    return {};
  return MetricsDecoder{decoding, spec}.decode();
}

} // namespace lab::scenarios
