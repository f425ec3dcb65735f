#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <date/date.h>
#include <gtest/gtest.h>

#include "runtime/base/day_window.hpp"

namespace lab {
namespace {

/// Of "2026-03-29T01:00", UTC.
UnixMs at(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d-%u-%uT%d:%d", &year, &month, &day,
                        &hour, &minute),
            5);
  const date::sys_days days =
    date::year{year} / date::month{month} / date::day{day};
  return (days.time_since_epoch().count() * 1'440LL + hour * 60 + minute)
         * 60'000LL;
}

std::string shown(UnixMs when) { return utc_text(when).substr(0, 16); }

constexpr std::int64_t hour_s = 3'600;

std::int64_t utc(UnixMs) { return 0; }

/// Berlin in 2026: an hour ahead, two from 29 March to 25 October.
std::int64_t berlin(UnixMs when) {
  static const auto summer = at("2026-03-29T01:00");
  static const auto winter = at("2026-10-25T01:00");
  return when >= summer && when < winter ? 2 * hour_s : hour_s;
}

/// Newfoundland's half hours, behind Greenwich.
std::int64_t newfoundland(UnixMs) { return -(3 * hour_s + hour_s / 2); }

constexpr DayWindow night{22 * 60 + 30, 7 * 60 + 30};
constexpr DayWindow office{9 * 60, 17 * 60};

struct Case {
  const char* name;
  DayWindow window;
  std::int64_t (*zone)(UnixMs);
  const char* now;
  const char* opens;
  const char* closes;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

class Openings : public ::testing::TestWithParam<Case> {};

TEST_P(Openings, AreThoseThatClocksOnTheWallShow) {
  const auto& c = GetParam();

  const auto opening = opening_at(c.window, at(c.now), c.zone);

  EXPECT_EQ(shown(opening.open), c.opens);
  EXPECT_EQ(shown(opening.close), c.closes);
}

const Case cases[] = {
  {"before the evening", night, utc, "2026-11-22T12:00", "2026-11-22T22:30",
   "2026-11-23T07:30"},
  {"at the moment it opens", night, utc, "2026-11-22T22:30", "2026-11-22T22:30",
   "2026-11-23T07:30"},
  {"past midnight it is yesterday's", night, utc, "2026-11-23T03:00",
   "2026-11-22T22:30", "2026-11-23T07:30"},
  {"at the moment it closes it is closed", night, utc, "2026-11-23T07:30",
   "2026-11-23T22:30", "2026-11-24T07:30"},
  {"over the end of a year", night, utc, "2026-12-31T23:59", "2026-12-31T22:30",
   "2027-01-01T07:30"},
  {"within a day", office, utc, "2026-11-22T10:00", "2026-11-22T09:00",
   "2026-11-22T17:00"},
  {"after the day's", office, utc, "2026-11-22T17:00", "2026-11-23T09:00",
   "2026-11-23T17:00"},
  {"from midnight",
   {0, 60},
   utc,
   "2026-11-22T23:59",
   "2026-11-23T00:00",
   "2026-11-23T01:00"},
  {"until midnight",
   {1'380, 0},
   utc,
   "2026-11-22T23:30",
   "2026-11-22T23:00",
   "2026-11-23T00:00"},
  {"in winter", night, berlin, "2026-11-22T21:00", "2026-11-22T21:30",
   "2026-11-23T06:30"},
  {"in summer", night, berlin, "2026-07-01T21:00", "2026-07-01T20:30",
   "2026-07-02T05:30"},
  {"the short night has eight hours", night, berlin, "2026-03-28T22:00",
   "2026-03-28T21:30", "2026-03-29T05:30"},
  {"the long night has ten hours", night, berlin, "2026-10-24T22:00",
   "2026-10-24T20:30", "2026-10-25T06:30"},
  {"it opens when the clocks skip its minute",
   {150, 300},
   berlin,
   "2026-03-28T12:00",
   "2026-03-29T01:00",
   "2026-03-29T03:00"},
  {"a night that skips all of it has none",
   {130, 170},
   berlin,
   "2026-03-28T12:00",
   "2026-03-30T00:10",
   "2026-03-30T00:50"},
  {"it closes at the first of two equal minutes",
   {60, 150},
   berlin,
   "2026-10-25T00:29",
   "2026-10-24T23:00",
   "2026-10-25T00:30"},
  {"and does not open again at the second",
   {60, 150},
   berlin,
   "2026-10-25T01:10",
   "2026-10-26T00:00",
   "2026-10-26T01:30"},
  {"behind Greenwich, by half hours", night, newfoundland, "2026-11-23T01:00",
   "2026-11-23T02:00", "2026-11-23T11:00"},
};

INSTANTIATE_TEST_SUITE_P(Rows, Openings, ::testing::ValuesIn(cases));

TEST(DayWindow, EveryMinuteOfAYearIsInTheNextOpeningOrBeforeIt) {
  const auto step = 7 * 60'000;
  for (auto now = at("2026-01-01T00:00"); now < at("2027-01-01T00:00");
       now += step) {
    const auto opening = opening_at(night, now, berlin);
    ASSERT_GT(opening.close, now) << shown(now);
    ASSERT_GT(opening.close, opening.open) << shown(now);
    const auto local = now / 60'000 + berlin(now) / 60;
    const auto minute = local % 1'440;
    const bool open = minute >= night.open || minute < night.close;
    ASSERT_EQ(opening.open <= now, open) << shown(now);
  }
}

TEST(DayWindow, IsShownAsItIsWritten) {
  EXPECT_EQ(to_string(night), "22:30 to 07:30");
  EXPECT_EQ(to_string(DayWindow{0, 5}), "00:00 to 00:05");
}

TEST(DayWindow, TheMachinesZoneIsTheOneOfTheEnvironment) {
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TZ", "LAB-05:30", 1);
  tzset();
  EXPECT_EQ(local_utc_offset(at("2026-11-22T12:00")), 5 * hour_s + hour_s / 2);
  if (before == nullptr)
    unsetenv("TZ");
  else
    setenv("TZ", kept.c_str(), 1);
  tzset();
}

} // namespace
} // namespace lab
