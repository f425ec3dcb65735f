#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/dev/fake_provider/options.hpp"

namespace lab::tools::fake {

/// One HTTP request as it came.
struct Received {
  std::uint64_t index = 0; // 0-based, over all connections
  std::int64_t at_ms = 0;  // wall clock
  std::string_view method;
  std::string_view target;
  std::string_view body;
  /// The value of a header; empty when absent.
  std::function<std::string_view(std::string_view)> header;
};

/// What a valid request asks for, whatever the dialect.
struct Ask {
  std::string model;
  /// Every message's text, system texts included, in order.
  std::vector<std::string> texts;
  std::string schema; // JSON Schema as text; empty: free text
  std::int64_t output_cap = 0;
};

/// Why a request is refused.
struct Refusal {
  int status = 400;
  std::string message;
  /// The request breaks what the engine promises of every request (a cap on
  /// the output, no field that could change the bill), rather than being
  /// merely wrong.
  bool contract = false;
};

/// GET of the list of models, which only one dialect has here.
bool asks_for_models(const Options& options, const Received& request);

/// Checks a request as the dialect's documentation has it, and beyond: only
/// fields whose effect on the bill is known are let through.
tl::expected<Ask, Refusal> read_ask(const Options& options,
                                    const Received& request);

} // namespace lab::tools::fake
