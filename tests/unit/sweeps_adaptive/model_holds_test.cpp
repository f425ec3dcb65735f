// One model's runs are held back, the others go on; and rules that count
// attempts.

#include <map>

#include <gtest/gtest.h>

#include "tests/unit/sweeps_adaptive/played_sweep.hpp"

namespace lab::sweeps {
namespace {

constexpr std::int32_t points = 8;

/// Points take turns between two models; a third makes the world of all.
AdaptiveRules two_models(std::string_view when) {
  auto rules = rules_for(points, 6);
  rules.points = points;
  rules.models_of = [](std::int32_t point) {
    return std::set<std::string>{point % 2 == 0 ? "a/even" : "b/odd",
                                 "w/world"};
  };
  rules.stop = {stop_when(when, StopAction::pause_model)};
  return rules;
}

/// Runs of odd points fail.
std::optional<double> odd_fails(const RunTicket& ticket) {
  return ticket.point_index % 2 == 1 ? std::nullopt
                                     : std::optional{unit(ticket)};
}

TEST(HeldModels, OnlyTheRunsOfTheBrokenModelWait) {
  const auto rules = two_models("share(failed) > 0.2 and count(failed) >= 4");

  const auto played = play(rules, points, 6, odd_fails, 5, 1);

  // Two blocks make a look; then the odd points wait.
  EXPECT_EQ(played.runs.size(), 2U * 8 + 4U * 4);
  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.stop->then, SourceStop::Then::pause_model);
  EXPECT_EQ(played.stop->because,
            "b/odd is held back: share(failed) > 0.2 and count(failed) >= 4; "
            "16 runs wait");
  EXPECT_EQ(played.stop->runs_saved, 0) << "a pause saves nothing";
}

TEST(HeldModels, AModelThatAllRunsShareIsNotBlamedForOne) {
  const auto rules = two_models("share(failed) > 0.2");
  const auto played = play(rules, points, 6, odd_fails, 5, 1);
  EXPECT_EQ(played.stop->because.find("w/world"), std::string::npos)
    << played.stop->because;
}

TEST(HeldModels, WhenAllModelsAreBrokenAllWait) {
  const auto rules = two_models("share(failed) > 0.2");
  const auto played = play(
    rules, points, 6, [](const auto&) { return Number{}; }, 5, 1);
  EXPECT_EQ(played.runs.size(), 16U);
  EXPECT_TRUE(played.stop->because.starts_with("a/even is held back"))
    << played.stop->because;
  EXPECT_NE(played.stop->because.find("; b/odd is held back"),
            std::string::npos);
}

TEST(HeldModels, ASweepWithoutABrokenModelEndsAsAnyOther) {
  const auto rules = two_models("share(failed) > 0.2");
  const auto played = play(
    rules, points, 6, [](const auto& t) { return Number{unit(t)}; }, 5, 1);
  EXPECT_EQ(played.runs.size(), 48U);
  EXPECT_FALSE(played.stop);
}

TEST(HeldModels, TheScheduleDecidesNothing) {
  const auto rules = two_models("share(failed) > 0.2 and count(failed) >= 4");
  const auto one = play(rules, points, 6, odd_fails, 1, 1);
  for (std::uint64_t schedule = 2; schedule < 30; ++schedule) {
    const auto other =
      play(rules, points, 6, odd_fails, 1 + schedule * 7 % 40, schedule);
    ASSERT_EQ(other.runs, one.runs);
    ASSERT_EQ(other.stop->because, one.stop->because);
  }
}

TEST(HeldModels, RepeatingTheCommandAsksAgain) {
  const auto rules = two_models("share(failed) > 0.2 and count(failed) >= 4");
  const auto first = play(rules, points, 6, odd_fails, 5, 1);

  // The model answers again.
  const auto second = play(
    rules, points, 6, [](const auto& t) { return Number{unit(t)}; }, 5, 2,
    first.outcomes);

  EXPECT_EQ(second.runs.size(), 48U);
  EXPECT_FALSE(second.stop);

  // It does not, and is held back at the first look with a run of its own.
  const auto third = play(rules, points, 6, odd_fails, 5, 3, first.outcomes);
  EXPECT_EQ(third.runs, first.runs);
  EXPECT_EQ(third.stop->then, SourceStop::Then::pause_model);
}

TEST(HeldModels, HeldPointsGetNoMoreReplicatesAndTheOthersDo) {
  auto rules = two_models("share(failed) > 0.2");
  rules.more = more_until("replicates >= 9", 9);

  const auto played = play(rules, points, 6, odd_fails, 5, 1);

  EXPECT_EQ(played.runs.size(), 2U * 8 + 4U * 4 + 4U * 3);
  EXPECT_EQ(played.stop->then, SourceStop::Then::pause_model);
}

TEST(HeldModels, ARuleThatFinishesTheSweepComesFirst) {
  auto rules = two_models("share(failed) > 0.2");
  rules.stop.push_back(stop_when("count(finished) >= 14", StopAction::finish));
  const auto played = play(rules, points, 6, odd_fails, 5, 1);
  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.stop->then, SourceStop::Then::finish);
}

