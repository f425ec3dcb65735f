#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::ElementsAre;

TEST(Overlay, SetsAnyKeyOfTheScenario) {
  const auto spec = TempScenario{}.spec("turns: 9\n"
                                        "temperature: 0.2\n"
                                        "sim.trust: 0.9\n"
                                        "output_caps.decision: 50\n"
                                        "initial_world_state: Storm.\n");

  EXPECT_EQ(spec.turns, 9);
  EXPECT_EQ(spec.temperature, "0.2");
  EXPECT_EQ(spec.sim.at("trust"), 0.9);
  EXPECT_EQ(spec.output_caps.at("decision"), 50);
  EXPECT_EQ(spec.initial_world_state, "Storm.");
}

TEST(Overlay, SetsItemsOfListsAndAppendsToThem) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml", "name: Europe\nllm_model: sim/persona\n"
                                   "goals: [a, b, c]\n");

  const auto spec = scenario.spec("actors.eu.goals.1: x\n"
                                  "actors.eu.goals.+: d\n"
                                  "actors.us.goals.+: e\n"
                                  "actors.us.constraints.+: f\n");

  EXPECT_THAT(spec.participants[0].goals, ElementsAre("a", "x", "c", "d"));
  EXPECT_THAT(spec.participants[1].goals, ElementsAre("trade", "e"));
  EXPECT_THAT(spec.participants[1].constraints, ElementsAre("f"));
}

TEST(Overlay, AppendsToAListUnderItsOtherName) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml", "name: Europe\nllm_model: sim/persona\n"
                                   "long_term_goals: [a]\n");

  EXPECT_THAT(scenario.spec("actors.eu.goals.+: b\n").participants[0].goals,
              ElementsAre("a", "b"));
}

TEST(Overlay, AStarSetsEveryParticipant) {
  const auto spec =
    TempScenario{}.spec("actors.*.llm_model: ollama/llama3.1:8b\n");

  EXPECT_EQ(spec.participants[0].model, "ollama/llama3.1:8b");
  EXPECT_EQ(spec.participants[1].model, "ollama/llama3.1:8b");
}

TEST(Overlay, TheLaterAssignmentWins) {
  const auto spec = TempScenario{}.spec("actors.*.llm_model: ollama/a\n"
                                        "actors.us.llm_model: ollama/b\n");

  EXPECT_EQ(spec.participants[0].model, "ollama/a");
  EXPECT_EQ(spec.participants[1].model, "ollama/b");
}

TEST(Overlay, WinsOverEverySpellingInTheFile) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml", "name: Europe\nmodel: openai/gpt-4o\n"
                                   "goals: [peace]\n");
  scenario.append("scenario.yaml", "num_turns: 4\n"
                                   "scenario_length: {type: fixed, turns: 4}\n"
                                   "context_window: 7\n");

  const auto reading = scenario.read("actors.eu.llm_model: sim/persona\n"
                                     "turns: 2\n"
                                     "context_window_size: 1\n");

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.text, "");
  EXPECT_EQ(reading.spec->participants[0].model, "sim/persona");
  EXPECT_EQ(reading.spec->turns, 2);
  EXPECT_EQ(reading.spec->context_window_size, 1);
}

TEST(Overlay, FindsMetricsByNameInBothShapes) {
  TempScenario list;
  list.write("metrics.yaml", "metrics:\n"
                             "  - name: tension\n"
                             "    range: [0, 10]\n"
                             "    extraction: {type: pattern, pattern: x}\n");
  TempScenario map;
  map.write("metrics.yaml", "metrics:\n"
                            "  tension: {type: float, pattern: x}\n");
  const auto* set = "metrics.tension.range: [0, 5]\n"
                    "metrics.tension.unit: points\n";

  for (const auto& spec : {list.spec(set), map.spec(set)}) {
    ASSERT_EQ(spec.metrics.size(), 1U);
    EXPECT_EQ(spec.metrics[0].range, (std::pair{0.0, 5.0}));
    EXPECT_EQ(spec.metrics[0].unit, "points");
  }
}

TEST(Overlay, LeavesTheSourceAsItWas) {
  TempScenario scenario;
  auto reading = scenario.read("turns: 9\nactors.eu.goals.+: war\n");
  ASSERT_TRUE(reading.spec) << reading.text;
  Findings findings;

  const auto again = reading.source->resolve({}, findings);

  ASSERT_TRUE(again) << render(findings);
  EXPECT_EQ(again->turns, 4);
  EXPECT_EQ(again->content, scenario.spec().content);
}

