#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/scenario_spec.hpp"

namespace lab::sweeps {

/// What a call asks for.
enum class CallKind : std::uint8_t {
  summary,
  talk_offer,
  talk_answer,
  coalition_proposal,
  coalition_answer,
  coalition_word,
  decision,
  world_update,
  metric,
  check,
};

/// The phase that asks it.
const char* phase_of(CallKind kind);

/// Most tokens of a reply in this phase, as calls are sent with it: the
/// scenario's own cap, its general one, else 1,200 (2,000 for the world).
std::int64_t output_cap_of(const ScenarioSpec& scenario,
                           const std::string& phase);

/// How often participants do what they may do. Shares are 0 to 1.
struct Habits {
  double talk = 1;       // offers that open a talk
  double propose = 1;    // participants that propose a coalition
  double invite = 1;     // of the others, that a proposal names
  double form = 1;       // proposals that all accept
  double conditions = 1; // turns in which a conditional event's terms hold
  double repair = 1;     // replies that cannot be read at first
  /// Means; otherwise each number is the most there can be.
  bool usual = false;
};

/// What is expected where nothing is known from earlier runs. One constant a
/// kind: EstimateCalibration.SharesAreThoseOfTheSimulatedModel measures them
/// and prints what to write here: build/dev/tests/estimate_property_test
/// --gtest_filter='*Calibration*'
inline constexpr Habits usual_habits{0.5, 0.3, 0.73, 0.17, 0.3, 0.02, true};
/// Everybody does all that can be done.
inline constexpr Habits utmost_habits{};

/// In how many of the scenario's turns an event happens, as a share.
double share_of_turns(const EventSpec& event, const ScenarioSpec& scenario,
                      const Habits& habits);

/// Lengths of one reply in bytes.
struct ReplySize {
  double whole = 0;   // as billed
  double kept = 0;    // what later prompts repeat of it
  double goals = 0;   // of a decision: what its owner is told again
  double thought = 0; // of a decision: its reasoning
};

/// Lengths of all replies that a run asks for.
struct ReplySizes {
  std::vector<ReplySize> decisions; // in scenario order, as are all lists
  std::vector<ReplySize> offers;    // of those that open a talk
  std::vector<ReplySize> answers;
  std::vector<ReplySize> proposals; // of those that propose
  std::vector<ReplySize> verdicts;  // on proposals
  std::vector<ReplySize> words;     // in coalitions
  ReplySize world;
  ReplySize summary;
  ReplySize check;
  ReplySize metric;

  /// @param index  of the participant; of no matter for other kinds
  const ReplySize& of(CallKind kind, std::size_t index) const;
};

/// From real models a share of the cap; from `sim/` what its rules write.
ReplySizes expected_replies(const ScenarioSpec& scenario);
/// Nobody spares a word: all that the caps and the parsers let through.
ReplySizes longest_replies(const ScenarioSpec& scenario);

/// Output tokens that are expected for a reply of this length.
double expected_output(const std::string& model, std::int64_t cap,
                       const ReplySize& reply);

/// Bytes of UTF-8 that a token stands for in a mixed text.
/// @source measured on public tokenizers: English 5.9, German 2.8 to 3.7,
/// JSON 2.4 to 2.6 bytes a token; `sim` counts 4 (docs/sim.md)
inline constexpr double bytes_per_token = 4;

} // namespace lab::sweeps
