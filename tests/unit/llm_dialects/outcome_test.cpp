#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "llm/outcome.hpp"

// The rows of docs/reliability-outcomes.md, in their order.

namespace lab::llm {
namespace {

using Stage = Exchange::Stage;
using End = Exchange::End;

constexpr std::int64_t input_price = 150'000;
constexpr std::int64_t output_price = 600'000;
constexpr const char* usage_9_3 =
  R"("usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12})";

ProviderSettings provider() {
  ProviderSettings out;
  out.name = "bench";
  out.api_key = "secret-key-1";
  return out;
}

PriceRow row() {
  PriceRow out;
  out.model = "bench/tiny";
  out.input.pico_usd = out.cached_input.pico_usd = out.cache_write.pico_usd =
    input_price;
  out.output.pico_usd = output_price;
  return out;
}

Asked asked(const ProviderSettings& settings) {
  return {settings, "tiny", row(), 500, 400, 784111747000, {}};
}

Exchange ended(Stage stage, End end) {
  Exchange out;
  out.stage = stage;
  out.end = end;
  out.latency_us = 7;
  return out;
}

Exchange responded(int status, std::string body,
                   std::string content_type = "application/json") {
  auto out = ended(Stage::sent, End::complete);
  out.status = status;
  out.body = std::move(body);
  out.content_type = std::move(content_type);
  return out;
}

std::string reply_with(const std::string& fields) {
  return R"({"model":"tiny","choices":[{"finish_reason":"stop","message":{"content":"Yes."}}],)"
         + fields + "}";
}

CallOutcome judged(const Exchange& exchange) {
  static const auto settings = provider();
  return outcome_of(exchange, asked(settings));
}

void expect(const CallOutcome& outcome, Resolution resolution,
            std::string_view why, Errc code, bool retry) {
  EXPECT_EQ(to_string(outcome.resolution), to_string(resolution));
  EXPECT_EQ(outcome.reason, why);
  EXPECT_EQ(to_string(outcome.error.code), to_string(code));
  EXPECT_EQ(outcome.retry, retry);
  const bool paid =
    resolution == Resolution::settled || resolution == Resolution::bounded;
  if (!paid) {
    EXPECT_FALSE(outcome.reply);
  }
  EXPECT_EQ(outcome.bill.has_value(), resolution == Resolution::settled);
}

constexpr const char* envelope = R"({"error":{"message":"no","type":"x"}})";

// --- nothing was sent --------------------------------------------------------

TEST(OutcomeTable, AFailedLookUpIsVoidAndRetriedOnce) {
  const auto outcome = judged(ended(Stage::resolving, End::failed));

  expect(outcome, Resolution::voided, reason::dns_failed,
         Errc::provider_unreachable, true);
  EXPECT_EQ(retries_max(outcome.reason), 1);
}

TEST(OutcomeTable, ARefusedConnectionIsVoidAndRetried) {
  const auto outcome = judged(ended(Stage::connecting, End::failed));

  expect(outcome, Resolution::voided, reason::connect_failed,
         Errc::provider_unreachable, true);
  EXPECT_EQ(retries_max(outcome.reason), 2);
}

TEST(OutcomeTable, AConnectTimeoutIsVoidAndRetried) {
  expect(judged(ended(Stage::connecting, End::timed_out)), Resolution::voided,
         reason::connect_failed, Errc::provider_unreachable, true);
}

TEST(OutcomeTable, ACertificateThatIsNotTrustedIsVoidAndNotRetried) {
  expect(judged(ended(Stage::securing, End::failed)), Resolution::voided,
         reason::tls_failed, Errc::provider_unreachable, false);
}

TEST(OutcomeTable, ASlowHandshakeIsRetried) {
  expect(judged(ended(Stage::securing, End::timed_out)), Resolution::voided,
         reason::tls_failed, Errc::provider_unreachable, true);
}

TEST(OutcomeTable, AnIncompleteRequestIsVoidAndRetried) {
  for (const auto end : {End::failed, End::timed_out})
    expect(judged(ended(Stage::writing, end)), Resolution::voided,
           reason::write_incomplete, Errc::provider_unreachable, true);
}

TEST(OutcomeTable, ACancelledCallThatWasNotSentIsVoid) {
  for (const auto stage :
       {Stage::resolving, Stage::connecting, Stage::securing, Stage::writing})
    expect(judged(ended(stage, End::aborted)), Resolution::voided,
           reason::cancelled, Errc::cancelled, false);
}

