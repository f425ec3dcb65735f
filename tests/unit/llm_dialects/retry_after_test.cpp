#include <string>

#include <gtest/gtest.h>

#include "llm/retry_after.hpp"

namespace lab::llm {
namespace {

using Kind = RetryAfter::Kind;

// 1994-11-06 08:49:07 UTC, thirty seconds before the date of RFC 9110.
constexpr UnixMs now = 784111747000;

RetryAfter parse(std::string_view seconds, std::string_view ms = {}) {
  return parse_retry_after(seconds, ms, now);
}

TEST(RetryAfter, SecondsAreRead) {
  EXPECT_EQ(parse("2").kind, Kind::wait);
  EXPECT_EQ(parse("2").ms, 2'000);
  EXPECT_EQ(parse(" 2 ").ms, 2'000);
  EXPECT_EQ(parse("0.05").ms, 50);
  EXPECT_EQ(parse("1.5").ms, 1'500);
  EXPECT_EQ(parse("120").kind, Kind::wait);
}

TEST(RetryAfter, AFractionOfAMillisecondStillMeansNotAtOnce) {
  EXPECT_EQ(parse("0.0002").ms, 1);
}

TEST(RetryAfter, MillisecondsWinOverSeconds) {
  EXPECT_EQ(parse("2", "250").ms, 250);
  EXPECT_EQ(parse("2", "250.5").ms, 251);
}

TEST(RetryAfter, NonsenseMillisecondsLeaveTheSeconds) {
  EXPECT_EQ(parse("2", "soon").ms, 2'000);
  EXPECT_EQ(parse("2", "-1").ms, 2'000);
  EXPECT_EQ(parse("2", "0").ms, 2'000);
}

TEST(RetryAfter, AllThreeDateFormsAreRead) {
  for (const auto* date :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"}) {
    SCOPED_TRACE(date);
    EXPECT_EQ(parse(date).kind, Kind::wait);
    EXPECT_EQ(parse(date).ms, 30'000);
  }
}

TEST(RetryAfter, WhatMakesNoSenseIsLeftToTheCaller) {
  for (const auto* text :
       {"", "abc", "-1", "0", "nan", "-1e99", "2 s", "0x10", "2,5",
        "Sun, 06 Nov 1994 08:48:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "06 Nov 1994"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(parse(text).kind, Kind::unknown);
    EXPECT_EQ(parse(text).ms, 0);
  }
}

TEST(RetryAfter, MoreThanTwoMinutesIsTooLong) {
  for (const auto* text :
       {"120.001", "86400", "1e99", "1e999", "inf",
        "Sun, 06 Nov 1994 09:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(parse(text).kind, Kind::too_long);
    EXPECT_GT(parse(text).ms, retry_after_ms_max);
  }
  EXPECT_EQ(parse("86400").ms, 86'400'000);
  EXPECT_EQ(parse("", "120001").kind, Kind::too_long);
}

} // namespace
} // namespace lab::llm
