#include "runtime/model/price.hpp"

#include "runtime/base/digest.hpp"
#include "runtime/base/json.hpp"

namespace lab {

std::int64_t tokens_per_byte_max(Tokenizer tokenizer) {
  // @source measured over the whole of Unicode: NFC grows UTF-8 by at most 3,
  // NFKC by at most 11 a code point; docs/adr/0007-input-bound.md.
  switch (tokenizer) {
  case Tokenizer::byte_level:
    return 1;
  case Tokenizer::nfc:
    return 3;
  case Tokenizer::unknown:
    return 11;
  }
  return 11;
}

std::string price_id_of(const PriceRow& row) {
  Hasher hash;
  hash.add("price/1").add(row.model);
  for (const auto price :
       {row.input, row.output, row.cached_input, row.cache_write, row.fee,
        row.long_input, row.long_output})
    hash.add(price.pico_usd);
  hash.add(row.long_threshold).add(row.context_window).add(row.max_output);
  hash.add(static_cast<std::int64_t>(row.tokenizer));
  hash.add(std::int64_t{row.reasoning_outside_cap});
  hash.add(std::int64_t{row.local}).add(row.source).add(row.valid_from);
  return to_string(hash.finish128()).substr(0, 16);
}

namespace {

std::string_view to_string(Tokenizer tokenizer) {
  switch (tokenizer) {
  case Tokenizer::byte_level:
    return "byte_level";
  case Tokenizer::nfc:
    return "nfc";
  case Tokenizer::unknown:
    return "unknown";
  }
  return "unknown";
}

/// Pico-dollars per token are micro-dollars per million tokens.
std::string usd_per_mtok(Money per_token) {
  return to_decimal(Money{per_token.pico_usd * 1'000'000});
}

} // namespace

std::string price_json(const PriceRow& row) {
  return json::dump({
    {"model", row.model},
    {"input_usd_per_mtok", usd_per_mtok(row.input)},
    {"output_usd_per_mtok", usd_per_mtok(row.output)},
    {"cached_input_usd_per_mtok", usd_per_mtok(row.cached_input)},
    {"cache_write_usd_per_mtok", usd_per_mtok(row.cache_write)},
    {"fee_usd", to_decimal(row.fee)},
    {"long_threshold", row.long_threshold},
    {"long_input_usd_per_mtok", usd_per_mtok(row.long_input)},
    {"long_output_usd_per_mtok", usd_per_mtok(row.long_output)},
    {"context_window", row.context_window},
    {"max_output", row.max_output},
    {"tokenizer", to_string(row.tokenizer)},
    {"reasoning_outside_cap", row.reasoning_outside_cap},
    {"local", row.local},
    {"source", row.source},
    {"valid_from", row.valid_from},
  });
}

} // namespace lab
