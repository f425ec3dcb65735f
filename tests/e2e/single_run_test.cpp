// `run`, `--resume`, `--branch-from` as a user types them, on sim/persona.

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
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
    EXPECT_NE(to_lower(content).find("simulated"), std::string::npos) << name;
}

TEST_F(SingleRun, TheSameSeedIsTheSameRunAndBuysNothing) {
  const auto first = run({"two-quays", "--seed", "1"});
  const auto again = run({"two-quays", "--seed", "1"});

  EXPECT_EQ(first.at("run_id"), again.at("run_id"));
  EXPECT_EQ(first.at("output"), again.at("output"));
  EXPECT_EQ(first.at("calls").at("sent"), 3);
  EXPECT_EQ(again.at("calls").at("sent"), 0);
}

TEST_F(SingleRun, AnEstimateExpectsWhatEarlierRunsUsed) {
  const auto estimate = [&] {
    const auto ended =
      files.run({"estimate", "two-quays", "--model", "sim/persona"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return json::parse(ended.out)
      .value_or(json::Value::object())
      .at("estimate");
  };
  const auto from_texts = estimate();
  run({"two-quays", "--seed", "1"});
  run({"two-quays", "--seed", "2"});

  const auto from_runs = estimate();

  EXPECT_EQ(from_texts.at("history_runs"), 0);
  EXPECT_EQ(from_runs.at("history_runs"), 2);
  EXPECT_EQ(from_runs.at("total").at("calls"), 3);
  EXPECT_EQ(from_runs.at("total").at("worst_tokens"),
            from_texts.at("total").at("worst_tokens"));
}

TEST_F(SingleRun, WithoutASeedEveryRunIsAnother) {
  const auto first = run({"two-quays"});
  const auto second = run({"two-quays"});

  EXPECT_NE(first.at("run_id"), second.at("run_id"));
  EXPECT_NE(first.at("output"), second.at("output"));
}

TEST_F(SingleRun, AResumedRunEndsAsIfItHadNeverStopped) {
  const auto whole = run({"two-quays", "--end-turn", "4", "--seed", "5"});
  const SmallSweep other{"http://127.0.0.1:9/v1", {}};

  const auto killed = other.run({"run", "two-quays", "--end-turn", "4",
                                 "--seed", "5", "--model", "sim/persona"},
                                {{"SCENARIO_LAB_KILL_AT", "60"}});
  const auto id = whole.at("run_id").get<std::string>();
  const auto resumed = other.run({"run", "--resume", id});

  EXPECT_EQ(killed.signal, 9) << killed.out;
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  const auto result = json::parse(resumed.out).value_or(json::Value{});
  EXPECT_EQ(result.at("run_id"), id);
  EXPECT_GT(result.at("calls").at("journalled"), 0);
  EXPECT_EQ(files_in(other.path() / result.at("output").get<std::string>()),
            output(whole));
}

TEST_F(SingleRun, ABranchKeepsItsParentsFirstTurnsAndPaysOnlyForItsOwn) {
  const auto parent = run({"two-quays", "--end-turn", "4", "--seed", "5"});
  const auto id = parent.at("run_id").get<std::string>();

  const auto branch =
    files.run({"run", "--branch-from", id, "--branch-at-turn", "2"});

  ASSERT_EQ(branch.status, 0) << branch.err;
  const auto result = json::parse(branch.out).value_or(json::Value{});
  EXPECT_NE(result.at("run_id"), id);
  // Three calls a turn, and now and then one to repair a reply.
  EXPECT_GE(result.at("calls").at("journalled"), 2 * 3);
  EXPECT_GE(result.at("calls").at("sent"), 2 * 3);
  EXPECT_LT(result.at("calls").at("sent"), parent.at("calls").at("sent"));
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
