#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "llm/outcome.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

// Any bytes that a server may answer become an outcome whose money makes sense:
// a bill is never negative, nothing is settled without one, and words of the
// server are fit for a terminal. The first byte chooses dialect and status.

namespace {

using lab::Resolution;
using lab::llm::Dialect;
using lab::llm::Exchange;

constexpr int statuses[]{200, 200, 200, 400, 402, 429, 500, 503};

Exchange exchange_of(std::uint8_t choice, std::string_view body) {
  Exchange out;
  out.stage = Exchange::Stage::sent;
  const bool cut = (choice & 0x80U) != 0;
  out.end = cut ? Exchange::End::failed : Exchange::End::complete;
  out.status = statuses[choice >> 2U & 7U];
  out.content_type = "application/json";
  out.retry_after = std::string{body.substr(0, 40)};
  out.body = std::string{body};
  return out;
}

void check(const lab::CallOutcome& outcome) {
  const auto paid = outcome.resolution == Resolution::settled;
  LAB_CHECK(outcome.bill.has_value() == paid, "a bill without a settlement");
  if (outcome.bill)
    LAB_CHECK(outcome.bill->pico_usd >= 0, "a negative bill");
  if (outcome.reply)
    LAB_CHECK(lab::is_utf8(outcome.reply->text), "a reply that is no UTF-8");
  if (outcome.known_input)
    LAB_CHECK(*outcome.known_input >= 0, "negative tokens");
  LAB_CHECK(outcome.retry_after_ms >= 0, "a negative wait");
  LAB_CHECK(!outcome.reason.empty(), "an outcome without a reason");
  LAB_CHECK(lab::is_utf8(outcome.error.context)
              && lab::printable(outcome.error.context) == outcome.error.context,
            "words that are not fit for a terminal");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  static constexpr Dialect dialects[]{Dialect::openai, Dialect::anthropic,
                                      Dialect::ollama, Dialect::openai};
  lab::llm::ProviderSettings provider;
  provider.name = "fuzz";
  provider.dialect = dialects[data[0] & 3U];
  provider.api_key = "key";
  lab::PriceRow price;
  price.input.pico_usd = price.output.pico_usd = 15'000'000;
  const lab::llm::Asked asked{provider, "model",           price, 1'000,
                              4'000,    1'700'000'000'000, {}};
  check(outcome_of(
    exchange_of(data[0], {reinterpret_cast<const char*>(data + 1), size - 1}),
    asked));
  return 0;
}
