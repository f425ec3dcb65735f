#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/prompts/helper_views.hpp"
#include "actors/prompts/sim_line.hpp"
#include "runtime/model/ids.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/shared.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// Writes the facts that a simulated model acts on (docs/sim.md, "The brief").
/// They obey the access list of view.hpp. Only `sim/` models get one.
class SimBriefs {
public:
  /// Works out how each metric is said so that its own pattern reads it back.
  explicit SimBriefs(Shared<ScenarioSpec> scenario);

  std::string for_decision(const TurnState& state, const Place& place) const;
  std::string for_world(const TurnState& state, const Place& place) const;
  std::string for_talk_offer(const TurnState& state, const Place& place) const;
  std::string for_talk_answer(const TurnState& state, const Talk& talk,
                              const Place& place) const;
  std::string for_coalition_proposal(const TurnState& state,
                                     const Place& place) const;
  std::string for_coalition_answer(const TurnState& state,
                                   const CoalitionProposal& proposal,
                                   const Place& place) const;
  /// @param words  of this coalition; those that are not for the speaker are
  ///               left out
  std::string for_coalition_word(const TurnState& state,
                                 const CoalitionProposal& proposal,
                                 const std::vector<Message>& words,
                                 const Place& place) const;
  // Of models that help; what they may know stands in their views.
  std::string for_summary(const SummaryView& view, const Place& place) const;
  std::string for_check(const CheckView& view, const Place& place) const;
  std::string for_metric(const MetricView& view, const Place& place) const;

private:
  Shared<ScenarioSpec> scenario_;
  std::map<std::string, SimLine> lines_; // by metric name
};

/// The brief of the repair at `place`: the same facts, and that it is one.
std::string repair_brief(const std::string& brief, const Place& place);

} // namespace lab::actors
