#pragma once

#include <cstdint>
#include <string>

namespace lab::bench {

struct LoopResult {
  std::int64_t calls = 0;  // answered with 200
  std::int64_t failed = 0; // anything else
  double seconds = 0;

  double per_second() const { return static_cast<double>(calls) / seconds; }
};

/// The least a client can do: keep-alive connections on 127.0.0.1, each sends
/// `body`, reads the reply, parses its JSON, and begins again, until `calls`
/// were made. No actors, no journal: what everything else is compared with.
LoopResult run_bare_client(std::uint16_t port, std::int64_t connections,
                           std::int64_t calls, const std::string& body);

} // namespace lab::bench
