#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tools/cli/program.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

/// `scenario-lab upgrade` and `record` in a folder with an old scenario.
class UpgradeCommandTest : public ::testing::Test {
protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{::testing::TempDir()} / "lab-upgrade" / info->name();
    fs::remove_all(folder_);
    write("scenario.yaml", "name: Summit   # as ever\n"
                           "num_turns: 4\n"
                           "initial_world_state: All is calm.\n"
                           "world_state_model: sim/persona\n"
                           "actors: [eu, us]\n");
    for (const std::string id : {"eu", "us"})
      write("actors/" + id + ".yaml",
            "name: " + id + "\nmodel: sim/persona\ngoals: [peace]\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    const auto path = folder_ / "summit" / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
  }
  std::string content(const std::string& name) const {
    std::ifstream stream{folder_ / "summit" / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }

  int call(std::vector<std::string> words) {
    words.insert(words.begin(), "scenario-lab");
    words.insert(words.end(), {"--home", (folder_ / "home").string()});
    std::ostringstream out;
    std::ostringstream err;
    const Surroundings around{
      out,
      err,
      {},
      [](const char*) { return std::optional<std::string>{}; },
      folder_.string()};
    const auto exit = run_program(words, around);
    out_ = out.str();
    err_ = err.str();
    return static_cast<int>(exit);
  }
  int upgrade(std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"upgrade", (folder_ / "summit").string()});
    return call(std::move(words));
  }

  fs::path folder_;
  std::string out_, err_;
};

TEST_F(UpgradeCommandTest, ADiffShowsTheChangeEndsWithOneAndWritesNothing) {
  const auto before = content("scenario.yaml");

  EXPECT_EQ(upgrade({"--diff"}), 1);

  EXPECT_NE(out_.find("-num_turns: 4\n"), std::string::npos) << out_ << err_;
  EXPECT_NE(out_.find("+turns: 4\n"), std::string::npos) << out_;
  EXPECT_EQ(content("scenario.yaml"), before);
}

TEST_F(UpgradeCommandTest, WritesOnceKeepsTheOldFilesAndThenHasNothingToDo) {
  const auto before = content("scenario.yaml");

  EXPECT_EQ(upgrade(), 0) << err_;

  EXPECT_EQ(content("scenario.yaml"), "name: Summit   # as ever\n"
                                      "schema_version: \"2.1\"\n"
                                      "turns: 4\n"
                                      "initial_world_state: All is calm.\n"
                                      "world_state_model: sim/persona\n"
                                      "actors: [eu, us]\n");
  EXPECT_EQ(content("scenario.yaml.before-2.1"), before);
  EXPECT_NE(out_.find("`num_turns` is called `turns`"), std::string::npos)
    << out_;
  EXPECT_EQ(upgrade({"--diff"}), 0);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(upgrade(), 0);
  EXPECT_NE(out_.find("nothing to do"), std::string::npos) << out_;
  EXPECT_EQ(call({"validate", (folder_ / "summit").string()}), 0);
  EXPECT_EQ(err_.find("warning"), std::string::npos)
    << "a copy of an old file is taken for a file: " << err_;
}

TEST_F(UpgradeCommandTest, ABatchFileBecomesASweepInItsPlace) {
  write("../batch.yaml", "experiment_name: Two models   # round two\n"
                         "base_scenario: summit\n"
                         "runs_per_variation: 2\n"
                         "variations:\n"
                         "  - {type: actor_model, actor: eu, values: "
                         "[sim/persona, \"sim/persona?jitter=0\"]}\n");
  const auto before = content("../batch.yaml");
  const auto file = (folder_ / "batch.yaml").string();

  EXPECT_EQ(call({"upgrade", file, "--diff"}), 1) << err_;
  EXPECT_NE(out_.find("+schema: sweep/1\n"), std::string::npos) << out_;
  EXPECT_EQ(content("../batch.yaml"), before);

  EXPECT_EQ(call({"upgrade", file}), 0) << err_;
  const auto after = content("../batch.yaml");
  EXPECT_NE(after.find("name: two-models  # round two\n"), std::string::npos)
    << after;
  EXPECT_EQ(content("../batch.yaml.before-2.1"), before);
  EXPECT_EQ(call({"sweep", "plan", file}), 0) << err_;
  EXPECT_NE(out_.find("2 points x 2 paired seeds"), std::string::npos) << out_;

  EXPECT_EQ(call({"upgrade", file}), 0) << err_;
  EXPECT_NE(out_.find("nothing to do"), std::string::npos) << out_;
}

