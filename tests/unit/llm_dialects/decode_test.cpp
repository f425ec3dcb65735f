#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "llm/dialects/dialect.hpp"

namespace lab::llm {
namespace {

DecodedReply decoded(Dialect dialect, std::string_view body) {
  auto reply = decode_reply(dialect, body);
  EXPECT_TRUE(reply) << to_string(reply.error());
  return reply ? *reply : DecodedReply{};
}

TEST(OpenAiDecoder, ReadsAWholeReply) {
  const auto reply = decoded(Dialect::openai, R"({
    "id": "x", "object": "chat.completion", "model": "gpt-4o-mini-2024-07-18",
    "service_tier": "default",
    "choices": [{"index": 0, "finish_reason": "stop",
      "message": {"role": "assistant", "content": "Yes.", "refusal": null}}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}})");

  EXPECT_EQ(reply.text, "Yes.");
  EXPECT_EQ(reply.finish, FinishReason::stop);
  EXPECT_EQ(reply.served_model, "gpt-4o-mini-2024-07-18");
  EXPECT_EQ(reply.tier, "default");
  EXPECT_EQ(reply.usage, (Usage{9, 0, 0, 3}));
  EXPECT_EQ(reply.error, "");
}

TEST(OpenAiDecoder, FinishReasonsAreNamed) {
  const auto finish = [](const std::string& name) {
    return decoded(Dialect::openai, R"({"choices":[{"finish_reason":")" + name
                                      + R"(","message":{"content":"x"}}]})")
      .finish;
  };
  EXPECT_EQ(finish("stop"), FinishReason::stop);
  EXPECT_EQ(finish("length"), FinishReason::length);
  EXPECT_EQ(finish("content_filter"), FinishReason::refusal);
  EXPECT_EQ(finish("tool_calls"), FinishReason::other);
  EXPECT_EQ(finish("new one"), FinishReason::other);
}

TEST(OpenAiDecoder, ARefusalIsOne) {
  const auto reply = decoded(
    Dialect::openai,
    R"({"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"No."}}]})");

  EXPECT_EQ(reply.finish, FinishReason::refusal);
  EXPECT_EQ(reply.text, "No.");
}

TEST(OpenAiDecoder, OddShapesLeaveAnEmptyText) {
  for (const auto* body :
       {R"({})", R"([])", R"(3)", R"("x")", R"(null)", R"({"choices":[]})",
        R"({"choices":{}})", R"({"choices":[3]})", R"({"choices":[{}]})",
        R"({"choices":[{"message":3}]})",
        R"({"choices":[{"message":{"content":null}}]})",
        R"({"choices":[{"message":{"content":3}}]})",
        R"({"choices":[{"message":{"content":{"text":"x"}}}]})",
        R"({"choices":[{"finish_reason":7,"message":{"content":[3,{}]}}]})"}) {
    SCOPED_TRACE(body);
    const auto reply = decoded(Dialect::openai, body);
    EXPECT_EQ(reply.text, "");
    EXPECT_EQ(reply.finish, FinishReason::other);
    EXPECT_FALSE(reply.usage);
  }
}

TEST(OpenAiDecoder, TextPartsAreJoined) {
  EXPECT_EQ(
    decoded(
      Dialect::openai,
      R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]}}]})")
      .text,
    "ab");
}

TEST(AnthropicDecoder, ReadsAWholeReply) {
  const auto reply = decoded(Dialect::anthropic, R"({
    "id": "msg", "type": "message", "role": "assistant",
    "model": "claude-haiku-4-5-20251001", "stop_reason": "end_turn",
    "content": [{"type": "thinking", "thinking": "hm"},
                {"type": "text", "text": "Yes."}],
    "usage": {"input_tokens": 9, "output_tokens": 3,
              "service_tier": "standard"}})");

  EXPECT_EQ(reply.text, "Yes.");
  EXPECT_EQ(reply.finish, FinishReason::stop);
  EXPECT_EQ(reply.tier, "standard");
  EXPECT_EQ(reply.usage, (Usage{9, 0, 0, 3}));
}

TEST(AnthropicDecoder, StopReasonsAreNamed) {
  const auto finish = [](const std::string& name) {
    return decoded(Dialect::anthropic, R"({"stop_reason":")" + name + R"("})")
      .finish;
  };
  EXPECT_EQ(finish("end_turn"), FinishReason::stop);
  EXPECT_EQ(finish("stop_sequence"), FinishReason::stop);
  EXPECT_EQ(finish("max_tokens"), FinishReason::length);
  EXPECT_EQ(finish("model_context_window_exceeded"), FinishReason::length);
  EXPECT_EQ(finish("refusal"), FinishReason::refusal);
  EXPECT_EQ(finish("tool_use"), FinishReason::other);
}

TEST(OllamaDecoder, ReadsAWholeReply) {
  const auto reply = decoded(Dialect::ollama, R"({
    "model": "llama3.1:8b", "done": true, "done_reason": "stop",
    "message": {"role": "assistant", "content": "Yes."},
    "prompt_eval_count": 9, "eval_count": 3})");

  EXPECT_EQ(reply.text, "Yes.");
  EXPECT_EQ(reply.finish, FinishReason::stop);
  EXPECT_EQ(reply.served_model, "llama3.1:8b");
  EXPECT_EQ(reply.usage, (Usage{9, 0, 0, 3}));
}

