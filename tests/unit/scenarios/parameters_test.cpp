#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pair;

class ParametersTest : public ::testing::Test {
protected:
  ParametersTest() {
    scenario.write("scenario.yaml", "name: Summit\n"
                                    "turns: 4\n"
                                    "initial_world_state: Europe {{caution}}; "
                                    "{{ rule }}, {{pace}}.\n"
                                    "world_state_model: sim/persona\n"
                                    "actors: [eu, us]\n"
                                    "parameters:\n"
                                    "  caution:\n"
                                    "    default: 0.5\n"
                                    "    range: [0, 1]\n"
                                    "    help: How careful it is.\n"
                                    "    say:\n"
                                    "      0.6: waits\n"
                                    "      0.0: dares\n"
                                    "      0.3: ponders\n"
                                    "  rule:\n"
                                    "    default: none\n"
                                    "    values: [none, binding]\n"
                                    "    say: {none: no rule}\n"
                                    "  pace: {default: 2.50, range: [1, 5]}\n");
  }

  std::string world(const std::string& set = {}) {
    return scenario.spec(set).initial_world_state;
  }

  TempScenario scenario;
};

TEST_F(ParametersTest, ANumberBecomesTheWordsAtOrBelowIt) {
  EXPECT_EQ(world("params.caution: 0\n"), "Europe dares; no rule, 2.5.");
  EXPECT_EQ(world("params.caution: 0.29\n"), "Europe dares; no rule, 2.5.");
  EXPECT_EQ(world("params.caution: 0.3\n"), "Europe ponders; no rule, 2.5.");
  EXPECT_EQ(world(), "Europe ponders; no rule, 2.5.");
  EXPECT_EQ(world("params.caution: 1.0\n"), "Europe waits; no rule, 2.5.");
}

TEST_F(ParametersTest, AWordWithoutWordsOfItsOwnStandsForItself) {
  EXPECT_EQ(world("params.rule: binding\n"), "Europe ponders; binding, 2.5.");
}

TEST_F(ParametersTest, WordsMayHoldTheWordsOfOthers) {
  scenario.append("scenario.yaml",
                  "  mood:\n"
                  "    default: low\n"
                  "    say: {low: \"{{rule}} and {{caution}}\", high: glad}\n"
                  "system_prompt: \"Think of {{mood}}.\"\n");

  EXPECT_EQ(scenario.spec().system_prompt, "Think of no rule and ponders.");
  EXPECT_EQ(scenario.spec("params.caution: 0.9\n").system_prompt,
            "Think of no rule and waits.");
  EXPECT_EQ(scenario.spec("params.mood: high\n").system_prompt,
            "Think of glad.");
}

TEST_F(ParametersTest, ManyWordsWithinEachOtherStaySmall) {
  std::string more;
  for (int i = 0; i < 12; ++i)
    more += "  d" + std::to_string(i) + ": {default: x, say: {x: \"{{d"
            + std::to_string(i + 1) + "}}{{d" + std::to_string(i + 1)
            + "}}\"}}\n";
  more += "  d12: {default: x, say: {x: ab}}\n";
  scenario.append("scenario.yaml", more + "system_prompt: \"{{d0}}\"\n");

  EXPECT_EQ(scenario.spec().system_prompt.size(), 8192U);
}

TEST_F(ParametersTest, ATextThatASweepPutsInIsFilledInToo) {
  EXPECT_EQ(world("initial_world_state: Asia {{caution}}.\n"), "Asia ponders.");
}

TEST_F(ParametersTest, BackgroundTextsAreFilledIn) {
  scenario.write("background/history.md", "Once {{caution}}, always so.\n");
  scenario.append("scenario.yaml", "background: include\n");

  ASSERT_EQ(scenario.spec().background.size(), 1U);
  EXPECT_EQ(scenario.spec().background[0].text, "Once ponders, always so.\n");
}

TEST_F(ParametersTest, ANumberWithoutWordsIsPrinted) {
  EXPECT_EQ(world("params.pace: 3.00\n"), "Europe ponders; no rule, 3.");
}

TEST_F(ParametersTest, AreListedWithTheirValues) {
  const auto spec = scenario.spec("params.caution: 0.70\n");

  ASSERT_EQ(spec.parameters.size(), 3U);
  const auto& caution = spec.parameters[0];
  EXPECT_EQ(caution.name, "caution");
  EXPECT_EQ(caution.help, "How careful it is.");
  EXPECT_EQ(caution.value, "0.7");
  EXPECT_EQ(caution.words, "waits");
  EXPECT_EQ(caution.number, 0.7);
  EXPECT_EQ(spec.parameters[1].value, "none");
  EXPECT_EQ(spec.parameters[1].number, std::nullopt);
}

TEST_F(ParametersTest, ReachTheTextsOfParticipantsAndMetrics) {
  scenario.append("actors/eu.yaml", "system_prompt: It {{caution}}.\n"
                                    "constraints: [\"{{rule}}\", b]\n");
  scenario.write("metrics.yaml",
                 "metrics:\n"
                 "  - name: a\n"
                 "    description: With {{rule}}\n"
                 "    extraction: {type: pattern, pattern: x}\n");

  const auto spec = scenario.spec();

  EXPECT_EQ(spec.participants[0].system_prompt, "It ponders.");
  EXPECT_THAT(spec.participants[0].constraints, ElementsAre("no rule", "b"));
  EXPECT_EQ(spec.metrics.at(0).description, "With no rule");
}

TEST_F(ParametersTest, WordsAreNotReadForPlaceholdersAgain) {
  scenario.append("scenario.yaml", "description: \"{{rule}}{{\"\n");

  EXPECT_EQ(scenario.spec("params.rule: none\n").description, "no rule{{");
}

TEST_F(ParametersTest, DialsFollowThem) {
  scenario.append("actors/eu.yaml",
                  "sim:\n"
                  "  caution: {param: caution}\n"
                  "  power: {param: pace}\n"
                  "  openness: {param: caution, to: [0.9, 0.1]}\n"
                  "  trust: {param: rule, values: {none: 0.2, binding: 0.8}}\n"
                  "  pressure: 0.3\n");

  EXPECT_THAT(scenario.spec().participants[0].sim,
              ElementsAre(Pair("caution", 0.5),
                          Pair("openness", DoubleNear(0.5, 1e-12)),
                          Pair("power", 0.375), Pair("pressure", 0.3),
                          Pair("trust", 0.2)));
  EXPECT_THAT(
    scenario
      .spec("params.caution: 1\nparams.rule: binding\n"
            "params.pace: 5\n")
      .participants[0]
      .sim,
    ElementsAre(Pair("caution", 1), Pair("openness", DoubleNear(0.1, 1e-12)),
                Pair("power", 1), Pair("pressure", 0.3), Pair("trust", 0.8)));
}

TEST_F(ParametersTest, ADialAloneIsUseEnoughForANumberWithoutWords) {
  TempScenario other;
  other.append("scenario.yaml", "parameters:\n  pace: {default: 0.5}\n"
                                "sim: {trust: {param: pace}}\n");

  EXPECT_EQ(other.read().text, "");
}

} // namespace
} // namespace lab::scenarios
