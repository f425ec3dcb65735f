#include "llm/dialects/usage.hpp"

#include <utility>

namespace lab::llm {

namespace {

/// Takes counts out of an object and remembers the first that is none.
class Counts {
public:
  explicit Counts(const json::Value& object) : object_(object) {}

  std::int64_t required(const char* key) {
    const auto* value = json::member(object_, key);
    if (value == nullptr || value->is_null()) {
      complain(std::string{key} + " is missing");
      return 0;
    }
    return count(key, *value);
  }

  /// Zero when it is absent or null.
  std::int64_t optional(const char* key) {
    const auto* value = json::member(object_, key);
    return value == nullptr || value->is_null() ? 0 : count(key, *value);
  }

  bool has(const char* key) const {
    const auto* value = json::member(object_, key);
    return value != nullptr && !value->is_null();
  }

  void complain(std::string what) {
    if (problem_.empty())
      problem_ = "nonsense: " + std::move(what);
  }

  const std::string& problem() const { return problem_; }

private:
  std::int64_t count(const char* key, const json::Value& value) {
    if (!value.is_number_unsigned()) {
      complain(std::string{key} + " is no unsigned integer");
      return 0;
    }
    const auto tokens = value.get<std::uint64_t>();
    if (tokens > tokens_plausible_max) {
      complain(std::string{key} + " is above 10^9");
      return 0;
    }
    return static_cast<std::int64_t>(tokens);
  }

  const json::Value& object_;
  std::string problem_;
};

UsageReading missing() { return {std::nullopt, "missing"}; }

UsageReading reading(const Counts& counts, const Usage& usage) {
  if (!counts.problem().empty())
    return {std::nullopt, counts.problem()};
  return {usage, {}};
}

/// The member `usage`, or nullptr when there is nothing to read.
const json::Value* usage_object(const json::Value& reply) {
  const auto* usage = json::member(reply, "usage");
  return usage == nullptr || usage->is_null() ? nullptr : usage;
}

/// A details object that may be absent or null.
const json::Value& details(Counts& counts, const json::Value& usage,
                           const char* key) {
  static const json::Value none = json::Value::object();
  const auto* found = json::member(usage, key);
  if (found == nullptr || found->is_null())
    return none;
  if (!found->is_object()) {
    counts.complain(std::string{key} + " is no object");
    return none;
  }
  return *found;
}

} // namespace

UsageReading openai_usage(const json::Value& reply) {
  const auto* object = usage_object(reply);
  if (object == nullptr)
    return missing();
  Counts counts{*object};
  const auto prompt = counts.required("prompt_tokens");
  const auto completion = counts.required("completion_tokens");
  if (counts.has("total_tokens")
      && counts.optional("total_tokens") != prompt + completion)
    counts.complain("total_tokens is not the sum of its parts");

  Counts input{details(counts, *object, "prompt_tokens_details")};
  const auto cached = input.optional("cached_tokens");
  const auto written = input.optional("cache_write_tokens");
  Counts output{details(counts, *object, "completion_tokens_details")};
  const auto reasoning = output.optional("reasoning_tokens");
  for (const auto* part : {&input, &output})
    if (!part->problem().empty())
      return {std::nullopt, part->problem()};
  if (cached + written > prompt)
    counts.complain("more cached tokens than prompt_tokens");
  if (reasoning > completion)
    counts.complain("more reasoning_tokens than completion_tokens");
  return reading(counts,
                 {prompt - cached - written, cached, written, completion});
}

UsageReading anthropic_usage(const json::Value& reply) {
  const auto* object = usage_object(reply);
  if (object == nullptr)
    return missing();
  Counts counts{*object};
  const auto input = counts.required("input_tokens");
  const auto output = counts.required("output_tokens");
  const auto cached = counts.optional("cache_read_input_tokens");
  const auto written = counts.optional("cache_creation_input_tokens");
  return reading(counts, {input, cached, written, output});
}

UsageReading ollama_usage(const json::Value& reply) {
  // Ollama leaves its counts out of a reply that is not the last one.
  if (json::member(reply, "prompt_eval_count") == nullptr
      && json::member(reply, "eval_count") == nullptr)
    return missing();
  Counts counts{reply};
  const auto input = counts.required("prompt_eval_count");
  const auto output = counts.required("eval_count");
  return reading(counts, {input, 0, 0, output});
}

} // namespace lab::llm
