#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"
#include "sweeps/adaptive/canaries.hpp"
#include "sweeps/adaptive/model_sentinel.hpp"

namespace lab::sweeps {
namespace {

constexpr int canaries = 4;
constexpr int repeats = 4;

/// How a model answers a canary.
using Speaker = std::function<CanaryReply(int canary, int repeat)>;

/// Always the same.
Speaker steady(std::uint64_t model, std::string served = "") {
  return [=](int canary, int) {
    return CanaryReply{served,
                       Digest128{model, static_cast<std::uint64_t>(canary)}};
  };
}

/// One of `texts` replies by chance: a server that batches.
Speaker noisy(Seed seed, int texts) {
  return [=](int canary, int repeat) {
    const auto draw =
      seed.child(canary).unit(static_cast<std::uint64_t>(repeat));
    return CanaryReply{"", Digest128{static_cast<std::uint64_t>(draw * texts),
                                     static_cast<std::uint64_t>(canary)}};
  };
}

class SentinelTest : public ::testing::Test {
protected:
  Drift hear(const Speaker& speaker, const std::string& digest = "") {
    ModelCheck check;
    check.model = "fake/m";
    check.number = ++number_;
    check.digest = digest;
    for (int canary = 0; canary < canaries; ++canary) {
      auto& replies = check.replies.emplace_back();
      for (int repeat = 0; repeat < repeats; ++repeat)
        replies.push_back(speaker(canary, repeat));
    }
    return sentinel_.judge(check);
  }

  Drift silence() {
    ModelCheck check;
    check.model = "fake/m";
    check.number = ++number_;
    check.replies.resize(canaries);
    return sentinel_.judge(check);
  }

  ModelSentinel sentinel_{SentinelRules{}, {"fake/m"}};
  std::int32_t number_ = 0;
};

TEST_F(SentinelTest, AModelThatStaysTheSameStaysInItsStratum) {
  for (int i = 0; i < 50; ++i) {
    const auto drift = hear(steady(1, "m-1"), "sha256:aa");
    EXPECT_FALSE(drift.changed);
    EXPECT_EQ(drift.stratum, 1);
  }
}

TEST_F(SentinelTest, AnotherNameOpensAStratum) {
  hear(steady(1, "m-1"));
  const auto drift = hear(steady(1, "m-2"));
  EXPECT_TRUE(drift.changed);
  EXPECT_EQ(drift.stratum, 2);
  EXPECT_EQ(drift.why, "it calls itself m-2 in place of m-1");
  EXPECT_FALSE(hear(steady(1, "m-2")).changed);
}

TEST_F(SentinelTest, AnotherDigestOpensAStratum) {
  hear(steady(1), "aa");
  const auto drift = hear(steady(1), "bb");
  EXPECT_TRUE(drift.changed);
  EXPECT_EQ(drift.why, "its digest is bb in place of aa");
}

TEST_F(SentinelTest, OtherRepliesUnderTheSameNameAreAChangeAtTheNextCheck) {
  for (const int before : {1, 2, 10}) {
    sentinel_ = ModelSentinel{SentinelRules{}, {"fake/m"}};
    number_ = 0;
    for (int i = 0; i < before; ++i)
      EXPECT_FALSE(hear(steady(1)).changed);
    const auto drift = hear(steady(2));
    EXPECT_TRUE(drift.changed) << before;
    EXPECT_EQ(drift.stratum, 2);
    EXPECT_TRUE(drift.why.starts_with(
      "it answers 4 of 4 canaries as it never did before"))
      << drift.why;
  }
}

TEST_F(SentinelTest, AModelThatIsHalfTheSameIsSeenOnceThreeChecksLieBehind) {
  const Speaker half = [](int canary, int repeat) {
    return steady(canary < canaries / 2 ? 2 : 1)(canary, repeat);
  };
  for (int i = 0; i < 3; ++i)
    hear(steady(1));
  const auto drift = hear(half);
  EXPECT_TRUE(drift.changed);
  EXPECT_TRUE(drift.why.starts_with("it answers 2 of 4 canaries")) << drift.why;
}

TEST_F(SentinelTest, BackAgainIsAChangeAsWell) {
  hear(steady(1));
  EXPECT_EQ(hear(steady(2)).stratum, 2);
  EXPECT_EQ(hear(steady(1)).stratum, 3);
}

TEST_F(SentinelTest, ANameThatComesAndGoesWithinAStratumIsNoNewChange) {
  const Speaker mixed = [](int canary, int repeat) {
    return CanaryReply{repeat % 2 == 0 ? "m-1" : "m-2",
                       Digest128{1, static_cast<std::uint64_t>(canary)}};
  };
  hear(mixed);
  EXPECT_FALSE(hear(mixed).changed);
  EXPECT_FALSE(hear(steady(1, "m-2")).changed);
}

TEST_F(SentinelTest, ACheckThatNobodyAnsweredProvesNothing) {
  EXPECT_FALSE(silence().changed);
  hear(steady(1), "aa");
  EXPECT_FALSE(silence().changed);
  EXPECT_FALSE(hear(steady(1), "aa").changed);
  EXPECT_TRUE(hear(steady(2)).changed);
}

TEST_F(SentinelTest, ModelsAreJudgedApart) {
  ModelSentinel two{SentinelRules{}, {"a/m", "b/m"}};
  ModelCheck check{"a/m", 1, 0, 0, "aa", {}};
  two.judge(check);
  check.model = "b/m";
  check.digest = "bb";
  EXPECT_FALSE(two.judge(check).changed);
}

TEST_F(SentinelTest, TellsHowManyChecksThereWereSoThatNumbersGoOn) {
  hear(steady(1));
  hear(steady(1));
  const auto models = sentinel_.models();
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].checks, 2);
  EXPECT_EQ(models[0].canaries.size(), 4U);
}

