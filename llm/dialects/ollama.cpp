#include <string_view>

#include "llm/dialects/codecs.hpp"

// Ollama's own chat, not its imitation of OpenAI's: only here can the context
// size be said, which otherwise cuts long prompts in silence.

namespace lab::llm {

namespace {

FinishReason finish_of(std::string_view name) {
  if (name == "stop")
    return FinishReason::stop;
  if (name == "length")
    return FinishReason::length;
  return FinishReason::other;
}

/// The server's root, where people wrote the path of one of its dialects.
std::string root_of(std::string path) {
  for (const std::string_view suffix : {"/v1", "/api"})
    if (path.ends_with(suffix))
      path.resize(path.size() - suffix.size());
  return path;
}

void set_key(const ProviderSettings& provider, WireRequest& out) {
  if (!provider.api_key.empty())
    out.headers.emplace_back("Authorization", "Bearer " + provider.api_key);
}

} // namespace

WireRequest encode_ollama(const EncodeInput& input) {
  const auto& request = input.request;
  // The same options on every call of a sweep: another context size would make
  // the server load the model anew, for everybody.
  json::Value options{{"num_ctx", input.provider.num_ctx},
                      {"num_predict", request.output_cap},
                      {"seed", wire_seed(request)}};
  if (!input.temperature.is_null())
    options["temperature"] = input.temperature;
  json::Value body{{"model", input.model},
                   {"stream", false},
                   {"keep_alive", input.provider.keep_alive},
                   {"options", std::move(options)},
                   // Newer servers refuse a prompt that is too long instead of
                   // cutting it; older ones do not know these two.
                   {"truncate", false},
                   {"shift", false}};
  auto messages = json::Value::array();
  for (const auto& message : request.messages)
    messages.push_back(
      {{"role", role_name(message.role)}, {"content", message.text}});
  body["messages"] = std::move(messages);
  if (!input.schema.is_null())
    body["format"] = input.schema;

  WireRequest out;
  out.target = root_of(path_of_url(input.provider.base_url)) + "/api/chat";
  set_key(input.provider, out);
  out.headers.emplace_back("Content-Type", "application/json");
  out.body = json::dump(body);
  return out;
}

std::optional<WireRequest> encode_model_list(const ProviderSettings& provider) {
  if (provider.dialect != Dialect::ollama)
    return std::nullopt;
  WireRequest out;
  out.target = root_of(path_of_url(provider.base_url)) + "/api/tags";
  set_key(provider, out);
  return out;
}

std::string model_digest_in(std::string_view list,
                            const std::string& wire_model) {
  const auto value = json::parse(list);
  if (!value)
    return {};
  const auto* models = json::member(*value, "models");
  if (models == nullptr || !models->is_array())
    return {};
  const auto tagged = wire_model.find(':') == std::string::npos
                        ? wire_model + ":latest"
                        : wire_model;
  for (const auto& model : *models)
    if (json::text_at(model, "name") == tagged)
      return json::text_at(model, "digest").value_or("");
  return {};
}

void decode_ollama(const json::Value& reply, DecodedReply& out) {
  out.served_model = json::text_at(reply, "model").value_or("");
  out.finish = finish_of(json::text_at(reply, "done_reason").value_or(""));
  if (const auto* message = json::member(reply, "message"))
    out.text = content_text(json::member(*message, "content"));
}

} // namespace lab::llm
