// `run`, `--resume`, `--branch-from` as a user types them, on sim/persona.

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

class SingleRun : public ::testing::Test {
protected:
  SmallSweep files{"http://127.0.0.1:9/v1", {}};

  json::Value run(std::vector<std::string> words, int status = 0) {
    words.insert(words.begin(), {"run"});
    words.insert(words.end(), {"--model", "sim/persona"});
    const auto ended = files.run(words);
    EXPECT_EQ(ended.status, status) << ended.err;
    return json::parse(ended.out).value_or(json::Value::object());
  }

  std::map<std::string, std::string> output(const json::Value& result) {
    return files_in(files.path() / result.at("output").get<std::string>());
  }
};

TEST_F(SingleRun, SaysSimulatedOnEverySurface) {
  const auto result = run({"two-quays", "--seed", "1"});

  EXPECT_EQ(result.at("simulated"), true);
  EXPECT_EQ(result.at("status"), "completed");
  for (const auto& [name, content] : output(result))
    EXPECT_NE(content.find("simulated"), std::string::npos) << name;
}

TEST_F(SingleRun, TheSameSeedIsTheSameRunAndBuysNothing) {
  const auto first = run({"two-quays", "--seed", "1"});
  const auto again = run({"two-quays", "--seed", "1"});

  EXPECT_EQ(first.at("run_id"), again.at("run_id"));
  EXPECT_EQ(first.at("output"), again.at("output"));
  EXPECT_EQ(first.at("calls").at("sent"), 3);
  EXPECT_EQ(again.at("calls").at("sent"), 0);
}

TEST_F(SingleRun, WithoutASeedEveryRunIsAnother) {
  const auto first = run({"two-quays"});
  const auto second = run({"two-quays"});

  EXPECT_NE(first.at("run_id"), second.at("run_id"));
  EXPECT_NE(first.at("output"), second.at("output"));
}

TEST_F(SingleRun, AResumedRunEndsAsIfItHadNeverStopped) {
  const auto whole = run({"two-quays", "--end-turn", "4", "--seed", "5"});
  const auto whole_files = output(whole);

  SmallSweep other{"http://127.0.0.1:9/v1", {}};
  std::swap(files, other);
  const auto part = run({"two-quays", "--end-turn", "4", "--seed", "5"});
  EXPECT_EQ(output(part), whole_files) << "another workspace, the same run";
  EXPECT_EQ(part.at("run_id"), whole.at("run_id"));
}

TEST_F(SingleRun, ABranchKeepsItsParentsFirstTurnsAndPaysOnlyForItsOwn) {
  const auto parent = run({"two-quays", "--end-turn", "4", "--seed", "5"});
  const auto id = parent.at("run_id").get<std::string>();

  const auto branch =
    files.run({"run", "--branch-from", id, "--branch-at-turn", "2"});

  ASSERT_EQ(branch.status, 0) << branch.err;
  const auto result = json::parse(branch.out).value_or(json::Value{});
  EXPECT_NE(result.at("run_id"), id);
  EXPECT_EQ(result.at("calls").at("journalled"), 2 * 3);
  EXPECT_EQ(result.at("calls").at("sent"), 2 * 3);
  const auto before = output(parent);
  const auto after = output(result);
  for (const auto* name :
       {"world-state-000.md", "world-state-001.md", "world-state-002.md"})
    EXPECT_EQ(after.at(name), before.at(name)) << name;
  EXPECT_NE(after.at("world-state-003.md"), before.at("world-state-003.md"));
}

TEST_F(SingleRun, ADryRunSpendsNothingAndWritesNothing) {
  const auto ended =
    files.run({"run", "two-quays", "--dry-run", "--model", "sim/persona"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_FALSE(std::filesystem::exists(files.path() / "output"));
}

} // namespace
} // namespace lab::testing
