#pragma once

#include <string>
#include <vector>

#include "runtime/model/run_spec.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// What a call asks; the rest of a request follows from its place.
struct Question {
  std::string model;
  std::vector<ChatMessage> messages;
  std::string schema_name; // empty: free text
  std::string schema;
  std::string brief; // sim/ models only
};

/// The call at `place` of a run. Two runs with equal scenario texts and seeds
/// ask byte-identical requests: nothing here depends on a run's id, name,
/// point, clock or output folder, because sharing does.
IssueCall call_at(const RunSpec& spec, Place place, Question question);

/// The seed that all chance of a turn comes from. A branch uses its parent's
/// for the turns it inherits.
std::uint64_t seed_of_turn(const RunSpec& spec, std::int32_t turn);

/// Seeds the sampler of one call. 52 bits, so that it survives as a JSON
/// number.
std::uint64_t call_seed(const RunSpec& spec, const Place& place);

/// Most tokens a reply of this phase may have: the scenario's own cap, its
/// general one, else 1,200 for decisions and 2,000 for the world.
std::int64_t output_cap(const ScenarioSpec& scenario, const std::string& phase);

} // namespace lab::actors
