#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto metrics =
  "metrics:\n"
  "  - {name: tension, extraction: {type: pattern, pattern: x}}\n"
  "  - {name: trust level, extraction: {type: pattern, pattern: x}}\n";

class Events : public ::testing::Test {
protected:
  Events() { scenario.write("metrics.yaml", metrics); }

  std::vector<EventSpec> events(const std::string& yaml) {
    scenario.write("exogenous-events.yaml", yaml);
    return scenario.spec().events;
  }

  TempScenario scenario;
};

TEST_F(Events, OfTheFirstShapeNameTheirType) {
  const auto all = events("exogenous_events:\n"
                          "  - type: trend\n"
                          "    name: Drift\n"
                          "    description: Prices rise.\n"
                          "    turn_range: [2, 4]\n"
                          "    frequency: 2\n"
                          "  - type: scheduled\n"
                          "    name: Festival\n"
                          "    description: |\n"
                          "      Boats everywhere.\n"
                          "    turn: 3\n"
                          "  - type: random\n"
                          "    name: Failure\n"
                          "    description: It breaks.\n"
                          "    probability: 0.15\n"
                          "    once: false\n"
                          "  - type: conditional\n"
                          "    name: Alarm\n"
                          "    description: A hearing.\n"
                          "    conditions: {tension: '>= 4.5'}\n");

  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].name, "Drift");
  EXPECT_EQ(all[0].type, EventType::trend);
  EXPECT_EQ(all[0].first_turn, 2);
  EXPECT_EQ(all[0].last_turn, 4);
  EXPECT_EQ(all[0].every, 2);
  EXPECT_EQ(all[0].probability, 1);
  EXPECT_FALSE(all[0].once);
  EXPECT_EQ(all[1].type, EventType::scheduled);
  EXPECT_EQ(all[1].description, "Boats everywhere.");
  EXPECT_THAT(all[1].turns, ElementsAre(3));
  EXPECT_EQ(all[2].type, EventType::random);
  EXPECT_EQ(all[2].probability, 0.15);
  EXPECT_EQ(all[2].first_turn, 1);
  EXPECT_EQ(all[2].last_turn, 0);
  EXPECT_FALSE(all[2].once);
  EXPECT_EQ(all[3].type, EventType::conditional);
  EXPECT_TRUE(all[3].once);
  ASSERT_EQ(all[3].conditions.size(), 1U);
  EXPECT_EQ(all[3].conditions[0].metric, "tension");
  EXPECT_EQ(all[3].conditions[0].comparison, Comparison::at_least);
  EXPECT_EQ(all[3].conditions[0].value, 4.5);
}

TEST_F(Events, ATrendRepeatsWhateverTheFileSays) {
  for (const auto* once : {"", "    once: true\n", "    once: false\n"}) {
    const auto all = events(std::string{"exogenous_events:\n"
                                        "  - type: trend\n"
                                        "    name: Drift\n"
                                        "    description: Prices rise.\n"}
                            + once);

    ASSERT_EQ(all.size(), 1U);
    EXPECT_FALSE(all[0].once) << once;
  }
}

TEST_F(Events, WithoutATypeAreScheduledAsInTheFirstVersion) {
  const auto all = events("exogenous_events:\n"
                          "  - {name: A, description: b, turns: [3, 1, 3]}\n");

  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].type, EventType::scheduled);
  EXPECT_THAT(all[0].turns, ElementsAre(1, 3));
}

struct ConditionCase {
  const char* text;
  Comparison comparison;
  double value;
};

class Conditions : public ::testing::TestWithParam<ConditionCase> {};

TEST_P(Conditions, AreAnOperatorAndANumber) {
  TempScenario scenario;
  scenario.write("metrics.yaml", metrics);
  scenario.write("exogenous-events.yaml",
                 std::string{"exogenous_events:\n"
                             "  - type: conditional\n"
                             "    name: A\n"
                             "    description: b\n"
                             "    conditions: {trust level: '"}
                   + GetParam().text + "'}\n");

  const auto spec = scenario.spec();

  ASSERT_EQ(spec.events.size(), 1U);
  ASSERT_EQ(spec.events[0].conditions.size(), 1U);
  EXPECT_EQ(spec.events[0].conditions[0].metric, "trust level");
  EXPECT_EQ(spec.events[0].conditions[0].comparison, GetParam().comparison);
  EXPECT_EQ(spec.events[0].conditions[0].value, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
  Operators, Conditions,
  ::testing::Values(ConditionCase{">= 5", Comparison::at_least, 5},
                    ConditionCase{"<=5", Comparison::at_most, 5},
                    ConditionCase{" > -2.5 ", Comparison::more, -2.5},
                    ConditionCase{"< 0", Comparison::less, 0},
                    ConditionCase{"== 1", Comparison::equal, 1},
                    ConditionCase{"= 1", Comparison::equal, 1},
                    ConditionCase{"!= 1", Comparison::unequal, 1}));

TEST_F(Events, OfTheSecondShapeStandInAListForEachType) {
  const auto all =
    events("trends:\n"
           "  - name: Heat\n"
           "    description: It gets warmer.\n"
           "    probability_per_turn: 0.5\n"
           "    effects:\n"
           "      - {turn_range: [1, 2], description: Fields dry.,\n"
           "         impact: {harvest: low, prices: high}}\n"
           "      - {turn_range: [3, 4], description: Wells dry.}\n"
           "random_events:\n"
           "  - name: Storm\n"
           "    description: Wind.\n"
           "    probability: 0.2\n"
           "    turn_range: [2, 4]\n"
           "    effect: Ships stay in port.\n"
           "conditional_events:\n"
           "  - name: Riot\n"
           "    description: Stones fly.\n"
           "    conditions:\n"
           "      - {type: world_state_contains, pattern: bread,\n"
           "         sensitivity: angry|hungry}\n"
           "      - {type: metrics, metric: tension, operator: '>', value: 7}\n"
           "    effect: [Shops close, police come]\n"
           "scheduled_events:\n"
           "  - name: Vote\n"
           "    description: People vote.\n"
           "    schedule: {turns: [2, 4]}\n"
           "    effect: A new council.\n");

  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].name, "Heat (1)");
  EXPECT_EQ(all[0].description,
            "It gets warmer. Fields dry. harvest: low; prices: high");
  EXPECT_EQ(all[0].type, EventType::trend);
  EXPECT_EQ(all[0].probability, 0.5);
  EXPECT_EQ(all[0].last_turn, 2);
  EXPECT_EQ(all[1].name, "Heat (2)");
  EXPECT_EQ(all[1].description, "It gets warmer. Wells dry.");
  EXPECT_EQ(all[1].first_turn, 3);
  EXPECT_EQ(all[2].name, "Vote");
  EXPECT_THAT(all[2].turns, ElementsAre(2, 4));
  EXPECT_EQ(all[2].description, "People vote. A new council.");
  EXPECT_EQ(all[3].name, "Storm");
  EXPECT_EQ(all[3].probability, 0.2);
  EXPECT_EQ(all[3].description, "Wind. Ships stay in port.");
  EXPECT_EQ(all[4].description, "Stones fly. Shops close; police come");
  ASSERT_EQ(all[4].conditions.size(), 2U);
  EXPECT_EQ(all[4].conditions[0].metric, "");
  EXPECT_THAT(all[4].conditions[0].patterns,
              ElementsAre("bread", "angry|hungry"));
  EXPECT_EQ(all[4].conditions[1].metric, "tension");
  EXPECT_EQ(all[4].conditions[1].comparison, Comparison::more);
  EXPECT_EQ(all[4].conditions[1].value, 7);
}

