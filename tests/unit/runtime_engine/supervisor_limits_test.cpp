// How SUPERVISOR keeps the hours, lengths of time, retries and models of a
// manifest.

#include <gmock/gmock.h>

#include "tests/unit/runtime_engine/supervisor_fixture.hpp"

namespace lab::runtime {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

class SupervisorLimits : public SupervisorTest {
protected:
  testing::Answer<SweepOutcome> start(std::uint64_t runs,
                                      std::int32_t in_flight) {
    sweep = SweepId{1};
    actor = supervise(runs, in_flight);
    auto answer = ask_later<SweepOutcome>(actor, StartSweep{});
    run();
    return answer;
  }

  /// A window that opens so many minutes from now and stays open for `open`.
  DayWindow window_in(std::int64_t from_now, std::int64_t open) const {
    const auto local =
      clock->now_ms() / 1'000 + local_utc_offset(clock->now_ms());
    const auto minute = local / 60 + from_now;
    const auto of_day = [](std::int64_t x) {
      return static_cast<std::int32_t>(x % 1'440);
    };
    return {of_day(minute), of_day(minute + open)};
  }

  SupervisorActor actor;
};

TEST_F(SupervisorLimits, ARunThatTakesTooLongIsHaltedAtItsNextPhase) {
  turns = 10;
  time.run_time = seconds{4};
  script->phase_takes = seconds{3};

  const auto outcome = finish(start(2, 1), 60);

  EXPECT_EQ(outcome.status, "halted");
  EXPECT_EQ(outcome.code, Errc::run_time_over);
  EXPECT_EQ(outcome.runs.halted, 2);
  EXPECT_EQ(outcome.runs.completed, 0);
  ASSERT_EQ(outcome.ended.size(), 2U);
  EXPECT_EQ(outcome.ended[0].status, RunStatus::halted);
  EXPECT_EQ(outcome.ended[0].turns_completed, 2)
    << "the phase that was under way came to its end";
  EXPECT_EQ(outcome.ended[0].reason,
            "run_time_over: it took longer than `limits.run_time`, 4 s");
}

TEST_F(SupervisorLimits, AQuickRunIsNotTouchedByAnothersTime) {
  time.run_time = seconds{4};
  script->phase_takes = seconds{3};

  const auto outcome = finish(start(6, 1), 60);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 6);
}

TEST_F(SupervisorLimits, AfterItsTimeASweepPausesAndSaysWhy) {
  turns = 4;
  time.sweep_time = seconds{5};

  const auto outcome = finish(start(10, 2), 60);

  EXPECT_EQ(outcome.status, "paused");
  EXPECT_EQ(outcome.code, Errc::stopped);
  ASSERT_TRUE(outcome.ruled);
  EXPECT_EQ(outcome.ruled->then, "pause");
  EXPECT_EQ(outcome.ruled->because, "`limits.sweep_time` is over, 5 s");
  EXPECT_EQ(outcome.runs.completed, 2);
  EXPECT_EQ(outcome.runs.halted, 2) << "they ended at their next phase";
  EXPECT_EQ(std::get<SweepEnded>(script->facts.back()).status, "paused");
}

TEST_F(SupervisorLimits, ASweepThatIsDoneInTimeIsCompleted) {
  time.sweep_time = seconds{2};
  EXPECT_EQ(finish(start(4, 2), 60).status, "completed");
}

TEST_F(SupervisorLimits, OutsideItsWindowNothingStartsAndItSaysUntilWhen) {
  time.window = window_in(90, 60);
  const auto answer = start(2, 2);
  pass(minutes{88});

  const auto progress = ask<SweepProgress>(actor, GetProgress{});
  EXPECT_FALSE(answer.came());
  EXPECT_TRUE(script->begun.empty());
  ASSERT_TRUE(progress);
  EXPECT_GT(progress->waits_until, clock->now_ms());
  EXPECT_LE(progress->waits_until, clock->now_ms() + 2 * 60'000);

  for (int i = 0; i < 3; ++i)
    pass(minutes{1});
  EXPECT_EQ(ask<SweepProgress>(actor, GetProgress{})->waits_until, 0);
  const auto outcome = finish(answer, 10);
  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 2);
}

TEST_F(SupervisorLimits, WhoeverStopsASweepThatWaitsIsAnsweredAtOnce) {
  time.window = window_in(90, 60);
  const auto answer = start(2, 2);

  tell(actor, StopSweep{true, {Errc::stopped, "interrupt"}});

  ASSERT_TRUE(answer.came());
  EXPECT_EQ(answer.value().status, "paused");
  EXPECT_FALSE(answer.value().ruled);
  EXPECT_TRUE(script->begun.empty());
}

TEST_F(SupervisorLimits, ASweepWithNothingToDoDoesNotWait) {
  time.window = window_in(90, 60);
  EXPECT_EQ(start(0, 2).value().status, "completed");
}

TEST_F(SupervisorLimits, WhenTheWindowClosesRunsEndOrGoOnAsTheyWereTold) {
  for (const bool ends : {true, false}) {
    SCOPED_TRACE(ends);
    *script = {};
    script->phase_takes = seconds{50};
    turns = 4;
    time.window = window_in(-1, 3); // two to three minutes of it are left
    time.close_ends_running = ends;

    const auto answer = start(9, 2);
    for (int i = 0; i < 600 && !answer.came(); ++i)
      pass(seconds{10});
    const auto outcome = answer.value();

    EXPECT_EQ(outcome.status, "paused");
    ASSERT_TRUE(outcome.ruled);
    EXPECT_EQ(outcome.ruled->because.rfind("`limits.window` closed at", 0), 0U);
    EXPECT_EQ(outcome.runs.completed, ends ? 0 : 2);
    EXPECT_EQ(outcome.runs.halted, ends ? 2 : 0);
  }
}

TEST_F(SupervisorLimits, AFailedRunIsTriedAgainAndCountsAsItEnds) {
  tries_max = 3;
  script->fail_runs[2] = {Errc::provider_failed, "500"};
  script->fail_plays[2] = {1, 2};
  script->fail_runs[3] = {Errc::provider_timeout, "slow"};

  const auto outcome = finish(start(4, 2), 60);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 3);
  EXPECT_EQ(outcome.runs.failed, 1);
  EXPECT_EQ(outcome.runs.retried, 4);
  EXPECT_EQ(std::ranges::count(script->begun, 2U), 3);
  EXPECT_EQ(std::ranges::count(script->begun, 3U), 3);
  ASSERT_EQ(outcome.ended.size(), 1U);
  EXPECT_EQ(outcome.ended[0].run, RunId{3});
  EXPECT_EQ(count_facts<RunPlanned>(), 4U) << "no plan is recorded twice";
  EXPECT_EQ(count_facts<RunEnded>(), 8U) << "every try has its end";
}

