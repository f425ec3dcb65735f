#pragma once

#include <string>

#include "llm/dialects/dialect.hpp"
#include "runtime/base/json.hpp"

// An internal header of llm/: it needs nlohmann/json.

namespace lab::llm {

/// Usage as billed, or why it cannot be believed.
struct UsageReading {
  std::optional<Usage> usage;
  std::string problem; // "missing" or "nonsense: …"; empty with a usage
};

/// The most tokens one call can plausibly count.
constexpr std::uint64_t tokens_plausible_max = 1'000'000'000;

/// Read one reply's usage. What counts into what differs by dialect:
///
/// |           | input tokens                      | cached, cache-written |
/// |-----------|-----------------------------------|-----------------------|
/// | openai    | `prompt_tokens`, cached included  | in its details        |
/// | anthropic | `input_tokens`, cached excluded   | beside it             |
/// | ollama    | `prompt_eval_count`               | none                  |
///
/// Reasoning is within the output tokens in all of them. Each count must be a
/// JSON unsigned integer of at most 10^9; an explicit zero is a value.
/// @param reply  the whole JSON value of the reply
UsageReading openai_usage(const json::Value& reply);
UsageReading anthropic_usage(const json::Value& reply);
UsageReading ollama_usage(const json::Value& reply);

} // namespace lab::llm
