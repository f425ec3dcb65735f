#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "scenarios/loader/scenario_folder.hpp"
#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::ElementsAre;

TEST(ScenarioFolder, ReadsAFileAndListsNames) {
  const TempScenario scenario;
  const auto folder = ScenarioFolder::open(scenario.folder());
  ASSERT_TRUE(folder);

  const auto actors = folder->folder("actors");
  ASSERT_TRUE(actors);
  EXPECT_THAT(actors->names(), ElementsAre("eu.yaml", "us.yaml"));
  const auto file = actors->read("us.yaml");
  EXPECT_EQ(file.state, FileState::read);
  EXPECT_EQ(file.text.substr(0, 13), "name: America");
  EXPECT_EQ(folder->read("metrics.yaml").state, FileState::absent);
}

TEST(ScenarioFolder, FollowsNoLink) {
  TempScenario scenario;
  const std::filesystem::path root{scenario.folder()};
  const auto outside = root.parent_path() / "outside.yaml";
  std::ofstream{outside} << "name: Outside\n";
  std::filesystem::remove(root / "actors/eu.yaml");
  std::filesystem::create_symlink(outside, root / "actors/eu.yaml");

  const auto reading = scenario.read();

  EXPECT_FALSE(reading.spec);
  EXPECT_EQ(reading.text,
            "error[S204]: this is a link; a scenario's files must stand in its "
            "folder\n"
            "  --> summit/actors/eu.yaml\n");
}

TEST(ScenarioFolder, FollowsNoLinkedFolder) {
  TempScenario scenario;
  const std::filesystem::path root{scenario.folder()};
  std::filesystem::rename(root / "actors", root.parent_path() / "actors");
  std::filesystem::create_directory_symlink(root.parent_path() / "actors",
                                            root / "actors");

  EXPECT_THAT(scenario.read().codes(), ElementsAre("S202", "S202"));
}

TEST(ScenarioFolder, StaysBelowItself) {
  const TempScenario scenario;
  const auto folder = ScenarioFolder::open(scenario.folder());
  ASSERT_TRUE(folder);

  for (const auto* name :
       {"..", ".", "", "../summit", "actors/eu.yaml", "/etc/passwd"}) {
    EXPECT_EQ(folder->read(name).state, FileState::refused) << name;
    EXPECT_FALSE(folder->folder(name)) << name;
    EXPECT_FALSE(folder->has(name)) << name;
  }
}

TEST(ScenarioFolder, LooksAtFilesBelow) {
  TempScenario scenario;
  scenario.write("a/b/c.txt", "x");
  const auto folder = ScenarioFolder::open(scenario.folder());
  ASSERT_TRUE(folder);

  EXPECT_EQ(folder->look("scenario.yaml").state, FileState::read);
  EXPECT_EQ(folder->look("a/b/c.txt").state, FileState::read);
  EXPECT_EQ(folder->look("a/b/d.txt").state, FileState::absent);
  EXPECT_EQ(folder->look("a/x/c.txt").state, FileState::absent);
  for (const auto* name :
       {"a/b", "a/../scenario.yaml", "../summit/scenario.yaml", "/etc/passwd",
        "", "a/", "a//b/c.txt", "."})
    EXPECT_EQ(folder->look(name).state, FileState::refused) << name;
}

TEST(ScenarioFolder, ReadsNoPipeAndNoFolder) {
  TempScenario scenario;
  const auto pipe = scenario.folder() + "/metrics.yaml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto folder = ScenarioFolder::open(scenario.folder());
  ASSERT_TRUE(folder);

  EXPECT_EQ(folder->read("metrics.yaml").state, FileState::refused);
  EXPECT_EQ(folder->read("actors").state, FileState::refused);
}

TEST(ScenarioFolder, OpensFoldersAlone) {
  EXPECT_FALSE(ScenarioFolder::open("/no/such/folder"));
  EXPECT_FALSE(ScenarioFolder::open("/etc/passwd"));
}

TEST(Ids, FollowTheGrammar) {
  for (const auto* good : {"eu", "9-lives", "a_b", "port-authority"})
    EXPECT_TRUE(is_id(good)) << good;
  EXPECT_TRUE(is_id(std::string(64, 'a')));
  EXPECT_FALSE(is_id(std::string(65, 'a')));
  for (const auto* bad : {"", "-a", "_a", "EU", "a b", "a/b", "..", "a.b", "é",
                          "e\xCC\x81u", "\xD0\xB5u", "a%2e"})
    EXPECT_FALSE(is_id(bad)) << bad;
}

TEST(Ids, AreMadeFromAnyText) {
  EXPECT_EQ(to_id("EU Commission"), "eu-commission");
  EXPECT_EQ(to_id("../../etc/passwd"), "etc-passwd");
  EXPECT_EQ(to_id("Zürich!"), "z-rich");
  EXPECT_EQ(to_id("__x"), "x");
  EXPECT_EQ(to_id("…"), "");
  EXPECT_EQ(to_id(std::string(100, 'a')).size(), 64U);
}

} // namespace
} // namespace lab::scenarios