/// The chance of a warning in a whole night is what the manifest says, however
/// unsteady the server: 2,000 nights of 30 checks each.
TEST_F(SentinelTest, FalseAlarmsStayBelowTheSetRate) {
  constexpr int nights = 2'000;
  constexpr int checks = 30;
  for (const int texts : {2, 3, 20}) {
    SentinelRules rules;
    rules.false_alarms = 0.05;
    int alarms = 0;
    for (int night = 0; night < nights; ++night) {
      sentinel_ = ModelSentinel{rules, {"fake/m"}};
      number_ = 0;
      const Seed seed = Seed{7}.child(texts).child(night);
      for (int check = 0; check < checks; ++check)
        if (hear(noisy(seed.child(check), texts)).changed) {
          ++alarms;
          break;
        }
    }
    EXPECT_LE(alarms, nights * rules.false_alarms) << texts << " texts";
  }
}

TEST(Canaries, AreShortQuestionsAtTemperatureZero) {
  for (const auto& request : canaries_for("fake/m")) {
    EXPECT_EQ(request.model, "fake/m");
    EXPECT_EQ(request.temperature, "0");
    EXPECT_LE(request.output_cap, 48);
    ASSERT_EQ(request.messages.size(), 1U);
  }
}

Result<PriceRow> price(const std::string&) {
  PriceRow row;
  row.input = Money{1'000'000};
  row.output = Money{2'000'000};
  row.tokenizer = Tokenizer::byte_level;
  return row;
}

SweepEstimate estimate_of(std::int64_t runs) {
  SweepEstimate estimate;
  estimate.runs = runs;
  estimate.all.by_model["fake/m"].calls = 1;
  estimate.all.by_model["sim/persona"].calls = 1;
  estimate.all.by_model["human/mayor"].calls = 1;
  return estimate;
}

TEST(Canaries, GoToModelsThatAnswerOverANetworkAlone) {
  EXPECT_EQ(watched_models(estimate_of(5)),
            (std::vector<std::string>{"fake/m"}));
}

TEST(Canaries, AreInTheEstimate) {
  SentinelRules rules;
  rules.every = 6;
  rules.repeats = 3;
  for (const auto& [runs, calls] :
       {std::pair{0, 0}, {1, 24}, {6, 24}, {7, 36}, {24, 60}}) {
    auto estimate = estimate_of(runs);
    add_canaries(rules, price, estimate);
    EXPECT_EQ(estimate.all.total.calls, calls) << runs;
    EXPECT_EQ(estimate.all.by_phase["canary"].calls_max, calls);
    EXPECT_LE(estimate.all.total.expected, estimate.all.total.worst);
  }
}

} // namespace
} // namespace lab::sweeps
