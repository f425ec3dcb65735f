#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

ScenarioSpec sample(const std::string& name, Findings& findings) {
  auto source =
    open_scenario(LAB_SOURCE_DIR "/tests/data/scenarios/" + name, findings);
  EXPECT_TRUE(source) << render(findings);
  if (!source)
    return {};
  auto spec = (*source)->resolve({}, findings);
  EXPECT_TRUE(spec) << render(findings);
  return spec ? *spec : ScenarioSpec{};
}

TEST(Scenario, TheSmallestOneGetsTheDefaults) {
  const auto spec = TempScenario{}.spec();

  EXPECT_EQ(spec.id, "summit");
  EXPECT_EQ(spec.name, "Summit");
  EXPECT_EQ(spec.turns, 4);
  EXPECT_EQ(spec.context_window_size, 3);
  EXPECT_EQ(spec.initial_world_state, "All is calm.");
  EXPECT_THAT(spec.phases, ElementsAre("summary", "decision", "world_update",
                                       "metrics", "persistence"));
  EXPECT_EQ(spec.end_condition, "");
  EXPECT_EQ(spec.talks_per_turn, 0);
  EXPECT_FALSE(spec.coalitions);
  EXPECT_TRUE(spec.summaries);
  EXPECT_EQ(spec.summary_model, "");
  EXPECT_THAT(spec.background, IsEmpty());
  EXPECT_THAT(spec.events, IsEmpty());
  EXPECT_FALSE(spec.validation);
  EXPECT_THAT(spec.pauses, IsEmpty());
  EXPECT_FALSE(spec.v1_prompts);
  EXPECT_THAT(spec.output_caps, IsEmpty());
  EXPECT_EQ(spec.temperature, "");
  ASSERT_EQ(spec.participants.size(), 2U);
  EXPECT_EQ(spec.participants[0].id, "eu");
  EXPECT_EQ(spec.participants[0].control, Control::ai);
  EXPECT_THAT(spec.metrics, IsEmpty());
}

TEST(Scenario, LoadsWithoutAnyFinding) {
  EXPECT_EQ(TempScenario{}.read().text, "");
}

TEST(Scenario, ReadsOurOwnKeys) {
  TempScenario scenario;
  scenario.append("scenario.yaml",
                  "phases: [decision, persistence]\n"
                  "compat: v1-prompts\n"
                  "output_caps: {default: 300, world_update: 900}\n"
                  "temperature: 0.70\n"
                  "sim: {trust: 0.25}\n"
                  "turn_duration: 2 weeks\n");

  const auto spec = scenario.spec();

  EXPECT_THAT(spec.phases, ElementsAre("decision", "persistence"));
  EXPECT_TRUE(spec.v1_prompts);
  EXPECT_THAT(spec.output_caps,
              ElementsAre(Pair("", 300), Pair("world_update", 900)));
  EXPECT_EQ(spec.temperature, "0.7");
  EXPECT_THAT(spec.sim, ElementsAre(Pair("trust", 0.25)));
  EXPECT_EQ(spec.turn_duration, "2 weeks");
}

struct TurnCase {
  const char* keys;
  int turns;
};

class Turns : public ::testing::TestWithParam<TurnCase> {};

TEST_P(Turns, ComeFromTheFirstKeyThatNamesThem) {
  TempScenario scenario;
  scenario.write("scenario.yaml",
                 std::string{"name: Summit\n"
                             "initial_world_state: All is calm.\n"
                             "world_state_model: sim/persona\n"
                             "actors: [eu, us]\n"}
                   + GetParam().keys);

  EXPECT_EQ(scenario.spec().turns, GetParam().turns);
}

INSTANTIATE_TEST_SUITE_P(
  Shapes, Turns,
  ::testing::Values(
    TurnCase{"turns: 2\n", 2}, TurnCase{"num_turns: 3\n", 3},
    TurnCase{"scenario_length: {type: fixed, turns: 4}\n", 4},
    TurnCase{"num_turns: 3\nturns: 2\n", 2},
    TurnCase{"scenario_length: {type: fixed, turns: 4}\nnum_turns: 3\n", 3},
    TurnCase{"turns: '5'\n", 5}, TurnCase{"turns: 6.0\n", 6},
    TurnCase{"turns:\nnum_turns: 7\n", 7}));

