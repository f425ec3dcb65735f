// `run`, `--resume`, `--branch-from` as a user types them, on sim/persona.

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/money.hpp"
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

TEST_F(SingleRun, WhatHappenedOnceBeforeABranchDoesNotHappenAgain) {
  files.folder().write("two-quays/exogenous-events.yaml",
                       "exogenous_events:\n"
                       "  - {type: random, name: Crane failure, description: "
                       "One crane is out., probability: 1, once: true}\n"
                       "  - {type: trend, name: Silt, description: The basin "
                       "fills up., turn_range: [1, 9], frequency: 1}\n");
  const auto parent = run({"two-quays", "--end-turn", "4", "--seed", "5"});
  const auto branch =
    files.run({"run", "--branch-from", parent.at("run_id").get<std::string>(),
               "--branch-at-turn", "2", "--seed", "8"});
  ASSERT_EQ(branch.status, 0) << branch.err;

  const auto worlds =
    output(json::parse(branch.out).value_or(json::Value::object()));

  EXPECT_EQ(worlds.at("world-state-002.md"),
            output(parent).at("world-state-002.md"));
  for (const std::string turn : {"1", "2", "3", "4"}) {
    const auto& world = worlds.at("world-state-00" + turn + ".md");
    EXPECT_EQ(world.find("Crane failure") != std::string::npos, turn == "1");
    EXPECT_NE(world.find("Silt"), std::string::npos) << turn;
  }
}

/// The files of turns `from` to `to`, by name.
std::map<std::string, std::string>
turn_files(const std::map<std::string, std::string>& all, int from, int to) {
  std::map<std::string, std::string> found;
  for (const auto& [name, content] : all)
    for (int turn = from; turn <= to; ++turn)
      if (name.find("-00" + std::to_string(turn) + ".") != std::string::npos)
        found.emplace(name, content);
  return found;
}

Money settled(const json::Value& cost) {
  return *parse_usd(cost.at("settled").get<std::string>());
}

/// A branch, and a branch of that: each repeats what came before byte by byte,
/// pays for its own turns alone and shows the rest apart.
TEST_F(SingleRun, EveryFileOfABranchsFirstTurnsIsItsParents) {
  const std::string priced = "sim/persona?usd_per_mtok=1";
  const auto parsed = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"run"});
    const auto ended = files.run(words);
    EXPECT_EQ(ended.status, 0) << ended.err;
    return json::parse(ended.out).value_or(json::Value::object());
  };
  const auto branch = [&](const json::Value& of, int turn, int seed) {
    return parsed({"--branch-from", of.at("run_id").get<std::string>(),
                   "--branch-at-turn", std::to_string(turn), "--seed",
                   std::to_string(seed)});
  };
  const auto first =
    parsed({"two-quays", "--end-turn", "5", "--seed", "5", "--model", priced});
  const auto second = branch(first, 2, 6);
  const auto third = branch(second, 4, 7);
  const auto early = branch(second, 1, 8); // of a turn that it inherited

  EXPECT_EQ(turn_files(output(second), 0, 2), turn_files(output(first), 0, 2));
  EXPECT_EQ(turn_files(output(third), 0, 4), turn_files(output(second), 0, 4));
  EXPECT_EQ(turn_files(output(early), 0, 1), turn_files(output(first), 0, 1));
  EXPECT_GT(turn_files(output(third), 1, 4).size(), 4U * 3);
  EXPECT_NE(output(second).at("world-state-003.md"),
            output(first).at("world-state-003.md"));
  EXPECT_NE(output(third).at("world-state-005.md"),
            output(second).at("world-state-005.md"));

  EXPECT_EQ(early.at("branch_from"), first.at("run_id"));
  const auto paid = settled(third.at("cost"));
  const auto inherited = settled(third.at("inherited"));
  EXPECT_GT(paid, Money{});
  EXPECT_LT(paid, settled(second.at("cost"))) << "one turn against three";
  EXPECT_GT(inherited, settled(second.at("inherited")));
  EXPECT_LT(inherited,
            settled(second.at("inherited")) + settled(second.at("cost")));
  const auto costs =
    json::parse(output(third).at("costs.json")).value_or(json::Value{});
  EXPECT_EQ(*parse_usd(costs.at("settled").at("usd").get<std::string>()), paid);
  EXPECT_EQ(*parse_usd(costs.at("inherited").at("usd").get<std::string>()),
            inherited);
}

TEST_F(SingleRun, APausedRunGoesOnBehindThePlaceAndEndsAsAnyOther) {
  const auto whole = run({"two-quays", "--end-turn", "2", "--seed", "5"});
  const SmallSweep other{"http://127.0.0.1:9/v1", {}};
  const auto paused =
    other.run({"run", "two-quays", "--end-turn", "2", "--seed", "5", "--model",
               "sim/persona", "--pause-before", "world_update"});
  ASSERT_EQ(paused.status, 0) << paused.err;
  auto result = json::parse(paused.out).value_or(json::Value{});
  EXPECT_EQ(result.at("status"), "paused");
  EXPECT_EQ(result.at("reason"), "paused before world_update, turn 1");
  EXPECT_EQ(result.at("turns_completed"), 0);
  EXPECT_GE(result.at("calls").at("sent"), 2) << "both decisions";

  const auto id = result.at("run_id").get<std::string>();
  const auto again =
    other.run({"run", "--resume", id, "--pause-before", "world_update"});
  result = json::parse(again.out).value_or(json::Value{});
  EXPECT_EQ(result.at("reason"), "paused before world_update, turn 2");

  const auto rest = other.run({"run", "--resume", id});
  ASSERT_EQ(rest.status, 0) << rest.err;
  result = json::parse(rest.out).value_or(json::Value{});
  EXPECT_EQ(result.at("status"), "completed");
  EXPECT_EQ(files_in(other.path() / result.at("output").get<std::string>()),
            output(whole));
}

TEST_F(SingleRun, APlaceThatNoTurnHasIsNoPause) {
  const auto wrong_phase =
    files.run({"run", "two-quays", "--model", "sim/persona", "--pause-before",
               "decisions"});
  EXPECT_EQ(wrong_phase.status, 3);
  EXPECT_NE(wrong_phase.out.find("did you mean decision?"), std::string::npos)
    << wrong_phase.out;

  const auto wrong_turn =
    files.run({"run", "two-quays", "--model", "sim/persona", "--pause-after",
               "decision@2"});
  EXPECT_EQ(wrong_turn.status, 3);
  EXPECT_NE(wrong_turn.out.find("it plays 1 turns"), std::string::npos)
    << wrong_turn.out;
}

TEST_F(SingleRun, ADryRunSpendsNothingAndWritesNothing) {
  const auto ended =
    files.run({"run", "two-quays", "--dry-run", "--model", "sim/persona"});

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_FALSE(std::filesystem::exists(files.path() / "output"));
}

} // namespace
} // namespace lab::testing