TEST(Overlay, WithoutAManifestAFindingNamesThePath) {
  const auto reading = TempScenario{}.read(
    {{"turns", yaml::Node::plain("soon")}, {"tunrs", yaml::Node::plain("5")}});

  EXPECT_EQ(reading.text,
            "error[S210]: this path is not in the scenario: no key `tunrs`\n"
            "   = help: did you mean `turns`?\n"
            "   = help: `scenario-lab paths summit` lists every path that a "
            "sweep can set\n"
            "   = note: path: tunrs\n"
            "\n"
            "error[S101]: `turns` must be a whole number, not a text\n"
            "   = note: set by `turns`\n");
}

TEST(Paths, ListEveryPlaceInFileOrder) {
  TempScenario scenario;
  scenario.append("scenario.yaml", "parameters:\n"
                                   "  pace: {default: 0.5}\n"
                                   "description: \"{{pace}}\"\n"
                                   "sim: {trust: {param: pace}}\n");
  scenario.write("metrics.yaml",
                 "metrics:\n"
                 "  - name: tension\n"
                 "    extraction: {type: pattern, pattern: x}\n");
  const auto reading = scenario.read();
  ASSERT_TRUE(reading.source) << reading.text;

  std::vector<std::string> all;
  for (const auto& path : reading.source->paths())
    all.push_back(path.path + "|" + path.type + "|" + path.value + "|"
                  + path.file.substr(path.file.rfind("summit/") + 7) + ":"
                  + std::to_string(path.line));

  EXPECT_THAT(
    all,
    ElementsAre(
      "name|text|Summit|scenario.yaml:1", "turns|number|4|scenario.yaml:2",
      "initial_world_state|text|All is calm.|scenario.yaml:3",
      "world_state_model|text|sim/persona|scenario.yaml:4",
      "actors|list|2 items|scenario.yaml:5",
      "params.pace|number|0.5|scenario.yaml:7",
      "description|text|{{pace}}|scenario.yaml:8",
      "sim|map|1 key|scenario.yaml:9", "sim.trust|map|1 key|scenario.yaml:9",
      "sim.trust.param|text|pace|scenario.yaml:9",
      "actors.eu.name|text|Europe|actors/eu.yaml:1",
      "actors.eu.llm_model|text|sim/persona|actors/eu.yaml:2",
      "actors.eu.goals|list|1 item|actors/eu.yaml:3",
      "actors.eu.goals.0|text|peace|actors/eu.yaml:3",
      "actors.us.name|text|America|actors/us.yaml:1",
      "actors.us.llm_model|text|sim/persona|actors/us.yaml:2",
      "actors.us.goals|list|1 item|actors/us.yaml:3",
      "actors.us.goals.0|text|trade|actors/us.yaml:3",
      "metrics.tension.name|text|tension|metrics.yaml:2",
      "metrics.tension.extraction|map|2 keys|metrics.yaml:3",
      "metrics.tension.extraction.type|text|pattern|metrics.yaml:3",
      "metrics.tension.extraction.pattern|text|x|metrics.yaml:3"));
}

TEST(Paths, ListEventsAndChecks) {
  TempScenario scenario;
  scenario.write("exogenous-events.yaml",
                 "exogenous_events:\n"
                 "  - {type: random, name: Storm, description: b,\n"
                 "     probability: 0.5}\n");
  scenario.write("validation-rules.yaml",
                 "validation_model: sim/persona\n"
                 "checks: {world_state_coherence: {enabled: true}}\n");
  const auto reading = scenario.read();
  ASSERT_TRUE(reading.source) << reading.text;

  std::vector<std::string> all;
  for (const auto& path : reading.source->paths())
    all.push_back(path.path);

  for (const auto* path :
       {"events.Storm.probability", "validation.validation_model",
        "validation.checks.world_state_coherence.enabled"})
    EXPECT_THAT(all, ::testing::Contains(path));
}

class EveryPath : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryPath, CanBeSetToItsOwnValue) {
  Findings findings;
  auto source = open_scenario(
    std::string{LAB_SOURCE_DIR "/scenarios/"} + GetParam(), findings);
  ASSERT_TRUE(source) << render(findings);
  const auto plain = (*source)->resolve({}, findings);
  ASSERT_TRUE(plain) << render(findings);

  for (const auto& path : (*source)->paths()) {
    if (path.type == "list" || path.type == "map" || path.type == "nothing")
      continue;
    const auto same = (*source)->resolve(
      {{path.path, yaml::Node::plain(path.value)}}, findings);
    ASSERT_TRUE(same) << path.path << "\n" << render(findings);
    EXPECT_EQ(same->content, plain->content) << path.path;
  }
}

INSTANTIATE_TEST_SUITE_P(Examples, EveryPath,
                         ::testing::Values("river-compact", "grid-transition"));

} // namespace
} // namespace lab::scenarios
