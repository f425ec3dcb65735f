#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm/lane_gate.hpp"

namespace lab::llm {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{std::chrono::hours{1}};

TEST(LaneGate, IsOpenUntilSomethingIsWrong) {
  const LaneGate gate;

  EXPECT_FALSE(gate.shut(start));
  EXPECT_FALSE(gate.refusal(start).has_value());
  EXPECT_FALSE(gate.look_at().has_value());
}

TEST(LaneGate, LooksLessAndLessOftenForAServerThatIsGone) {
  LaneGate gate;
  auto now = start;
  gate.unreachable("refused", now);

  std::vector<Milliseconds> waits;
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(gate.look_at().has_value());
    waits.push_back(
      std::chrono::duration_cast<Milliseconds>(*gate.look_at() - now));
    now = *gate.look_at();
    gate.looking();
    EXPECT_FALSE(gate.look_at().has_value());
    gate.looked(false, now);
  }

  EXPECT_TRUE(gate.shut(now));
  EXPECT_EQ(waits,
            (std::vector<Milliseconds>{250ms, 500ms, 1s, 2s, 4s, 8s, 8s}));
}

TEST(LaneGate, OpensWhenTheServerIsBack) {
  LaneGate gate;
  gate.unreachable("refused", start);
  gate.looking();

  gate.looked(true, start + 1s);

  EXPECT_FALSE(gate.shut(start + 1s));
  EXPECT_FALSE(gate.look_at().has_value());
}

TEST(LaneGate, IsPatientWithAServerThatAnsweredBefore) {
  LaneGate known;
  known.answered();
  known.unreachable("refused", start);
  LaneGate unknown;
  unknown.unreachable("refused", start);

  EXPECT_FALSE(unknown.refusal(start + 4s).has_value());
  ASSERT_TRUE(unknown.refusal(start + 5s).has_value());
  EXPECT_EQ(unknown.refusal(start + 5s)->code, Errc::provider_unreachable);
  EXPECT_EQ(unknown.refusal(start + 5s)->context, "refused");
  EXPECT_FALSE(known.refusal(start + 119s).has_value());
  EXPECT_TRUE(known.refusal(start + 120s).has_value());
}

TEST(LaneGate, AnAnswerThatWasUnderWayOpensIt) {
  LaneGate gate;
  gate.unreachable("refused", start);

  gate.answered();

  EXPECT_FALSE(gate.shut(start));
}

TEST(LaneGate, AnAccountWithoutMoneyIsLeftAloneForAWhile) {
  LaneGate gate;
  gate.out_of_money("quota", start);

  EXPECT_TRUE(gate.shut(start + 599s));
  ASSERT_TRUE(gate.refusal(start + 599s).has_value());
  EXPECT_EQ(gate.refusal(start + 599s)->code, Errc::provider_refused);
  EXPECT_FALSE(gate.shut(start + 600s));
  EXPECT_FALSE(gate.refusal(start + 600s).has_value());
}

TEST(LaneGate, GivesUpOnAServerThatIsNothingButOverloaded) {
  LaneGate gate;
  gate.answered();
  gate.overloaded("503 busy", start);
  gate.overloaded("503 busier", start + 119s);

  EXPECT_FALSE(gate.shut(start + 119s));
  ASSERT_TRUE(gate.refusal(start + 120s).has_value());
  EXPECT_EQ(gate.refusal(start + 120s)->code, Errc::provider_unreachable);
  EXPECT_THAT(gate.refusal(start + 120s)->context,
              testing::HasSubstr("503 busier"));
  EXPECT_TRUE(gate.shut(start + 179s));
}

TEST(LaneGate, AsksAnOverloadedServerAgainAfterARest) {
  LaneGate gate;
  gate.overloaded("503", start);

  EXPECT_FALSE(gate.shut(start + 180s));
  gate.overloaded("503", start + 180s);
  EXPECT_FALSE(gate.shut(start + 299s));
  EXPECT_TRUE(gate.shut(start + 300s));
}

TEST(LaneGate, OneAnswerAmongComplaintsIsEnoughToGoOn) {
  LaneGate gate;
  gate.overloaded("429", start);
  gate.served();
  gate.overloaded("429", start + 100s);

  EXPECT_FALSE(gate.refusal(start + 150s).has_value());
}

} // namespace
} // namespace lab::llm
