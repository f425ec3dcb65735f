#include <gtest/gtest.h>

#include "runtime/base/clock.hpp"

namespace lab {
namespace {

constexpr UnixMs day = 86'400'000;

TEST(Clock, NamesTheDayInUtc) {
  EXPECT_EQ(utc_day(0), "1970-01-01");
  EXPECT_EQ(utc_day(day - 1), "1970-01-01");
  EXPECT_EQ(utc_day(day), "1970-01-02");
  EXPECT_EQ(utc_day(1'709'164'800'000), "2024-02-29");
}

TEST(Clock, NamesTheIsoWeekWhoseYearMayDiffer) {
  EXPECT_EQ(utc_week(1'795'305'600'000), "2026-W47"); // 2026-11-22, a Sunday
  EXPECT_EQ(utc_week(1'483'228'800'000), "2016-W52"); // 2017-01-01, a Sunday
  EXPECT_EQ(utc_week(1'483'315'200'000), "2017-W01"); // the Monday after
  EXPECT_EQ(utc_week(1'609'459'200'000), "2020-W53"); // 2021-01-01
}

TEST(Clock, WritesMilliseconds) {
  EXPECT_EQ(utc_text(1'795'315'282'104), "2026-11-22T02:41:22.104Z");
  EXPECT_EQ(utc_text(5), "1970-01-01T00:00:00.005Z");
}

TEST(Clock, AManualClockMovesByHandAlone) {
  ManualClock clock{1'000};
  const auto before = clock.steady();

  clock.advance(std::chrono::milliseconds{250});

  EXPECT_EQ(clock.now_ms(), 1'250);
  EXPECT_EQ(clock.steady() - before, std::chrono::milliseconds{250});
}

} // namespace
} // namespace lab
