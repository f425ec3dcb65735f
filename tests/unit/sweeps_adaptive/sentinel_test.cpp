#include <gtest/gtest.h>

#include "sweeps/adaptive/sentinel.hpp"

namespace lab::sweeps {
namespace {

CanaryReply said(std::uint64_t text, const std::string& served = "m-1") {
  return {served, Digest128{text, 0}};
}

CanaryCheck check(std::vector<std::vector<CanaryReply>> replies) {
  return {0, std::move(replies)};
}

TEST(Sentinel, AModelThatStaysTheSameStaysInItsStratum) {
  Sentinel sentinel;
  for (int i = 0; i < 5; ++i) {
    const auto drift =
      sentinel.take("m", check({{said(1), said(1)}, {said(2), said(2)}}));
    EXPECT_FALSE(drift.changed);
    EXPECT_EQ(drift.stratum, 1);
  }
}

TEST(Sentinel, AnotherVersionOpensAStratumThatBecomesTheNormalOne) {
  Sentinel sentinel;
  sentinel.take("m", check({{said(1, "m-1")}}));

  const auto drift = sentinel.take("m", check({{said(1, "m-2")}}));

  EXPECT_TRUE(drift.changed);
  EXPECT_EQ(drift.stratum, 2);
  EXPECT_EQ(drift.why, "it calls itself m-2 in place of m-1");
  EXPECT_FALSE(sentinel.take("m", check({{said(1, "m-2")}})).changed);
  EXPECT_EQ(sentinel.take("m", check({{said(1, "m-1")}})).stratum, 3)
    << "back again is a change as well";
}

TEST(Sentinel, OtherRepliesUnderTheSameNameAreAChange) {
  Sentinel sentinel;
  sentinel.take("m", check({{said(1), said(1)}, {said(2), said(2)}}));

  const auto drift =
    sentinel.take("m", check({{said(1), said(1)}, {said(9), said(9)}}));

  EXPECT_TRUE(drift.changed);
  EXPECT_EQ(drift.why, "1 of 2 canaries got another reply than before");
}

TEST(Sentinel, NoiseThatTheFirstRepeatsShowedIsNoChange) {
  Sentinel sentinel;
  sentinel.take("m", check({{said(1), said(7)}, {said(2), said(2)}}));

  EXPECT_FALSE(
    sentinel.take("m", check({{said(5), said(6)}, {said(2), said(2)}}))
      .changed);
  EXPECT_TRUE(
    sentinel.take("m", check({{said(5), said(6)}, {said(3), said(3)}})).changed)
    << "the steady canary still watches";
}

TEST(Sentinel, OneOddReplyAmongSeveralMakesTheCanaryUnsteady) {
  Sentinel sentinel;
  sentinel.take("m", check({{said(1), said(1)}}));

  EXPECT_FALSE(sentinel.take("m", check({{said(1), said(4)}})).changed);
  EXPECT_FALSE(sentinel.take("m", check({{said(4), said(4)}})).changed);
  EXPECT_TRUE(
    sentinel.take("m", check({{said(4, "m-2"), said(4, "m-2")}})).changed)
    << "its name still counts";
}

TEST(Sentinel, ACheckThatCameToNothingChangesNothing) {
  Sentinel sentinel;
  sentinel.take("m", check({{said(1)}}));
  EXPECT_FALSE(sentinel.take("m", check({{}})).changed);
  EXPECT_FALSE(sentinel.take("m", check({})).changed);
  EXPECT_FALSE(sentinel.take("m", check({{said(1)}})).changed);
}

TEST(Sentinel, AModelThatSaysItsNameLaterIsNoChange) {
  Sentinel sentinel;
  sentinel.take("m", check({{said(1, "")}}));
  EXPECT_FALSE(sentinel.take("m", check({{said(1, "m-1")}})).changed);
  EXPECT_FALSE(sentinel.take("m", check({{said(1, "")}})).changed);
  EXPECT_TRUE(sentinel.take("m", check({{said(1, "m-2")}})).changed);
}

TEST(Sentinel, ModelsAreJudgedApart) {
  Sentinel sentinel;
  sentinel.take("a", check({{said(1)}}));
  sentinel.take("b", check({{said(2)}}));
  sentinel.take("a", check({{said(3)}}));

  EXPECT_EQ(sentinel.stratum("a"), 2);
  EXPECT_EQ(sentinel.stratum("b"), 1);
  EXPECT_EQ(sentinel.stratum("never asked"), 1);
}

} // namespace
} // namespace lab::sweeps
