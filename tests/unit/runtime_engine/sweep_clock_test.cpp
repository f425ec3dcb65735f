#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/engine/sweep_clock.hpp"

namespace lab::runtime {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::int64_t utc(UnixMs) { return 0; }

// 2026-11-22T00:00Z
constexpr UnixMs midnight = 1'795'305'600'000;
constexpr UnixMs minute_ms = 60'000;

/// Both clocks, `minute` minutes after midnight.
UnixMs wall(int minute) { return midnight + minute * minute_ms; }
SweepClock::Time steady(int minute) {
  return SweepClock::Time{minutes{minute}};
}

SweepClock clock_of(const TimeRules& rules) { return SweepClock{rules, utc}; }

TEST(SweepClock, WithoutRulesNothingIsEverDue) {
  auto clock = clock_of({});

  EXPECT_FALSE(clock.wait_until(wall(0), steady(0)));
  clock.run_began(RunId{1}, steady(0));

  EXPECT_FALSE(clock.next_look(wall(0), steady(0)));
  EXPECT_FALSE(clock.pause(wall(9'999), steady(9'999)));
  EXPECT_THAT(clock.overdue(steady(9'999)), IsEmpty());
}

TEST(SweepClock, EachRunIsOverdueOnceAndOnlyAfterItsTime) {
  TimeRules rules;
  rules.run_time = minutes{60};
  auto clock = clock_of(rules);
  clock.run_began(RunId{1}, steady(0));
  clock.run_began(RunId{2}, steady(10));
  clock.run_began(RunId{3}, steady(20));
  clock.run_ended(RunId{2});

  EXPECT_EQ(clock.next_look(wall(20), steady(20)), minutes{40});
  EXPECT_THAT(clock.overdue(steady(59)), IsEmpty());
  EXPECT_THAT(clock.overdue(steady(60)), ElementsAre(RunId{1}));
  EXPECT_THAT(clock.overdue(steady(79)), IsEmpty());
  EXPECT_THAT(clock.overdue(steady(90)), ElementsAre(RunId{3}));
  EXPECT_FALSE(clock.next_look(wall(90), steady(90)));
  EXPECT_EQ(clock.run_reason(), "it took longer than `limits.run_time`, 1 h");
}

TEST(SweepClock, ARunThatIsTriedAgainHasItsTimeAnew) {
  TimeRules rules;
  rules.run_time = minutes{60};
  auto clock = clock_of(rules);
  clock.run_began(RunId{1}, steady(0));

  clock.run_began(RunId{1}, steady(50));

  EXPECT_THAT(clock.overdue(steady(60)), IsEmpty());
  EXPECT_THAT(clock.overdue(steady(110)), ElementsAre(RunId{1}));
}

TEST(SweepClock, TheSweepsTimeCountsFromItsFirstRun) {
  TimeRules rules;
  rules.sweep_time = hours{9};
  auto clock = clock_of(rules);
  EXPECT_FALSE(clock.pause(wall(9'999), steady(9'999))) << "nothing began";
  EXPECT_FALSE(clock.wait_until(wall(30), steady(30)));

  EXPECT_EQ(clock.next_look(wall(30), steady(30)), hours{9});
  EXPECT_FALSE(clock.pause(wall(569), steady(569)));
  const auto pause = clock.pause(wall(570), steady(570));

  ASSERT_TRUE(pause);
  EXPECT_EQ(pause->because, "`limits.sweep_time` is over, 9 h");
  EXPECT_TRUE(pause->ends_running);
  EXPECT_FALSE(clock.next_look(wall(570), steady(570)))
    << "nobody asks again and again what is known";
}

TEST(SweepClock, WaitsForItsWindowAndPausesAtTheClose) {
  for (const bool ends_running : {true, false}) {
    TimeRules rules;
    rules.window = DayWindow{22 * 60 + 30, 7 * 60 + 30};
    rules.sweep_time = hours{8};
    rules.close_ends_running = ends_running;
    auto clock = clock_of(rules);

    EXPECT_EQ(clock.wait_until(wall(1'000), steady(0)), wall(1'350));
    EXPECT_EQ(clock.next_look(wall(1'000), steady(0)), minutes{1})
      << "a wall clock may be set";
    EXPECT_EQ(clock.next_look(wall(1'350) - 500, steady(0)),
              std::chrono::milliseconds{500});
    EXPECT_FALSE(clock.wait_until(wall(1'350), steady(350)));
    EXPECT_FALSE(clock.pause(wall(1'829), steady(829)))
      << "waiting is not working";
    EXPECT_TRUE(clock.pause(wall(1'830), steady(830))) << "eight hours later";

    rules.sweep_time.reset();
    clock = clock_of(rules);
    EXPECT_FALSE(clock.wait_until(wall(1'350), steady(350)));
    EXPECT_FALSE(clock.pause(wall(1'889), steady(889)));
    const auto pause = clock.pause(wall(1'890), steady(890));
    ASSERT_TRUE(pause);
    EXPECT_EQ(pause->because, "`limits.window` closed at 07:30");
    EXPECT_EQ(pause->ends_running, ends_running);
  }
}

TEST(SweepClock, AWindowThatIsOpenIsNotWaitedFor) {
  TimeRules rules;
  rules.window = DayWindow{22 * 60 + 30, 7 * 60 + 30};
  auto clock = clock_of(rules);

  EXPECT_FALSE(clock.wait_until(wall(120), steady(0)));
  EXPECT_FALSE(clock.pause(wall(449), steady(329)));
  EXPECT_TRUE(clock.pause(wall(450), steady(330)));
}

TEST(SweepClock, LengthsAreExactAndHaveNoZeros) {
  EXPECT_EQ(length_text(seconds{0}), "0 s");
  EXPECT_EQ(length_text(seconds{90}), "1 min 30 s");
  EXPECT_EQ(length_text(hours{9}), "9 h");
  EXPECT_EQ(length_text(hours{36}), "1 d 12 h");
}

} // namespace
} // namespace lab::runtime
