#include <gtest/gtest.h>

#include "llm/lane_limits.hpp"

namespace lab::llm {
namespace {

using namespace std::chrono_literals;

class LaneLimitsTest : public ::testing::Test {
protected:
  /// Starts as many as may; returns how many that were.
  int fill(LaneLimits& limits, bool retry = false) {
    int started = 0;
    while (limits.may_start(retry, now).go) {
      limits.start(retry, now);
      ++started;
    }
    return started;
  }
  /// One round trip: everything in flight ends with `sign`.
  void round_trip(LaneLimits& limits, LoadSign sign, Milliseconds pause = 0ms) {
    const auto started = now;
    now += 100ms;
    for (auto n = limits.in_flight(); n > 0; --n)
      limits.end(false, started, sign, pause, now);
  }

  TimePoint now{std::chrono::hours{1}};
};

TEST_F(LaneLimitsTest, SlotsDoubleEachRoundTripUpToTheCeiling) {
  LaneLimits limits{{4, 50, 0}};

  std::vector<int> filled;
  for (int i = 0; i < 6; ++i) {
    filled.push_back(fill(limits));
    round_trip(limits, LoadSign::answered);
  }

  EXPECT_EQ(filled, (std::vector<int>{4, 8, 16, 32, 50, 50}));
}

TEST_F(LaneLimitsTest, SlotsThatNobodyUsesDoNotGrow) {
  LaneLimits limits{{4, 50, 0}};

  for (int i = 0; i < 20; ++i) {
    limits.start(false, now);
    round_trip(limits, LoadSign::answered);
  }

  EXPECT_EQ(limits.slots(), 4);
}

TEST_F(LaneLimitsTest, OneVolleyOfComplaintsHalvesOnce) {
  LaneLimits limits{{32, 32, 0}};
  fill(limits);

  round_trip(limits, LoadSign::overloaded);

  EXPECT_EQ(limits.slots(), 16);
}

TEST_F(LaneLimitsTest, DeadlinesHalveToo) {
  LaneLimits limits{{32, 32, 0}};
  fill(limits);

  round_trip(limits, LoadSign::slow);

  EXPECT_EQ(limits.slots(), 16);
}

TEST_F(LaneLimitsTest, AfterAComplaintSlotsGrowByOneARoundTrip) {
  LaneLimits limits{{32, 32, 0}};
  fill(limits);
  round_trip(limits, LoadSign::overloaded);

  for (int i = 0; i < 4; ++i) {
    fill(limits);
    round_trip(limits, LoadSign::answered);
  }

  EXPECT_GE(limits.slots(), 19);
  EXPECT_LE(limits.slots(), 20);
}

TEST_F(LaneLimitsTest, ThereIsAlwaysOneSlot) {
  LaneLimits limits{{8, 8, 0}};

  for (int i = 0; i < 10; ++i) {
    now += 10s; // past any pause
    fill(limits);
    round_trip(limits, LoadSign::overloaded);
  }

  EXPECT_EQ(limits.slots(), 1);
}

TEST_F(LaneLimitsTest, WhatSaysNothingAboutLoadChangesNothing) {
  LaneLimits limits{{8, 32, 0}};
  fill(limits);

  round_trip(limits, LoadSign::none);

  EXPECT_EQ(limits.slots(), 8);
}

TEST_F(LaneLimitsTest, NobodyStartsDuringTheServersPause) {
  LaneLimits limits{{8, 8, 0}};
  limits.start(false, now);
  round_trip(limits, LoadSign::overloaded, 2s);

  const auto verdict = limits.may_start(false, now);

  EXPECT_FALSE(verdict.go);
  ASSERT_TRUE(verdict.again.has_value());
  EXPECT_EQ(*verdict.again, now + 2s);
  EXPECT_EQ(limits.paused_for(now), 2s);
  EXPECT_TRUE(limits.may_start(false, now + 2s).go);
}

TEST_F(LaneLimitsTest, ComplaintsInARowPauseLongerAndLonger) {
  LaneLimits limits{{1, 1, 0}};

  std::vector<Milliseconds> pauses;
  for (int i = 0; i < 8; ++i) {
    limits.start(false, now);
    round_trip(limits, LoadSign::overloaded);
    pauses.push_back(limits.paused_for(now));
    now += pauses.back();
  }

  EXPECT_EQ(pauses,
            (std::vector<Milliseconds>{0ms, 500ms, 1s, 2s, 4s, 8s, 8s, 8s}));
}

TEST_F(LaneLimitsTest, AnAnswerEndsTheRowOfComplaints) {
  LaneLimits limits{{1, 1, 0}};
  limits.start(false, now);
  round_trip(limits, LoadSign::overloaded);
  limits.start(false, now);
  round_trip(limits, LoadSign::answered);
  limits.start(false, now);

  round_trip(limits, LoadSign::overloaded);

  EXPECT_EQ(limits.paused_for(now), 0ms);
}

TEST_F(LaneLimitsTest, RetriesAreAFifthOfAllOrThree) {
  LaneLimits few{{100, 100, 0}};
  LaneLimits many{{100, 100, 0}};
  for (int i = 0; i < 60; ++i)
    many.start(false, now);

  EXPECT_EQ(fill(few, true), 3);
  // Each retry that starts is itself one of those in flight.
  EXPECT_EQ(fill(many, true), 14);
  EXPECT_TRUE(few.may_start(false, now).go);
}

TEST_F(LaneLimitsTest, NoMinuteSeesMoreThanTheRate) {
  for (const std::int64_t rate : {1, 7, 60, 600}) {
    LaneLimits limits{{1000, 1000, rate}};
    std::vector<TimePoint> starts;
    const auto end = now + 5min;
    while (now < end) {
      const auto verdict = limits.may_start(false, now);
      if (!verdict.go) {
        ASSERT_TRUE(verdict.again.has_value());
        ASSERT_GT(*verdict.again, now);
        now = *verdict.again;
        continue;
      }
      limits.start(false, now);
      limits.end(false, now, LoadSign::answered, 0ms, now);
      starts.push_back(now);
    }

    for (std::size_t i = 0; i + static_cast<std::size_t>(rate) < starts.size();
         ++i)
      ASSERT_GE(starts[i + static_cast<std::size_t>(rate)] - starts[i], 60s)
        << "rate " << rate;
    EXPECT_GT(std::ssize(starts), rate * 4) << "and nearly all of it is used";
  }
}

TEST_F(LaneLimitsTest, WhatWasNeverSentIsGivenBack) {
  LaneLimits limits{{4, 4, 1}};
  limits.start(false, now);
  ASSERT_FALSE(limits.may_start(false, now).go);

  limits.give_back(false);

  EXPECT_EQ(limits.in_flight(), 0);
  EXPECT_TRUE(limits.may_start(false, now).go);
}

} // namespace
} // namespace lab::llm