TEST(Scenario, TheWindowHasTwoNames) {
  TempScenario scenario;
  scenario.append("scenario.yaml", "context_window: 5\n");
  EXPECT_EQ(scenario.spec().context_window_size, 5);

  scenario.append("scenario.yaml", "context_window_size: 2\n");
  EXPECT_EQ(scenario.spec().context_window_size, 2);
}

TEST(Scenario, TheListGivesTheOrderOfParticipants) {
  const auto spec = TempScenario{}.spec("actors: [us, eu]\n");

  ASSERT_EQ(spec.participants.size(), 2U);
  EXPECT_EQ(spec.participants[0].id, "us");
  EXPECT_EQ(spec.participants[1].id, "eu");
}

TEST(Scenario, LooksIntoItsDefinitionFolder) {
  TempScenario scenario;
  const std::filesystem::path root{scenario.folder()};
  std::filesystem::create_directory(root / "definition");
  std::filesystem::rename(root / "scenario.yaml",
                          root / "definition/scenario.yaml");
  std::filesystem::rename(root / "actors", root / "definition/actors");

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.spec->id, "summit");
  EXPECT_THAT(reading.codes(), ElementsAre("S308"));
  EXPECT_EQ(reading.source->folder(), scenario.folder());
}

TEST(Scenario, AScenarioInAFolderCalledDefinitionHasItsParentsName) {
  TempScenario scenario;
  const std::filesystem::path root{scenario.folder()};
  for (const auto* name : {"definition-budget"}) {
    std::filesystem::create_directory(root / name);
    std::filesystem::copy(root / "scenario.yaml",
                          root / name / "scenario.yaml");
    std::filesystem::copy(root / "actors", root / name / "actors");
  }
  Findings findings;

  auto source = open_scenario((root / "definition-budget/").string(), findings);

  ASSERT_TRUE(source) << render(findings);
  const auto spec = (*source)->resolve({}, findings);
  ASSERT_TRUE(spec) << render(findings);
  EXPECT_EQ(spec->id, "summit-budget");
}

TEST(Scenario, AFolderThatIsNotThereIsNotFound) {
  Findings findings;

  const auto source = open_scenario("/no/such/folder", findings);

  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Errc::not_found);
  EXPECT_EQ(render(findings),
            "error[S201]: there is no folder `/no/such/folder`\n"
            "   = help: name a folder that holds scenario.yaml and actors/\n");
}

TEST(Participant, ReadsEveryKey) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml", "name: Europe\n"
                                   "short_name: eu\n"
                                   "llm_model: ollama/llama3.1:8b\n"
                                   "control: ai\n"
                                   "system_prompt: You speak for Europe.\n"
                                   "role: Buyer\n"
                                   "description: A union.\n"
                                   "goals: [peace, trade]\n"
                                   "constraints: [a treaty]\n"
                                   "expertise: {law: expert, arms:}\n"
                                   "decision_style: slow\n"
                                   "communication_style: polite\n"
                                   "personality_traits: [patient]\n"
                                   "private_information: A secret.\n"
                                   "sim: {caution: 0.75}\n");

  const auto reading = scenario.read();

  ASSERT_TRUE(reading.spec) << reading.text;
  EXPECT_EQ(reading.text, "");
  const auto& eu = reading.spec->participants[0];
  EXPECT_EQ(eu.name, "Europe");
  EXPECT_EQ(eu.model, "ollama/llama3.1:8b");
  EXPECT_EQ(eu.system_prompt, "You speak for Europe.");
  EXPECT_EQ(eu.role, "Buyer");
  EXPECT_EQ(eu.description, "A union.");
  EXPECT_THAT(eu.goals, ElementsAre("peace", "trade"));
  EXPECT_THAT(eu.constraints, ElementsAre("a treaty"));
  EXPECT_THAT(eu.expertise,
              ElementsAre(Pair("law", "expert"), Pair("arms", "")));
  EXPECT_EQ(eu.decision_style, "slow");
  EXPECT_EQ(eu.communication_style, "polite");
  EXPECT_THAT(eu.personality_traits, ElementsAre("patient"));
  EXPECT_EQ(eu.private_information, "A secret.");
  EXPECT_THAT(eu.sim, ElementsAre(Pair("caution", 0.75)));
}

