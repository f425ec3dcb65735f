#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tools/dev/fake_provider/provider.hpp"

namespace lab::tools::fake {
namespace {

constexpr std::string_view openai_body =
  R"({"model":"tiny","messages":[{"role":"system","content":"Be brief."},
      {"role":"user","content":"What now?"}],"max_tokens":90})";
constexpr std::string_view anthropic_body =
  R"({"model":"tiny","system":"Be brief.","max_tokens":90,
      "messages":[{"role":"user","content":"What now?"}]})";
constexpr std::string_view ollama_body = R"({"model":"tiny","stream":false,
      "options":{"num_predict":90,"num_ctx":4096},
      "messages":[{"role":"system","content":"Be brief."},
      {"role":"user","content":"What now?"}]})";

Received post(std::string_view target, std::string_view body,
              std::string_view key = {}) {
  Received request;
  request.method = "POST";
  request.target = target;
  request.body = body;
  request.header = [key](std::string_view name) -> std::string_view {
    if (name == "content-type")
      return "application/json";
    if (name == "anthropic-version")
      return "2023-06-01";
    return name == "authorization" ? key : std::string_view{};
  };
  return request;
}

Received openai(std::string_view body = openai_body) {
  return post("/v1/chat/completions", body);
}

Provider provider_with(std::string_view faults = R"({"rules":[]})",
                       Options options = {}) {
  auto script = FaultScript::parse(faults, 1);
  EXPECT_TRUE(script) << script.error().context;
  return {std::move(options), std::move(*script)};
}

json::Value body_of(const Answer& answer) {
  const auto body = json::parse(
    std::string_view{answer.bytes}.substr(answer.bytes.find("\r\n\r\n") + 4));
  EXPECT_TRUE(body) << answer.bytes;
  return body.value_or(json::Value{});
}

TEST(FakeProvider, BillsByItsOwnCountAndStatesThat) {
  const auto answer = provider_with().answer(openai());

  const auto usage = body_of(answer)["usage"];
  const auto text =
    body_of(answer)["choices"][0]["message"]["content"].get<std::string>();
  // "Be brief." and "What now?" are 9 bytes each: 3 + 4 tokens twice, and 3.
  EXPECT_EQ(answer.entry.input_tokens, 17);
  EXPECT_EQ(answer.entry.output_tokens, tokens_of(text));
  EXPECT_EQ(usage["prompt_tokens"], 17);
  EXPECT_EQ(usage["completion_tokens"], answer.entry.output_tokens);
  EXPECT_EQ(answer.entry.pico_usd,
            17 * 150'000 + answer.entry.output_tokens * 600'000);
  EXPECT_TRUE(answer.entry.billed);
}

TEST(FakeProvider, EqualRequestsGetEqualRepliesAndOthersDoNot) {
  auto provider = provider_with();
  std::string other{openai_body};
  other.replace(other.find("now"), 3, "hap");

  const auto first = provider.answer(openai());

  EXPECT_EQ(provider.answer(openai()).bytes, first.bytes);
  EXPECT_NE(provider.answer(openai(other)).bytes, first.bytes);
}

TEST(FakeProvider, SpeaksAnthropic) {
  Options options;
  options.dialect = Dialect::anthropic;

  const auto answer = provider_with(R"({"rules":[]})", options)
                        .answer(post("/v1/messages", anthropic_body));

  const auto reply = body_of(answer);
  EXPECT_EQ(reply["content"][0]["type"], "text");
  EXPECT_EQ(reply["stop_reason"], "end_turn");
  EXPECT_EQ(reply["usage"]["input_tokens"], 17);
  EXPECT_EQ(reply["usage"]["output_tokens"], answer.entry.output_tokens);
}

