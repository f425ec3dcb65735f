#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "llm/provider_settings.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/chat.hpp"

namespace lab::llm {

/// A request as it goes on the wire. `target` is the path below
/// the server's root; host, length and connection headers are the transport's.
struct WireRequest {
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// Puts a request into the provider's dialect. The body is built from the
/// fields of `ChatRequest` alone, so nothing else that could change the bill
/// can be in it; an output cap always is.
/// @errors invalid_input: no messages (some servers take that as "load" or
///         generate without end), a temperature that is no number, a schema
///         that is no JSON
Result<WireRequest> encode(const ProviderSettings& provider,
                           const std::string& wire_model,
                           const ChatRequest& request);

/// The request (GET) for a list of the server's models with the digests of
/// their contents; nothing where the dialect has no such list.
std::optional<WireRequest> encode_model_list(const ProviderSettings& provider);
/// The digest of a model in that list, a hash in hex; empty when it has none.
std::string model_digest_in(std::string_view list,
                            const std::string& wire_model);

/// What the body of a reply with status 200 says.
struct DecodedReply {
  std::string text; // empty when there was none
  FinishReason finish = FinishReason::other;
  std::string served_model;
  std::string tier; // "default", "priority"; empty when not told
  /// Nothing: missing or nonsense, `usage_problem` says which and why.
  std::optional<Usage> usage;
  std::string usage_problem;
  /// An error in the place of a reply.
  std::string error;
};

/// Reads hostile bytes.
/// @errors invalid_input: not one whole JSON value
Result<DecodedReply> decode_reply(Dialect dialect, std::string_view body);

/// A well-formed error of a provider, in any of the dialects' shapes (servers
/// mix them).
struct ErrorEnvelope {
  std::string type; // "invalid_request_error"; or empty
  std::string code; // "insufficient_quota"; or empty
  std::string message;
};

/// Nothing when `body` is no such error or its content type is not JSON.
std::optional<ErrorEnvelope> decode_error(std::string_view content_type,
                                          std::string_view body);

/// The input tokens that a reply which was cut says it cost, where its usage
/// came before the cut.
std::optional<std::int64_t> input_seen(Dialect dialect,
                                       std::string_view cut_body);

} // namespace lab::llm
