#include <algorithm>
#include <map>

#include "tests/unit/sweeps_adaptive/played_sweep.hpp"

namespace lab::sweeps {
namespace {

TEST(Controller, WithoutRulesEveryRunIsHandedOutAndNothingWaits) {
  const auto played = play(
    rules_for(5, 4), 5, 4, [](const auto& t) { return Number{unit(t)}; }, 64,
    1);

  EXPECT_EQ(played.runs.size(), 20U);
  EXPECT_FALSE(played.stop);
}

TEST(Controller, ARuleEndsTheSweepAtAWholeBlock) {
  auto rules = rules_for(8, 50);
  rules.stop = {
    stop_when("ci_halfwidth(Night_sailing) <= 0.2", StopAction::finish)};

  const auto played = play(
    rules, 8, 50, [](const auto& t) { return Number{unit(t)}; }, 5, 1);

  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.stop->then, SourceStop::Then::finish);
  EXPECT_EQ(played.runs.size() % 8, 0U);
  EXPECT_LT(played.runs.size(), 200U);
  EXPECT_EQ(played.stop->runs_saved,
            400 - static_cast<std::int64_t>(played.runs.size()));
  EXPECT_EQ(played.stop->calls_saved, 2 * played.stop->runs_saved);
}

TEST(Controller, DecisionsHangOnOutcomesAndNeverOnTheSchedule) {
  auto rules = rules_for(6, 12);
  rules.stop = {
    stop_when("share(failed) > 0.3 and count(finished) >= 30",
              StopAction::pause),
    stop_when("ci_halfwidth(Night_sailing, 0.9) <= 0.17", StopAction::finish)};
  rules.more = more_until("sd(Night_sailing) < 0.2", 30);
  for (std::uint64_t world = 0; world < 30; ++world) {
    const World outcomes = [world](const RunTicket& ticket) {
      const auto x = unit(ticket, world);
      return x < 0.02 * static_cast<double>(world % 20)
               ? std::optional<double>{}
               : std::optional<double>{
                 0.5 + (x - 0.5) * (ticket.point_index % 2 == 0 ? 1.0 : 0.1)};
    };
    const auto one = play(rules, 6, 12, outcomes, 1, 1);
    for (std::uint64_t schedule = 2; schedule < 12; ++schedule) {
      const auto other = play(rules, 6, 12, outcomes, 1 + schedule * 7 % 64,
                              schedule * 1000 + world);
      ASSERT_EQ(other.runs, one.runs);
      ASSERT_EQ(other.added, one.added);
      ASSERT_EQ(other.stop.has_value(), one.stop.has_value());
      if (one.stop) {
        ASSERT_EQ(other.stop->because, one.stop->because);
        ASSERT_EQ(other.stop->runs_saved, one.stop->runs_saved);
      }
    }
  }
}

TEST(Controller, AnEngineThatWasKilledComesToTheSameEnd) {
  auto rules = rules_for(4, 10);
  rules.stop = {
    stop_when("mean(Night_sailing, last=20) > 0.97", StopAction::finish)};
  rules.more = more_until("ci_halfwidth(Night_sailing) <= 0.25", 40);
  const World outcomes = [](const RunTicket& t) { return Number{unit(t)}; };
  const auto whole = play(rules, 4, 10, outcomes, 6, 1);
  ASSERT_GT(whole.added, 0);
  for (std::size_t killed = 0; killed < whole.runs.size(); killed += 3) {
    const auto part = play(rules, 4, 10, outcomes, 6, killed, {}, killed);
    const auto rest =
      play(rules, 4, 10, outcomes, 3, killed + 1, part.outcomes);
    EXPECT_EQ(rest.runs, whole.runs) << "killed after " << killed;
    EXPECT_EQ(rest.stop->because, whole.stop->because);
  }
}

TEST(Controller, ASweepThatIsKilledAnywhereIsBalancedWithinABlock) {
  auto rules = rules_for(7, 9);
  rules.stop = {stop_when("count(finished) < 0", StopAction::finish)};
  const World outcomes = [](const RunTicket& t) { return Number{unit(t)}; };
  for (std::size_t killed = 0; killed <= 63; ++killed) {
    Blocks tickets{7, 9};
    Controller controller{rules, tickets, {}};
    std::map<std::int32_t, int> runs;
    for (std::int32_t point = 0; point < 7; ++point)
      runs[point] = 0;
    for (std::size_t i = 0; i < killed; ++i) {
      const auto ticket = controller.next();
      ASSERT_TRUE(ticket);
      ++runs[ticket->point_index];
      controller.ended(outcome_of(*ticket, outcomes(*ticket)));
    }
    const auto [least, most] = std::ranges::minmax_element(
      runs, {}, [](const auto& entry) { return entry.second; });
    EXPECT_LE(most->second - least->second, 1);
  }
}

TEST(Controller, RepeatingAFinishedSweepStartsNothing) {
  auto rules = rules_for(8, 50);
  rules.stop = {
    stop_when("ci_halfwidth(Night_sailing) <= 0.2", StopAction::finish)};
  const World outcomes = [](const RunTicket& t) { return Number{unit(t)}; };
  const auto first = play(rules, 8, 50, outcomes, 5, 1);

  const auto again = play(rules, 8, 50, outcomes, 5, 2, first.outcomes);

  EXPECT_EQ(again.runs, first.runs);
  EXPECT_EQ(again.stop->then, SourceStop::Then::finish);

  rules.stop.clear(); // the rule no longer stands
  EXPECT_EQ(play(rules, 8, 50, outcomes, 5, 2, first.outcomes).runs.size(),
            400U);
}

TEST(Controller, RepeatingAPausedSweepGoesOn) {
  auto rules = rules_for(10, 10);
  rules.stop = {stop_when("mean(Night_sailing) > 0.1", StopAction::pause)};
  const World outcomes = [](const RunTicket& t) { return Number{unit(t)}; };
  const auto first = play(rules, 10, 10, outcomes, 4, 1);
  ASSERT_EQ(first.stop->then, SourceStop::Then::pause);
  EXPECT_EQ(first.runs.size(), 20U) << "two blocks make a look";
  EXPECT_EQ(first.stop->runs_saved, 0) << "a pause saves nothing yet";

  const auto second = play(rules, 10, 10, outcomes, 4, 1, first.outcomes);

  EXPECT_EQ(second.runs.size(), 40U) << "it looks again, and pauses again";
}

TEST(Controller, FailuresAreAShareOfAllThatEnded) {
  auto rules = rules_for(20, 10);
  rules.stop = {stop_when("share(failed) > 0.05 and count(finished) >= 30 and "
                          "share(refused) == share(failed)",
                          StopAction::pause)};
  const auto played = play(
    rules, 20, 10,
    [](const RunTicket& t) {
      return t.replicate == 2 && t.point_index < 4 ? std::nullopt
                                                   : std::optional{0.5};
    },
    8, 3);

  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.runs.size(), 40U) << "4 of 40";
}