TEST(FakeProvider, SpeaksOllama) {
  Options options;
  options.dialect = Dialect::ollama;

  const auto answer = provider_with(R"({"rules":[]})", options)
                        .answer(post("/api/chat", ollama_body));

  const auto reply = body_of(answer);
  EXPECT_FALSE(reply["message"]["content"].get<std::string>().empty());
  EXPECT_EQ(reply["done_reason"], "stop");
  EXPECT_EQ(reply["prompt_eval_count"], 17);
  EXPECT_EQ(reply["eval_count"], answer.entry.output_tokens);
}

TEST(FakeProvider, TheCapCutsTheReplyAndTheBill) {
  constexpr auto body = R"({"model":"tiny","max_completion_tokens":4,
    "messages":[{"role":"user","content":"Go on."}]})";

  const auto answer = provider_with().answer(openai(body));

  EXPECT_EQ(answer.entry.output_tokens, 4);
  EXPECT_EQ(body_of(answer)["choices"][0]["finish_reason"], "length");
}

TEST(FakeProvider, ARequestThatCouldCostMoreThanReservedIsABreach) {
  const std::vector<std::string_view> bodies{
    R"({"model":"m","messages":[{"role":"user","content":"x"}]})",
    R"({"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]})",
    R"({"model":"m","max_tokens":5,"n":2,"messages":[{"role":"user","content":"x"}]})",
    R"({"model":"m","max_tokens":5,"tools":[],"messages":[{"role":"user","content":"x"}]})",
    R"({"model":"m","max_tokens":5,"service_tier":"auto","messages":[{"role":"user","content":"x"}]})",
    R"({"model":"m","max_tokens":5,"stream":true,"messages":[{"role":"user","content":"x"}]})",
  };
  auto provider = provider_with();

  for (const auto body : bodies) {
    const auto answer = provider.answer(openai(body));

    EXPECT_EQ(answer.entry.outcome, "contract_violation") << body;
    EXPECT_EQ(answer.entry.status, 400);
    EXPECT_FALSE(answer.entry.billed);
    EXPECT_EQ(answer.entry.pico_usd, 0);
  }
}

TEST(FakeProvider, AMerelyWrongRequestIsRefusedWithoutABill) {
  const std::vector<std::pair<Received, int>> cases{
    {post("/v1/elsewhere", openai_body), 404},
    {openai("{"), 400},
    {openai(R"({"max_tokens":5})"), 400},
    {openai(R"({"model":"m","max_tokens":5,"messages":[]})"), 400},
    {openai(
       R"({"model":"m","max_tokens":5,"messages":[{"role":"cat","content":""}]})"),
     400},
  };
  auto provider = provider_with();

  for (const auto& [request, status] : cases) {
    const auto answer = provider.answer(request);

    EXPECT_EQ(answer.entry.outcome, "refused");
    EXPECT_EQ(answer.entry.status, status) << answer.entry.detail;
    EXPECT_FALSE(answer.entry.billed);
  }
}

TEST(FakeProvider, ADemandedKeyMustBeRight) {
  Options options;
  options.api_key = "sk-right";
  auto provider = provider_with(R"({"rules":[]})", options);

  EXPECT_EQ(provider.answer(openai()).entry.status, 401);
  EXPECT_EQ(
    provider
      .answer(post("/v1/chat/completions", openai_body, "Bearer sk-right"))
      .entry.status,
    200);
}

struct FaultCase {
  std::string_view fault; // without the braces
  bool billed;
  std::string_view in_bytes;
};