struct ListCase {
  const char* yaml;
  std::vector<std::string> goals;
};

class Goals : public ::testing::TestWithParam<ListCase> {};

TEST_P(Goals, MayBeWrittenInManyWays) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml",
                 std::string{"name: Europe\nllm_model: sim/persona\n"}
                   + GetParam().yaml);

  EXPECT_EQ(scenario.spec().participants[0].goals, GetParam().goals);
}

INSTANTIATE_TEST_SUITE_P(
  Shapes, Goals,
  ::testing::Values(ListCase{"goals: [a, b]\n", {"a", "b"}},
                    ListCase{"goals: one only\n", {"one only"}},
                    ListCase{"goals: |\n  - a\n   -  b\n\n  c: d\n",
                             {"a", "b", "c: d"}},
                    ListCase{"long_term_goals: [a]\n", {"a"}},
                    ListCase{"goals: [a]\nlong_term_goals: [b]\n", {"a"}},
                    ListCase{"goals: [5, no]\n", {"5", "no"}},
                    ListCase{"role: none\n", {}}));

struct ExpertiseCase {
  const char* yaml;
  std::vector<std::pair<std::string, std::string>> expertise;
};

class Expertise : public ::testing::TestWithParam<ExpertiseCase> {};

TEST_P(Expertise, MayBeWrittenInManyWays) {
  TempScenario scenario;
  scenario.append("actors/eu.yaml", GetParam().yaml);

  EXPECT_EQ(scenario.spec().participants[0].expertise, GetParam().expertise);
}

INSTANTIATE_TEST_SUITE_P(
  Shapes, Expertise,
  ::testing::Values(
    ExpertiseCase{"expertise: {law: expert, trade: 3}\n",
                  {{"law", "expert"}, {"trade", "3"}}},
    ExpertiseCase{"expertise:\n  - law: expert\n  - trade: 3\n",
                  {{"law", "expert"}, {"trade", "3"}}},
    ExpertiseCase{"expertise: [law, trade]\n", {{"law", ""}, {"trade", ""}}},
    ExpertiseCase{"expertise: law and trade\n", {{"law and trade", ""}}},
    ExpertiseCase{"expertise:\n", {}}));

TEST(Participant, TheModelHasTwoNames) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml", "name: Europe\nmodel: sim/faulty\n"
                                   "goals: [peace]\n");
  EXPECT_EQ(scenario.spec().participants[0].model, "sim/faulty");

  scenario.append("actors/eu.yaml", "llm_model: sim/script?file=a\n");
  EXPECT_EQ(scenario.spec().participants[0].model, "sim/script?file=a");
}

TEST(Participant, APersonNeedsNoModel) {
  TempScenario scenario;
  scenario.write("actors/eu.yaml", "name: Europe\ncontrol: human\n");

  const auto spec = scenario.spec();

  EXPECT_EQ(spec.participants[0].control, Control::human);
  EXPECT_EQ(spec.participants[0].model, "");
}

TEST(Models, AnOverrideGivesAModelToAScenarioWithoutOne) {
  TempScenario scenario;
  scenario.write("scenario.yaml", "name: Summit\nturns: 4\n"
                                  "initial_world_state: All is calm.\n"
                                  "actors: [eu, us]\n");
  scenario.write("actors/eu.yaml", "name: Europe\ngoals: [peace]\n");

  EXPECT_FALSE(scenario.read().spec);
  const auto spec = scenario.spec("actors.*.llm_model: sim/persona\n"
                                  "world_state_model: sim/persona\n");

  EXPECT_EQ(spec.participants[0].model, "sim/persona");
  EXPECT_EQ(spec.world_state_model, "sim/persona");
}