/// What a journal says of attempts: as many as the run's replicate, of which
/// the first fails at odd points.
class Record final : public AttemptRecords {
public:
  bool broken = false;
  int asked = 0;

  Result<std::unordered_map<RunId, RunAttempts>>
  of(const std::vector<RunId>& runs) override {
    ++asked;
    if (broken)
      return fail(Errc::disk_failed, "tables");
    std::unordered_map<RunId, RunAttempts> found;
    for (const auto run : runs) {
      const auto point = run.value / 1000;
      const bool odd = point % 2 == 1;
      found[run][{odd ? "b" : "a", odd ? "b/odd" : "a/even"}] = {4,
                                                                 odd ? 2 : 0};
    }
    return found;
  }
};

TEST(AttemptRules, ARateIsOfAllAttemptsOfTheSweepSoFar) {
  const auto record = std::make_shared<Record>();
  auto rules = rules_for(points, 6);
  rules.attempts = record;
  rules.stop = {
    stop_when("provider.error_rate('a') > 0", StopAction::pause),
    stop_when("provider.error_rate('c') >= 0", StopAction::pause),
    stop_when("provider.error_rate('b', last=3) == 0.5", StopAction::stop)};

  const auto played = play(
    rules, points, 6, [](const auto& t) { return Number{unit(t)}; }, 5, 1);

  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.stop->because, "provider.error_rate('b', last=3) == 0.5");
  EXPECT_EQ(played.runs.size(), 16U);
  EXPECT_EQ(record->asked, 1) << "once a look";
}

TEST(AttemptRules, AModelIsJudgedByItsOwnAttempts) {
  auto rules = two_models("provider.error_rate('b', 10m) > 0.3");
  rules.attempts = std::make_shared<Record>();

  const auto played = play(
    rules, points, 6, [](const auto& t) { return Number{unit(t)}; }, 5, 1);

  ASSERT_TRUE(played.stop);
  EXPECT_TRUE(played.stop->because.starts_with("b/odd is held back"))
    << played.stop->because;
  EXPECT_EQ(played.runs.size(), 2U * 8 + 4U * 4);
}

TEST(AttemptRules, ARecordThatCannotBeReadPausesTheSweepAndSaysSo) {
  auto rules = two_models("provider.error_rate('b') > 0.3");
  const auto record = std::make_shared<Record>();
  record->broken = true;
  rules.attempts = record;

  const auto played = play(
    rules, points, 6, [](const auto& t) { return Number{unit(t)}; }, 5, 1);

  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.stop->then, SourceStop::Then::pause);
  EXPECT_EQ(played.stop->because, "what is recorded of attempts cannot be "
                                  "read: disk_failed: tables");
}

} // namespace
} // namespace lab::sweeps
