#include <algorithm>
#include <cstdint>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/expression/read_expression.hpp"
#include "sweeps/expression/sweep_scopes.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/part_readers.hpp"
#include "sweeps/planner/value_readers.hpp"

namespace lab::sweeps {

namespace {

constexpr std::int64_t resamples_max = 100'000;
constexpr double confidence_least = 0.5;

std::optional<AnalysisKind> kind_named(const std::string& word) {
  for (const auto kind : {AnalysisKind::morris, AnalysisKind::sobol,
                          AnalysisKind::compare, AnalysisKind::effects})
    if (analysis_word(kind) == word)
      return kind;
  return std::nullopt;
}

/// The kind of leaf whose points an analysis can read; nothing: any.
std::optional<LeafKind> leaf_wanted(AnalysisKind kind) {
  if (kind == AnalysisKind::morris)
    return LeafKind::morris;
  return kind == AnalysisKind::sobol ? std::optional{LeafKind::saltelli}
                                     : std::nullopt;
}

class MeasureReader {
public:
  MeasureReader(yaml::MapReader& reader, Manifest& made, Findings& findings)
    : reader_(reader), document_(reader.document()), made_(made),
      findings_(findings) {}

  void read() {
    if (auto names = reader_.texts("final"))
      made_.measure.final_metrics = std::move(*names);
    if (auto names = reader_.texts("series"))
      made_.measure.series = std::move(*names);
    if (const auto* derived = reader_.node("derived"))
      read_derived(*derived);
    if (const auto* analyses = reader_.node("analyse"))
      read_analyses(*analyses);
    reader_.finish();
  }

private:
  void read_derived(const yaml::Node& derived) {
    if (derived.kind != yaml::Kind::map) {
      reader_.error("derived", "S101",
                    "`derived` must be a map of names and expressions, not "
                      + yaml::describe(derived));
      return;
    }
    for (const auto& entry : derived.entries) {
      const auto path = "measure.derived." + entry.key;
      if (entry.key.empty() || expression_name(entry.key) != entry.key
          || entry.key.find('.') != std::string::npos) {
        auto finding =
          yaml::at_key(document_, entry, "S404",
                       "a derived metric cannot be named `" + entry.key + "`");
        finding.path = path;
        finding.help.emplace_back("use letters, digits and `_`, so that other "
                                  "expressions can name it");
        findings_.add(std::move(finding));
        continue;
      }
      auto value = read_expression(document_, entry.value, derived_scope(),
                                   {Type::number}, "S423", path, findings_);
      if (!value)
        continue;
      report_self(entry, *value, path);
      made_.measure.derived.push_back(
        {entry.key, std::move(*value), entry.value});
    }
  }

  /// A name means a metric, or a derived metric above it; one below cannot be
  /// meant and is no metric.
  void report_self(const yaml::Entry& entry, const Expression& value,
                   const std::string& path) {
    const auto& block = *reader_.map().find("derived");
    const auto own =
      std::ranges::find(block.entries, entry.key, &yaml::Entry::key);
    for (const auto& use : value.names()) {
      const auto below =
        std::find_if(own, block.entries.end(), [&](const yaml::Entry& other) {
          return other.key == use.name;
        });
      if (below == block.entries.end())
        continue;
      auto finding = at_piece(
        document_, entry.value, use.begin, use.end, "S423",
        use.name == entry.key ? "`" + use.name + "` is made of itself"
                              : "`" + use.name + "` is made further down");
      finding.path = path;
      finding.help.push_back(use.name == entry.key
                               ? "name a metric of the scenario"
                               : "write `" + use.name + "` above `" + entry.key
                                   + "`");
      findings_.add(std::move(finding));
    }
  }

  void read_analyses(const yaml::Node& analyses) {
    if (analyses.kind != yaml::Kind::list) {
      reader_
        .error("analyse", "S101",
               "`analyse` must be a list, not " + yaml::describe(analyses))
        .help.emplace_back("write it like [morris: {of: trust}]");
      return;
    }
    for (std::size_t i = 0; i < analyses.items.size(); ++i)
      read_analysis(analyses.items[i], "measure.analyse." + std::to_string(i));
  }

  void read_analysis(const yaml::Node& node, const std::string& path) {
    const bool one = node.kind == yaml::Kind::map && node.entries.size() == 1;
    const auto kind =
      one ? kind_named(node.entries[0].key) : std::optional<AnalysisKind>{};
    if (!kind) {
      auto& finding =
        error_at(document_, node, findings_, "S427",
                 one ? "there is no analysis `" + node.entries[0].key + "`"
                     : "an analysis is one kind with its keys",
                 path);
      finding.help.emplace_back("write it like morris: {of: trust}; there are "
                                "morris, sobol, compare and effects");
      return;
    }
    const auto& entry = node.entries[0];
    Analysis made;
    made.kind = *kind;
    made.place = entry.value;
    yaml::MapReader reader{document_, entry.value, path + "." + entry.key, "S",
                           findings_};
    if (reader.required("of") != nullptr)
      if (auto names = reader.texts("of"))
        made.of = std::move(*names);
    if (reader.has("of") && made.of.empty()
        && reader.node("of")->kind == yaml::Kind::list)
      reader.error("of", "S427", "`of` names no metric");
    made.by = reader.text("by").value_or("");
    if (!made.by.empty())
      check_by(reader, made.by);
    made.block = reader.text("block").value_or("");
    if (!made.block.empty())
      check_block(reader, made.block, made_, findings_);
    if (*kind == AnalysisKind::compare)
      made.baseline = reader.text("baseline").value_or("");
    if (const auto share =
          read_share(reader, "confidence", confidence_least, 1)) {
      made.confidence = *share;
      warn_of_no_effect(reader, "confidence");
    }
    if (const auto count = reader.integer("bootstrap", {0, resamples_max})) {
      made.resamples = static_cast<std::int32_t>(*count);
      warn_of_no_effect(reader, "bootstrap");
    }
    reader.finish();
    check_leaf(reader, made);
    if (!made.baseline.empty())
      check_baseline(reader, made);
    made_.measure.analyses.push_back(std::move(made));
  }

