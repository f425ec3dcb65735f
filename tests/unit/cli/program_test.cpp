#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "tools/cli/program.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

/// The program in a folder of its own, without any variable of this machine.
class ProgramTest : public ::testing::Test {
protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{::testing::TempDir()} / "lab-program" / info->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  int call(std::vector<std::string> words) {
    words.insert(words.begin(), "scenario-lab");
    words.insert(words.end(), {"--home", folder_ / "home"});
    std::ostringstream out, err;
    const Surroundings around{
      out,
      err,
      {},
      [](const char*) { return std::optional<std::string>{}; },
      folder_};
    const auto exit = run_program(words, around);
    out_ = out.str();
    err_ = err.str();
    return static_cast<int>(exit);
  }

  fs::path folder_;
  std::string out_, err_;
};

TEST_F(ProgramTest, HelpIsAResult) {
  EXPECT_EQ(call({"--help"}), 0);

  EXPECT_EQ(out_.rfind("Simulates what", 0), 0U);
  EXPECT_EQ(err_, "");
}

TEST_F(ProgramTest, AWrongWordEndsWithTwo) {
  EXPECT_EQ(call({"rnu"}), 2);

  EXPECT_EQ(out_, "");
  EXPECT_EQ(err_.rfind("error[U010]", 0), 0U) << err_;
}

TEST_F(ProgramTest, WithJsonAFailureIsADocumentToo) {
  EXPECT_EQ(call({"rnu", "--json"}), 2);
  EXPECT_EQ(out_.rfind(R"({"schema":"scenario-lab/error/1","exit":2,)", 0), 0U)
    << out_;

  EXPECT_EQ(call({"show", "r-1", "--json"}), 4);
  EXPECT_EQ(out_.rfind(R"({"schema":"scenario-lab/error/1","exit":4,)", 0), 0U)
    << out_;
}

TEST_F(ProgramTest, StatusOfAnEmptyWorkspaceIsNoFailure) {
  EXPECT_EQ(call({"status"}), 0);
  EXPECT_EQ(out_, "Nothing ran in this workspace yet.\n");
  EXPECT_EQ(err_, "");
}

TEST_F(ProgramTest, AReadingCommandMakesNoWorkspace) {
  for (const auto* command : {"status", "costs", "runs", "verify"})
    call({command});

  EXPECT_FALSE(fs::exists(folder_ / "home"));
}

TEST_F(ProgramTest, AManifestThatIsNotThereEndsWithFour) {
  EXPECT_EQ(call({"sweep", "plan", (folder_ / "absent.yaml").string()}), 4);
  EXPECT_EQ(call({"validate", (folder_ / "absent.yaml").string()}), 4);
  EXPECT_EQ(call({"run", (folder_ / "absent").string()}), 4);
}

TEST_F(ProgramTest, AWrongSettingsFileEndsWithThree) {
  std::ofstream{folder_ / "scenario-lab.yaml"} << "jbos: 3\n";

  EXPECT_EQ(call({"status"}), 3);
  EXPECT_NE(err_.find("error[S104]"), std::string::npos) << err_;
}

TEST_F(ProgramTest, ExplainTellsTheStoryOfACode) {
  EXPECT_EQ(call({"explain", "p101"}), 0);
  EXPECT_EQ(out_.rfind("P101 model without a price\n", 0), 0U) << out_;

  EXPECT_EQ(call({"explain", "P11"}), 4);
  EXPECT_NE(err_.find("error[U020]"), std::string::npos) << err_;
}

TEST_F(ProgramTest, ConfigShowPrintsWhereValuesComeFrom) {
  std::ofstream{folder_ / "scenario-lab.yaml"} << "user: ada\n";

  EXPECT_EQ(call({"config", "show", "--origin"}), 0);
  EXPECT_NE(out_.find("--home"), std::string::npos) << out_;
  EXPECT_NE(out_.find("scenario-lab.yaml:1"), std::string::npos) << out_;
}

TEST_F(ProgramTest, AValidScenarioAndManifestAreSaidToBeValid) {
  const fs::path root{LAB_SOURCE_DIR};

  EXPECT_EQ(call({"validate", (root / "scenarios/river-compact").string(),
                  (root / "sweeps/demo.yaml").string(), "--json"}),
            0)
    << out_;
  EXPECT_EQ(
    out_.rfind(R"({"schema":"scenario-lab/validate/1","valid":true,)", 0), 0U)
    << out_;
}

TEST_F(ProgramTest, AnEstimateOfAModelWithoutAPriceShowsWhatToAdd) {
  const fs::path root{LAB_SOURCE_DIR};

  EXPECT_EQ(call({"estimate", (root / "scenarios/river-compact").string(),
                  "--model", "some-lab/unheard-of"}),
            3);
  EXPECT_NE(err_.find("error[P101]"), std::string::npos) << err_;
  EXPECT_NE(err_.find("input_usd_per_mtok"), std::string::npos) << err_;
}

TEST_F(ProgramTest, ADryRunSendsNothingAndMakesNoWorkspace) {
  const fs::path root{LAB_SOURCE_DIR};

  EXPECT_EQ(call({"run", (root / "scenarios/river-compact").string(), "--model",
                  "sim/persona", "--dry-run"}),
            0)
    << err_;
  EXPECT_NE(out_.find("SIMULATED"), std::string::npos) << out_;
  EXPECT_FALSE(fs::exists(folder_ / "home"));
}

} // namespace
} // namespace lab::tools
