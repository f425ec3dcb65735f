#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"
#include "runtime/credit/pricing.hpp"
#include "tests/support/seeds.hpp"

namespace lab::runtime {
namespace {

/// Draws in sequence from one seed.
class Draws {
public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}
  std::int64_t upto(std::int64_t most) {
    return static_cast<std::int64_t>(
      seed_.below(next_++, static_cast<std::uint64_t>(most) + 1));
  }
  bool one_in(std::int64_t n) { return upto(n - 1) == 0; }

private:
  Seed seed_;
  std::uint64_t next_ = 0;
};

PriceRow any_row(Draws& draw) {
  PriceRow row;
  row.model = "any/model";
  for (auto* price :
       {&row.input, &row.output, &row.cached_input, &row.cache_write, &row.fee})
    price->pico_usd = draw.one_in(4) ? 0 : draw.upto(80'000'000);
  if (draw.one_in(2)) {
    row.long_threshold = 1 + draw.upto(3'000);
    row.long_input.pico_usd = draw.upto(160'000'000);
    row.long_output.pico_usd = draw.upto(160'000'000);
  }
  if (draw.one_in(2))
    row.context_window = 2'000 + draw.upto(4'000);
  if (draw.one_in(2))
    row.max_output = 2'000 + draw.upto(2'000);
  row.reasoning_outside_cap =
    draw.one_in(3) && row.max_output + row.context_window > 0;
  row.tokenizer = static_cast<Tokenizer>(draw.upto(2));
  return row;
}

ChatRequest any_request(Draws& draw) {
  ChatRequest request;
  for (auto count = 1 + draw.upto(3); count > 0; --count) {
    std::string text(static_cast<std::size_t>(draw.upto(800)), 'x');
    for (auto others = draw.upto(80); others > 0; --others)
      text += "\u00e9";
    request.messages.push_back({ChatRole::user, std::move(text)});
  }
  if (draw.one_in(2)) {
    request.schema_name = "reply";
    request.schema = std::string(static_cast<std::size_t>(draw.upto(300)), 's');
  }
  request.output_cap = 1 + draw.upto(1'500);
  return request;
}

/// Any split of at most `input` input tokens, and at most `output`.
Usage any_usage(Draws& draw, std::int64_t input, std::int64_t output) {
  Usage usage;
  auto left = draw.one_in(3) ? input : draw.upto(input);
  usage.cached_input = draw.one_in(2) ? 0 : draw.upto(left);
  left -= usage.cached_input;
  usage.cache_write = draw.one_in(2) ? 0 : draw.upto(left);
  usage.input = left - usage.cache_write;
  usage.output = draw.one_in(3) ? output : draw.upto(output);
  return usage;
}

TEST(PricingProperty, NoBillWithinTheBoundsExceedsTheWorstCase) {
  for (const auto seed : testing::seeds(3'000)) {
    SCOPED_TRACE(testing::replay_hint(seed));
    Draws draw{seed};
    const auto row = any_row(draw);
    const auto request = any_request(draw);
    const auto worst = worst_case(row, request);
    ASSERT_TRUE(worst) << to_string(worst.error());
    const auto input = input_bound(row, request);
    const auto output = *output_bound(row, request);

    for (int i = 0; i < 8; ++i) {
      const auto usage = any_usage(draw, input, output);
      const auto bill = cost_of(row, usage);
      ASSERT_TRUE(bill) << to_string(bill.error());
      ASSERT_LE(bill->pico_usd, worst->usd.pico_usd)
        << usage.input << " " << usage.cached_input << " " << usage.cache_write
        << " " << usage.output;
      ASSERT_LE(usage.total(), worst->tokens);
    }
  }
}

TEST(PricingProperty, KnownInputNeverRaisesTheWorstCaseNorFallsBelowTheBill) {
  for (const auto seed : testing::seeds(2'000)) {
    SCOPED_TRACE(testing::replay_hint(seed));
    Draws draw{seed};
    const auto row = any_row(draw);
    const auto request = any_request(draw);
    const auto input = input_bound(row, request);
    const auto usage = any_usage(draw, input, *output_bound(row, request));
    const auto known = usage.total() - usage.output;

    const auto charge = worst_case_after(row, request, known);

    ASSERT_TRUE(charge);
    ASSERT_LE(charge->usd, worst_case(row, request)->usd);
    ASSERT_GE(charge->usd, *cost_of(row, usage));
  }
}

TEST(PricingProperty, ALongerTextNeverHasALowerBound) {
  for (const auto seed : testing::seeds(1'000)) {
    SCOPED_TRACE(testing::replay_hint(seed));
    Draws draw{seed};
    const auto row = any_row(draw);
    auto request = any_request(draw);
    const auto before = *worst_case(row, request);

    request.messages[0].text += draw.one_in(2) ? "\u00e9" : "x";

    const auto after = *worst_case(row, request);
    ASSERT_GE(after.usd, before.usd);
    ASSERT_GE(after.tokens, before.tokens);
  }
}

} // namespace
} // namespace lab::runtime