TEST(OutcomeTable, ARefusedPermitIsVoidAndNotRetried) {
  expect(never_sent(reason::permit_refused, {Errc::permit_refused, "x"}),
         Resolution::voided, reason::permit_refused, Errc::permit_refused,
         false);
}

// --- sent, and no whole response
// ----------------------------------------------

TEST(OutcomeTable, ALostConnectionAfterTheLastByteIsUnknown) {
  expect(judged(ended(Stage::sent, End::failed)), Resolution::unknown,
         reason::connection_lost, Errc::provider_failed, true);
}

TEST(OutcomeTable, BytesThatAreNoHttpAreUnknown) {
  expect(judged(ended(Stage::sent, End::malformed)), Resolution::unknown,
         reason::connection_lost, Errc::provider_failed, true);
}

TEST(OutcomeTable, ADeadlineAfterTheLastByteIsUnknown) {
  expect(judged(ended(Stage::sent, End::timed_out)), Resolution::unknown,
         reason::deadline, Errc::provider_timeout, true);
}

TEST(OutcomeTable, InputThatWasSeenBeforeTheCutIsKept) {
  auto exchange = ended(Stage::sent, End::failed);
  exchange.status = 200;
  exchange.body = R"({"usage":{"prompt_tokens":123},"choices":[{"mess)";

  const auto outcome = judged(exchange);

  expect(outcome, Resolution::unknown, reason::reply_cut, Errc::reply_truncated,
         true);
  EXPECT_EQ(outcome.known_input, 123);
}

TEST(OutcomeTable, InputAboveTheBoundIsNotBelieved) {
  auto exchange = ended(Stage::sent, End::timed_out);
  exchange.status = 200;
  exchange.body = R"({"usage":{"prompt_tokens":501},)";

  EXPECT_FALSE(judged(exchange).known_input);
}

TEST(OutcomeTable, ACutReplyIsUnknown) {
  auto exchange = ended(Stage::sent, End::failed);
  exchange.status = 200;
  exchange.body = R"({"choices":[{"message":{"content":"I thi)";

  expect(judged(exchange), Resolution::unknown, reason::reply_cut,
         Errc::reply_truncated, true);
}

TEST(OutcomeTable, AReplyThatIsTooLargeIsUnknownAndNotRetried) {
  auto exchange = ended(Stage::sent, End::oversize);
  exchange.status = 200;

  expect(judged(exchange), Resolution::unknown, reason::reply_oversize,
         Errc::provider_failed, false);
}

TEST(OutcomeTable, ACancelledCallThatWasSentIsUnknown) {
  expect(judged(ended(Stage::sent, End::aborted)), Resolution::unknown,
         reason::cancelled, Errc::cancelled, false);
}

// --- a reply
// ------------------------------------------------------------------

TEST(OutcomeTable, AReplyWithUsageIsSettled) {
  const auto outcome = judged(responded(200, reply_with(usage_9_3)));

  expect(outcome, Resolution::settled, reason::ok, Errc::ok, false);
  EXPECT_EQ(outcome.bill->pico_usd, 9 * input_price + 3 * output_price);
  EXPECT_EQ(outcome.usage, (Usage{9, 0, 0, 3}));
  ASSERT_TRUE(outcome.reply);
  EXPECT_EQ(outcome.reply->text, "Yes.");
  EXPECT_EQ(outcome.reply->usage, outcome.usage);
  EXPECT_EQ(outcome.latency_us, 7);
}

TEST(OutcomeTable, TheContentTypeOfAReplyDoesNotMatter) {
  expect(judged(responded(200, reply_with(usage_9_3), "text/plain")),
         Resolution::settled, reason::ok, Errc::ok, false);
}

TEST(OutcomeTable, UselessRepliesWithUsageAreSettledAllTheSame) {
  for (const auto* choices :
       {"[]", R"([{"finish_reason":"stop","message":{"content":""}}])",
        R"([{"finish_reason":"stop","message":{"content":null}}])",
        R"([{"finish_reason":"stop","message":{"content":[]}}])",
        R"([{"finish_reason":"stop","message":{"content":7}}])",
        R"([{"finish_reason":"content_filter","message":{"content":""}}])",
        R"([{"finish_reason":"length","message":{"content":"I thi"}}])",
        R"([{"finish_reason":"stop","message":{"refusal":"No."}}])"}) {
    SCOPED_TRACE(choices);
    const auto outcome = judged(responded(
      200, R"({"choices":)" + std::string{choices} + "," + usage_9_3 + "}"));
    expect(outcome, Resolution::settled, reason::ok, Errc::ok, false);
    EXPECT_TRUE(outcome.reply);
  }
}