TEST_F(UpgradeCommandTest, AFaultyBatchFileStaysAsItWas) {
  const std::string faulty = "experiment_name: x\nbase_scenario: summit\n"
                             "variations: [{type: actor_model, actor: eu, "
                             "values: []}]\n";
  write("../batch.yaml", faulty);

  EXPECT_EQ(call({"upgrade", (folder_ / "batch.yaml").string()}), 3);

  EXPECT_NE(err_.find("S437"), std::string::npos) << err_;
  EXPECT_EQ(content("../batch.yaml"), faulty);
}

TEST_F(UpgradeCommandTest, WithJsonSaysWhichFilesAndWhereTheOldOnesAre) {
  EXPECT_EQ(upgrade({"--json"}), 0) << err_;

  const auto document = json::parse(out_);
  ASSERT_TRUE(document) << out_;
  EXPECT_EQ(document->at("schema"), "scenario-lab/upgrade/1");
  EXPECT_EQ(document->at("written"), true);
  ASSERT_EQ(document->at("files").size(), 3U);
  EXPECT_NE(document->at("files")[0].at("backup").get<std::string>().find(
              "scenario.yaml.before-2.1"),
            std::string::npos);
}

TEST_F(UpgradeCommandTest, AScenarioWithErrorsIsToldThemAndStaysAsItWas) {
  write("scenario.yaml", "name: Summit\nnum_turns: -3\nactors: [eu]\n");
  const auto before = content("scenario.yaml");

  EXPECT_EQ(upgrade(), 3);

  EXPECT_NE(err_.find("num_turns"), std::string::npos) << err_;
  EXPECT_NE(err_.find("nothing was changed"), std::string::npos) << err_;
  EXPECT_EQ(content("scenario.yaml"), before);
}

TEST_F(UpgradeCommandTest, AScenarioThatNamesNoModelIsUpgradedAllTheSame) {
  write("actors/eu.yaml", "name: eu\nlong_term_goals: [peace]\n");
  write("scenario.yaml", "name: Summit\nturns: 4\nactors: [eu]\n"
                         "initial_world_state: All is calm.\n");

  EXPECT_EQ(upgrade(), 0) << err_;

  EXPECT_EQ(content("scenario.yaml").find("model"), std::string::npos)
    << "a model was made up:\n"
    << content("scenario.yaml");
  EXPECT_EQ(content("actors/eu.yaml"), "name: eu\ngoals: [peace]\n");
}

TEST_F(UpgradeCommandTest, OfNoScenarioEndsWithFour) {
  EXPECT_EQ(call({"upgrade", (folder_ / "nowhere").string()}), 4);
}

TEST_F(UpgradeCommandTest, ARecordingOfNothingEndsWithFourAndNeedsAFile) {
  EXPECT_EQ(call({"record", "latest", "--to", (folder_ / "x").string()}), 4);
  EXPECT_EQ(call({"record", "latest"}), 2);
  EXPECT_NE(err_.find("needs --to FILE"), std::string::npos) << err_;
}

TEST_F(UpgradeCommandTest, ARecordingWritesOverNothing) {
  write("replies.yaml", "mine\n");

  EXPECT_EQ(call({"record", "latest", "--to",
                  (folder_ / "summit/replies.yaml").string()}),
            3);
  EXPECT_EQ(content("replies.yaml"), "mine\n");
}

} // namespace
} // namespace lab::tools
