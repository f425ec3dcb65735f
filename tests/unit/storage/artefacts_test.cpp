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
                     "bilateral-council+lines-001.md"}));
}

TEST(Artefacts, TheFilesOfARunAreWrittenAsDocumented) {
  const auto run = header_of(Story{}.spec());
  const std::vector<UsedCalls> calls{
    {1, "decision", "council", "m/a", {Money{1'000'000}, 1, 800}},
    {1, "world_update", "", "m/b", {Money{20'000'000'000}, 1, 900}},
    {2, "decision", "council", "m/a", {Money{3}, 1, 700}}};

  for (const auto& file :
       {state_file(run, {"completed", "", 2, "Calm \"seas\"."}),
        metrics_file(run, {{1, Story{}.turn(1).metrics}}),
        costs_file(run, calls)})
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
