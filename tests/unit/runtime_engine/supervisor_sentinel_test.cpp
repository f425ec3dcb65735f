#include <gmock/gmock.h>

#include "tests/unit/runtime_engine/supervisor_fixture.hpp"

namespace lab::runtime {
namespace {

TEST_F(SupervisorTest,
       ModelsAreCheckedBeforeTheFirstRunBetweenAndBehindTheLast) {
  check_every = 2;

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(5, 1), StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 5);
  ASSERT_EQ(script->runs_at_checks.size(), 4U);
  EXPECT_EQ(script->runs_at_checks.front(), 0U);
  EXPECT_EQ(script->runs_at_checks.back(), 5U);
  EXPECT_EQ(outcome.drifts, (std::vector<std::string>{"check 1", "check 2",
                                                      "check 3", "check 4"}));
}

TEST_F(SupervisorTest, NothingIsCheckedWhenThereIsNothingToRun) {
  check_every = 2;

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(0, 1), StartSweep{}), 1);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_TRUE(script->runs_at_checks.empty());
}

TEST_F(SupervisorTest, ACheckThatCannotBeRecordedEndsTheSweep) {
  check_every = 2;
  script->sentinel_fails = true;

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(5, 1), StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "halted");
  EXPECT_EQ(outcome.code, Errc::disk_failed);
  EXPECT_EQ(script->started(), 0U);
}

TEST_F(SupervisorTest, AStoppedSweepIsNotCheckedOnceMore) {
  check_every = 100;
  const auto actor = supervise(5, 1);
  const auto answer = ask_later<SweepOutcome>(actor, StartSweep{});
  run();
  tell(actor, StopSweep{false, {Errc::stopped, "interrupt"}});

  const auto outcome = finish(answer, 10);

  EXPECT_EQ(outcome.status, "paused");
  EXPECT_EQ(script->runs_at_checks, (std::vector<std::size_t>{0}));
}

TEST_F(SupervisorTest, AStoppedSweepDoesNotWaitForCanaries) {
  check_every = 1;
  script->canaries_wait = true;
  const auto actor = supervise(5, 1);
  const auto answer = ask_later<SweepOutcome>(actor, StartSweep{});
  run();
  EXPECT_FALSE(answer.came()) << "the first check comes before the first run";

  tell(actor, StopSweep{true, {Errc::stopped, "interrupt"}});

  EXPECT_EQ(finish(answer, 1).status, "paused");
  EXPECT_EQ(script->started(), 0U);
}

} // namespace
} // namespace lab::runtime
