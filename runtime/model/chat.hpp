#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/model/ids.hpp"

namespace lab {

enum class ChatRole : std::uint8_t { system, user, assistant };

struct ChatMessage {
  ChatRole role = ChatRole::user;
  std::string text; // UTF-8

  friend bool operator==(const ChatMessage&, const ChatMessage&) = default;
};

/// One LLM request as the scenario needs it. Only these fields can reach a
/// provider: whatever else could change the bill (several choices, tools,
/// images, service tiers, predictions) cannot be expressed.
struct ChatRequest {
  /// As the scenario names it: "openai/gpt-4o-mini", "sim/persona?jitter=0.2".
  std::string model;
  std::vector<ChatMessage> messages;
  /// Name and JSON Schema (text) of the wanted reply; empty: free text.
  std::string schema_name;
  std::string schema;
  /// Most tokens the reply may have; at least 1, sent on every call.
  std::int64_t output_cap = 1024;
  /// Sampling temperature as decimal text ("0.7"); empty: provider's default.
  std::string temperature;
  /// Seeds the provider's sampler where it has one, and `sim` always.
  std::uint64_t seed = 0;
  /// For `sim` models only: the facts a simulated persona may act on, as JSON
  /// (see docs/sim.md). Empty for every other model, so it never leaves.
  std::string brief;

  friend bool operator==(const ChatRequest&, const ChatRequest&) = default;
};

/// The hash of everything above.
Fingerprint fingerprint_of(const ChatRequest& request);

/// What the journal keeps of a request to name a later difference: one
/// "field=short digest" a field, separated by spaces.
std::string outline_of(const ChatRequest& request);

/// The name of the first field in which two outlines differ; empty if equal.
std::string first_difference(std::string_view a, std::string_view b);

/// The part before the first '/'; "sim" for "sim/persona".
std::string provider_of(const std::string& model);

enum class FinishReason : std::uint8_t {
  stop,
  length,  // cut at the output cap
  refusal, // the model or a content filter declined
  other,
};

/// Tokens as billed, each counted once: `input` excludes cached and
/// cache-written tokens, `output` includes reasoning.
struct Usage {
  std::int64_t input = 0;
  std::int64_t cached_input = 0;
  std::int64_t cache_write = 0;
  std::int64_t output = 0;

  std::int64_t total() const {
    return input + cached_input + cache_write + output;
  }
  friend bool operator==(const Usage&, const Usage&) = default;
};

/// What a model answered.
struct Reply {
  std::string text;
  FinishReason finish = FinishReason::stop;
  /// The model the provider says it used; empty when it does not say.
  std::string served_model;
  Usage usage;
  friend bool operator==(const Reply&, const Reply&) = default;
};

std::string_view to_string(FinishReason reason);
FinishReason finish_reason_from(std::string_view name);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ChatMessage& x) {
  return f(x.role, x.text);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ChatRequest& x) {
  return f(x.model, x.messages, x.schema_name, x.schema, x.output_cap,
           x.temperature, x.seed, x.brief);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Usage& x) {
  return f(x.input, x.cached_input, x.cache_write, x.output);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Reply& x) {
  return f(x.text, x.finish, x.served_model, x.usage);
}

} // namespace lab
