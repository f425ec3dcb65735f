#include "runtime/credit/pricing.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

namespace lab::runtime {

namespace {

// What providers put around our texts and bill: role markers, the reply's
// opening, hidden system text, a schema's preamble.
// @source docs/adr/0007-input-bound.md
constexpr std::int64_t tokens_around_call = 64;
constexpr std::int64_t tokens_around_schema = 1024;
constexpr std::int64_t tokens_around_message = 16;
/// A schema is repeated in the provider's own words.
constexpr std::int64_t schema_tokens_per_byte = 2;
/// Stop tokens are counted by some and not by others.
constexpr std::int64_t output_slack = 16;

__extension__ using Wide = __int128;

std::int64_t text_bound(std::string_view text, std::int64_t growth) {
  const auto ascii = std::count_if(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
  return ascii + growth * (std::ssize(text) - ascii);
}

bool is_long(const PriceRow& price, std::int64_t input) {
  return price.long_threshold > 0 && input >= price.long_threshold;
}

/// A price of the short tier as the long tier has it: discounts for cached
/// tokens keep their ratio, rounded up.
Money in_long_tier(const PriceRow& price, Money short_price) {
  if (price.input.pico_usd <= 0)
    return price.long_input;
  const auto scaled = (Wide{short_price.pico_usd} * price.long_input.pico_usd
                       + price.input.pico_usd - 1)
                      / price.input.pico_usd;
  return Money{static_cast<std::int64_t>(
    std::min<Wide>(scaled, std::numeric_limits<std::int64_t>::max()))};
}

struct TokenPrices {
  Money input;
  Money cached_input;
  Money cache_write;
  Money output;
};

TokenPrices prices_at(const PriceRow& price, std::int64_t input) {
  if (!is_long(price, input))
    return {price.input, price.cached_input, price.cache_write, price.output};
  return {price.long_input, in_long_tier(price, price.cached_input),
          in_long_tier(price, price.cache_write), price.long_output};
}

Money dearest_input(const TokenPrices& prices) {
  return std::max({prices.input, prices.cached_input, prices.cache_write});
}

Result<Money> add(Money a, Money b) {
  Money sum;
  if (__builtin_add_overflow(a.pico_usd, b.pico_usd, &sum.pico_usd))
    return fail(Errc::invalid_input, "a call's cost is out of range");
  return sum;
}

} // namespace

std::int64_t input_bound(const PriceRow& price, const ChatRequest& request) {
  const auto growth = tokens_per_byte_max(price.tokenizer);
  auto bound = tokens_around_call;
  for (const auto& message : request.messages)
    bound += tokens_around_message + text_bound(message.text, growth);
  if (!request.schema.empty()) {
    bound += tokens_around_schema - tokens_around_call;
    bound += text_bound(request.schema_name, growth);
    bound += text_bound(request.schema, growth);
    bound += schema_tokens_per_byte * std::ssize(request.schema);
  }
  if (price.context_window > 0)
    bound = std::min(bound, price.context_window);
  return bound;
}

Result<std::int64_t> output_bound(const PriceRow& price,
                                  const ChatRequest& request) {
  const auto cap = request.output_cap;
  const auto model = [&] { return "model=" + price.model; };
  if (cap < 1)
    return fail(Errc::invalid_input, model() + " output cap "
                                       + std::to_string(cap)
                                       + " is below 1 token");
  if (price.max_output > 0 && cap > price.max_output)
    return fail(Errc::context_overflow,
                model() + " output cap " + std::to_string(cap)
                  + " is above the model's maximum of "
                  + std::to_string(price.max_output) + " tokens");
  if (price.context_window > 0 && cap > price.context_window)
    return fail(Errc::context_overflow,
                model() + " output cap " + std::to_string(cap)
                  + " is above the context window of "
                  + std::to_string(price.context_window) + " tokens");
  auto bound = cap;
  if (price.reasoning_outside_cap) {
    bound = price.max_output > 0 ? price.max_output : price.context_window;
    if (bound == 0)
      return fail(Errc::model_not_priced,
                  model()
                    + " bills reasoning beyond the output cap: its price row "
                      "needs max_output");
  }
  if (__builtin_add_overflow(bound, output_slack, &bound))
    return fail(Errc::invalid_input, model() + " output cap out of range");
  return bound;
}

Result<Charge> worst_case_of(const PriceRow& price, std::int64_t input,
                             std::int64_t output) {
  // The call may turn out shorter, so the short tier counts too.
  auto dear = prices_at(price, 0);
  auto input_price = dearest_input(dear);
  auto output_price = dear.output;
  if (is_long(price, input)) {
    dear = prices_at(price, input);
    input_price = std::max(input_price, dearest_input(dear));
    output_price = std::max(output_price, dear.output);
  }
  LAB_TRY(const Money input_usd, multiply(input_price, input));
  LAB_TRY(const Money output_usd, multiply(output_price, output));
  LAB_TRY(const Money tokens_usd, add(input_usd, output_usd));
  LAB_TRY(const Money usd, add(tokens_usd, price.fee));
  Charge charge{usd, 1, 0};
  if (__builtin_add_overflow(input, output, &charge.tokens))
    return fail(Errc::invalid_input, "a call's tokens are out of range");
  return charge;
}

Result<Charge> worst_case(const PriceRow& price, const ChatRequest& request) {
  LAB_TRY(const std::int64_t output, output_bound(price, request));
  return worst_case_of(price, input_bound(price, request), output);
}

Result<Charge> worst_case_after(const PriceRow& price,
                                const ChatRequest& request,
                                std::int64_t known_input) {
  LAB_TRY(const std::int64_t output, output_bound(price, request));
  return worst_case_of(
    price,
    std::clamp<std::int64_t>(known_input, 0, input_bound(price, request)),
    output);
}

Result<Money> cost_of(const PriceRow& price, const Usage& usage) {
  if (std::min(
        {usage.input, usage.cached_input, usage.cache_write, usage.output})
      < 0)
    return fail(Errc::invalid_input, "a token count is negative");
  std::int64_t input = 0;
  if (__builtin_add_overflow(usage.input, usage.cached_input, &input)
      || __builtin_add_overflow(input, usage.cache_write, &input))
    return fail(Errc::invalid_input, "token counts are out of range");
  const auto prices = prices_at(price, input);
  LAB_TRY(const Money plain, multiply(prices.input, usage.input));
  LAB_TRY(const Money cached,
          multiply(prices.cached_input, usage.cached_input));
  LAB_TRY(const Money written, multiply(prices.cache_write, usage.cache_write));
  LAB_TRY(const Money output, multiply(prices.output, usage.output));
  auto total = price.fee;
  for (const auto part : {plain, cached, written, output}) {
    LAB_TRY(total, add(total, part));
  }
  return total;
}

} // namespace lab::runtime
