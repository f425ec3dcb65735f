#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab::tools::fake {

/// The three request and reply formats a provider may speak.
enum class Dialect : std::uint8_t { openai, anthropic, ollama };

/// When the billing log is forced to the disk.
enum class Fsync : std::uint8_t {
  group, // once for all replies that leave together, before they leave
  off,   // never; for benchmarks
};

/// Pico-dollars per token, which is micro-dollars per million tokens.
struct Prices {
  std::int64_t input = 150'000;  // $0.15 per million
  std::int64_t output = 600'000; // $0.60 per million
};

struct Options {
  std::uint16_t port = 0; // 0: any free port
  Dialect dialect = Dialect::openai;
  std::string log;    // billing log; empty: none is kept
  std::string faults; // fault script; empty: no faults
  Fsync fsync = Fsync::group;
  Prices prices;
  std::int64_t latency_ms = 0;     // mean
  double jitter = 0;               // sigma of the logarithm
  std::uint64_t seed = 1;          // of latencies and of fault rates
  std::int64_t slots = 0;          // requests worked on at once; 0: any number
  std::int64_t tokens_out = 60;    // of free text, roughly
  std::uint64_t max_requests = 0;  // stop after so many answers; 0: never
  std::vector<std::string> models; // that the list of models has
  std::string api_key;             // demanded of every request when not empty
};

/// Reads `--name value` pairs.
/// @errors invalid_input: unknown name, missing or unusable value
Result<Options> parse_options(const std::vector<std::string>& arguments);

/// What `--help` prints.
std::string usage();

} // namespace lab::tools::fake
