#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/metrics/metric_value.hpp"
#include "actors/validation/spread_alarm.hpp"
#include "actors/validation/verdicts.hpp"

namespace lab::actors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CheckResult checked(CheckVerdict verdict, IssueSeverity severity,
                    std::string participant = "isle") {
  CheckResult result;
  result.kind = CheckKind::decision_consistency;
  result.participant = std::move(participant);
  result.verdict = verdict;
  result.severity = severity;
  return result;
}

TurnState after(std::vector<CheckResult> now,
                std::vector<std::vector<CheckResult>> before = {}) {
  TurnState state;
  state.history.push_back(share(TurnRecord{}));
  for (auto& checks : before) {
    TurnRecord record;
    record.turn = static_cast<std::int32_t>(state.history.size());
    record.checks = std::move(checks);
    state.history.push_back(share(record));
  }
  state.current.turn = static_cast<std::int32_t>(state.history.size());
  state.current.checks = std::move(now);
  return state;
}

constexpr auto failed = CheckVerdict::failed;
constexpr auto passed = CheckVerdict::passed;
constexpr auto missing = CheckVerdict::missing;
constexpr auto low = IssueSeverity::low;
constexpr auto medium = IssueSeverity::medium;
constexpr auto high = IssueSeverity::high;

TEST(HaltReason, NothingHaltsUnlessTheScenarioSaysSo) {
  EXPECT_EQ(halt_reason({}, after({checked(failed, high)})), "");
}

TEST(HaltReason, OnlyAFailedCheckOfHighSeverityIsCritical) {
  ValidationSpec spec;
  spec.halt_on_critical = true;

  EXPECT_EQ(halt_reason(spec, after({checked(failed, medium)})), "");
  EXPECT_EQ(halt_reason(spec, after({checked(passed, high)})), "");
  EXPECT_EQ(halt_reason(spec, after({checked(missing, high)})), "");
  EXPECT_EQ(halt_reason(
              spec, after({checked(failed, low), checked(failed, high, "port"),
                           checked(failed, high, "line")})),
            "validation: decision_consistency of port failed with severity "
            "high");
}

TEST(HaltReason, ActionsGoBySeverity) {
  ValidationSpec spec;
  spec.actions = {{"low", IssueAction::log},
                  {"medium", IssueAction::halt},
                  {"high", IssueAction::warn}};

  EXPECT_EQ(halt_reason(spec, after({checked(failed, low)})), "");
  EXPECT_EQ(halt_reason(spec, after({checked(failed, high)})), "");
  EXPECT_EQ(halt_reason(spec, after({checked(failed, medium, "")})),
            "validation: decision_consistency failed with severity medium");
  EXPECT_EQ(action_for(spec, checked(failed, high)), IssueAction::warn);
  EXPECT_EQ(action_for({}, checked(failed, high)), IssueAction::log);
}

TEST(HaltReason, FailedChecksAreCountedOverTheRun) {
  ValidationSpec spec;
  spec.issues_before_halt = 3;
  const std::vector<std::vector<CheckResult>> before{
    {checked(failed, low)}, {checked(failed, low), checked(passed, low)}};

  EXPECT_EQ(halt_reason(spec, after({checked(failed, low)}, before)),
            "validation: 3 failed checks in this run, halts at 3");
  EXPECT_EQ(halt_reason(spec, after({checked(failed, low)})), "");
  EXPECT_EQ(halt_reason(spec, after({checked(missing, low)}, before)), "");
}

/// Resumed on purpose, a run does not halt again before something new fails.
TEST(HaltReason, APassedTurnDoesNotHaltForOldFailures) {
  ValidationSpec spec;
  spec.issues_before_halt = 1;

  EXPECT_EQ(
    halt_reason(spec, after({checked(passed, low)}, {{checked(failed, low)}})),
    "");
}

ScenarioSpec checking(std::vector<CheckKind> kinds) {
  ScenarioSpec scenario;
  scenario.turns = 4;
  scenario.validation.emplace();
  for (const auto kind : kinds)
    scenario.validation->checks.push_back({kind, medium, {}, {}});
  return scenario;
}

std::vector<std::string> shown(const std::vector<CheckJob>& jobs) {
  std::vector<std::string> out;
  for (const auto& job : jobs)
    out.push_back(std::to_string(job.check) + ' ' + job.participant);
  return out;
}

TurnState decided(std::int32_t turn) {
  auto state = after({});
  state.current.turn = turn;
  state.current.decisions.resize(2);
  state.current.decisions[0].participant = "isle";
  state.current.decisions[1].participant = "port";
  return state;
}

TEST(CheckJobs, GoByTheSpecsOrderThenTheScenarios) {
  const auto scenario =
    checking({CheckKind::information_access, CheckKind::world_coherence,
              CheckKind::decision_consistency});

  EXPECT_THAT(shown(check_jobs(scenario, decided(1))),
              ElementsAre("0 isle", "0 port", "1 ", "2 isle", "2 port"));
  EXPECT_THAT(check_jobs(ScenarioSpec{}, decided(1)), IsEmpty());
}

TEST(CheckJobs, AtTheEndAloneTheLastTurnHasThem) {
  auto scenario = checking({CheckKind::world_coherence});
  scenario.validation->every_turn = false;
  EXPECT_THAT(check_jobs(scenario, decided(3)), IsEmpty());
  EXPECT_EQ(check_jobs(scenario, decided(4)).size(), 1u);

}

