#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "llm/sim/test_function.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/price.hpp"

namespace lab::llm {

enum class SimKind : std::uint8_t { persona, script, faulty, testfn };

/// A `sim/` model with its knobs; docs/sim.md has the table of them.
struct SimModel {
  SimKind kind = SimKind::persona;
  std::string file;           // script
  TestFunctionKnobs function; // testfn
  std::int64_t latency_ms = 0;
  double jitter = 0;
  std::int64_t tokens_out = 0; // 0: of the text
  /// Play money a token, in and out.
  Money token_price;

  // Shares of attempts, 0 to 1.
  double fail = 0;
  double fail429 = 0;
  double fail500 = 0;
  double timeout = 0;
  double cut = 0;
  double schema = 0;
  double refusal = 0;
  double usage = 0;
};

/// Reads what stands after "sim/": "persona?latency_ms=500&jitter=0.2".
/// @errors invalid_input: names the knob and what it may be
Result<SimModel> parse_sim_model(std::string_view id);

/// The play-money row of a simulated model: local, zero without a price.
PriceRow sim_price(const SimModel& model);

} // namespace lab::llm
