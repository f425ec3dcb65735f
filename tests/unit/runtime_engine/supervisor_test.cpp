#include <set>

#include <gmock/gmock.h>

#include "tests/unit/runtime_engine/supervisor_fixture.hpp"

namespace lab::runtime {
namespace {

/// Needs tables that have caught up before each run.
class Readers final : public Tickets {
public:
  using Tickets::Tickets;

  std::optional<RunTicket> next() override {
    if (!caught_up_) {
      waits_ = true;
      return std::nullopt;
    }
    caught_up_ = false;
    return Tickets::next();
  }
  bool waits_for_tables() const override { return waits_; }
  void tables_caught_up() override {
    waits_ = false;
    caught_up_ = true;
    ++times;
  }

  int times = 0;

private:
  bool waits_ = false;
  bool caught_up_ = false;
};

/// Met three runs on its way that are done already.
class Meets final : public Tickets {
public:
  using Tickets::Tickets;

  std::vector<RunTicket> take_named() override {
    std::vector<RunTicket> named;
    for (; met_ < 3; ++met_) {
      auto& ticket = named.emplace_back();
      ticket.run = RunId{900 + met_};
      ticket.name = "p" + std::to_string(met_) + ".r1";
    }
    return named;
  }

private:
  std::uint64_t met_ = 0;
};

/// Hands out two runs, waits for both, then two more, and so on; after `looks`
/// of them it ends the sweep.
class Pairs final : public Tickets {
public:
  explicit Pairs(std::uint64_t looks, SourceStop stop)
    : Tickets(100), looks_(looks), stop_(std::move(stop)) {}

  std::optional<RunTicket> next() override {
    if (taken_ == 2 && seen.size() == 2 * (played_ + 1)) {
      taken_ = 0;
      ++played_;
      --looks_;
    }
    if (taken_ == 2 || looks_ == 0)
      return std::nullopt;
    ++taken_;
    return Tickets::next();
  }
  bool waits() const override { return taken_ == 2 && looks_ > 0; }
  void ended(const EndedRun& run) override { seen.push_back(run); }
  bool wants_charges() const override { return true; }
  std::optional<SourceStop> stop() const override {
    return looks_ == 0 ? std::optional{stop_} : std::nullopt;
  }

  std::vector<EndedRun> seen;

private:
  std::uint64_t looks_;
  SourceStop stop_;
  std::uint64_t taken_ = 0;
  std::uint64_t played_ = 0; // looks
};

TEST_F(SupervisorTest, RunsEverythingNeverMoreThanTheCapAtOnce) {
  const auto actor = supervise(20, 4);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 20);
  EXPECT_EQ(script->in_flight_max, 4);
  EXPECT_EQ(count_facts<RunEnded>(), 20U);
  EXPECT_EQ(count_facts<TurnCompleted>(), 40U) << "turn 0 and turn 1";
}

TEST_F(SupervisorTest, AFailedRunIsCountedAndTheOthersGoOn) {
  script->fail_runs[2] = {Errc::reply_invalid, "no action"};
  const auto actor = supervise(5, 2);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 4);
  EXPECT_EQ(outcome.runs.failed, 1);
  ASSERT_EQ(outcome.ended.size(), 1U);
  EXPECT_EQ(outcome.ended[0].run, RunId{2});
}

TEST_F(SupervisorTest, AnExhaustedSweepLimitStartsNoMoreRuns) {
  script->fail_runs[1] = {Errc::limit_exhausted, "sweep:s-1"};
  const auto actor = supervise(100, 2);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 60);

  EXPECT_EQ(outcome.status, "halted");
  EXPECT_EQ(outcome.code, Errc::limit_exhausted);
  EXPECT_EQ(outcome.runs.halted, 1);
  EXPECT_LT(outcome.runs.completed, 3);
}

TEST_F(SupervisorTest, ALimitOfOneRunDoesNotStopTheOthers) {
  script->fail_runs[1] = {Errc::run_limit_exhausted, "run:r-1"};
  const auto actor = supervise(5, 1);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.runs.completed, 4);
  EXPECT_EQ(outcome.runs.halted, 1);
  EXPECT_EQ(outcome.status, "halted");
}

