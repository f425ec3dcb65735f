#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/model/chat.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// Longest texts a reply may put into the state, in characters; what is longer
/// is cut. The raw reply is kept whole.
/// @source docs/reliability.md, prompt injection
constexpr std::size_t goal_chars_max = 500;
constexpr std::size_t goals_max = 10; // of each kind
constexpr std::size_t reasoning_chars_max = 4'000;
constexpr std::size_t action_chars_max = 2'000;
constexpr std::size_t world_chars_max = 12'000;
constexpr std::size_t change_chars_max = 500;
constexpr std::size_t changes_max = 20; // of each kind

/// Reads a decision: a JSON object, fenced or not, or labelled sections. A
/// field that is not known is dropped; goals and reasoning may be missing.
///
/// Labelled sections of a reply that was cut at its output cap are refused:
/// nothing marks the end of the last one.
/// @errors reply_invalid: no action; the context says why, in our own words
Result<Decision> parse_decision(const Reply& reply);

struct WorldUpdate {
  std::string state;
  std::vector<std::string> key_changes;
  std::vector<std::string> consequences;
  std::string raw;
};

/// Reads a world update by the same rules.
/// @errors reply_invalid: no updated state
Result<WorldUpdate> parse_world(const Reply& reply);

} // namespace lab::actors