TEST(OllamaDecoder, ALoadIsNoAnswer) {
  const auto reply = decoded(
    Dialect::ollama,
    R"({"model":"m","message":{"content":""},"done_reason":"load","done":true})");

  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.finish, FinishReason::other);
  EXPECT_EQ(reply.usage_problem, "missing");
}

TEST(Decoder, HostileBytesAreAnErrorNeverMore) {
  const std::string deep(1'000'000, '[');
  for (const auto dialect :
       {Dialect::openai, Dialect::anthropic, Dialect::ollama})
    for (const std::string_view body :
         {std::string_view{""}, std::string_view{"<html>"},
          std::string_view{R"({"choices":[{"mess)"},
          std::string_view{R"({"a":1}{"a":2})"},
          std::string_view{R"({"usage":1,"usage":2})"},
          std::string_view{R"({"x":"\ud800"})"},
          std::string_view{"{\"x\":\"\xff\"}"},
          std::string_view{"{\"x\":\0}", 7}, std::string_view{R"({"x":1e400})"},
          std::string_view{deep}}) {
      SCOPED_TRACE(std::string{body.substr(0, 40)});
      EXPECT_FALSE(decode_reply(dialect, body));
    }
}

TEST(Decoder, AnErrorInThePlaceOfAReplyIsTold) {
  EXPECT_EQ(
    decoded(Dialect::openai, R"({"error":{"message":"upstream down"}})").error,
    "upstream down");
  EXPECT_EQ(decoded(Dialect::ollama, R"({"error":"llama runner died"})").error,
            "llama runner died");
}

TEST(ErrorEnvelope, EveryDialectsShapeIsRead) {
  const auto openai = decode_error(
    "application/json; charset=utf-8",
    R"({"error":{"message":"no","type":"insufficient_quota","code":"insufficient_quota","param":null}})");
  const auto anthropic = decode_error(
    "application/json",
    R"({"type":"error","error":{"type":"rate_limit_error","message":"slow"}})");
  const auto ollama =
    decode_error("application/json", R"({"error":"model 'x' not found"})");
  const auto vllm = decode_error(
    "application/json",
    R"({"object":"error","message":"too long","type":"BadRequestError","code":400})");

  ASSERT_TRUE(openai && anthropic && ollama && vllm);
  EXPECT_EQ(openai->code, "insufficient_quota");
  EXPECT_EQ(anthropic->type, "rate_limit_error");
  EXPECT_EQ(ollama->message, "model 'x' not found");
  EXPECT_EQ(vllm->code, "400");
}

TEST(ErrorEnvelope, WhatIsNoErrorOfAProviderIsNone) {
  EXPECT_FALSE(decode_error("text/html", R"({"error":"x"})"));
  EXPECT_FALSE(decode_error("", R"({"error":"x"})"));
  EXPECT_FALSE(decode_error("application/json", "<html>"));
  EXPECT_FALSE(decode_error("application/json", ""));
  EXPECT_FALSE(decode_error("application/json", "[]"));
  EXPECT_FALSE(decode_error("application/json", R"({"error":{}})"));
  EXPECT_FALSE(decode_error("application/json", R"({"error":null})"));
  EXPECT_FALSE(decode_error("application/json", R"({"detail":"x"})"));
}

TEST(InputSeen, IsFoundBeforeTheCut) {
  EXPECT_EQ(input_seen(Dialect::openai,
                       R"({"usage":{"prompt_tokens":12},"choices":[{"mes)"),
            12);
  EXPECT_EQ(
    input_seen(
      Dialect::anthropic,
      R"({"content":[{"type":"text","text":"a"}],"usage":{"input_tokens":12,"out)"),
    12);
  EXPECT_EQ(
    input_seen(Dialect::ollama,
               R"({"message":{"content":"a"},"prompt_eval_count":12,"ev)"),
    12);
}

TEST(InputSeen, WordsOfAModelAreNotBelieved) {
  EXPECT_FALSE(input_seen(
    Dialect::openai,
    R"({"choices":[{"message":{"content":"{\"usage\":{\"prompt_tokens\":1}}"}}],)"));
  EXPECT_FALSE(input_seen(Dialect::openai,
                          R"({"choices":[{"usage":{"prompt_tokens":1}}],)"));
  EXPECT_FALSE(input_seen(Dialect::openai, R"({"prompt_tokens":1,)"));
  EXPECT_FALSE(
    input_seen(Dialect::openai, R"([{"usage":{"prompt_tokens":1}},)"));
}

TEST(InputSeen, NonsenseIsNothing) {
  EXPECT_FALSE(input_seen(Dialect::openai, ""));
  EXPECT_FALSE(
    input_seen(Dialect::openai, R"({"usage":{"prompt_tokens":-1},)"));
  EXPECT_FALSE(
    input_seen(Dialect::openai, R"({"usage":{"prompt_tokens":99999999999},)"));
  EXPECT_FALSE(input_seen(Dialect::openai, std::string(100'000, '[')));
}

} // namespace
} // namespace lab::llm
