#include "tools/dev/fake_provider/dialect.hpp"

#include <string_view>

#include "runtime/base/text.hpp"

namespace lab::tools::fake {

namespace {

/// `,"name":value`, or nothing for a value left out.
std::string field(std::string_view name, const std::string& value) {
  if (value.empty())
    return {};
  return ",\"" + std::string{name} + "\":" + value;
}

std::string openai_reply(const ReplyParts& parts) {
  std::string body = R"({"id":"chatcmpl-)" + parts.id
                     + R"(","object":"chat.completion","created":1700000000,)"
                     + R"("model":)" + json_quote(parts.model);
  if (!parts.content_missing)
    body += R"(,"choices":[{"index":0,"message":{"role":"assistant",)"
            R"("content":)"
            + parts.content + R"(,"refusal":null},"logprobs":null,)"
            + R"("finish_reason":")" + parts.finish + R"("}])";
  if (parts.usage)
    body += R"(,"usage":{"prompt_tokens_details":{"cached_tokens":0},)"
            R"("completion_tokens_details":{"reasoning_tokens":0})"
            + field("prompt_tokens", parts.usage->input)
            + field("completion_tokens", parts.usage->output)
            + field("total_tokens", parts.usage->total) + "}";
  return body + R"(,"service_tier":"default"})";
}

std::string anthropic_reply(const ReplyParts& parts) {
  const std::string stop = parts.finish == "stop"     ? "end_turn"
                           : parts.finish == "length" ? "max_tokens"
                                                      : "refusal";
  std::string body = R"({"id":"msg_)" + parts.id
                     + R"(","type":"message","role":"assistant","model":)"
                     + json_quote(parts.model);
  if (!parts.content_missing)
    body += R"(,"content":[{"type":"text","text":)" + parts.content + "}]";
  body += R"(,"stop_reason":")" + stop + R"(","stop_sequence":null)";
  if (parts.usage)
    body += R"(,"usage":{"cache_creation_input_tokens":0,)"
            R"("cache_read_input_tokens":0,"service_tier":"standard")"
            + field("input_tokens", parts.usage->input)
            + field("output_tokens", parts.usage->output) + "}";
  return body + "}";
}

std::string ollama_reply(const ReplyParts& parts) {
  const auto took_ns = std::to_string(parts.took_ms * 1'000'000);
  std::string body = R"({"model":)" + json_quote(parts.model)
                     + R"(,"created_at":"2026-01-01T00:00:00Z")";
  if (!parts.content_missing)
    body +=
      R"(,"message":{"role":"assistant","content":)" + parts.content + "}";
  body += R"(,"done":true,"done_reason":")"
          + std::string{parts.finish == "length" ? "length" : "stop"}
          + R"(","total_duration":)" + took_ns + R"(,"load_duration":0)";
  if (parts.usage)
    body += R"(,"prompt_eval_duration":0)"
            + field("prompt_eval_count", parts.usage->input)
            + field("eval_count", parts.usage->output)
            + field("eval_duration", took_ns);
  return body + "}";
}

std::string_view anthropic_error_type(int status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 403:
    return "permission_error";
  case 404:
    return "not_found_error";
  case 413:
    return "request_too_large";
  case 429:
    return "rate_limit_error";
  case 529:
    return "overloaded_error";
  default:
    return status < 500 ? "invalid_request_error" : "api_error";
  }
}

std::string_view phrase_of(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 302:
    return "Found";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 404:
    return "Not Found";
  case 429:
    return "Too Many Requests";
  case 500:
    return "Internal Server Error";
  case 503:
    return "Service Unavailable";
  default:
    return "Status"; // clients read the number
  }
}

} // namespace

std::string reply_body(Dialect dialect, const ReplyParts& parts) {
  switch (dialect) {
  case Dialect::openai:
    return openai_reply(parts);
  case Dialect::anthropic:
    return anthropic_reply(parts);
  case Dialect::ollama:
    return ollama_reply(parts);
  }
  return {};
}

std::string error_body(Dialect dialect, int status, const std::string& code,
                       const std::string& message) {
  switch (dialect) {
  case Dialect::openai:
    return R"({"error":{"message":)" + json_quote(message) + R"(,"type":")"
           + (status < 500 ? "invalid_request_error" : "server_error")
           + R"(","param":null,"code":)"
           + (code.empty() ? "null" : json_quote(code)) + "}}";
  case Dialect::anthropic:
    return R"({"type":"error","error":{"type":)"
           + json_quote(code.empty() ? anthropic_error_type(status) : code)
           + R"(,"message":)" + json_quote(message) + "}}";
  case Dialect::ollama:
    return R"({"error":)" + json_quote(message) + "}";
  }
  return {};
}

std::string http_response(int status, const std::string& content_type,
                          const std::string& extra_headers,
                          std::uint64_t content_length,
                          const std::string& body) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + ' ';
  text += phrase_of(status);
  text += "\r\nContent-Type: " + content_type + "\r\n" + extra_headers
          + "Content-Length: " + std::to_string(content_length) + "\r\n\r\n"
          + body;
  return text;
}

} // namespace lab::tools::fake
