// How a scenario is played: talks, summaries, length, pauses, background, and
// people at the table.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto asia = "name: Asia\nllm_model: sim/persona\ngoals: [calm]\n";

struct TalkCase {
  const char* keys;
  int talks;
  bool coalitions;
};

class Talks : public ::testing::TestWithParam<TalkCase> {};

TEST_P(Talks, AreHeldWhenTheScenarioSaysSo) {
  TempScenario scenario;
  scenario.append("scenario.yaml", GetParam().keys);

  const auto spec = scenario.spec();

  EXPECT_EQ(spec.talks_per_turn, GetParam().talks);
  EXPECT_EQ(spec.coalitions, GetParam().coalitions);
}

INSTANTIATE_TEST_SUITE_P(
  Keys, Talks,
  ::testing::Values(
    TalkCase{"", 0, false},
    TalkCase{"enable_bilateral_communication: true\n", 1, false},
    TalkCase{"enable_bilateral_communication: false\n", 0, false},
    TalkCase{"enable_bilateral_communication: true\n"
             "max_communications_per_turn: 3\n",
             3, false},
    TalkCase{"enable_bilateral_communication: true\n"
             "max_communications_per_turn: 0\n",
             0, false},
    TalkCase{"max_communications_per_turn: 3\n", 0, false},
    TalkCase{"enable_coalition_formation: true\n", 0, true},
    TalkCase{"features: {communications: {enabled: true}}\n", 1, false},
    TalkCase{"features: {communications: {enabled: true, max_per_turn: 2}}\n",
             2, false},
    TalkCase{"features: {communications: yes}\n", 1, false},
    TalkCase{"features: {communications: {enabled: true}}\n"
             "enable_bilateral_communication: false\n",
             0, false}));

struct AssumedCase {
  const char* keys;
  bool assumed;
};

class FirstVersion : public ::testing::TestWithParam<AssumedCase> {};

TEST_P(FirstVersion, AlwaysTalkedAndThatIsSaid) {
  TempScenario scenario;
  scenario.write("actors/asia.yaml", asia);
  scenario.write("scenario.yaml",
                 std::string{"name: Summit\n"
                             "turns: 3\n"
                             "initial_world_state: All is calm.\n"
                             "world_state_model: sim/persona\n"
                             "actors: [eu, us, asia]\n"}
                   + GetParam().keys);

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.spec->talks_per_turn, GetParam().assumed ? 1 : 0);
  EXPECT_EQ(reading.spec->coalitions, GetParam().assumed);
  if (GetParam().assumed) {
    EXPECT_THAT(reading.codes(), ElementsAre("S310"));
    EXPECT_EQ(reading.findings.all()[0].severity, Severity::note);
    EXPECT_THAT(reading.spec->phases,
                ElementsAre("communication", "coalition", "decision",
                            "world_update", "metrics", "persistence"));
  } else {
    EXPECT_THAT(reading.codes(), Not(Contains("S310")));
  }
}

INSTANTIATE_TEST_SUITE_P(
  Shapes, FirstVersion,
  ::testing::Values(
    AssumedCase{"turn_duration: 1 month\n", true},
    AssumedCase{"turn_duration: 1 month\nschema_version: '1.0'\n", true},
    AssumedCase{"turn_duration: 1 month\nschema_version: 1.2\n", true},
    AssumedCase{"turn_duration: 1 month\ncontext_window_size: 3\n", true},
    // No file of the first version lacks it.
    AssumedCase{"", false},
    AssumedCase{"turn_duration: 1 month\nschema_version: '2.1'\n", false},
    AssumedCase{"turn_duration: 1 month\nschema_version: 10\n", false},
    AssumedCase{"turn_duration: 1 month\nsim: {trust: 0.5}\n", false},
    AssumedCase{"turn_duration: 1 month\noutput_caps: {default: 9}\n", false},
    AssumedCase{"turn_duration: 1 month\nsummaries: false\n", false},
    AssumedCase{"turn_duration: 1 month\nnum_turns: 3\n", false},
    AssumedCase{"turn_duration: 1 month\nenable_public_statements: false\n",
                false},
    AssumedCase{
      "turn_duration: 1 month\nenable_bilateral_communication: false\n", false},
    AssumedCase{"turn_duration: 1 month\nenable_coalition_formation: false\n",
                false}));

