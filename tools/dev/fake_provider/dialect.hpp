#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/dev/fake_provider/options.hpp"

namespace lab::tools::fake {

/// Token counts as the reply states them: JSON texts, so that a fault can put
/// nonsense there; an empty one is left out.
struct StatedUsage {
  std::string input;
  std::string output;
  std::string total; // openai alone states one
};

struct ReplyParts {
  std::string id; // hex
  std::string model;
  std::string content; // JSON text; a quoted text unless a fault says else
  std::string finish = "stop"; // stop | length | content_filter
  std::optional<StatedUsage> usage;
  bool content_missing = false; // leaves out what holds the content
  std::int64_t took_ms = 0;
};

/// The body of a successful reply.
std::string reply_body(Dialect dialect, const ReplyParts& parts);

/// The dialect's own error envelope.
std::string error_body(Dialect dialect, int status, const std::string& code,
                       const std::string& message);

/// A response with its head. `content_length` is what the head claims.
std::string http_response(int status, const std::string& content_type,
                          const std::string& extra_headers,
                          std::uint64_t content_length,
                          const std::string& body);

} // namespace lab::tools::fake
