#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/base/money.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/history.hpp"
#include "sweeps/planner/reply_size.hpp"

// Runs on the whole engine, in this process, and what their calls came to.

namespace lab::testing {

/// What calls of one kind used, repairs apart.
struct KindUse {
  std::int64_t calls = 0;
  std::int64_t repairs = 0;
  std::int64_t input_tokens = 0; // without repairs
  std::int64_t output_tokens = 0;
};

/// A run that completed.
struct SettledRun {
  Money settled;
  Money committed; // with what is unknown and reserved
  std::int64_t attempts = 0;
  std::int64_t tokens = 0;
  std::map<std::string, Money> by_participant; // the world as `world_name`
  std::map<std::string, Money> by_phase;
  std::map<sweeps::CallKind, KindUse> kinds;
  std::int64_t coalition_messages = 0;
  sweeps::PastRun past;
};

/// A scenario and the seed of its run.
struct Wanted {
  ScenarioSpec scenario;
  std::uint64_t seed = 1;
};

/// Plays all of them, and says how each ended up, in the same order.
/// @errors the test fails when a run does not complete
std::vector<SettledRun> settle(const std::vector<Wanted>& wanted);

/// Those of a turn's phases that this build's engine plays, in their order.
std::vector<std::string> playable_phases();

/// What a built-in model costs.
Result<PriceRow> builtin_price(const std::string& model);

/// The shipped scenario of that name, every call answered by `model`.
ScenarioSpec shipped(const std::string& name, const std::string& model);

} // namespace lab::testing