  static void warn_of_no_effect(yaml::MapReader& reader, const char* key) {
    auto& finding = reader.error(
      key, "S424", "nothing acts on `" + std::string{key} + "` yet");
    finding.severity = Severity::warning;
    finding.help.emplace_back("reports give 95 % intervals, by the method that "
                              "docs/statistics.md names; remove `"
                              + std::string{key} + "`");
  }

  void check_by(yaml::MapReader& reader, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& factor : made_.factors)
      names.push_back(factor.name);
    if (std::ranges::find(names, name) != names.end())
      return;
    auto& finding =
      reader.error("by", "S409", "there is no factor `" + name + "`");
    if (const auto near = closest(name, names))
      finding.help.push_back("did you mean `" + *near + "`?");
  }

  bool is_meant(const Analysis& analysis, const Block& block) const {
    return analysis.block.empty() || block.name == analysis.block;
  }

  /// Indices of Morris and Sobol need the points of their own design.
  void check_leaf(yaml::MapReader& reader, const Analysis& analysis) {
    const auto wanted = leaf_wanted(analysis.kind);
    if (!wanted || made_.design == nullptr || findings_.has_errors())
      return;
    for (const auto& block : made_.design->blocks())
      if (is_meant(analysis, block))
        for (const auto& leaf : block.leaves)
          if (leaf->kind() == *wanted)
            return;
    const auto kind = std::string{analysis_word(analysis.kind)};
    reader
      .error("of", "S427",
             "`" + kind + "` needs points of a `"
               + (*wanted == LeafKind::morris ? "morris" : "saltelli")
               + "` design, and there are none"
               + (analysis.block.empty() ? "" : " in `" + analysis.block + "`"))
      .help.emplace_back("use `effects` or `compare` for other points");
  }

  void check_baseline(yaml::MapReader& reader, const Analysis& analysis) {
    constexpr std::int64_t searched_max = 100'000;
    if (made_.design == nullptr || findings_.has_errors())
      return;
    std::vector<std::string> labels;
    for (const auto& block : made_.design->blocks()) {
      if (!is_meant(analysis, block))
        continue;
      const auto count = std::min(block.size, searched_max);
      for (std::int64_t i = 0; i < count; ++i) {
        auto label = made_.design->point(block.first + i).label;
        if (label == analysis.baseline)
          return;
        if (!label.empty())
          labels.push_back(std::move(label));
      }
    }
    constexpr std::size_t listed_max = 16;
    auto& finding = reader.error(
      "baseline", "S427", "no point is labelled `" + analysis.baseline + "`");
    if (const auto near = closest(analysis.baseline, labels))
      finding.help.push_back("did you mean `" + *near + "`?");
    if (labels.size() <= listed_max)
      finding.notes.push_back(labels.empty() ? "points of a `list` have labels"
                                             : "labels: " + join(labels, ", "));
  }

  yaml::MapReader& reader_;
  const yaml::Document& document_;
  Manifest& made_;
  Findings& findings_;
};

} // namespace

std::string_view analysis_word(AnalysisKind kind) {
  switch (kind) {
  case AnalysisKind::morris:
    return "morris";
  case AnalysisKind::sobol:
    return "sobol";
  case AnalysisKind::compare:
    return "compare";
  case AnalysisKind::effects:
    return "effects";
  }
  return "compare";
}

void read_measure(yaml::MapReader& manifest, Manifest& made,
                  Findings& findings) {
  const auto* node = manifest.node("measure");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "measure", "S", findings};
  if (node->kind == yaml::Kind::map)
    MeasureReader{reader, made, findings}.read();
}

void check_block(yaml::MapReader& reader, const std::string& name,
                 const Manifest& made, Findings& findings) {
  if (made.design == nullptr || findings.has_errors())
    return;
  std::vector<std::string> names;
  for (const auto& block : made.design->blocks())
    if (!block.name.empty())
      names.push_back(block.name);
  if (std::ranges::find(names, name) != names.end())
    return;
  const auto key = reader.has("block") ? "block" : "only";
  auto& finding =
    reader.error(key, "S427", "the design has no block `" + name + "`");
  if (const auto near = closest(name, names))
    finding.help.push_back("did you mean `" + *near + "`?");
  finding.notes.push_back(names.empty()
                            ? "parts of a `union` are blocks, by their `name`"
                            : "blocks: " + join(names, ", "));
}

} // namespace lab::sweeps
