#include <gtest/gtest.h>

#include "tools/cli/result_report.hpp"

namespace lab::tools {
namespace {

RunResult a_run() {
  RunResult result;
  result.run = RunId{0x0f2c9e1122334455};
  result.scenario = "river-compact";
  result.outcome.run = result.run;
  result.outcome.status = RunStatus::completed;
  result.outcome.turns_completed = 5;
  result.turns = 5;
  result.seed = 7;
  result.calls = {40, 0, 0, 0, 0};
  result.balance.settled = {parse_usd("0.0123").value(), 40, 52'000};
  result.balance.limit.usd = parse_usd("5").value();
  result.output = "output/river-compact/run-001";
  return result;
}

TEST(RunResult, ItsJsonIsOneDocumentWithMoneyAsText) {
  EXPECT_EQ(
    run_json(a_run()),
    R"({"run_id":"r-0f2c9e1122334455","scenario":"river-compact",)"
    R"("status":"completed","reason":null,"simulated":false,)"
    R"("turns_completed":5,)"
    R"("calls":{"sent":40,"journalled":0,"shared":0,"failed":0},)"
    R"("cost":{"settled":"0.0123","unknown":"0","reserved":"0","limit":"5"},)"
    R"("output":"output/river-compact/run-001"})"
    "\n");
}

TEST(RunResult, ItsTextKeepsTheThreeAmountsApart) {
  EXPECT_EQ(run_text(a_run()),
            "completed  river-compact  r-0f2c9e1122334455  seed 7\n"
            "  turns     5 of 5\n"
            "  calls     40 sent, 0 read back from the journal, 0 shared, "
            "0 failed\n"
            "  cost      $0.01 settled, $0.00 unknown, $0.00 reserved of "
            "$5.00\n"
            "  output    output/river-compact/run-001\n");
}

TEST(RunResult, ARunThatWasThereAlreadySaysThatNothingWasBought) {
  auto result = a_run();
  result.calls = {0, 40, 0, 0, 0};

  EXPECT_NE(run_text(result).find("nothing was bought"), std::string::npos);
}

TEST(RunResult, SimulatedIsTheFirstLine) {
  auto result = a_run();
  result.simulated = result.play_money = true;

  const auto text = run_text(result);

  EXPECT_EQ(text.rfind("SIMULATED: no language model was called. Do not "
                       "cite.\n",
                       0),
            0U)
    << text;
  EXPECT_NE(text.find("0.01 play settled"), std::string::npos) << text;
  EXPECT_NE(run_json(result).find(R"("simulated":true)"), std::string::npos);
}

TEST(RunResult, AHaltedRunNamesItsReasonAndNoLimitIsNull) {
  auto result = a_run();
  result.outcome.status = RunStatus::halted;
  result.outcome.reason = "credit_limit";
  result.balance.limit = {};

  const auto json = run_json(result);

  EXPECT_NE(json.find(R"("status":"halted","reason":"credit_limit")"),
            std::string::npos)
    << json;
  EXPECT_NE(json.find(R"("limit":null)"), std::string::npos) << json;
}

TEST(RunResult, ABranchShowsWhatItInheritedApartFromItsCost) {
  auto result = a_run();
  result.parent = RunId{1};
  storage::Spend inherited;
  inherited.settled.usd = parse_usd("0.5").value();
  result.inherited = inherited;

  EXPECT_NE(run_text(result).find(
              "  inherited $0.50 settled by r-0000000000000001 for the shared "
              "turns; not part of this run's cost\n"),
            std::string::npos)
    << run_text(result);
  EXPECT_NE(
    run_json(result).find(
      R"("branch_from":"r-0000000000000001","inherited":{"settled":"0.5")"),
    std::string::npos);
}

SweepResult a_sweep() {
  SweepResult result;
  result.sweep = SweepId{0x4c1e07aabbccdd00};
  result.name = "demo";
  result.outcome.status = "completed";
  result.outcome.runs.planned = 120;
  result.outcome.runs.existing = 20;
  result.outcome.runs.completed = 98;
  result.outcome.runs.failed = 2;
  result.outcome.wall_us = 31'200'000;
  result.outcome.critical_us = 3'000'000;
  result.outcome.model_us = 7'910'400'000;
  RunOutcome bad;
  bad.run = RunId{9};
  bad.status = RunStatus::failed;
  bad.code = Errc::reply_invalid;
  bad.reason = "no valid JSON";
  bad.turns_completed = 3;
  result.outcome.ended = {bad};
  result.names[bad.run] = "p003.r4";
  result.points = 12;
  result.calls = {4000, 10, 20, 3, 0};
  result.balance.settled.usd = parse_usd("19.43").value();
  result.slots = 256;
  result.database = ".scenario-lab/scenario-lab.db";
  result.output = "output/demo";
  return result;
}

TEST(SweepResult, ItsJsonCountsEarlierRunsAsCompleted) {
  EXPECT_EQ(
    sweep_json(a_sweep()),
    R"({"sweep_id":"s-4c1e07aabbccdd00","status":"completed","reason":null,)"
    R"("simulated":false,"points":12,)"
    R"("runs":{"planned":120,"completed":118,"halted":0,"failed":2},)"
    R"("calls":{"sent":4000,"journalled":10,"shared":20,"failed":3},)"
    R"("cost":{"settled":"19.43","unknown":"0","reserved":"0","limit":null},)"
    R"("wall_s":31.2,"ideal_s":30.9,)"
    R"("database":".scenario-lab/scenario-lab.db","output":"output/demo"})"
    "\n");
}

TEST(SweepResult, ItsTextNamesTheRunsThatFailed) {
  EXPECT_EQ(sweep_text(a_sweep()),
            "completed  demo  s-4c1e07aabbccdd00\n"
            "  runs      118 of 120 done (20 before), 2 failed\n"
            "  trouble   p003.r4 failed after turn 3: no valid "
            "JSON\n"
            "  calls     4,000 sent, 10 read back from the journal, 20 shared, "
            "3 failed\n"
            "  cost      $19.43 settled, $0.00 unknown, $0.00 reserved\n"
            "  time      31 s\n"
            "  output    output/demo\n"
            "  database  .scenario-lab/scenario-lab.db\n");
}

TEST(SweepResult, PausedRunsAndThoseHaltedByTheirChecksAreTold) {
  auto result = a_sweep();
  result.outcome.status = "paused";
  result.outcome.reason = "paused after metrics, turn 2";
  result.outcome.runs.paused = 3;
  result.outcome.runs.halted = 1;
  RunOutcome checked;
  checked.run = RunId{5};
  checked.status = RunStatus::halted;
  checked.by_phase = true;
  checked.reason = "validation: 3 issues";
  checked.turns_completed = 4;
  RunOutcome paused;
  paused.run = RunId{6};
  paused.status = RunStatus::paused;
  paused.reason = "paused after metrics, turn 2";
  result.outcome.ended = {checked, paused};

  const auto text = sweep_text(result);

  EXPECT_NE(text.find("2 failed, 1 halted, 3 paused\n"), std::string::npos)
    << text;
  EXPECT_NE(text.find("r-0000000000000005 halted after turn 4: validation: 3 "
                      "issues\n"),
            std::string::npos)
    << text;
  EXPECT_EQ(text.find("r-0000000000000006"), std::string::npos)
    << "the sweep's own reason says it";
  EXPECT_NE(sweep_json(result).find(R"("halted":1,"failed":2,"paused":3})"),
            std::string::npos)
    << sweep_json(result);
}

TEST(SweepResult, ASweepThatARuleEndedSaysWhatItSaved) {
  auto result = a_sweep();
  result.outcome.reason = "indices are tight enough";
  result.outcome.ruled =
    RuledEnd{"finish", "indices are tight enough", 120, 4800};

  EXPECT_NE(sweep_text(result).find("  reason    indices are tight enough\n"),
            std::string::npos);
  EXPECT_NE(sweep_text(result).find("  saved     120 runs, about 4,800 calls, "
                                    "against the fixed design\n"),
            std::string::npos)
    << sweep_text(result);
  EXPECT_NE(sweep_json(result).find(
              R"("ended_by_rule":{"then":"finish","because":"indices are )"
              R"(tight enough","runs_saved":120,"calls_saved":4800}})"),
            std::string::npos)
    << sweep_json(result);
  EXPECT_EQ(exit_code_of(result.outcome, 0), ExitCode::some_failed);