TEST(Models, ALocalScenarioNeverGetsAHostedWorldModel) {
  TempScenario scenario;
  const auto text = "name: Summit\nturns: 4\n"
                    "initial_world_state: All is calm.\n"
                    "actors: [eu, us]\n";
  scenario.write("scenario.yaml", text);

  const auto local = scenario.read("actors.*.llm_model: ollama/llama3.1:8b\n");
  const auto hosted = scenario.read("actors.eu.llm_model: mistral/large\n");

  EXPECT_FALSE(local.spec);
  EXPECT_THAT(local.codes(), ElementsAre("P001"));
  ASSERT_TRUE(hosted.spec);
  EXPECT_EQ(hosted.spec->world_state_model, "openai/gpt-4o-mini");
  EXPECT_THAT(hosted.codes(), ElementsAre("S309"));
}

TEST(OldScenarios, AV1ScenarioLoadsUnchanged) {
  Findings findings;

  const auto spec = sample("v1-full", findings);

  EXPECT_EQ(spec.name, "Saltmarsh Compact");
  EXPECT_EQ(spec.turns, 5);
  EXPECT_EQ(spec.world_state_model, "openai/gpt-4o");
  ASSERT_EQ(spec.participants.size(), 3U);
  EXPECT_EQ(spec.participants[0].id, "port-authority");
  EXPECT_EQ(spec.participants[2].model, "anthropic/claude-3-haiku");
  ASSERT_EQ(spec.metrics.size(), 6U);
  EXPECT_TRUE(spec.metrics[0].reads_actions);
  EXPECT_EQ(spec.metrics[3].participant, "fisher-cooperative");
  ASSERT_EQ(spec.events.size(), 4U);
  EXPECT_EQ(spec.events[1].type, EventType::trend);
  EXPECT_FALSE(spec.events[1].once);
  EXPECT_EQ(spec.events[3].conditions[0].metric, "cooperation_level");
  ASSERT_TRUE(spec.validation);
  EXPECT_EQ(spec.validation->model, "openai/gpt-4o-mini");
  EXPECT_EQ(spec.validation->checks.size(), 2U);
  EXPECT_THAT(spec.phases, ElementsAre("events", "summary", "communication",
                                       "coalition", "decision", "world_update",
                                       "metrics", "validation", "persistence"));
  ASSERT_EQ(findings.all().size(), 1U) << render(findings);
  EXPECT_EQ(findings.all()[0].code, "S310");
}

TEST(OldScenarios, ALocalV1ScenarioIsToldWhatIsAssumed) {
  Findings findings;

  const auto spec = sample("v1-lite", findings);

  EXPECT_EQ(spec.world_state_model, "ollama/mock-w");
  EXPECT_EQ(spec.talks_per_turn, 1);
  EXPECT_TRUE(spec.coalitions);
  ASSERT_EQ(findings.all().size(), 1U) << render(findings);
  EXPECT_EQ(findings.all()[0].severity, Severity::note);
}

TEST(OldScenarios, AV2ScenarioLoadsUnchanged) {
  Findings findings;

  const auto spec = sample("v2-full", findings);

  EXPECT_EQ(spec.turns, 5);
  ASSERT_EQ(spec.metrics.size(), 5U);
  EXPECT_FALSE(spec.metrics[0].reads_actions);
  EXPECT_EQ(spec.metrics[2].scoring, Scoring::presence);
  EXPECT_TRUE(spec.metrics[3].per_participant);
  EXPECT_EQ(spec.metrics[4].extraction, Extraction::llm);
  EXPECT_EQ(spec.metrics[4].model, "openai/gpt-4o-mini");
  EXPECT_EQ(spec.events.size(), 4U);
  ASSERT_TRUE(spec.validation);
  EXPECT_EQ(spec.validation->checks[1].severity, IssueSeverity::high);
  EXPECT_EQ(spec.talks_per_turn, 1);
  EXPECT_TRUE(spec.coalitions);
  EXPECT_FALSE(findings.has_errors()) << render(findings);
}

} // namespace
} // namespace lab::scenarios