TEST_F(SupervisorTest, APhaseThatDiesFailsItsRunOnly) {
  script->phase_dies = true;
  const auto actor = supervise(3, 1);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.runs.failed, 3);
  EXPECT_EQ(outcome.status, "failed");
}

TEST_F(SupervisorTest, StopStartsNoMoreRunsAndLetsRunningOnesFinish) {
  const auto actor = supervise(10, 2);
  const auto answer = ask_later<SweepOutcome>(actor, StartSweep{});
  run();

  tell(actor, StopSweep{false, {Errc::stopped, "Ctrl-C"}});
  const auto outcome = finish(answer, 10);

  EXPECT_EQ(outcome.status, "paused");
  EXPECT_EQ(outcome.runs.completed, 2);
}

TEST_F(SupervisorTest, ProgressCountsTheTurnsOfRunsInFlight) {
  turns = 3;
  const auto actor = supervise(2, 1);
  const auto answer = ask_later<SweepOutcome>(actor, StartSweep{});
  run();
  std::vector<std::int64_t> seen;
  while (!answer.came()) {
    advance(std::chrono::seconds{1});
    seen.push_back(ask<SweepProgress>(actor, GetProgress{})->turns_completed);
  }

  EXPECT_THAT(seen, ::testing::ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(SupervisorTest, AFullDiskHaltsTheSweep) {
  script->journal_fails = true;
  const auto actor = supervise(10, 2);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "halted");
  EXPECT_EQ(outcome.code, Errc::disk_failed);
  EXPECT_EQ(outcome.runs.completed, 0);
}

TEST_F(SupervisorTest, EveryThousandRunsProjectorMustHaveCaughtUp) {
  const auto actor = supervise(2'500, 500);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 20);

  EXPECT_EQ(outcome.runs.completed, 2'500);
  EXPECT_EQ(script->flushes, 2);
}

TEST_F(SupervisorTest, AProjectorThatFailedHoldsNobodyUp) {
  script->projector_fails = true;
  const auto actor = supervise(1'200, 500);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 20);

  EXPECT_EQ(outcome.runs.completed, 1'200);
  EXPECT_EQ(script->flushes, 1);
}

TEST_F(SupervisorTest, ThePerRunLimitIsSetBeforeARunStarts) {
  Limit limit;
  limit.usd = Money{5};
  const auto actor = supervise(3, 3, limit);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.runs.completed, 3);
  ASSERT_EQ(script->limits.size(), 3U);
  EXPECT_EQ(script->limits[0].limits[0].limit, limit);
}

TEST_F(SupervisorTest, WhatAScenarioItselfHaltsDoesNotStopTheSweep) {
  sweep = SweepId{1};
  script->add[2].halt = "validation: 3 issues";
  const auto actor = supervise(3, 1);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.code, Errc::ok);
  EXPECT_EQ(outcome.runs.completed, 2);
  EXPECT_EQ(outcome.runs.halted, 1);
  ASSERT_EQ(outcome.ended.size(), 1U);
  EXPECT_EQ(outcome.ended[0].reason, "validation: 3 issues");
}

TEST_F(SupervisorTest, ARunThatPausesIsCountedApartAndTheOthersGoOn) {
  sweep = SweepId{1};
  pattern.pauses = {{"decision", false, 1}};
  const auto actor = supervise(3, 1);

  const auto outcome = finish(ask_later<SweepOutcome>(actor, StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "paused");
  EXPECT_EQ(outcome.code, Errc::ok);
  EXPECT_EQ(outcome.reason, "paused after decision, turn 1");
  EXPECT_EQ(outcome.runs.paused, 3);
  EXPECT_EQ(outcome.runs.completed + outcome.runs.halted, 0);
  EXPECT_EQ(kinds().back(), EventKind::scenario_paused);
}

TEST_F(SupervisorTest, APausedRunGoesOnBehindItsPause) {
  pattern.pauses = {{"decision", false, 1}};
  finish(ask_later<SweepOutcome>(supervise(1, 1), StartSweep{}), 10);
  for (const auto& fact : script->facts)
    history->apply(fact);

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(1, 1), StartSweep{}), 10);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.runs.completed, 1);
}

TEST_F(SupervisorTest, APlanIsRecordedAnewWhenOtherPeoplePlay) {
  finish(ask_later<SweepOutcome>(supervise(1, 1), StartSweep{}), 10);
  EXPECT_EQ(count_facts<RunPlanned>(), 1U);
  for (const auto& fact : script->facts)
    history->apply(fact);

  finish(ask_later<SweepOutcome>(supervise(1, 1), StartSweep{}), 10);
  EXPECT_EQ(count_facts<RunPlanned>(), 1U) << "nothing changed";

  pattern.controls = {{"east", 2, Control::human}};
  finish(ask_later<SweepOutcome>(supervise(1, 1), StartSweep{}), 10);
  EXPECT_EQ(count_facts<RunPlanned>(), 2U);
}

TEST_F(SupervisorTest, WatchersAreToldWhatAPhaseAddedButNoPrivateWords) {
  auto& turn = script->add[1];
  turn.messages = {{"bilateral", "east", {"west"}, "canary: our last offer"}};
  MetricValue calm;
  calm.metric = "trust";
  auto tense = calm;
  tense.metric = "tension";
  tense.number = 9.5;
  tense.level = MetricLevel::critical;
  turn.metrics = {calm, tense};
  CheckResult passed;
  passed.verdict = CheckVerdict::passed;
  CheckResult failed;
  failed.kind = CheckKind::decision_consistency;
  failed.participant = "west";
  failed.verdict = CheckVerdict::failed;
  failed.severity = IssueSeverity::high;
  failed.issues = {"canary: what it hid"};
  turn.checks = {passed, failed, CheckResult{}};

  finish(ask_later<SweepOutcome>(supervise(1, 1), StartSweep{}), 10);

  std::vector<std::string> told;
  for (const auto& event : script->events) {
    EXPECT_EQ(event.text.find("canary"), std::string::npos);
    if (event.kind == EventKind::communication_sent
        || event.kind == EventKind::metric_recorded
        || event.kind == EventKind::validation_failed)
      told.push_back(std::string{to_string(event.kind)} + " " + event.phase
                     + " " + event.participant + ": " + event.text);
  }
  EXPECT_EQ(told,
            (std::vector<std::string>{
              "communication_sent decision east: bilateral to west",
              "metric_recorded decision : tension 9.5 (critical)",
              "validation_failed decision west: decision_consistency: not "
              "passed (high)",
              "validation_failed decision : world_coherence: no verdict "
              "(medium)"}));
}

TEST_F(SupervisorTest, ASourceMayWaitForRunsAndEndTheSweepByItsOwnRules) {
  SourceStop rule;
  rule.then = SourceStop::Then::finish;
  rule.because = "precise enough";
  rule.runs_saved = 94;
  rule.calls_saved = 188;
  const auto pairs = std::make_shared<Pairs>(3, rule);
  source = pairs;
  sweep = SweepId{1};

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(100, 8), StartSweep{}), 20);

  EXPECT_EQ(outcome.status, "completed");
  EXPECT_EQ(outcome.reason, "precise enough");
  ASSERT_TRUE(outcome.ruled);
  EXPECT_EQ(outcome.ruled->then, "finish");
  EXPECT_EQ(outcome.ruled->runs_saved, 94);
  EXPECT_EQ(outcome.runs.completed, 6);
  EXPECT_EQ(script->in_flight_max, 2) << "it waited at each look";
  ASSERT_EQ(pairs->seen.size(), 6U);
  EXPECT_TRUE(pairs->seen.front().replies.has_value());
  EXPECT_EQ(std::get<SweepEnded>(script->facts.back()).reason,
            "precise enough");
}