TEST(FirstVersion, AnOverrideOfOtherKeysChangesNoTalks) {
  TempScenario scenario;
  scenario.append("scenario.yaml", "turn_duration: 1 month\n");

  EXPECT_EQ(scenario.spec("sim.trust: 0.9\n").talks_per_turn, 1);
  EXPECT_EQ(
    scenario.spec("enable_bilateral_communication: false\n").talks_per_turn, 0);
}

TEST(Phases, FollowWhatTheScenarioHas) {
  TempScenario scenario;
  scenario.write("actors/asia.yaml", asia);
  scenario.write("scenario.yaml", "name: Summit\n"
                                  "turns: 4\n"
                                  "initial_world_state: All is calm.\n"
                                  "world_state_model: sim/persona\n"
                                  "actors: [eu, us, asia]\n"
                                  "enable_bilateral_communication: true\n"
                                  "enable_coalition_formation: true\n");
  scenario.write("exogenous-events.yaml",
                 "exogenous_events:\n"
                 "  - {type: scheduled, name: A, description: b, turn: 2}\n");
  scenario.write("validation-rules.yaml",
                 "validation_model: sim/persona\n"
                 "checks: {world_state_coherence: true}\n");

  EXPECT_THAT(scenario.spec().phases,
              ElementsAre("events", "summary", "communication", "coalition",
                          "decision", "world_update", "metrics", "validation",
                          "persistence"));
  // A coalition of all is none, and one participant has nobody to talk to.
  const auto of_two = scenario.spec("actors: [eu, us]\n").phases;
  EXPECT_THAT(of_two, Contains("communication"));
  EXPECT_THAT(of_two, Not(Contains("coalition")));
  EXPECT_THAT(scenario.spec("actors: [eu]\n").phases,
              Not(Contains("communication")));
  EXPECT_THAT(scenario.spec("phases: [decision]\n").phases,
              ElementsAre("decision"));
}

TEST(Summaries, AreToldWhenTurnsOutgrowTheWindow) {
  TempScenario scenario;

  EXPECT_THAT(scenario.spec("turns: 4\n").phases, Contains("summary"));
  EXPECT_THAT(scenario.spec("turns: 3\n").phases, Not(Contains("summary")));
  const auto off = scenario.spec("summaries: false\n");
  EXPECT_FALSE(off.summaries);
  EXPECT_THAT(off.phases, Not(Contains("summary")));
  EXPECT_EQ(scenario.spec("summary_model: sim/faulty\n").summary_model,
            "sim/faulty");
}

TEST(Summaries, MayBeSetByFeaturesAndAnOverrideHasTheLastWord) {
  TempScenario scenario;
  scenario.append("scenario.yaml", "features:\n"
                                   "  context_management: {enabled: false,\n"
                                   "    summarization_model: sim/faulty}\n");

  EXPECT_FALSE(scenario.spec().summaries);
  EXPECT_EQ(scenario.spec().summary_model, "sim/faulty");
  const auto reading =
    scenario.read("summaries: true\nsummary_model: sim/persona\n");
  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.text, "");
  EXPECT_TRUE(reading.spec->summaries);
  EXPECT_EQ(reading.spec->summary_model, "sim/persona");
}

TEST(Features, WithoutMetricsNoEventWaitsForOne) {
  TempScenario scenario;
  scenario.write("metrics.yaml",
                 "metrics: {a: {pattern: x, extraction_method: regex}}\n");
  scenario.write("exogenous-events.yaml",
                 "exogenous_events:\n"
                 "  - {type: conditional, name: A, description: b,\n"
                 "     conditions: {a: '> 1'}}\n"
                 "  - {type: scheduled, name: B, description: b, turn: 2}\n");
  EXPECT_EQ(scenario.spec().events.size(), 2U);

  const auto reading =
    scenario.read("features.metrics_extraction.enabled: false\n");

  ASSERT_TRUE(reading.spec) << reading.text;
  ASSERT_EQ(reading.spec->events.size(), 1U);
  EXPECT_EQ(reading.spec->events[0].name, "B");
  EXPECT_THAT(reading.codes(), ElementsAre("S314"));
}

TEST(Features, MayLeaveOutMetrics) {
  TempScenario scenario;
  scenario.write("metrics.yaml",
                 "metrics: {a: {pattern: x, extraction_method: regex}}\n");

  EXPECT_EQ(scenario.spec().metrics.size(), 1U);
  EXPECT_THAT(
    scenario.spec("features.metrics_extraction.enabled: false\n").metrics,
    IsEmpty());
}