TEST(FakeProvider, EachFaultIsSentAndBilledAsItsScriptSays) {
  const std::vector<FaultCase> cases{
    {R"("fault":"status","status":429,"retry_after":"2")", false,
     "Retry-After: 2\r\n"},
    {R"("fault":"status","status":500,"envelope":false,"bill":true)", true,
     "<html>"},
    {R"("fault":"status","status":429,"code":"insufficient_quota")", false,
     "insufficient_quota"},
    {R"("fault":"redirect","location":"http://x/")", false,
     "Location: http://x/\r\n"},
    {R"("fault":"hang","bill":true)", true, ""},
    {R"("fault":"cut_chunked")", true, "Transfer-Encoding: chunked"},
    {R"("fault":"html")", false, "nginx"},
    {R"("fault":"empty")", false, "Content-Length: 0\r\n"},
    {R"("fault":"wrong_schema","variant":"null")", true, R"("content":null)"},
    {R"("fault":"usage","variant":"negative")", true, R"("prompt_tokens":-1)"},
    {R"("fault":"other_model","model":"large")", true, R"("model":"large")"},
    {R"("fault":"finish","variant":"content_filter")", true,
     R"("finish_reason":"content_filter")"},
    {R"("fault":"delay","delay_ms":7,"bill":false)", false, R"("tiny")"},
  };

  for (const auto& each : cases) {
    const auto script = R"({"rules":[{)" + std::string{each.fault} + "}]}";

    const auto answer = provider_with(script).answer(openai());

    EXPECT_EQ(answer.entry.billed, each.billed) << each.fault;
    EXPECT_EQ(answer.entry.pico_usd != 0, each.billed) << each.fault;
    EXPECT_NE(answer.bytes.find(each.in_bytes), std::string::npos)
      << each.fault << '\n'
      << answer.bytes;
  }
}

TEST(FakeProvider, ASwappedModelSaysOtherThingsUnderTheSameName) {
  const auto usual = body_of(provider_with().answer(openai()));
  auto provider = provider_with(R"({"rules":[{"fault":"swapped"}]})");

  const auto first = provider.answer(openai());
  const auto again = body_of(provider.answer(openai()));

  const auto swapped = body_of(first);
  EXPECT_TRUE(first.entry.billed);
  EXPECT_EQ(swapped["model"], usual["model"]);
  EXPECT_NE(swapped["choices"], usual["choices"]);
  EXPECT_EQ(swapped["choices"], again["choices"]);
}

TEST(FakeProvider, ListsItsModelsWithDigestsThatASwapChanges) {
  Options options;
  options.dialect = Dialect::ollama;
  options.models = {"tiny:latest", "big:7b"};
  Received request;
  request.method = "GET";
  request.target = "/api/tags";
  Provider plain{options, FaultScript{}};
  Provider swapped{
    options, *FaultScript::parse(R"({"rules":[{"fault":"swapped"}]})", 1)};

  const auto answer = plain.answer(request);
  const auto before = body_of(answer)["models"];
  const auto after = body_of(swapped.answer(request))["models"];

  EXPECT_FALSE(answer.entry.billed);
  ASSERT_EQ(before.size(), 2U);
  EXPECT_EQ(before[0]["name"], "tiny:latest");
  EXPECT_NE(before[0]["digest"], before[1]["digest"]);
  EXPECT_NE(before[0]["digest"], after[0]["digest"]);
}

TEST(FakeProvider, OverstatedUsageIsBilledAsStated) {
  const auto honest = provider_with().answer(openai());
  const auto answer =
    provider_with(
      R"({"rules":[{"fault":"usage","variant":"over","factor":100}]})")
      .answer(openai());

  EXPECT_EQ(answer.entry.pico_usd, honest.entry.pico_usd * 100);
  EXPECT_EQ(body_of(answer)["usage"]["prompt_tokens"], 1700);
}

TEST(FakeProvider, LatenciesHaveTheMeanThatWasAskedFor) {
  Options options;
  options.latency_ms = 100;
  options.jitter = 0.5;
  auto provider = provider_with(R"({"rules":[]})", options);
  double sum = 0;
  std::int64_t longest = 0;

  for (int i = 0; i < 2000; ++i) {
    std::string body{openai_body};
    body.replace(body.find("now"), 3, std::to_string(i));
    const auto latency = provider.answer(openai(body)).latency_us;
    sum += static_cast<double>(latency);
    longest = std::max(longest, latency);
  }

  EXPECT_NEAR(sum / 2000, 100'000, 6'000);
  EXPECT_GT(longest, 250'000);
}

} // namespace
} // namespace lab::tools::fake
