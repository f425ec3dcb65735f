#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/money.hpp"

namespace lab {

/// How a model's tokenizer may grow a text: the most tokens one non-ASCII byte
/// can become. See docs/adr/0007-input-bound.md.
enum class Tokenizer : std::uint8_t {
  byte_level, // 1: byte-level BPE, no normalisation
  nfc,        // 3
  unknown,    // 11: NFKC, or not public
};

std::int64_t tokens_per_byte_max(Tokenizer tokenizer);

/// What a model costs, immutable: a correction is a new row. Prices are
/// pico-dollars per token, which is micro-dollars per million tokens.
struct PriceRow {
  std::string model;  // as routed: "openai/gpt-4o-mini"
  Money input;        // per token
  Money output;       // per token
  Money cached_input; // per token read from the provider's prompt cache
  Money cache_write;  // per token written to it
  Money fee;          // per call
  /// From this many input tokens on, all tokens take the long prices.
  std::int64_t long_threshold = 0; // 0: no second tier
  Money long_input;
  Money long_output;
  std::int64_t context_window = 0; // tokens; 0: unknown, no cap on the bound
  std::int64_t max_output = 0;     // tokens; 0: unknown
  Tokenizer tokenizer = Tokenizer::unknown;
  /// The server bills reasoning beyond the cap we send.
  bool reasoning_outside_cap = false;
  bool local = false; // price 0 is allowed only here
  std::string source; // "built in, 2025-11", "scenario-lab.yaml:12"
  std::string valid_from;

  friend bool operator==(const PriceRow&, const PriceRow&) = default;
};

/// The hash of every field: what an attempt stores as its price.
std::string price_id_of(const PriceRow& row);

/// The row as one line of JSON, as `PriceRecorded` keeps it: prices as decimal
/// text in dollars per million tokens.
std::string price_json(const PriceRow& row);

} // namespace lab