class Endings : public ::testing::Test {
protected:
  Endings() {
    scenario.write("metrics.yaml",
                   "metrics:\n"
                   "  - {name: trust-level,\n"
                   "     extraction: {type: pattern, pattern: x}}\n");
    scenario.append(
      "scenario.yaml",
      "scenario_length: {type: condition, condition: trust_level >= 7}\n");
  }

  TempScenario scenario;
};

TEST_F(Endings, ByAConditionHaveACap) {
  const auto spec = scenario.spec();

  EXPECT_EQ(spec.end_condition, "trust_level >= 7");
  EXPECT_EQ(spec.turns, 4);
}

TEST_F(Endings, TheCapMayStandBesideTheCondition) {
  scenario.write("scenario.yaml",
                 "name: Summit\n"
                 "initial_world_state: All is calm.\n"
                 "world_state_model: sim/persona\n"
                 "actors: [eu, us]\n"
                 "scenario_length:\n"
                 "  condition: turns >= 2 and trust_level > 0.5\n"
                 "  max_turns: 9\n");

  const auto spec = scenario.spec();

  EXPECT_EQ(spec.turns, 9);
  EXPECT_EQ(spec.end_condition, "turns >= 2 and trust_level > 0.5");
}

TEST_F(Endings, AnOverrideOfTheTurnsKeepsTheCondition) {
  const auto shorter = scenario.read("turns: 2\n");
  const auto other = scenario.read("scenario_length.condition: turns > 1\n");
  const auto replaced =
    scenario.read("scenario_length: {type: fixed, turns: 6}\n");

  ASSERT_TRUE(shorter.spec) << shorter.text;
  EXPECT_EQ(shorter.text, "");
  EXPECT_EQ(shorter.spec->turns, 2);
  EXPECT_EQ(shorter.spec->end_condition, "trust_level >= 7");
  ASSERT_TRUE(other.spec) << other.text;
  EXPECT_EQ(other.spec->turns, 4);
  EXPECT_EQ(other.spec->end_condition, "turns > 1");
  ASSERT_TRUE(replaced.spec) << replaced.text;
  EXPECT_EQ(replaced.text, "");
  EXPECT_EQ(replaced.spec->turns, 6);
  EXPECT_EQ(replaced.spec->end_condition, "");
}

TEST(Pauses, StandBeforeOrAfterAPhase) {
  TempScenario scenario;
  scenario.append("scenario.yaml", "pauses: [{before: decision, turn: 3}, "
                                   "{after: world_update}]\n");

  const auto spec = scenario.spec();

  ASSERT_EQ(spec.pauses.size(), 2U);
  EXPECT_EQ(spec.pauses[0].phase, "decision");
  EXPECT_TRUE(spec.pauses[0].before);
  EXPECT_EQ(spec.pauses[0].turn, 3);
  EXPECT_EQ(spec.pauses[1].phase, "world_update");
  EXPECT_FALSE(spec.pauses[1].before);
  EXPECT_EQ(spec.pauses[1].turn, 0);
}

class Background : public ::testing::Test {
protected:
  Background() {
    scenario.write("background/b.md", "Second.\n");
    scenario.write("background/a.md", "First.\n");
    scenario.write("background/.hidden", "Nothing.\n");
  }

  TempScenario scenario;
};

TEST_F(Background, IsLeftAloneUnlessAskedFor) {
  EXPECT_THAT(scenario.spec().background, IsEmpty());
  EXPECT_THAT(scenario.spec("background: false\n").background, IsEmpty());
}

TEST_F(Background, IsIncludedByName) {
  const auto all = scenario.spec("background: include\n").background;

  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "a.md");
  EXPECT_EQ(all[0].text, "First.\n");
  EXPECT_EQ(all[1].name, "b.md");
}

TEST_F(Background, OfAListKeepsItsOrder) {
  const auto all = scenario.spec("background: [b.md, a.md]\n").background;

  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "b.md");
}

TEST_F(Background, LeavesOutWhatIsNoText) {
  scenario.write("background/scan.pdf", "%PDF\xFF\xFE\n");
  const std::filesystem::path root{scenario.folder()};
  std::ofstream{root.parent_path() / "secret.txt"} << "Secret.\n";
  std::filesystem::create_symlink(root.parent_path() / "secret.txt",
                                  root / "background/link.md");

  const auto all = scenario.read("background: include\n");
  const auto named = scenario.read("background: [link.md]\n");

  ASSERT_TRUE(all.spec) << all.text;
  EXPECT_EQ(all.spec->background.size(), 2U);
  EXPECT_THAT(all.codes(), ElementsAre("S204", "S204"));
  EXPECT_THAT(all.text, HasSubstr("scan.pdf is left out: it is no text"));
  EXPECT_THAT(all.text, HasSubstr("link.md is left out: this is a link"));
  EXPECT_FALSE(named.spec);
  EXPECT_THAT(named.codes(), ElementsAre("S204"));
}

