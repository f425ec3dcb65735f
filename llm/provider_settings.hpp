#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "runtime/model/price.hpp"

namespace lab::llm {

/// `human`: nobody's wire at all; people answer, see HUMAN DESK.
enum class Dialect : std::uint8_t { openai, anthropic, ollama, sim, human };

/// One provider account or local server, from a settings file. Scenarios and
/// manifests may only name it: a base URL from a stranger's file would carry
/// the key away.
struct ProviderSettings {
  std::string name; // ids are "<name>/<model>"
  Dialect dialect = Dialect::openai;
  std::string base_url; // "https://api.openai.com/v1"; empty for sim
  /// The key itself, already read from the environment; never logged.
  std::string api_key;
  /// Where it came from, for messages: "OPENAI_API_KEY".
  std::string api_key_env;
  std::int64_t max_in_flight = 32;      // ceiling of the adaptive limit
  std::int64_t requests_per_minute = 0; // 0: none
  /// Price 0 is allowed, and the server runs on this machine.
  bool local = false;
  /// An error envelope with a 5xx proves that nothing was billed.
  bool void_5xx_envelope = false;
  std::chrono::milliseconds call_timeout{120'000}; // from send to last byte
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds idle_close{4'000}; // keep-alive connections
  std::int64_t num_ctx = 8192;                 // ollama: one for a sweep
  std::string keep_alive = "30m";              // ollama
  std::string ca_file; // extra trust anchors for TLS; empty: system's
  /// Rows by model name without the provider, as written in the settings.
  std::map<std::string, PriceRow> models;
  std::string origin; // "built in", "scenario-lab.yaml:3"
};

} // namespace lab::llm
