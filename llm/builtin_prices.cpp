#include "llm/builtin_prices.hpp"

#include <array>
#include <cstdint>

namespace lab::llm {

namespace {

/// A thousandth of a dollar per million tokens, in pico-dollars per token.
constexpr std::int64_t mill = 1'000;

constexpr std::string_view source = "built in, 2025-11";
constexpr std::string_view valid_from = "2025-11-01";

/// Prices in mills per million tokens: 2500 is $2.50.
struct Line {
  std::string_view slug;
  std::string_view direct;
  std::int64_t input;
  std::int64_t output;
  std::int64_t cached_input; // 0: no discount known, as input
  std::int64_t cache_write;  // 0: as input
  std::int64_t context_window;
  std::int64_t max_output;
  Tokenizer tokenizer;
  std::int64_t long_threshold = 0;
  std::int64_t long_input = 0;
  std::int64_t long_output = 0;
};

constexpr auto bytes = Tokenizer::byte_level;
constexpr auto unknown = Tokenizer::unknown;

// @source the vendors' public price lists, read in 2025-11; where an older
// list was lower (Gemini 2.5 Flash), the dearer price stands. Context windows
// are left out where providers differ: a bound that is too high is safe.
constexpr std::array lines{
  Line{"openai/gpt-4o", "gpt-4o", 2500, 10000, 1250, 0, 128000, 16384, bytes},
  Line{"openai/gpt-4o-mini", "gpt-4o-mini", 150, 600, 75, 0, 128000, 16384,
       bytes},
  Line{"openai/gpt-4.1-mini", "gpt-4.1-mini", 400, 1600, 100, 0, 1047576, 32768,
       bytes},
  Line{"openai/gpt-5-mini", "gpt-5-mini", 250, 2000, 25, 0, 400000, 128000,
       bytes},
  Line{"openai/gpt-4-turbo", "gpt-4-turbo", 10000, 30000, 0, 0, 128000, 4096,
       bytes},
  Line{"openai/gpt-3.5-turbo", "gpt-3.5-turbo", 500, 1500, 0, 0, 16385, 4096,
       bytes},
  Line{"anthropic/claude-haiku-4.5", "claude-haiku-4-5", 1000, 5000, 100, 1250,
       200000, 64000, unknown},
  Line{"anthropic/claude-sonnet-4.5", "claude-sonnet-4-5", 3000, 15000, 300,
       3750, 0, 64000, unknown, 200000, 6000, 22500},
  Line{"anthropic/claude-sonnet-4", "claude-sonnet-4-20250514", 3000, 15000,
       300, 3750, 0, 64000, unknown, 200000, 6000, 22500},
  Line{"anthropic/claude-3.5-sonnet", "claude-3-5-sonnet-20241022", 3000, 15000,
       300, 3750, 200000, 8192, unknown},
  Line{"anthropic/claude-3.5-haiku", "claude-3-5-haiku-20241022", 800, 4000, 80,
       1000, 200000, 8192, unknown},
  Line{"anthropic/claude-3-opus", "claude-3-opus-20240229", 15000, 75000, 1500,
       18750, 200000, 4096, unknown},
  Line{"anthropic/claude-3-haiku", "claude-3-haiku-20240307", 250, 1250, 30,
       300, 200000, 4096, unknown},
  Line{"google/gemini-2.0-flash", "", 100, 400, 0, 0, 0, 8192, unknown},
  Line{"google/gemini-2.5-flash", "", 300, 2500, 0, 0, 0, 65535, unknown},
  Line{"google/gemini-1.5-pro", "", 1250, 5000, 0, 0, 0, 8192, unknown, 128000,
       2500, 10000},
  Line{"google/gemini-pro", "", 500, 1500, 0, 0, 0, 0, unknown},
  Line{"deepseek/deepseek-chat", "", 140, 280, 0, 0, 0, 0, unknown},
  Line{"deepseek/deepseek-r1", "", 550, 2190, 0, 0, 0, 0, unknown},
  Line{"meta-llama/llama-3.3-70b-instruct", "", 300, 300, 0, 0, 0, 0, bytes},
  Line{"meta-llama/llama-3-70b-instruct", "", 590, 790, 0, 0, 0, 0, bytes},
};

BuiltinPrice priced(const Line& line) {
  PriceRow row;
  row.input.pico_usd = line.input * mill;
  row.output.pico_usd = line.output * mill;
  row.cached_input.pico_usd = line.cached_input * mill;
  row.cache_write.pico_usd = line.cache_write * mill;
  row.context_window = line.context_window;
  row.max_output = line.max_output;
  row.tokenizer = line.tokenizer;
  row.long_threshold = line.long_threshold;
  row.long_input.pico_usd = line.long_input * mill;
  row.long_output.pico_usd = line.long_output * mill;
  row.source = source;
  row.valid_from = valid_from;
  return {std::string{line.slug}, std::string{line.direct}, std::move(row)};
}

} // namespace

const std::vector<BuiltinPrice>& builtin_prices() {
  static const auto prices = [] {
    std::vector<BuiltinPrice> out;
    for (const auto& line : lines)
      out.push_back(priced(line));
    return out;
  }();
  return prices;
}

const BuiltinPrice* builtin_by_vendor(std::string_view vendor,
                                      std::string_view name) {
  for (const auto& price : builtin_prices())
    if (price.slug.size() > vendor.size() && price.slug.starts_with(vendor)
        && price.slug[vendor.size()] == '/'
        && (price.direct == name
            || std::string_view{price.slug}.substr(vendor.size() + 1) == name))
      return &price;
  return nullptr;
}

} // namespace lab::llm