TEST_F(SupervisorTest, APauseByRuleIsAPausedSweep) {
  for (const auto then : {SourceStop::Then::pause, SourceStop::Then::ask,
                          SourceStop::Then::pause_model}) {
    SourceStop rule;
    rule.then = then;
    rule.because = "too many failed runs";
    source = std::make_shared<Pairs>(1, rule);

    const auto outcome =
      finish(ask_later<SweepOutcome>(supervise(100, 8), StartSweep{}), 20);

    EXPECT_EQ(outcome.status, "paused");
    EXPECT_EQ(outcome.ruled->then, to_string(then));
    EXPECT_EQ(outcome.runs.completed, 2);
  }
}

TEST_F(SupervisorTest, ASourceLearnsTheNumbersOfRunsThatCompleted) {
  TurnRecord turn;
  turn.metrics = {
    {"tension", "", MetricStatus::value, 4.5, "4.5", MetricLevel::normal},
    {"tension", "east", MetricStatus::value, 9, "9", MetricLevel::normal},
    {"strange", "", MetricStatus::out_of_range, 99, "99", MetricLevel::normal}};
  script->add[1] = turn;
  script->fail_runs[2] = {Errc::reply_invalid, "nonsense"};
  const auto pairs = std::make_shared<Pairs>(1, SourceStop{});
  source = pairs;

  finish(ask_later<SweepOutcome>(supervise(100, 8), StartSweep{}), 20);

  ASSERT_EQ(pairs->seen.size(), 2U);
  for (const auto& run : pairs->seen)
    if (run.outcome.status == RunStatus::completed)
      EXPECT_EQ(run.metrics, (std::vector<std::pair<std::string, double>>{
                               {"tension", 4.5}}));
    else
      EXPECT_TRUE(run.metrics.empty() && !run.replies);
}

