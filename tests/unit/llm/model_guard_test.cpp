#include <gtest/gtest.h>

#include "llm/model_guard.hpp"

namespace lab::llm {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{std::chrono::hours{1}};
const ModelKey model{"fake", "tiny"};
const ModelKey other{"fake", "large"};

/// Five ambiguous ends in a row.
ModelGuard doubtful(TimePoint now) {
  ModelGuard guard;
  for (int i = 0; i < ModelGuard::doubts_max; ++i) {
    EXPECT_TRUE(guard.admit(model, now));
    guard.ended(model, Resolution::unknown, now);
  }
  return guard;
}

TEST(ModelGuard, FiveDoubtsInARowGiveAModelARest) {
  auto guard = doubtful(start);

  const auto refused = guard.admit(model, start + 29s);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::provider_unknown);
  EXPECT_TRUE(guard.admit(other, start)) << "others are not concerned";
}

TEST(ModelGuard, AnyPlainEndInBetweenStartsTheRowAnew) {
  for (const auto plain :
       {Resolution::settled, Resolution::bounded, Resolution::voided}) {
    ModelGuard guard;
    for (int i = 0; i < 20; ++i)
      guard.ended(model, i % 5 == 4 ? plain : Resolution::unknown, start);

    EXPECT_TRUE(guard.admit(model, start));
  }
}

TEST(ModelGuard, AfterTheRestOneProbeGoes) {
  auto guard = doubtful(start);
  const auto later = start + ModelGuard::rest_first;

  EXPECT_TRUE(guard.admit(model, later));
  EXPECT_FALSE(guard.admit(model, later)) << "one, until it has ended";

  guard.ended(model, Resolution::settled, later + 1s);

  EXPECT_TRUE(guard.admit(model, later + 1s));
  EXPECT_TRUE(guard.admit(model, later + 1s));
}

TEST(ModelGuard, AProbeThatEndsInDoubtDoublesTheRest) {
  auto guard = doubtful(start);
  const auto later = start + 30s;
  ASSERT_TRUE(guard.admit(model, later));

  guard.ended(model, Resolution::unknown, later);

  EXPECT_FALSE(guard.admit(model, later + 59s));
  EXPECT_TRUE(guard.admit(model, later + 60s));
}

TEST(ModelGuard, AProbeThatWasNotSentLeavesItsPlace) {
  auto guard = doubtful(start);
  const auto later = start + 30s;
  ASSERT_TRUE(guard.admit(model, later));

  guard.withdrawn(model);

  EXPECT_TRUE(guard.admit(model, later));
}

TEST(ModelGuard, DoubtsThatWereOnTheWireDoNotProlongTheRest) {
  auto guard = doubtful(start);

  for (int i = 0; i < 50; ++i)
    guard.ended(model, Resolution::unknown, start + 20s);

  EXPECT_TRUE(guard.admit(model, start + 30s));
}

TEST(ModelGuard, AModelThatBilledTooMuchIsOut) {
  ModelGuard guard;
  guard.quarantine(model, "billed $2 where $1 was possible");

  const auto refused = guard.admit(model, start + 24h);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::provider_refused);
  EXPECT_EQ(refused.error().context, "billed $2 where $1 was possible");
  EXPECT_TRUE(guard.admit(other, start));
}

} // namespace
} // namespace lab::llm
