#include <set>
#include <string>

#include <gtest/gtest.h>

#include "llm/dialects/dialect.hpp"
#include "runtime/base/json.hpp"

namespace lab::llm {
namespace {

ChatRequest full_request() {
  ChatRequest request;
  request.model = "any/model";
  request.messages = {{ChatRole::system, "You are the Port."},
                      {ChatRole::user, "Decide. \"Now\"\n\xC3\xA9"}};
  request.schema_name = "decision";
  request.schema = R"({"type":"object","properties":{}})";
  request.output_cap = 700;
  request.temperature = "0.7";
  request.seed = 42;
  request.brief = R"({"kind":"decision","secret":"never sent"})";
  return request;
}

ProviderSettings openai() {
  ProviderSettings out;
  out.name = "openai";
  out.dialect = Dialect::openai;
  out.base_url = "https://api.openai.com/v1";
  out.api_key = "sk-test";
  return out;
}

ProviderSettings anthropic() {
  auto out = openai();
  out.name = "anthropic";
  out.dialect = Dialect::anthropic;
  out.base_url = "https://api.anthropic.com/v1";
  return out;
}

ProviderSettings ollama() {
  ProviderSettings out;
  out.name = "ollama";
  out.dialect = Dialect::ollama;
  out.base_url = "http://127.0.0.1:11434";
  out.num_ctx = 4096;
  out.keep_alive = "10m";
  return out;
}

json::Value body_of(const ProviderSettings& provider, const std::string& model,
                    const ChatRequest& request) {
  const auto wire = encode(provider, model, request);
  EXPECT_TRUE(wire) << to_string(wire.error());
  return wire ? *json::parse(wire->body) : json::Value{};
}

std::set<std::string> keys_of(const json::Value& object) {
  std::set<std::string> out;
  for (const auto& [key, value] : object.items())
    out.insert(key);
  return out;
}

std::string header(const WireRequest& wire, const std::string& name) {
  for (const auto& [key, value] : wire.headers)
    if (key == name)
      return value;
  return "(none)";
}

TEST(OpenAiEncoder, SendsExactlyTheWhiteList) {
  const auto body = body_of(openai(), "gpt-4o-mini", full_request());

  EXPECT_EQ(body, *json::parse(R"({
    "model": "gpt-4o-mini",
    "messages": [
      {"role": "system", "content": "You are the Port."},
      {"role": "user", "content": "Decide. \"Now\"\né"}],
    "max_tokens": 700,
    "temperature": 0.7,
    "seed": 42,
    "service_tier": "default",
    "response_format": {"type": "json_schema", "json_schema":
      {"name": "decision", "strict": true,
       "schema": {"type": "object", "properties": {}}}}})"));
}

TEST(OpenAiEncoder, ABareRequestHasNoOptionalFields) {
  ChatRequest request;
  request.messages = {{ChatRole::user, "Hi"}};
  auto provider = openai();
  provider.base_url = "http://127.0.0.1:8081/v1";

  const auto body = body_of(provider, "tiny", request);

  EXPECT_EQ(keys_of(body),
            (std::set<std::string>{"model", "messages", "max_tokens", "seed"}));
  EXPECT_EQ(body["max_tokens"], 1024);
}

TEST(OpenAiEncoder, ReasoningModelsGetTheirOwnCapAndNoTemperature) {
  for (const auto* model :
       {"o1", "o3-mini", "o4-mini", "gpt-5-mini", "openai/gpt-5"}) {
    SCOPED_TRACE(model);

    const auto body = body_of(openai(), model, full_request());

    EXPECT_EQ(body.value("max_completion_tokens", 0), 700);
    EXPECT_FALSE(body.contains("max_tokens"));
    EXPECT_FALSE(body.contains("temperature"));
  }
}

TEST(OpenAiEncoder, OnlyTheRealHostIsToldItsTier) {
  auto provider = openai();
  for (const auto* url : {"https://openrouter.ai/api/v1",
                          "https://api.openai.com.evil.example/v1",
                          "http://localhost/api.openai.com/v1"}) {
    SCOPED_TRACE(url);
    provider.base_url = url;

    EXPECT_FALSE(
      body_of(provider, "m", full_request()).contains("service_tier"));
  }
}

TEST(OpenAiEncoder, ModelsFromBeforeSchemasGetNone) {
  for (const auto* model : {"gpt-3.5-turbo", "gpt-4-turbo", "gpt-4"}) {
    SCOPED_TRACE(model);
    EXPECT_FALSE(
      body_of(openai(), model, full_request()).contains("response_format"));
  }
  EXPECT_TRUE(body_of(openai(), "gpt-4.1-mini", full_request())
                .contains("response_format"));
}

TEST(OpenAiEncoder, TargetAndHeadersFollowTheSettings) {
  auto provider = openai();
  provider.base_url = "https://host.example:8443/api/v1/";

  const auto wire = *encode(provider, "m", full_request());

  EXPECT_EQ(wire.target, "/api/v1/chat/completions");
  EXPECT_EQ(header(wire, "Authorization"), "Bearer sk-test");
  EXPECT_EQ(header(wire, "Content-Type"), "application/json");
}

TEST(OpenAiEncoder, WithoutAKeyThereIsNoAuthorization) {
  auto provider = openai();
  provider.api_key.clear();

  EXPECT_EQ(header(*encode(provider, "m", full_request()), "Authorization"),
            "(none)");
}

TEST(AnthropicEncoder, SendsExactlyTheWhiteList) {
  const auto body = body_of(anthropic(), "claude-haiku-4-5", full_request());

  EXPECT_EQ(body, *json::parse(R"({
    "model": "claude-haiku-4-5",
    "max_tokens": 700,
    "service_tier": "standard_only",
    "system": "You are the Port.",
    "messages": [{"role": "user", "content": "Decide. \"Now\"\né"}],
    "temperature": 0.7,
    "output_config": {"format": {"type": "json_schema",
      "schema": {"type": "object", "properties": {}}}}})"));
}

TEST(AnthropicEncoder, SystemMessagesAreJoined) {
  auto request = full_request();
  request.messages.push_back({ChatRole::system, "Be brief."});

  EXPECT_EQ(body_of(anthropic(), "claude-haiku-4-5", request)["system"],
            "You are the Port.\n\nBe brief.");
}

TEST(AnthropicEncoder, OlderModelsGetNoSchema) {
  for (const auto* model :
       {"claude-3-haiku-20240307", "claude-3-5-sonnet-20241022",
        "claude-sonnet-4-20250514", "claude-opus-4-20250514"}) {
    SCOPED_TRACE(model);
    EXPECT_FALSE(
      body_of(anthropic(), model, full_request()).contains("output_config"));
  }
}

TEST(AnthropicEncoder, TemperatureEndsAtOne) {
  auto request = full_request();
  request.temperature = "1.5";

  EXPECT_EQ(body_of(anthropic(), "claude-haiku-4-5", request)["temperature"],
            1.0);
}

TEST(AnthropicEncoder, TheKeyAndTheVersionAreHeaders) {
  auto provider = anthropic();
  for (const auto* url :
       {"https://api.anthropic.com", "https://api.anthropic.com/",
        "https://api.anthropic.com/v1"}) {
    provider.base_url = url;

    const auto wire = *encode(provider, "claude-haiku-4-5", full_request());

    EXPECT_EQ(wire.target, "/v1/messages");
    EXPECT_EQ(header(wire, "x-api-key"), "sk-test");
    EXPECT_EQ(header(wire, "anthropic-version"), "2023-06-01");
    EXPECT_EQ(header(wire, "Authorization"), "(none)");
  }
}

TEST(OllamaEncoder, SendsExactlyTheWhiteList) {
  const auto body = body_of(ollama(), "llama3.1:8b", full_request());

  EXPECT_EQ(body, *json::parse(R"({
    "model": "llama3.1:8b",
    "stream": false,
    "truncate": false,
    "shift": false,
    "keep_alive": "10m",
    "messages": [
      {"role": "system", "content": "You are the Port."},
      {"role": "user", "content": "Decide. \"Now\"\né"}],
    "options": {"num_ctx": 4096, "num_predict": 700, "seed": 42,
                "temperature": 0.7},
    "format": {"type": "object", "properties": {}}})"));
}

TEST(OllamaEncoder, OptionsAreTheSameForRequestsOfOneSweep) {
  auto other = full_request();
  other.messages[1].text = std::string(50'000, 'x');

  EXPECT_EQ(body_of(ollama(), "m", full_request())["options"],
            body_of(ollama(), "m", other)["options"]);
}

TEST(OllamaEncoder, AddressesOfOtherDialectsAreUnderstood) {
  auto provider = ollama();
  for (const auto* url :
       {"http://127.0.0.1:11434", "http://127.0.0.1:11434/",
        "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/api"}) {
    provider.base_url = url;
    EXPECT_EQ(encode(provider, "m", full_request())->target, "/api/chat");
  }
}

TEST(Encoder, SeedsFitIntoThirtyOneBits) {
  auto request = full_request();
  request.seed = 0xffff'ffff'ffff'ffffU;

  EXPECT_EQ(body_of(openai(), "m", request)["seed"], 0x7fff'ffff);
  EXPECT_EQ(body_of(ollama(), "m", request)["options"]["seed"], 0x7fff'ffff);
}

TEST(Encoder, TheBriefNeverLeaves) {
  for (const auto& provider : {openai(), anthropic(), ollama()})
    EXPECT_EQ(encode(provider, "m", full_request())->body.find("secret"),
              std::string::npos);
}

TEST(Encoder, RefusesWhatWouldRunWithoutBounds) {
  for (const auto& provider : {openai(), anthropic(), ollama()}) {
    SCOPED_TRACE(provider.name);
    auto no_messages = full_request();
    no_messages.messages.clear();
    auto no_cap = full_request();
    no_cap.output_cap = 0;

    EXPECT_EQ(encode(provider, "m", no_messages).error().code,
              Errc::invalid_input);
    EXPECT_EQ(encode(provider, "m", no_cap).error().code, Errc::invalid_input);
  }
}

TEST(Encoder, RefusesTemperaturesAndSchemasThatAreNone) {
  for (const auto* bad : {"warm", "-1", "2.1", "1e0", "nan", "0.7 "}) {
    SCOPED_TRACE(bad);
    auto request = full_request();
    request.temperature = bad;
    EXPECT_FALSE(encode(openai(), "m", request));
  }
  auto request = full_request();
  request.schema = "{";
  EXPECT_FALSE(encode(openai(), "m", request));
}

TEST(Encoder, MalformedUtf8IsReplacedNotThrown) {
  auto request = full_request();
  request.messages[1].text = "caf\xE9";

  EXPECT_EQ(body_of(openai(), "m", request)["messages"][1]["content"],
            "caf\xEF\xBF\xBD");
}

TEST(ModelList, OnlyOllamaHasOne) {
  EXPECT_FALSE(encode_model_list(openai()));
  EXPECT_FALSE(encode_model_list(anthropic()));
  const auto wire = encode_model_list(ollama());
  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->target, "/api/tags");
  EXPECT_TRUE(wire->body.empty());
}

TEST(ModelList, HasTheDigestOfTheTagThatIsMeant) {
  const std::string list =
    R"({"models":[{"name":"llama3.1:8b","digest":"aa"},)"
    R"({"name":"qwen:latest","digest":"bb"},{"name":"odd:1"},7]})";
  EXPECT_EQ(model_digest_in(list, "llama3.1:8b"), "aa");
  EXPECT_EQ(model_digest_in(list, "qwen"), "bb");
  EXPECT_EQ(model_digest_in(list, "llama3.1"), "");
  EXPECT_EQ(model_digest_in(list, "odd:1"), "");
}

TEST(ModelList, HostileListsHaveNoDigests) {
  for (const auto* list :
       {"", "{", "[]", "{}", R"({"models":{}})", R"({"models":[[]]})",
        R"({"models":[{"name":"m:latest","digest":7}]})"})
    EXPECT_EQ(model_digest_in(list, "m"), "") << list;
}

} // namespace
} // namespace lab::llm