TEST(OutcomeTable, RefusalsAndCutRepliesAreMarked) {
  const auto finish = [](const std::string& choice) {
    return judged(responded(200, R"({"choices":[)" + choice + "]," + usage_9_3
                                   + "}"))
      .reply->finish;
  };
  EXPECT_EQ(finish(R"({"message":{"refusal":"No."}})"), FinishReason::refusal);
  EXPECT_EQ(finish(R"({"finish_reason":"length","message":{"content":"a"}})"),
            FinishReason::length);
}

TEST(OutcomeTable, ExplicitZeroUsageIsSettledAtZero) {
  const auto outcome = judged(responded(
    200, reply_with(R"("usage":{"prompt_tokens":0,"completion_tokens":0})")));

  expect(outcome, Resolution::settled, reason::ok, Errc::ok, false);
  EXPECT_EQ(outcome.bill->pico_usd, 0);
}

TEST(OutcomeTable, MissingUsageIsBoundedAndTheTextIsKept) {
  const auto outcome = judged(responded(200, reply_with(R"("id":"x")")));

  expect(outcome, Resolution::bounded, reason::usage_missing, Errc::ok, false);
  EXPECT_EQ(outcome.reply->text, "Yes.");
}

TEST(OutcomeTable, NonsenseUsageIsBoundedAndTheTextIsKept) {
  for (const auto* usage :
       {R"({"prompt_tokens":-9,"completion_tokens":3})",
        R"({"prompt_tokens":9.5,"completion_tokens":3})",
        R"({"prompt_tokens":"9","completion_tokens":3})",
        R"({"prompt_tokens":18446744073709551616,"completion_tokens":3})",
        R"({"prompt_tokens":9,"completion_tokens":3,"total_tokens":13})"}) {
    SCOPED_TRACE(usage);
    const auto outcome =
      judged(responded(200, reply_with(R"("usage":)" + std::string{usage})));
    expect(outcome, Resolution::bounded, reason::usage_nonsense, Errc::ok,
           false);
    EXPECT_EQ(outcome.reply->text, "Yes.");
  }
}

TEST(OutcomeTable, UsageAboveTheBoundIsSettledAtItsBill) {
  const auto outcome = judged(responded(
    200,
    reply_with(R"("usage":{"prompt_tokens":900000,"completion_tokens":3})")));

  expect(outcome, Resolution::settled, reason::ok, Errc::ok, false);
  EXPECT_EQ(outcome.bill->pico_usd, 900'000 * input_price + 3 * output_price);
}

TEST(OutcomeTable, GarbageIsUnknownAndRetried) {
  for (const auto* body :
       {"", "<html>hi</html>", R"({"choices":[)", R"({"a":1,"a":2})"})
    expect(judged(responded(200, body, "text/html")), Resolution::unknown,
           reason::reply_garbage, Errc::provider_failed, true);
}

TEST(OutcomeTable, AnErrorInThePlaceOfAReplyIsUnknown) {
  expect(judged(responded(200, R"({"error":{"message":"upstream died"}})")),
         Resolution::unknown, reason::error_in_reply, Errc::provider_failed,
         true);
}

TEST(OutcomeTable, AnotherModelIsPricedByTheDearerRow) {
  const auto settings = provider();
  auto question = asked(settings);
  question.price_of_served = [](const std::string& served) {
    auto dear = row();
    dear.output.pico_usd *= served == "huge" ? 10 : 0;
    return std::optional{dear};
  };
  const auto served_by = [&](const std::string& model) {
    return outcome_of(
      responded(200, R"({"model":")" + model
                       + R"(","choices":[{"message":{"content":"x"}}],)"
                       + usage_9_3 + "}"),
      question);
  };

  expect(served_by("huge"), Resolution::settled, reason::other_model, Errc::ok,
         false);
  EXPECT_EQ(served_by("huge").bill->pico_usd,
            9 * input_price + 30 * output_price);
  EXPECT_EQ(served_by("cheap").reason, reason::other_model);
  EXPECT_EQ(served_by("cheap").bill->pico_usd,
            9 * input_price + 3 * output_price);
}

TEST(OutcomeTable, OtherSpellingsOfAModelAreTheSameModel) {
  for (const auto* served : {"tiny", "vendor/tiny", "tiny-2025-07-18",
                             "tiny-20250718", "tiny:latest", ""})
    EXPECT_EQ(judged(responded(200, R"({"model":")" + std::string{served}
                                      + R"(","choices":[],)" + usage_9_3 + "}"))
                .reason,
              reason::ok)
      << served;
  for (const auto* served : {"tiny-pro", "tiny-2025-pro", "tinyest", "huge"})
    EXPECT_EQ(judged(responded(200, R"({"model":")" + std::string{served}
                                      + R"(","choices":[],)" + usage_9_3 + "}"))
                .reason,
              reason::other_model)
      << served;
}

