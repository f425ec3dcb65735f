#include "tools/dev/fake_provider/ask.hpp"

#include <algorithm>
#include <initializer_list>

#include "runtime/base/json.hpp"

namespace lab::tools::fake {

namespace {

using json::Value;

tl::unexpected<Refusal> refuse(int status, std::string message) {
  return tl::unexpected(Refusal{status, std::move(message), false});
}

tl::unexpected<Refusal> breach(std::string message) {
  return tl::unexpected(Refusal{400, std::move(message), true});
}

using Checked = tl::expected<void, Refusal>;

/// A field nobody has thought about may cost money nobody has reserved.
Checked only_fields(const Value& object, std::string_view where,
                    std::initializer_list<std::string_view> allowed) {
  for (const auto& [key, value] : object.items())
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
      return breach("field '" + key + "' in " + std::string{where}
                    + " is not one this server bills for");
  return {};
}

/// An optional field with the one value that is harmless.
Checked pinned(const Value& object, const char* key, const Value& value) {
  const auto* found = json::member(object, key);
  if (found && *found != value)
    return breach(std::string{key} + " must be " + value.dump());
  return {};
}

tl::expected<std::int64_t, Refusal> cap_at(const Value& object,
                                           const char* key) {
  const auto* found = json::member(object, key);
  if (!found)
    return breach(std::string{"no output cap: "} + key + " is missing");
  const auto cap = json::unsigned_at(object, key);
  if (!cap || *cap < 1 || *cap > 1'000'000'000)
    return breach(std::string{key} + " must be a whole number of at least 1");
  return static_cast<std::int64_t>(*cap);
}

tl::expected<Ask, Refusal> read_common(const Value& body, bool system_in_list) {
  Ask ask;
  auto model = json::text_at(body, "model");
  if (!model || model->empty())
    return refuse(400, "model is missing");
  ask.model = std::move(*model);
  const auto* messages = json::member(body, "messages");
  if (!messages || !messages->is_array() || messages->empty())
    return refuse(400, "messages must be a list with at least one entry");
  for (const auto& message : *messages) {
    const auto role = json::text_at(message, "role");
    auto text = json::text_at(message, "content");
    if (!role || !text)
      return refuse(400, "each message needs a role and a text as content");
    const bool known = *role == "user" || *role == "assistant"
                       || (*role == "system" && system_in_list);
    if (!known)
      return refuse(400, "unknown role '" + *role + "'");
    if (auto fine = only_fields(message, "a message", {"role", "content"});
        !fine)
      return tl::unexpected(std::move(fine.error()));
    ask.texts.push_back(std::move(*text));
  }
  return ask;
}

/// `{"type":"json_schema","json_schema":{"name","strict","schema"}}`
Checked read_openai_format(const Value& format, Ask& ask) {
  const auto type = json::text_at(format, "type");
  if (type == "text")
    return {};
  const auto* wrapped = json::member(format, "json_schema");
  if (type != "json_schema" || !wrapped)
    return refuse(400, "response_format must be of type json_schema");
  const auto* schema = json::member(*wrapped, "schema");
  if (!json::text_at(*wrapped, "name") || !schema || !schema->is_object())
    return refuse(400, "json_schema needs a name and a schema");
  ask.schema = json::dump(*schema);
  return {};
}

tl::expected<Ask, Refusal> read_openai(const Value& body) {
  LAB_CHECKED(only_fields(
    body, "the request",
    {"model", "messages", "max_tokens", "max_completion_tokens", "temperature",
     "seed", "response_format", "service_tier", "n", "stream", "store"}));
  LAB_CHECKED(pinned(body, "n", 1));
  LAB_CHECKED(pinned(body, "stream", false));
  LAB_CHECKED(pinned(body, "store", false));
  LAB_CHECKED(pinned(body, "service_tier", "default"));
  LAB_TRY(auto ask, read_common(body, true));
  const bool newer = json::member(body, "max_completion_tokens") != nullptr;
  LAB_TRY(ask.output_cap,
          cap_at(body, newer ? "max_completion_tokens" : "max_tokens"));
  if (const auto* format = json::member(body, "response_format"))
    LAB_CHECKED(read_openai_format(*format, ask));
  return ask;
}

/// A text, or a list of `{"type":"text","text"}`.
Checked read_system(const Value& system, Ask& ask) {
  if (system.is_string()) {
    ask.texts.push_back(system.get<std::string>());
    return {};
  }
  if (!system.is_array())
    return refuse(400, "system must be a text or a list of texts");
  for (const auto& block : system) {
    auto text = json::text_at(block, "text");
    if (json::text_at(block, "type") != "text" || !text)
      return refuse(400, "system may hold texts only");
    ask.texts.push_back(std::move(*text));
  }
  return {};
}

tl::expected<Ask, Refusal> read_anthropic(const Value& body,
                                          const Received& request) {
  if (request.header("anthropic-version").empty())
    return refuse(400, "header anthropic-version is missing");
  LAB_CHECKED(
    only_fields(body, "the request",
                {"model", "messages", "system", "max_tokens", "temperature",
                 "output_config", "service_tier", "stream"}));
  LAB_CHECKED(pinned(body, "stream", false));
  LAB_CHECKED(pinned(body, "service_tier", "standard_only"));
  LAB_TRY(auto ask, read_common(body, false));
  if (const auto* system = json::member(body, "system"))
    LAB_CHECKED(read_system(*system, ask));
  LAB_TRY(ask.output_cap, cap_at(body, "max_tokens"));
  const auto* config = json::member(body, "output_config");
  if (!config)
    return ask;
  const auto* format = json::member(*config, "format");
  const auto* schema = format ? json::member(*format, "schema") : nullptr;
  if (!schema || json::text_at(*format, "type") != "json_schema")
    return refuse(400, "output_config.format must be of type json_schema");
  ask.schema = json::dump(*schema);
  return ask;
}

tl::expected<Ask, Refusal> read_ollama(const Value& body) {
  LAB_CHECKED(only_fields(body, "the request",
                          {"model", "messages", "stream", "format", "options",
                           "keep_alive", "think", "truncate", "shift"}));
  LAB_CHECKED(pinned(body, "truncate", false));
  LAB_CHECKED(pinned(body, "shift", false));
  LAB_CHECKED(pinned(body, "think", false));
  const auto* stream = json::member(body, "stream");
  if (!stream || *stream != false)
    return breach("stream must be false: without it this dialect streams");
  LAB_TRY(auto ask, read_common(body, true));
  const auto* options = json::member(body, "options");
  if (!options || !options->is_object())
    return breach("no output cap: options.num_predict is missing");
  LAB_CHECKED(only_fields(*options, "options",
                          {"num_predict", "num_ctx", "seed", "temperature"}));
  LAB_TRY(ask.output_cap, cap_at(*options, "num_predict"));
  if (!json::unsigned_at(*options, "num_ctx"))
    return breach("options.num_ctx is missing: the server would cut prompts "
                  "at a length of its own");
  const auto* format = json::member(body, "format");
  if (format && format->is_object())
    ask.schema = json::dump(*format);
  else if (format && *format != "")
    return refuse(400, "format must be a JSON schema");
  return ask;
}

bool key_is_right(const Options& options, const Received& request) {
  if (options.api_key.empty())
    return true;
  if (options.dialect == Dialect::anthropic)
    return request.header("x-api-key") == options.api_key;
  return request.header("authorization") == "Bearer " + options.api_key;
}

std::string_view path_of(Dialect dialect) {
  switch (dialect) {
  case Dialect::openai:
    return "/v1/chat/completions";
  case Dialect::anthropic:
    return "/v1/messages";
  case Dialect::ollama:
    return "/api/chat";
  }
  return {};
}

} // namespace

bool asks_for_models(const Options& options, const Received& request) {
  return options.dialect == Dialect::ollama && request.method == "GET"
         && request.target == "/api/tags";
}

tl::expected<Ask, Refusal> read_ask(const Options& options,
                                    const Received& request) {
  if (request.target != path_of(options.dialect))
    return refuse(404, "no such path: " + std::string{request.target});
  if (request.method != "POST")
    return refuse(405, "only POST is served here");
  if (!key_is_right(options, request))
    return refuse(401, "wrong or missing key");
  if (!request.header("content-type").starts_with("application/json"))
    return refuse(415, "content-type must be application/json");
  auto body = json::parse(request.body);
  if (!body)
    return refuse(400, "the body is no JSON: " + body.error().context);
  if (!body->is_object())
    return refuse(400, "the body must be a JSON object");
  switch (options.dialect) {
  case Dialect::openai:
    return read_openai(*body);
  case Dialect::anthropic:
    return read_anthropic(*body, request);
  case Dialect::ollama:
    return read_ollama(*body);
  }
  return refuse(500, "unknown dialect");
}

} // namespace lab::tools::fake