TEST_F(Events, AreFoundInTheDefinitionFolderAsWell) {
  scenario.write("definition/exogenous-events.yaml",
                 "exogenous_events:\n"
                 "  - {type: scheduled, name: A, description: b, turn: 2}\n");

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.text, "");
  EXPECT_EQ(reading.spec->events.size(), 1U);
}

TEST_F(Events, AnEmptyFileHasNoneAndAddsNoPhase) {
  EXPECT_THAT(events("# none yet\n"), IsEmpty());
  EXPECT_THAT(events("exogenous_events: []\n"), IsEmpty());
  EXPECT_THAT(scenario.spec().phases,
              ::testing::Not(::testing::Contains("events")));
}

TEST_F(Events, AreToldInTheWordsOfParameters) {
  scenario.append(
    "scenario.yaml",
    "parameters: {pace: {default: 1, say: {0: slow, 1: fast}}}\n");

  EXPECT_EQ(events("exogenous_events:\n"
                   "  - {type: scheduled, name: A, turn: 2,\n"
                   "     description: \"A {{pace}} storm\"}\n")[0]
              .description,
            "A fast storm");
}

TEST_F(Events, CanBeSetByPath) {
  scenario.write("exogenous-events.yaml", "exogenous_events:\n"
                                          "  - type: random\n"
                                          "    name: Storm surge\n"
                                          "    description: b\n"
                                          "    probability: 0.5\n"
                                          "  - type: conditional\n"
                                          "    name: Alarm\n"
                                          "    description: b\n"
                                          "    conditions: {tension: '> 5'}\n");

  const auto spec = scenario.spec("events.Storm surge.probability: 0.2\n"
                                  "events.Storm surge.turn_range: [2, 3]\n"
                                  "events.Alarm.conditions.tension: '< 2'\n");

  EXPECT_EQ(spec.events[0].probability, 0.2);
  EXPECT_EQ(spec.events[0].first_turn, 2);
  EXPECT_EQ(spec.events[1].conditions[0].comparison, Comparison::less);
  EXPECT_NE(spec.content, scenario.spec().content);
}

TEST_F(Events, ASwitchInFeaturesLeavesThemOut) {
  scenario.append("scenario.yaml",
                  "features: {exogenous_events: {enabled: false}}\n");

  EXPECT_THAT(
    events("exogenous_events:\n"
           "  - {type: scheduled, name: A, description: b, turn: 2}\n"),
    IsEmpty());
}

TEST_F(Events, OfTheFirstVersionMayWaitForWhatNobodyMeasures) {
  scenario.append("scenario.yaml", "turn_duration: 1 month\n"
                                   "enable_coalition_formation: false\n");
  scenario.write("exogenous-events.yaml",
                 "exogenous_events:\n"
                 "  - {type: conditional, name: A, description: b,\n"
                 "     conditions: {mood: '> 1'}}\n"
                 "  - {type: scheduled, name: B, description: b, turn: 2}\n");

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  ASSERT_EQ(reading.spec->events.size(), 1U);
  EXPECT_EQ(reading.spec->events[0].name, "B");
  EXPECT_THAT(reading.codes(), ElementsAre("S206"));
}

TEST_F(Events, ALinkedFileIsRefused) {
  const std::filesystem::path root{scenario.folder()};
  const auto outside = root.parent_path() / "outside.yaml";
  std::filesystem::copy(root / "metrics.yaml", outside);
  std::filesystem::create_symlink(outside, root / "exogenous-events.yaml");

  EXPECT_THAT(scenario.read().codes(), ElementsAre("S204"));
}

} // namespace
} // namespace lab::scenarios