TEST(Controller, OnlyLoosePointsGetMoreReplicates) {
  auto rules = rules_for(3, 8);
  rules.may_grow = [](std::int32_t point) { return point != 1; };
  rules.more = more_until("sd(Night_sailing) < 0.01 or replicates >= 16", 100);
  const auto played = play(
    rules, 3, 8,
    [](const RunTicket& t) {
      return Number{t.point_index == 0 ? 0.5 : unit(t)};
    },
    4, 5);

  // 8, 10, 12, 15, 18 replicates of the last point; none more of the others.
  EXPECT_EQ(played.added, 10);
  EXPECT_EQ(played.stop->because, "precise enough at 2 points");
  EXPECT_EQ(played.stop->runs_saved, (100 - 8) + (100 - 18));
}

TEST(Controller, WhatStaysLooseStopsAtItsMostReplicates) {
  auto rules = rules_for(2, 4);
  rules.more = more_until("ci_halfwidth(Night_sailing) <= 0.001", 9);
  const auto played = play(
    rules, 2, 4, [](const auto& t) { return Number{unit(t)}; }, 4, 5);

  EXPECT_EQ(played.runs.size(), 18U);
  EXPECT_EQ(played.stop->because,
            "not precise enough at 2 of 2 points, which had all 9 replicates");
}