  result.outcome.status = "paused";
  EXPECT_EQ(exit_code_of(result.outcome, 0), ExitCode::limit_reached);
}

TEST(SweepResult, RunsThatEndedWithTheSweepAreNotListedOneByOne) {
  auto result = a_sweep();
  result.outcome.status = "paused";
  result.outcome.code = Errc::stopped;
  result.outcome.ended.clear();
  for (std::uint64_t i = 0; i < 10; ++i) {
    RunOutcome run;
    run.run = RunId{i + 1};
    run.status = i < 7 ? RunStatus::failed : RunStatus::halted;
    run.code = i < 7 ? Errc::reply_invalid : Errc::stopped;
    run.reason = i < 7 ? "no reply" : "interrupt";
    result.outcome.ended.push_back(run);
  }

  const auto text = sweep_text(result);

  EXPECT_EQ(text.find("interrupt"), std::string::npos) << text;
  EXPECT_NE(text.find("r-0000000000000005 failed"), std::string::npos) << text;
  EXPECT_NE(text.find("and 2 more: scenario-lab status s-4c1e07aabbccdd00"),
            std::string::npos)
    << text;
}

TEST(SweepResult, ThePerfectSchedulerIsBoundByTheLongestRunOrByTheSlots) {
  SweepOutcome outcome;
  outcome.critical_us = 4'000'000;
  outcome.model_us = 6'000'000;

  EXPECT_DOUBLE_EQ(ideal_seconds(outcome, 1), 6.0);
  EXPECT_DOUBLE_EQ(ideal_seconds(outcome, 100), 4.0);
  EXPECT_DOUBLE_EQ(ideal_seconds(outcome, 0), 6.0);
}

} // namespace
} // namespace lab::tools
