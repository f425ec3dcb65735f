#pragma once

#include <string>
#include <string_view>

#include "tests/unit/llm_http/scripted_server.hpp"

namespace lab::llm::testing {

/// A key and a certificate that it signed itself, for one host name.
struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
};

/// @param days_valid  negative: it ended that long ago
TlsIdentity make_identity(const std::string& host, int days_valid = 1);

/// Does the server's half of TLS on `peer`, answers one request with `answer`
/// and returns it; empty when the client did not go through with it.
/// @param newest  the newest protocol version offered, as OpenSSL numbers them
std::string serve_tls(Peer& peer, const TlsIdentity& identity,
                      std::string_view answer, int newest = 0);

} // namespace lab::llm::testing
