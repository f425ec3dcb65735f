#pragma once

#include <string>

#include "llm/dialects/dialect.hpp"
#include "runtime/base/json.hpp"

// An internal header of llm/dialects: what each dialect has of its own.

namespace lab::llm {

/// A request whose common parts were checked; `schema` is null without one.
struct EncodeInput {
  const ProviderSettings& provider;
  const std::string& model;
  const ChatRequest& request;
  json::Value schema;
  json::Value temperature; // null: provider's default
};

WireRequest encode_openai(const EncodeInput& input);
WireRequest encode_anthropic(const EncodeInput& input);
WireRequest encode_ollama(const EncodeInput& input);

/// Fill everything but the usage and `error`.
void decode_openai(const json::Value& reply, DecodedReply& out);
void decode_anthropic(const json::Value& reply, DecodedReply& out);
void decode_ollama(const json::Value& reply, DecodedReply& out);

/// The path of a base URL, without a trailing slash: "/v1".
std::string path_of_url(const std::string& base_url);
/// "api.openai.com"
std::string host_of_url(const std::string& base_url);

/// Seeds go out with 31 bits: some servers read them as a signed 32-bit number.
std::int64_t wire_seed(const ChatRequest& request);

/// `role` as all three dialects name it.
const char* role_name(ChatRole role);

/// The text of a reply's content: a string, or the text parts of a list.
std::string content_text(const json::Value* content);

} // namespace lab::llm
