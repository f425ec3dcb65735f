#include <algorithm>
#include <array>
#include <string_view>

#include "llm/dialects/codecs.hpp"

// OpenAI's chat completions, which most servers speak.

namespace lab::llm {

namespace {

/// Models that think before they answer refuse `max_tokens` and temperatures.
constexpr std::array<std::string_view, 4> reasoning_prefixes{"o1", "o3", "o4",
                                                             "gpt-5"};
/// Models from before JSON schemas answer 400 to one.
constexpr std::array<std::string_view, 4> no_schema_prefixes{
  "gpt-3.5", "gpt-4-", "gpt-4o-2024-05-13", "chatgpt-4o"};

template <std::size_t N>
bool starts_with_any(std::string_view model,
                     const std::array<std::string_view, N>& prefixes) {
  const auto name = model.substr(model.rfind('/') + 1);
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view p) { return name.starts_with(p); });
}

bool takes_schema(std::string_view model) {
  return !model.ends_with("gpt-4")
         && !starts_with_any(model, no_schema_prefixes);
}

FinishReason finish_of(std::string_view name) {
  if (name == "stop")
    return FinishReason::stop;
  if (name == "length")
    return FinishReason::length;
  if (name == "content_filter")
    return FinishReason::refusal;
  return FinishReason::other;
}

} // namespace

WireRequest encode_openai(const EncodeInput& input) {
  const auto& request = input.request;
  const bool reasoning = starts_with_any(input.model, reasoning_prefixes);
  json::Value body{{"model", input.model}, {"seed", wire_seed(request)}};
  auto messages = json::Value::array();
  for (const auto& message : request.messages)
    messages.push_back(
      {{"role", role_name(message.role)}, {"content", message.text}});
  body["messages"] = std::move(messages);
  body[reasoning ? "max_completion_tokens" : "max_tokens"] = request.output_cap;
  if (!input.temperature.is_null() && !reasoning)
    body["temperature"] = input.temperature;
  if (!input.schema.is_null() && takes_schema(input.model))
    body["response_format"] = {{"type", "json_schema"},
                               {"json_schema",
                                {{"name", request.schema_name},
                                 {"strict", true},
                                 {"schema", input.schema}}}};
  // Unset means "auto", which may mean a project's priority tier.
  if (host_of_url(input.provider.base_url) == "api.openai.com")
    body["service_tier"] = "default";

  WireRequest out;
  out.target = path_of_url(input.provider.base_url) + "/chat/completions";
  if (!input.provider.api_key.empty())
    out.headers.emplace_back("Authorization",
                             "Bearer " + input.provider.api_key);
  out.headers.emplace_back("Content-Type", "application/json");
  out.body = json::dump(body);
  return out;
}

void decode_openai(const json::Value& reply, DecodedReply& out) {
  out.served_model = json::text_at(reply, "model").value_or("");
  out.tier = json::text_at(reply, "service_tier").value_or("");
  const auto* choices = json::member(reply, "choices");
  if (choices == nullptr || !choices->is_array() || choices->empty())
    return;
  const auto& choice = choices->front();
  out.finish = finish_of(json::text_at(choice, "finish_reason").value_or(""));
  const auto* message = json::member(choice, "message");
  if (message == nullptr)
    return;
  out.text = content_text(json::member(*message, "content"));
  if (const auto refusal = json::text_at(*message, "refusal");
      refusal && !refusal->empty()) {
    out.finish = FinishReason::refusal;
    if (out.text.empty())
      out.text = *refusal;
  }
}

} // namespace lab::llm
