#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "storage/artefacts.hpp"
#include "tests/unit/storage/facts.hpp"

namespace lab::storage {

namespace {

using testing::Story;

/// The golden file of this name. With LAB_UPDATE_GOLDENS set it is written
/// first, to be read in review.
std::string golden(const std::string& name, const std::string& actual) {
  const std::string path =
    std::string{LAB_SOURCE_DIR} + "/tests/unit/storage/goldens/" + name;
  if (std::getenv("LAB_UPDATE_GOLDENS") != nullptr)
    std::ofstream{path, std::ios::binary} << actual;
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Artefacts, TheFilesOfATurnAreWrittenInTheKnownGrammar) {
  const Story story;

  const auto files = turn_files(header_of(story.spec()), story.turn(1));

  ASSERT_TRUE(files);
  std::vector<std::string> names;
  for (const auto& file : *files) {
    names.push_back(file.name);
    EXPECT_EQ(file.text, golden(file.name, file.text)) << file.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                     "world-state-001.md", "council-001.md", "lines-001.md",
                     "bilateral-council+lines-001.md", "replies-001.json"}));
}

TEST(Artefacts, ABusyTurnIsWrittenWithAllThatOnlyOneMayKnowSetApart) {
  const Story story;

  const auto files = turn_files(header_of(story.spec()), story.busy_turn(2));

  ASSERT_TRUE(files);
  std::vector<std::string> names;
  for (const auto& file : *files) {
    names.push_back(file.name);
    EXPECT_EQ(file.text, golden(file.name, file.text)) << file.name;
  }
  EXPECT_EQ(
    names,
    (std::vector<std::string>{
      "world-state-002.md", "council-002.md", "lines-002.md", "union-002.md",
      "bilateral-council+lines-002.md", "bilateral-lines+union-002.md",
      "coalition-council+lines+union-002.md", "coalition-lines+union-002.md",
      "validation-002.md", "replies-002.json"}));
}

TEST(Artefacts, AScenarioCanDoWithoutReportsOfItsChecks) {
  const Story story;
  auto spec = story.spec();
  ScenarioSpec scenario = *spec.scenario;
  scenario.validation->turn_reports = false;
  spec.scenario = share(scenario);

  const auto files = turn_files(header_of(spec), story.busy_turn(2));

  ASSERT_TRUE(files);
  for (const auto& file : *files)
    EXPECT_NE(file.name, "validation-002.md");
}

/// Everything of a turn that anybody said, kept or wrote stands in its files.
TEST(Artefacts, NothingOfATurnIsLost) {
  const Story story;
  const auto files = turn_files(header_of(story.spec()), story.busy_turn(2));
  ASSERT_TRUE(files);
  std::string all;
  for (const auto& file : *files)
    all += file.text;

  for (const auto* text : {"Could 23:00 do?",
                           "They want calm.",
                           "Hardly.",
                           "We would take it.",
                           "Join us.",
                           "They are needed.",
                           "{\\\"initiate\\\":false}",
                           "A common timetable",
                           "Two of three suffice.",
                           "Gladly.",
                           "For now.",
                           "Higher wages",
                           "Never.",
                           "Too dear.",
                           "We print it on Monday.",
                           "It gives up its only aim",
                           "I cannot say.",
                           "1 critical issue",
                           "The union sits at the table",
                           "Fares are open again",
                           "Before, everybody waited.",
                           "The strait is closed."})
    EXPECT_NE(all.find(text), std::string::npos) << text;
}

/// Records of imported runs hold messages and nothing else.
TEST(Artefacts, MessagesOfACoalitionAloneAreAConversation) {
  TurnRecord record;
  record.turn = 1;
  record.messages = {{"coalition", "lines", {"council"}, "One timetable."}};

  const auto files = turn_files(header_of(Story{}.spec()), record);

  ASSERT_TRUE(files);
  EXPECT_EQ(files->at(1).name, "coalition-council+lines-001.md");
  EXPECT_NE(files->at(1).text.find("One timetable."), std::string::npos);
}

TEST(Artefacts, TheFilesOfARunAreWrittenAsDocumented) {
  auto spec = Story{}.spec();
  spec.branch_from = RunId{9};
  spec.branch_turn = 1;
  const auto run = header_of(spec);
  const auto turn = Story{}.busy_turn(1);
  RunState state;
  state.status = "completed";
  state.turns_completed = 2;
  state.world = "Calm \"seas\".";
  state.goals = {{"council", {"late sailing"}, {"votes"}}};
  state.events = {{1, "Storm", "conditional"}};
  state.counts = {3, 2, 2, 1, 5, 1, 0};
  const std::vector<UsedCalls> calls{
    {1, "decision", "council", "m/a", {Money{1'000'000}, 1, 800}},
    {1, "world_update", "", "m/b", {Money{20'000'000'000}, 1, 900}},
    {2, "decision", "council", "m/a", {Money{3}, 1, 700}}};

  for (const auto& file :
       {state_file(run, state), metrics_file(run, {{1, turn.metrics}}),
        costs_file(run, {calls[1], calls[2]}, {calls[0]}),
        validation_summary_file(run, {{1, turn.checks}},
                                {Money{2'000'000'000}, 3, 1'200})})
    EXPECT_EQ(file.text, golden(file.name, file.text)) << file.name;
}

TEST(Artefacts, ARealRunDoesNotSayThatItIsSimulated) {
  auto spec = Story{}.spec();
  spec.simulated = false;

  const auto files = turn_files(header_of(spec), Story{}.turn(1));

  EXPECT_TRUE(files->front().text.starts_with("# World State - Turn 1\n"));
}

TEST(Artefacts, TheWorldBeforeTheFirstTurnHasNoActions) {
  TurnRecord start;
  start.world = "The contract ends in six months.";

  const auto files = turn_files(header_of(Story{}.spec()), start);

  ASSERT_EQ(files->size(), 1u);
  EXPECT_EQ(files->front().name, "world-state-000.md");
  EXPECT_EQ(files->front().text.find("Actions Taken"), std::string::npos);
}

TEST(Artefacts, ARunWithoutProblemsSaysSo) {
  const auto run = header_of(Story{}.spec());

  const auto file = validation_summary_file(run, {}, {});

  EXPECT_NE(file.text.find("All Validation Failures\n\nNone.\n"),
            std::string::npos);
}

TEST(Artefacts, GoalsThatAreNotThereHaveNoHeading) {
  TurnRecord record;
  record.turn = 12;
  record.decisions = {{"council", {}, {}, "r", "a", "raw", false}};

  const auto files = turn_files(header_of(Story{}.spec()), record);

  EXPECT_EQ(files->at(1).name, "council-012.md");
  EXPECT_EQ(files->at(1).text.find("Current Goals"), std::string::npos);
}

TEST(Artefacts, NamesThatWouldLeaveTheFolderAreRefused) {
  for (const std::string id : {"../x", "a/b", ".hidden", "", "tab\tname"}) {
    TurnRecord record;
    record.turn = 1;
    record.decisions = {{id, {}, {}, "r", "a", "raw", false}};

    const auto files = turn_files(header_of(Story{}.spec()), record);

    if (id.empty())
      EXPECT_TRUE(files) << "'-001.md' stays in the folder";
    else
      EXPECT_FALSE(files) << id;
  }
}

TEST(Artefacts, TwoFilesOfOneNameAreRefused) {
  TurnRecord record;
  record.turn = 1;
  record.decisions = {{"world-state", {}, {}, "r", "a", "raw", false}};

  EXPECT_FALSE(turn_files(header_of(Story{}.spec()), record));
}

} // namespace

} // namespace lab::storage
