#include <algorithm>
#include <array>
#include <string_view>

#include "llm/dialects/codecs.hpp"

// Anthropic's messages.

namespace lab::llm {

namespace {

constexpr const char* api_version = "2023-06-01";
constexpr double temperature_max = 1; // this dialect's scale ends here

/// Models from before structured replies answer 400 to a schema.
constexpr std::array<std::string_view, 6> no_schema_prefixes{
  "claude-2",          "claude-instant",  "claude-3",
  "claude-sonnet-4-0", "claude-opus-4-0", "claude-opus-4-2025"};

bool takes_schema(std::string_view model) {
  return model != "claude-sonnet-4"
         && !model.starts_with("claude-sonnet-4-2025")
         && std::none_of(
           no_schema_prefixes.begin(), no_schema_prefixes.end(),
           [&](std::string_view p) { return model.starts_with(p); });
}

FinishReason finish_of(std::string_view name) {
  if (name == "end_turn" || name == "stop_sequence")
    return FinishReason::stop;
  if (name == "max_tokens" || name == "model_context_window_exceeded")
    return FinishReason::length;
  if (name == "refusal")
    return FinishReason::refusal;
  return FinishReason::other;
}

} // namespace

WireRequest encode_anthropic(const EncodeInput& input) {
  const auto& request = input.request;
  json::Value body{{"model", input.model},
                   {"max_tokens", request.output_cap},
                   {"service_tier", "standard_only"}};
  std::string system;
  auto messages = json::Value::array();
  for (const auto& message : request.messages) {
    if (message.role == ChatRole::system) {
      system += (system.empty() ? "" : "\n\n") + message.text;
      continue;
    }
    messages.push_back(
      {{"role", role_name(message.role)}, {"content", message.text}});
  }
  if (!system.empty())
    body["system"] = system;
  body["messages"] = std::move(messages);
  if (!input.temperature.is_null())
    body["temperature"] =
      std::min(input.temperature.get<double>(), temperature_max);
  if (!input.schema.is_null() && takes_schema(input.model))
    body["output_config"] = {
      {"format", {{"type", "json_schema"}, {"schema", input.schema}}}};

  // People write the base with and without the version.
  const auto path = path_of_url(input.provider.base_url);
  WireRequest out;
  out.target = path + (path.ends_with("/v1") ? "/messages" : "/v1/messages");
  if (!input.provider.api_key.empty())
    out.headers.emplace_back("x-api-key", input.provider.api_key);
  out.headers.emplace_back("anthropic-version", api_version);
  out.headers.emplace_back("Content-Type", "application/json");
  out.body = json::dump(body);
  return out;
}

void decode_anthropic(const json::Value& reply, DecodedReply& out) {
  out.served_model = json::text_at(reply, "model").value_or("");
  out.finish = finish_of(json::text_at(reply, "stop_reason").value_or(""));
  out.text = content_text(json::member(reply, "content"));
  if (const auto* usage = json::member(reply, "usage"))
    out.tier = json::text_at(*usage, "service_tier").value_or("");
}

} // namespace lab::llm