TEST_F(SupervisorLimits, TurnsThatARunHasRecordedAreNotRecordedAgain) {
  tries_max = 2;
  turns = 3;
  script->fail_runs[1] = {Errc::provider_failed, "500"};
  script->fail_plays[1] = {2}; // in turn 2

  const auto outcome = finish(start(1, 1), 60);

  EXPECT_EQ(outcome.runs.completed, 1);
  EXPECT_EQ(script->begun.size(), 5U) << "it went through turn 1 again";
  EXPECT_EQ(count_facts<TurnCompleted>(), 4U);
}

TEST_F(SupervisorLimits, WhatNoNewCallCanMendIsNotTriedAgain) {
  tries_max = 5;
  script->fail_runs[1] = {Errc::reply_invalid, "no action, after the repair"};

  const auto outcome = finish(start(1, 1), 60);

  EXPECT_EQ(outcome.runs.failed, 1);
  EXPECT_EQ(outcome.runs.retried, 0);
  EXPECT_THAT(script->begun, ElementsAre(1U));
}

TEST_F(SupervisorLimits, AModelWithoutMoneyHoldsBackItsOwnRunsAlone) {
  limited_models = {"openai/tiny"};
  const auto tickets = std::make_shared<Tickets>(200);
  for (std::uint64_t id = 1; id <= 200; ++id)
    tickets->models[id] = id % 2 == 0 ? "openai/tiny?x=1" : "ollama/free";
  source = tickets;
  script->fail_runs[2] = {Errc::model_limit_exhausted, "model:s-1/openai/tiny"};

  const auto outcome = finish(start(200, 1), 300);

  EXPECT_EQ(outcome.status, "halted");
  EXPECT_EQ(outcome.code, Errc::model_limit_exhausted);
  EXPECT_EQ(outcome.runs.completed, 100);
  EXPECT_EQ(outcome.runs.halted, 100);
  EXPECT_EQ(script->begun.size(), 101U) << "no other run of it began";
  ASSERT_EQ(outcome.ended.size(), 1U);
  EXPECT_EQ(outcome.ended[0].run, RunId{2});
}

} // namespace
} // namespace lab::runtime