TEST_F(Background, HasABound) {
  const std::string text(200'000, 'x');
  scenario.write("background/a.md", text);
  EXPECT_TRUE(scenario.read("background: [a.md]\n").spec);

  scenario.write("background/b.md", text);
  EXPECT_THAT(scenario.read("background: include\n").codes(),
              ElementsAre("S102"));

  scenario.write("background/c.md", text + text);
  EXPECT_THAT(scenario.read("background: [c.md]\n").codes(),
              ElementsAre("S204"));
}

struct DeadlineCase {
  const char* text;
  std::int64_t seconds;
};

class Deadlines : public ::testing::TestWithParam<DeadlineCase> {};

TEST_P(Deadlines, AreSecondsOrALengthOfTime) {
  TempScenario scenario;
  scenario.append("actors/eu.yaml", std::string{"control: human\ndeadline: "}
                                      + GetParam().text + "\n");

  EXPECT_EQ(scenario.spec().participants[0].deadline_s, GetParam().seconds);
}

INSTANTIATE_TEST_SUITE_P(
  Forms, Deadlines,
  ::testing::Values(DeadlineCase{"90", 90}, DeadlineCase{"'90'", 90},
                    DeadlineCase{"90 s", 90}, DeadlineCase{"10 min", 600},
                    DeadlineCase{"10m", 600}, DeadlineCase{"1.5 h", 5400},
                    DeadlineCase{"2 hours", 7200}, DeadlineCase{"1 day", 86400},
                    DeadlineCase{"30 days", 2592000}));

TEST(People, SayWhatHappensAtTheDeadline) {
  TempScenario scenario;
  scenario.append("actors/eu.yaml", "control: human\n"
                                    "deadline: 10 min\n"
                                    "on_timeout: ai\n");
  scenario.append("actors/us.yaml", "control: human\n");

  const auto spec = scenario.spec();

  EXPECT_EQ(spec.participants[0].control, Control::human);
  EXPECT_EQ(spec.participants[0].on_timeout, OnTimeout::ai);
  EXPECT_EQ(spec.participants[0].model, "sim/persona");
  EXPECT_EQ(spec.participants[1].deadline_s, 0);
  EXPECT_EQ(spec.participants[1].on_timeout, OnTimeout::wait);
  EXPECT_EQ(
    scenario.spec("actors.eu.on_timeout: skip\n").participants[0].on_timeout,
    OnTimeout::skip);
}

TEST(People, AScriptedOneIsPlayedFromAFileOfTheScenario) {
  TempScenario scenario;
  scenario.write("scripts/eu.jsonl", "{}\n");
  scenario.append("actors/eu.yaml", "control: scripted\n"
                                    "script: scripts/eu.jsonl\n");

  const auto spec = scenario.spec();

  EXPECT_EQ(spec.participants[0].control, Control::scripted);
  EXPECT_EQ(spec.participants[0].model,
            "sim/script?file=" + scenario.folder() + "/scripts/eu.jsonl");
}

TEST(People, AScriptIsNoLink) {
  TempScenario scenario;
  const std::filesystem::path root{scenario.folder()};
  std::ofstream{root.parent_path() / "eu.jsonl"} << "{}\n";
  std::filesystem::create_symlink(root.parent_path() / "eu.jsonl",
                                  root / "eu.jsonl");
  std::filesystem::create_directory_symlink(root.parent_path(), root / "up");
  scenario.append("actors/eu.yaml", "control: scripted\nscript: eu.jsonl\n");

  EXPECT_THAT(scenario.read().codes(), ElementsAre("S204"));
  EXPECT_THAT(scenario.read("actors.eu.script: up/eu.jsonl\n").codes(),
              ElementsAre("S207"));
}

TEST(People, HaveWishesAndAForm) {
  TempScenario scenario;
  scenario.append("actors/eu.yaml", "preferred_coalitions: [us, America]\n"
                                    "response_format: Two lines.\n");

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.text, "");
  const auto& eu = reading.spec->participants[0];
  EXPECT_THAT(eu.preferred_coalitions, ElementsAre("us", "America"));
  EXPECT_EQ(eu.response_format, "Two lines.");
}

} // namespace
} // namespace lab::scenarios