TEST(CheckJobs, AtTheEndAloneTheTurnThatMeetsTheConditionHasThem) {
  auto scenario = checking({CheckKind::world_coherence});
  scenario.validation->every_turn = false;
  scenario.end_condition = "trust > 5";
  auto state = decided(3);
  MetricValue trust;
  trust.metric = "trust";
  trust.status = MetricStatus::value;
  trust.number = 5;
  state.current.metrics = {trust};
  EXPECT_THAT(check_jobs(scenario, state), IsEmpty());

  state.current.metrics.front().number = 6;
  EXPECT_EQ(check_jobs(scenario, state).size(), 1u);
}

TEST(Verdict, SeverityIsTheRepliesElseTheChecks) {
  const CheckSpec check{CheckKind::world_coherence, high, {}, {}};
  CheckReply reply;
  EXPECT_EQ(result_of(check, {}, reply).severity, high);
  EXPECT_EQ(result_of(check, {}, reply).verdict, failed);

  reply.severity = low;
  reply.passed = true;

  EXPECT_EQ(result_of(check, {}, reply).severity, low);
  EXPECT_EQ(result_of(check, {}, reply).verdict, passed);
}

// --- thresholds
// ---------------------------------------------------------------

struct LevelCase {
  std::optional<double> warning;
  std::optional<double> critical;
  double number;
  MetricLevel level;
};

TEST(MetricLevel, ThresholdsSayThemselvesWhichWayIsBad) {
  constexpr auto normal = MetricLevel::normal;
  constexpr auto warning = MetricLevel::warning;
  constexpr auto critical = MetricLevel::critical;
  const std::vector<LevelCase> cases{
    {4.0, 6.0, 3.9, normal},
    {4.0, 6.0, 4.0, warning},
    {4.0, 6.0, 6.0, critical},
    {4.0, 6.0, 99, critical},
    {4.0, 2.0, 4.1, normal},
    {4.0, 2.0, 4.0, warning},
    {4.0, 2.0, 2.0, critical},
    {4.0, 2.0, -9, critical},
    {4.0, 4.0, 4.0, critical},
    {4.0, 4.0, 3.0, normal},
    {std::nullopt, 6.0, 6.0, critical},
    {std::nullopt, 6.0, 5.9, normal},
    {4.0, std::nullopt, 4.0, warning},
    {4.0, std::nullopt, 3.9, normal},
    {std::nullopt, std::nullopt, 99, normal},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.number);
    MetricSpec metric;
    metric.warning_threshold = row.warning;
    metric.critical_threshold = row.critical;

    EXPECT_EQ(level_of(metric, value_of(metric, row.number)), row.level);
  }
}

TEST(MetricLevel, WhatIsNoDataHasNone) {
  MetricSpec metric;
  metric.range = {{0, 10}};
  metric.critical_threshold = 5;

  EXPECT_EQ(level_of(metric, value_of(metric, 11)), MetricLevel::normal);
  EXPECT_EQ(level_of(metric, MetricValue{}), MetricLevel::normal);
}

// --- text that travels
// ----------------------------------------------------------

std::string passage(char first) {
  std::string text;
  for (int i = 0; i < 30; ++i)
    text += std::string{first} + " word" + std::to_string(i * i) + ' ';
  return text; // more than 200 characters
}

TurnRecord saying(const std::vector<std::string>& actions) {
  TurnRecord turn;
  for (const auto& action : actions) {
    Decision decision;
    decision.participant = "p" + std::to_string(turn.decisions.size());
    decision.action = action;
    turn.decisions.push_back(decision);
  }
  return turn;
}

TEST(SpreadAlarm, FindsAPassageInTheWordsOfThree) {
  const auto turn =
    saying({"First. " + passage('a'), "Mine. " + passage('b'),
            passage('a') + "More.", "I say:\n" + passage('A') + "Yes."});

  const auto spreads = spreads_in(turn);

  ASSERT_EQ(spreads.size(), 1u);
  EXPECT_THAT(spreads[0].participants, ElementsAre("p0", "p2", "p3"));
}

TEST(SpreadAlarm, TwoOrShortPassagesAreNone) {
  EXPECT_THAT(spreads_in(saying({passage('a'), passage('a'), "Other."})),
              IsEmpty());
  const auto brief = passage('a').substr(0, 190);
  EXPECT_THAT(spreads_in(saying({brief, brief, brief})), IsEmpty());
  EXPECT_THAT(spreads_in({}), IsEmpty());
}

TEST(SpreadAlarm, PrivateWordsCountAsTheirSendersOutput) {
  auto turn = saying({passage('a'), passage('a'), "Other."});
  turn.messages = {{"bilateral", "p2", {"p0"}, passage('a')}};

  EXPECT_EQ(spreads_in(turn).size(), 1u);
}

TEST(SpreadAlarm, IsReportedAsAnIssueAndLeavesTheVerdict) {
  std::vector<CheckResult> checks{checked(passed, low),
                                  checked(passed, low, "")};
  checks[1].kind = CheckKind::world_coherence;

  add_spread(checks, {{{"p0", "p2", "p3"}}});

  EXPECT_THAT(checks[0].issues, IsEmpty());
  EXPECT_THAT(checks[1].issues,
              ElementsAre("Spread: the same 200 characters stand in the words "
                          "of p0, p2, p3."));
  EXPECT_EQ(checks[1].verdict, passed);
}

} // namespace
} // namespace lab::actors