TEST_F(SupervisorTest, WhenTheMoneyIsOutRunningRunsEndOrGoOnAsTheyWereTold) {
  for (const bool ends : {true, false}) {
    SCOPED_TRACE(ends);
    *script = {};
    turns = 3;
    exhausted_ends_running = ends;
    script->fail_runs[1] = {Errc::limit_exhausted, "sweep: s-1"};

    const auto outcome =
      finish(ask_later<SweepOutcome>(supervise(10, 3), StartSweep{}), 20);

    EXPECT_EQ(outcome.status, "halted");
    EXPECT_EQ(outcome.code, Errc::limit_exhausted);
    EXPECT_EQ(outcome.runs.completed, ends ? 0 : 2);
    EXPECT_EQ(outcome.runs.halted, ends ? 3 : 1);
  }
}

TEST_F(SupervisorTest, ASweepWhoseOwnMoneyIsOutIsOverIfItWasToldSo) {
  sweep = SweepId{1};
  exhausted_ends_sweep = true;
  for (const auto& [code, status] :
       {std::pair{Errc::sweep_limit_exhausted, "stopped"},
        std::pair{Errc::limit_exhausted, "halted"}}) {
    SCOPED_TRACE(status);
    *script = {};
    script->fail_runs[1] = {code, "settled 1"};

    const auto outcome =
      finish(ask_later<SweepOutcome>(supervise(10, 1), StartSweep{}), 20);

    EXPECT_EQ(outcome.status, status);
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(std::get<SweepEnded>(script->facts.back()).status, status);
  }
}

TEST_F(SupervisorTest, ASourceMayWaitForTables) {
  const auto readers = std::make_shared<Readers>(4);
  source = readers;

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(4, 1), StartSweep{}), 20);

  EXPECT_EQ(outcome.runs.completed, 4);
  EXPECT_EQ(readers->times, 5) << "once a run, and once to see the end";
}

TEST_F(SupervisorTest, RunsThatWereDoneElsewhereGetTheirNamesRecorded) {
  sweep = SweepId{1};
  plan = SweepPlanned{};
  source = std::make_shared<Meets>(2);

  const auto outcome =
    finish(ask_later<SweepOutcome>(supervise(5, 2), StartSweep{}), 20);

  EXPECT_EQ(outcome.runs.existing, 3);
  EXPECT_EQ(outcome.runs.completed, 2);
  const auto& facts = script->facts;
  ASSERT_GE(facts.size(), 2U);
  const auto* named = std::get_if<SweepPlanned>(&facts[facts.size() - 2]);
  ASSERT_NE(named, nullptr);
  ASSERT_EQ(named->runs.size(), 3U);
  EXPECT_EQ(named->runs[2].name, "p2.r1");
}

} // namespace
} // namespace lab::runtime
