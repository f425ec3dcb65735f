#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "runtime/credit/pricing.hpp"

namespace lab::runtime {
namespace {

constexpr std::int64_t around_call = 64;
constexpr std::int64_t around_message = 16;
constexpr std::int64_t around_schema = 1024;
constexpr std::int64_t slack = 16;

/// $0.15 and $0.60 per million tokens.
PriceRow small_model() {
  PriceRow row;
  row.model = "openai/gpt-4o-mini";
  row.input.pico_usd = 150'000;
  row.output.pico_usd = 600'000;
  row.cached_input.pico_usd = 75'000;
  row.cache_write.pico_usd = 150'000;
  row.tokenizer = Tokenizer::byte_level;
  return row;
}

PriceRow with_long_tier() {
  auto row = small_model();
  row.long_threshold = 1'000;
  row.long_input.pico_usd = 300'000;
  row.long_output.pico_usd = 900'000;
  return row;
}

ChatRequest request(std::string text, std::int64_t cap = 100) {
  ChatRequest out;
  out.model = "openai/gpt-4o-mini";
  out.messages = {{ChatRole::user, std::move(text)}};
  out.output_cap = cap;
  return out;
}

TEST(InputBound, AnAsciiByteIsAtMostOneToken) {
  EXPECT_EQ(input_bound(small_model(), request("hello")),
            around_call + around_message + 5);
}

TEST(InputBound, OtherBytesGrowAsTheTokenizerMayGrowThem) {
  auto row = small_model();
  const auto ask = request("h\u00e9"); // one ASCII byte, two others

  row.tokenizer = Tokenizer::byte_level;
  EXPECT_EQ(input_bound(row, ask), around_call + around_message + 1 + 2);
  row.tokenizer = Tokenizer::nfc;
  EXPECT_EQ(input_bound(row, ask), around_call + around_message + 1 + 2 * 3);
  row.tokenizer = Tokenizer::unknown;
  EXPECT_EQ(input_bound(row, ask), around_call + around_message + 1 + 2 * 11);
}

TEST(InputBound, EveryMessageAndTheSchemaCount) {
  auto ask = request("hello");
  ask.messages.push_back({ChatRole::system, "you"});
  ask.schema_name = "reply";
  ask.schema = "{}";

  EXPECT_EQ(input_bound(small_model(), ask),
            around_schema + 2 * around_message + 5 + 3 + 5 + 2 + 2 * 2);
}

TEST(InputBound, NeverLeavesTheContextWindow) {
  auto row = small_model();
  row.context_window = 200;

  EXPECT_EQ(input_bound(row, request(std::string(5'000, 'x'), 100)), 200);
}

TEST(InputBound, TheBriefOfASimulatedModelCostsNothing) {
  auto ask = request("hello");
  ask.brief = std::string(10'000, 'x');

  EXPECT_EQ(input_bound(small_model(), ask),
            input_bound(small_model(), request("hello")));
}

TEST(WorstCase, IsTheBoundsAtTheirPrices) {
  const auto input = around_call + around_message + 5;

  const auto worst = worst_case(small_model(), request("hello", 100));

  ASSERT_TRUE(worst);
  EXPECT_EQ(worst->calls, 1);
  EXPECT_EQ(worst->tokens, input + 100 + slack);
  EXPECT_EQ(worst->usd.pico_usd, input * 150'000 + (100 + slack) * 600'000);
}

TEST(WorstCase, AFeeIsPartOfIt) {
  auto row = small_model();
  row.fee.pico_usd = 7;

  EXPECT_EQ(worst_case(row, request("x"))->usd.pico_usd
              - worst_case(small_model(), request("x"))->usd.pico_usd,
            7);
}

TEST(WorstCase, ACacheWriteThatCostsMoreSetsTheInputPrice) {
  auto row = small_model();
  row.cache_write.pico_usd = 187'500;

  EXPECT_EQ(worst_case(row, request("x", 1))->usd.pico_usd,
            (around_call + around_message + 1) * 187'500
              + (1 + slack) * 600'000);
}

TEST(WorstCase, TheLongTierCountsAsSoonAsTheBoundReachesIt) {
  const auto row = with_long_tier();
  const auto below =
    request(std::string(1'000 - around_call - around_message - 1, 'x'), 1);
  const auto at =
    request(std::string(1'000 - around_call - around_message, 'x'), 1);

  EXPECT_EQ(worst_case(row, below)->usd.pico_usd,
            999 * 150'000 + (1 + slack) * 600'000);
  EXPECT_EQ(worst_case(row, at)->usd.pico_usd,
            1'000 * 300'000 + (1 + slack) * 900'000);
}

TEST(WorstCase, ReasoningOutsideTheCapCountsTheModelsMaximum) {
  auto row = small_model();
  row.reasoning_outside_cap = true;
  row.max_output = 4'096;

  EXPECT_EQ(output_bound(row, request("x", 100)), 4'096 + slack);
}

TEST(WorstCase, ReasoningOutsideTheCapNeedsAMaximum) {
  auto row = small_model();
  row.reasoning_outside_cap = true;

  const auto worst = worst_case(row, request("x"));

  ASSERT_FALSE(worst);
  EXPECT_EQ(worst.error().code, Errc::model_not_priced);
  EXPECT_NE(worst.error().context.find("max_output"), std::string::npos);
}

TEST(WorstCase, ACapAboveTheModelsMaximumIsRefused) {
  auto row = small_model();
  row.max_output = 4'096;

  const auto worst = worst_case(row, request("x", 4'097));

  ASSERT_FALSE(worst);
  EXPECT_EQ(worst.error().code, Errc::context_overflow);
  EXPECT_NE(worst.error().context.find("4097"), std::string::npos);
  EXPECT_NE(worst.error().context.find("4096"), std::string::npos);
  EXPECT_TRUE(worst_case(row, request("x", 4'096)));
}

TEST(WorstCase, ACapAboveTheContextWindowIsRefused) {
  auto row = small_model();
  row.context_window = 2'048;

  const auto worst = worst_case(row, request("x", 2'049));

  ASSERT_FALSE(worst);
  EXPECT_EQ(worst.error().code, Errc::context_overflow);
}

TEST(WorstCase, ACapBelowOneIsRefused) {
  for (const std::int64_t cap : {0, -1}) {
    const auto worst = worst_case(small_model(), request("x", cap));
    ASSERT_FALSE(worst);
    EXPECT_EQ(worst.error().code, Errc::invalid_input);
  }
}

TEST(WorstCase, ACallBeyondTheRangeOfMoneyIsRefusedNotWrapped) {
  EXPECT_FALSE(worst_case(
    small_model(), request("x", std::numeric_limits<std::int64_t>::max())));
  EXPECT_FALSE(
    worst_case(small_model(),
               request("x", std::numeric_limits<std::int64_t>::max() - slack)));
}

TEST(WorstCaseAfter, KnownInputLowersItAndNeverRaisesIt) {
  const auto ask = request("hello", 100);
  const auto worst = *worst_case(small_model(), ask);

  EXPECT_EQ(worst_case_after(small_model(), ask, 3)->usd.pico_usd,
            3 * 150'000 + (100 + slack) * 600'000);
  EXPECT_EQ(*worst_case_after(small_model(), ask, 1'000'000), worst);
}

TEST(CostOf, CountsEachKindAtItsPrice) {
  auto row = small_model();
  row.cache_write.pico_usd = 187'500;
  row.fee.pico_usd = 3;

  EXPECT_EQ(cost_of(row, {10, 20, 30, 40})->pico_usd,
            3 + 10 * 150'000 + 20 * 75'000 + 30 * 187'500 + 40 * 600'000);
}

TEST(CostOf, NothingCostsNothing) {
  EXPECT_EQ(cost_of(small_model(), {})->pico_usd, 0);
}

TEST(CostOf, TheLongTierAppliesByAllInputThatWasCounted) {
  const auto row = with_long_tier();

  // Short by one token; long by cached tokens alone.
  EXPECT_EQ(cost_of(row, {999, 0, 0, 1})->pico_usd, 999 * 150'000 + 600'000);
  EXPECT_EQ(cost_of(row, {400, 600, 0, 1})->pico_usd,
            400 * 300'000 + 600 * 150'000 + 900'000);
}

TEST(CostOf, NegativeCountsAreRefused) {
  EXPECT_FALSE(cost_of(small_model(), {-1, 0, 0, 0}));
  EXPECT_FALSE(cost_of(small_model(), {0, -1, 0, 0}));
  EXPECT_FALSE(cost_of(small_model(), {0, 0, -1, 0}));
  EXPECT_FALSE(cost_of(small_model(), {0, 0, 0, -1}));
}

TEST(CostOf, BeyondTheRangeIsRefusedNotWrapped) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(cost_of(small_model(), {most, 0, 0, 0}));
  EXPECT_FALSE(cost_of(small_model(), {most, 1, 0, 0}));
  EXPECT_FALSE(cost_of(small_model(), {most / 150'000, 0, 0, most / 600'000}));
}

} // namespace
} // namespace lab::runtime