TEST(Controller, CopiesOfOneReplyNeverCountAsPrecision) {
  auto rules = rules_for(1, 8);
  rules.more = more_until("ci_halfwidth(Night_sailing) <= 0.3", 12);
  Blocks tickets{1, 8};
  Controller controller{rules, tickets, {}};
  std::size_t runs = 0;
  while (const auto ticket = controller.next()) {
    auto run = outcome_of(*ticket, 0.5);
    run.replies = Digest128{1, 1}; // a model at temperature 0
    controller.ended(run);
    ++runs;
  }
  EXPECT_EQ(runs, 12U) << "one observation, however often it is seen";
  EXPECT_TRUE(controller.stop()->because.starts_with("not precise enough"));
}

TEST(Controller, APilotIsASampleOfTheOrderAndThenTheWordCounts) {
  for (const auto& [word, runs, then] :
       {std::tuple{"continue", 40U, std::optional<SourceStop::Then>{}},
        std::tuple{"pause", 6U, std::optional{SourceStop::Then::pause}},
        std::tuple{"stop", 6U, std::optional{SourceStop::Then::stop}},
        std::tuple{"ask", 6U, std::optional{SourceStop::Then::ask}},
        std::tuple{"continue if forecast.usd <= 0.40, else ask", 40U,
                   std::optional<SourceStop::Then>{}},
        std::tuple{"continue if forecast.usd <= 0.39, else ask", 6U,
                   std::optional{SourceStop::Then::ask}},
        std::tuple{"continue if forecast.end <= window.close, else pause", 6U,
                   std::optional{SourceStop::Then::ask}}}) {
    SCOPED_TRACE(word);
    auto rules = rules_for(10, 4);
    rules.pilot = pilot_of(6, word);
    const auto played = play(
      rules, 10, 4, [](const auto& t) { return Number{unit(t)}; }, 64, 1);
    EXPECT_EQ(played.runs.size(), runs);
    EXPECT_EQ(played.stop ? std::optional{played.stop->then} : std::nullopt,
              then);
  }
}

TEST(Controller, RepeatingTheCommandIsTheWordToGoOnAfterAPilot) {
  auto rules = rules_for(10, 4);
  rules.pilot = pilot_of(6, "ask");
  const World outcomes = [](const RunTicket& t) { return Number{unit(t)}; };
  const auto first = play(rules, 10, 4, outcomes, 64, 1);

  const auto second = play(rules, 10, 4, outcomes, 64, 1, first.outcomes);

  EXPECT_EQ(second.runs.size(), 40U);
  EXPECT_FALSE(second.stop);
}

TEST(Controller, DerivedMetricsAreThereForRules) {
  auto rules = rules_for(10, 4);
  rules.metrics.derived.push_back(
    {"twice",
     parsed("2 * Night_sailing", derived_scope(), {Type::number, {}}),
     {}});
  rules.stop = {stop_when("mean(twice) == 1", StopAction::finish)};
  const auto played = play(
    rules, 10, 4, [](const auto&) { return Number{0.5}; }, 64, 1);

  EXPECT_EQ(played.runs.size(), 20U);
}

TEST(Controller, ASweepLooksInsideLongBlocksToo) {
  auto rules = rules_for(1000, 1);
  rules.stop = {stop_when("count(finished) >= 250", StopAction::finish)};
  const auto played = play(
    rules, 1000, 1, [](const auto&) { return Number{0.5}; }, 32, 1);

  EXPECT_EQ(played.runs.size(), 300U);
}

} // namespace
} // namespace lab::sweeps
