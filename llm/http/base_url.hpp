#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/error.hpp"

namespace lab::llm {

/// Where a provider's requests and key may go, and nowhere else.
struct BaseUrl {
  bool tls = true;
  std::string host; // name or address, without brackets
  std::uint16_t port = 443;

  bool is_loopback_name() const;
  /// As in the Host header: the port only where it is not the usual one.
  std::string authority() const;
};

/// Reads the scheme, host and port of `text`; the path belongs to the dialect.
/// Plain http is for this machine, or for a server the settings call `local`.
/// @errors invalid_input: another scheme, user info, a query, a fragment, a
///         malformed host or port, http to elsewhere
Result<BaseUrl> parse_base_url(const std::string& text, bool local);

} // namespace lab::llm