TEST(OutcomeTable, ADearerTierIsChargedAtTheWorstCase) {
  const auto tier = [](const std::string& name) {
    return judged(responded(
      200, reply_with(R"("service_tier":")" + name + "\"," + usage_9_3)));
  };

  expect(tier("priority"), Resolution::bounded, reason::other_tier, Errc::ok,
         false);
  EXPECT_TRUE(tier("priority").reply);
  for (const auto* fine : {"default", "flex", "standard", "batch"})
    expect(tier(fine), Resolution::settled, reason::ok, Errc::ok, false);
}

// --- a prompt cut in silence
// ---------------------------------------------------

CallOutcome ollama_counted(std::int64_t prompt_bytes, std::int64_t counted) {
  auto settings = provider();
  settings.dialect = Dialect::ollama;
  settings.num_ctx = 1'000;
  auto question = asked(settings);
  question.input_bytes = prompt_bytes;
  return outcome_of(
    responded(200,
              R"({"model":"tiny","message":{"content":"Yes."},"done":true,)"
              R"("done_reason":"stop","eval_count":3,"prompt_eval_count":)"
                + std::to_string(counted) + "}"),
    question);
}

TEST(OutcomeTable, APromptThatFillsTheContextIsNoData) {
  const auto outcome = ollama_counted(9'000, 1'000);

  EXPECT_EQ(outcome.resolution, Resolution::settled);
  EXPECT_EQ(outcome.reason, reason::prompt_truncated);
  EXPECT_EQ(outcome.error.code, Errc::reply_truncated);
  EXPECT_FALSE(outcome.reply);
  EXPECT_FALSE(outcome.retry);
  EXPECT_EQ(outcome.usage, (Usage{1'000, 0, 0, 3}));
  EXPECT_NE(outcome.error.context.find("num_ctx"), std::string::npos);
}

TEST(OutcomeTable, APromptOfWhichTooLittleWasReadIsNoData) {
  EXPECT_EQ(ollama_counted(9'000, 700).reason, reason::prompt_truncated);
}

TEST(OutcomeTable, APromptThatFitsIsDataWhateverTheServerCounts) {
  // Servers that cache prompts count only what was new.
  EXPECT_EQ(ollama_counted(999, 2).reason, reason::ok);
  EXPECT_EQ(ollama_counted(4'000, 900).reason, reason::ok);
}

// --- errors
// ---------------------------------------------------------------------

TEST(OutcomeTable, ARejectedRequestIsVoidAndNotRetried) {
  for (const int status : {400, 401, 403, 404, 405, 413, 422})
    expect(judged(responded(status, envelope)), Resolution::voided,
           reason::rejected, Errc::provider_refused, false);
}

TEST(OutcomeTable, AContextThatIsTooLongIsNamed) {
  for (const auto* code :
       {"context_length_exceeded", "exceed_context_size_error"})
    EXPECT_EQ(judged(responded(400, R"({"error":{"message":"m","type":")"
                                      + std::string{code} + R"("}})"))
                .error.code,
              Errc::context_overflow);
}

TEST(OutcomeTable, AnExhaustedAccountIsVoidAndPausesTheProvider) {
  expect(judged(responded(402, envelope)), Resolution::voided,
         reason::spend_limit, Errc::provider_refused, false);
  for (const int status : {400, 429})
    for (const auto* code :
         {"insufficient_quota", "enforced_spend_limit_reached"})
      expect(judged(responded(status, R"({"error":{"message":"m","code":")"
                                        + std::string{code} + R"("}})")),
             Resolution::voided, reason::spend_limit, Errc::provider_refused,
             false);
}

TEST(OutcomeTable, TooManyRequestsAreVoidAndRetriedWhenTheServerSays) {
  auto exchange = responded(429, envelope);
  exchange.retry_after = "2";

  const auto outcome = judged(exchange);

  expect(outcome, Resolution::voided, reason::rate_limited,
         Errc::provider_overloaded, true);
  EXPECT_EQ(outcome.retry_after_ms, 2'000);
}

TEST(OutcomeTable, AWaitThatIsTooLongIsNotWaitedFor) {
  auto exchange = responded(429, envelope);
  exchange.retry_after = "86400";

  const auto outcome = judged(exchange);

  expect(outcome, Resolution::voided, reason::rate_limited,
         Errc::provider_overloaded, false);
  EXPECT_NE(outcome.error.context.find("86400 s"), std::string::npos);
}

TEST(OutcomeTable, NonsenseInRetryAfterLeavesTheWaitToTheCaller) {
  for (const auto* text : {"", "-1", "abc", "Sun, 06 Nov 1984 08:49:37 GMT"}) {
    auto exchange = responded(429, envelope);
    exchange.retry_after = text;
    const auto outcome = judged(exchange);
    EXPECT_TRUE(outcome.retry);
    EXPECT_EQ(outcome.retry_after_ms, 0);
  }
}

TEST(OutcomeTable, AnOverloadedServerIsVoidAndRetried) {
  for (const int status : {503, 529})
    expect(judged(responded(status, R"({"error":"server busy"})")),
           Resolution::voided, reason::overloaded, Errc::provider_overloaded,
           true);
}

TEST(OutcomeTable, AServerErrorMayBeBilled) {
  for (const int status : {408, 500, 502, 504, 501, 520})
    expect(judged(responded(status, envelope)), Resolution::unknown,
           reason::server_error, Errc::provider_failed, true);
}

TEST(OutcomeTable, AProviderMayBeKnownNotToBillItsErrors) {
  auto settings = provider();
  settings.void_5xx_envelope = true;

  expect(outcome_of(responded(500, envelope), asked(settings)),
         Resolution::voided, reason::server_error, Errc::provider_failed, true);
  // 408 is no 5xx, and a page without an envelope proves nothing.
  EXPECT_EQ(outcome_of(responded(408, envelope), asked(settings)).resolution,
            Resolution::unknown);
  EXPECT_EQ(
    outcome_of(responded(500, "oops", "text/html"), asked(settings)).resolution,
    Resolution::unknown);
}

TEST(OutcomeTable, AnyErrorWithoutAnEnvelopeMayBeBilled) {
  for (const int status : {400, 401, 402, 404, 429, 500, 503, 529})
    for (const auto& exchange :
         {responded(status, "<h1>no</h1>", "text/html"), responded(status, ""),
          responded(status, envelope, "text/html"), responded(status, "{}")})
      expect(judged(exchange), Resolution::unknown, reason::no_envelope,
             Errc::provider_failed, true);
}

TEST(OutcomeTable, OtherSuccessesAreNoReply) {
  for (const int status : {201, 202, 204})
    expect(judged(responded(status, envelope)), Resolution::unknown,
           reason::no_envelope, Errc::provider_failed, true);
}

TEST(OutcomeTable, ARedirectIsNeverFollowed) {
  for (const int status : {301, 302, 307, 308})
    expect(judged(responded(status, "")), Resolution::voided,
           reason::redirected, Errc::provider_refused, false);
}

// --- words
// -----------------------------------------------------------------------

TEST(OutcomeWords, AKeyIsNeverRepeated) {
  const auto outcome = judged(responded(
    401,
    R"({"error":{"message":"bad key secret-key-1 or sk-abc***xyz, sorry"}})"));

  EXPECT_EQ(outcome.error.context.find("secret-key-1"), std::string::npos);
  EXPECT_EQ(outcome.error.context.find("sk-abc"), std::string::npos);
  EXPECT_NE(outcome.error.context.find("[key]"), std::string::npos);
  EXPECT_NE(outcome.error.context.find("sorry"), std::string::npos);
}

TEST(OutcomeWords, AKeyThatIsAnOrdinaryWordIsMaskedToo) {
  auto settings = provider();
  settings.api_key = "key";

  const auto outcome =
    outcome_of(responded(401, R"({"error":{"message":"bad key, key!"}})"),
               asked(settings));

  EXPECT_NE(outcome.error.context.find("bad [key], [key]!"), std::string::npos);
}

TEST(OutcomeWords, AreShortAndHarmlessOnATerminal) {
  const auto outcome =
    judged(responded(400, R"({"error":{"message":"\u001b[31m)"
                            + std::string(5'000, 'x') + R"("}})"));

  EXPECT_LT(outcome.error.context.size(), 400U);
  EXPECT_EQ(outcome.error.context.find('\x1b'), std::string::npos);
}

TEST(OutcomeWords, AMissingOllamaModelComesWithTheCommandToGetIt) {
  auto settings = provider();
  settings.dialect = Dialect::ollama;

  const auto outcome = outcome_of(
    responded(404, R"({"error":"model 'tiny' not found"})"), asked(settings));

  EXPECT_NE(outcome.error.context.find("ollama pull tiny"), std::string::npos);
}

} // namespace
} // namespace lab::llm
