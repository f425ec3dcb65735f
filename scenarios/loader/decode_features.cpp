#include <algorithm>
#include <array>

#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

constexpr std::int64_t talks_max = 20;
constexpr std::int32_t talks_usual = 1; // as the first version held them

/// One entry of `features`: a map with `enabled`, or yes or no alone.
class Feature {
public:
  Feature(const Decoding& decoding, std::optional<MapReader>& features,
          std::string_view name) {
    const auto* node = features ? features->node(name) : nullptr;
    if (node == nullptr)
      return;
    if (node->kind == Kind::scalar && yaml::as_bool(*node)) {
      enabled_ = yaml::as_bool(*node);
      return;
    }
    map_.emplace(features->document(), *node, features->path_of(name), "S",
                 decoding.findings);
    enabled_ = map_->boolean("enabled");
  }
  Feature(const Feature&) = delete;
  Feature& operator=(const Feature&) = delete;
  ~Feature() {
    if (map_)
      map_->finish(Severity::warning);
  }

  std::optional<bool> enabled() const { return enabled_; }
  /// Its further settings; null when it has none.
  MapReader* map() { return map_ ? &*map_ : nullptr; }

private:
  std::optional<MapReader> map_;
  std::optional<bool> enabled_;
};

class FeatureDecoder {
public:
  FeatureDecoder(const Decoding& decoding, MapReader& scenario)
    : decoding_(decoding), scenario_(scenario) {
    if (const auto* node = scenario.node("features"))
      features_.emplace(scenario.document(), *node, "features", "S",
                        decoding.findings);
  }

  Features decode(ScenarioSpec& spec) {
    decode_talks(spec);
    decode_summaries(spec);
    Features switches;
    switches.events = decode_switch("exogenous_events", "exogenous-events.yaml",
                                    decoding_.files.events.has_value());
    switches.metrics = decode_switch("metrics_extraction", "metrics.yaml",
                                     decoding_.files.metrics.has_value());
    switches.checks =
      decode_switch("quality_assurance", "validation-rules.yaml",
                    decoding_.files.validation.has_value());
    if (features_)
      features_->finish(Severity::warning);
    return switches;
  }

private:
  void decode_talks(ScenarioSpec& spec) {
    Feature feature{decoding_, features_, "communications"};
    const auto talks = scenario_.boolean("enable_bilateral_communication");
    const auto most =
      whole_number(scenario_, "max_communications_per_turn", {0, talks_max});
    const auto feature_most =
      feature.map() == nullptr
        ? std::nullopt
        : whole_number(*feature.map(), "max_per_turn", {0, talks_max});
    const auto coalitions = scenario_.boolean("enable_coalition_formation");
    spec.coalitions = coalitions.value_or(false);
    if (decoding_.first_version
        && !scenario_.has("enable_bilateral_communication")
        && !scenario_.has("enable_coalition_formation")
        && !scenario_.has("max_communications_per_turn")
        && !feature.enabled()) {
      assume_first_version(spec);
      return;
    }
    if (talks && feature.enabled() && *talks != *feature.enabled())
      warn_of_feature("enable_bilateral_communication", "communications");
    if (most && feature_most && *most != *feature_most)
      warn_of_feature("max_communications_per_turn", "communications");
    const auto on = talks ? talks : feature.enabled();
    const auto count = most ? most : feature_most;
    if (on.value_or(false))
      spec.talks_per_turn =
        static_cast<std::int32_t>(count.value_or(talks_usual));
    else if (!on && most.value_or(0) > 0)
      warn_of_no_effect(scenario_, "max_communications_per_turn",
                        "private talks are off")
        .help.emplace_back("add `enable_bilateral_communication: true`");
  }

  /// It held a talk of each participant and sought coalitions in every turn,
  /// whatever the files said.
  void assume_first_version(ScenarioSpec& spec) {
    const auto players = listed_actors(decoding_.tree.scenario).size();
    if (players < 2)
      return;
    spec.talks_per_turn = talks_usual;
    spec.coalitions = players > 2;
    auto& finding = scenario_.warning(
      "", "S310",
      spec.coalitions
        ? "private talks and coalitions are played, as the first version did "
          "with every scenario"
        : "private talks are played, as the first version did with every "
          "scenario");
    finding.severity = Severity::note;
    finding.help.emplace_back(
      "to settle it, write `enable_bilateral_communication` and "
      "`enable_coalition_formation`, true or false");
  }

  void decode_summaries(ScenarioSpec& spec) {
    Feature feature{decoding_, features_, "context_management"};
    const auto summaries = scenario_.boolean("summaries");
    if (summaries && feature.enabled() && *summaries != *feature.enabled())
      warn_of_feature("summaries", "context_management");
    spec.summaries =
      summaries ? *summaries : feature.enabled().value_or(spec.summaries);
    spec.summary_model = model_id(scenario_, "summary_model");
    auto* map = feature.map();
    if (map == nullptr)
      return;
    const auto model = model_id(*map, "summarization_model");
    if (spec.summary_model.empty())
      spec.summary_model = model;
    else if (!model.empty() && model != spec.summary_model)
      warn_of_feature("summary_model", "context_management");
    map->allow("max_context_tokens");
    if (map->has("max_context_tokens"))
      map
        ->warning("max_context_tokens", "S302",
                  "`max_context_tokens` is accepted for old files and has no "
                  "effect")
        .help.emplace_back("`context_window_size` counts turns");
  }

  bool decode_switch(std::string_view name, const std::string& file,
                     bool is_there) {
    const Feature feature{decoding_, features_, name};
    if (feature.enabled() == true && !is_there && decoding_.files.complete)
      warn_of_no_effect(*features_, name, "the scenario has no " + file);
    return feature.enabled().value_or(true);
  }

  void warn_of_feature(const std::string& winner, std::string_view feature) {
    features_
      ->warning(feature, "S307",
                "`features." + std::string{feature} + "` differs from `"
                  + winner + "`, and `" + winner + "` counts")
      .help.emplace_back("keep one of the two");
  }

  const Decoding& decoding_;
  MapReader& scenario_;
  std::optional<MapReader> features_;
};

} // namespace

Features decode_features(const Decoding& decoding, MapReader& scenario,
                         ScenarioSpec& spec) {
  return FeatureDecoder{decoding, scenario}.decode(spec);
}

} // namespace lab::scenarios
