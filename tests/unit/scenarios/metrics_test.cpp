#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<MetricSpec> metrics_of(const std::string& yaml) {
  TempScenario scenario;
  scenario.write("metrics.yaml", yaml);
  return scenario.spec().metrics;
}

TEST(Metrics, OfTheFirstEngineReadActionsAsWell) {
  const auto metrics = metrics_of("scenario_name: Summit\n"
                                  "metrics:\n"
                                  "  spend:\n"
                                  "    description: Money\n"
                                  "    type: float\n"
                                  "    unit: millions\n"
                                  "    extraction_method: regex\n"
                                  "    pattern: 'spend (\\d+)'\n"
                                  "  hours:\n"
                                  "    pattern: '(\\d+) hours'\n"
                                  "    type: integer\n"
                                  "    actor_specific: true\n"
                                  "    actor: America\n"
                                  "  view: {extraction_method: manual}\n");

  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[0].name, "spend");
  EXPECT_EQ(metrics[0].description, "Money");
  EXPECT_EQ(metrics[0].unit, "millions");
  EXPECT_EQ(metrics[0].type, MetricType::continuous);
  EXPECT_EQ(metrics[0].extraction, Extraction::pattern);
  EXPECT_THAT(metrics[0].patterns, ElementsAre("spend (\\d+)"));
  EXPECT_TRUE(metrics[0].reads_actions);
  EXPECT_EQ(metrics[1].type, MetricType::integer);
  EXPECT_TRUE(metrics[1].per_participant);
  EXPECT_EQ(metrics[1].participant, "us");
  EXPECT_FALSE(metrics[1].reads_actions);
  EXPECT_EQ(metrics[2].type, MetricType::text);
  EXPECT_EQ(metrics[2].extraction, Extraction::manual);
}

TEST(Metrics, OfTheSecondShapeTrySeveralPatterns) {
  const auto metrics =
    metrics_of("metrics:\n"
               "  - name: pace\n"
               "    type: continuous\n"
               "    range: [0, 100]\n"
               "    extraction: {type: regex, patterns: [a, b]}\n"
               "    warning_threshold: 5\n"
               "    critical_threshold: 9\n"
               "  - name: mood\n"
               "    type: categorical\n"
               "    categories: [good, bad]\n"
               "    extraction: {type: keyword, keywords: [good, bad]}\n");

  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_THAT(metrics[0].patterns, ElementsAre("a", "b"));
  EXPECT_EQ(metrics[0].range, (std::pair{0.0, 100.0}));
  EXPECT_EQ(metrics[0].warning_threshold, 5.0);
  EXPECT_EQ(metrics[0].critical_threshold, 9.0);
  EXPECT_FALSE(metrics[0].reads_actions);
  EXPECT_EQ(metrics[1].type, MetricType::categorical);
  EXPECT_THAT(metrics[1].categories, ElementsAre("good", "bad"));
  EXPECT_EQ(metrics[1].extraction, Extraction::keyword);
}

TEST(Metrics, OfTheDraftAskAModelOrNobody) {
  const auto metrics =
    metrics_of("metrics:\n"
               "  - name: a\n"
               "    extraction: {type: sentiment, prompt: How warm}\n"
               "  - {name: b, extraction: {type: custom}}\n"
               "  - {name: c, extraction: {type: keyword, keywords: [x]}}\n");

  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[0].extraction, Extraction::llm);
  EXPECT_EQ(metrics[0].prompt, "How warm");
  EXPECT_EQ(metrics[1].extraction, Extraction::manual);
  EXPECT_EQ(metrics[2].extraction, Extraction::keyword);
}

TEST(Metrics, OfTheMigrationToolShareAModelAndThresholds) {
  const auto metrics = metrics_of("extraction_model: openai/gpt-4o-mini\n"
                                  "thresholds:\n"
                                  "  trust: {warning: 3, critical: 1}\n"
                                  "metrics:\n"
                                  "  trust:\n"
                                  "    extraction_type: llm\n"
                                  "    extraction_prompt: How much trust\n"
                                  "    data_type: float\n"
                                  "    aggregation: mean\n"
                                  "  tone:\n"
                                  "    extraction_type: keyword\n"
                                  "    keywords: [calm, sharp]\n"
                                  "    data_type: string\n");

  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_EQ(metrics[0].extraction, Extraction::llm);
  EXPECT_EQ(metrics[0].prompt, "How much trust");
  EXPECT_EQ(metrics[0].model, "openai/gpt-4o-mini");
  EXPECT_EQ(metrics[0].warning_threshold, 3.0);
  EXPECT_EQ(metrics[0].critical_threshold, 1.0);
  EXPECT_EQ(metrics[1].type, MetricType::categorical);
  EXPECT_THAT(metrics[1].categories, ElementsAre("calm", "sharp"));
}

TEST(Metrics, OfV2NameTheirScoringAndSubject) {
  const auto metrics = metrics_of(
    "metrics:\n"
    "  - name: talk\n"
    "    type: continuous\n"
    "    actor_specific: true\n"
    "    extraction: {type: keyword, keywords: [a], scoring: density}\n"
    "  - {name: seen, type: boolean,\n"
    "     extraction: {type: keyword, keywords: [a], scoring: presence}}\n"
    "  - {name: one, extraction: {type: pattern, pattern: a}}\n");

  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[0].scoring, Scoring::density);
  EXPECT_TRUE(metrics[0].per_participant);
  EXPECT_EQ(metrics[0].participant, "");
  EXPECT_EQ(metrics[1].scoring, Scoring::presence);
  EXPECT_EQ(metrics[1].type, MetricType::boolean);
  EXPECT_EQ(metrics[2].scoring, Scoring::count);
  EXPECT_EQ(metrics[2].type, MetricType::continuous);
}

TEST(Metrics, AskTheWorldsModelWhenNoneIsNamed) {
  TempScenario scenario;
  scenario.write("metrics.yaml",
                 "metrics:\n"
                 "  - {name: a, extraction: {type: llm, prompt: How warm}}\n"
                 "  - {name: b, extraction: {type: llm, prompt: How warm,\n"
                 "     model: sim/faulty}}\n");

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.spec->metrics[0].model, "sim/persona");
  EXPECT_EQ(reading.spec->metrics[1].model, "sim/faulty");
  EXPECT_THAT(reading.codes(), ElementsAre("S312"));
}

TEST(Metrics, AnEmptyFileHasNone) {
  EXPECT_THAT(metrics_of("# none yet\n"), IsEmpty());
}

} // namespace
} // namespace lab::scenarios
