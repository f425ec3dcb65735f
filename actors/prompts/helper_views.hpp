#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/prompts/view.hpp"

namespace lab::actors {

// What the models may know that help to run a scenario without taking part in
// it. They are to `view.hpp` what its two views are to those who act:
//
// | who            | is shown                                                |
// |----------------|---------------------------------------------------------|
// | the recorder   | worlds and actions of the turns that left the window    |
// | a judge        | what was judged, and all that the judged may know or    |
// |                | may not; its words reach nobody but the record          |
// | a metric's     | the texts that the metric's pattern would be tried on   |
// | reader         |                                                         |

/// What a rolling summary is made from: public things alone.
struct SummaryView {
  std::string scenario;
  bool v1_prompts = false;
  std::int32_t last = 0;          // the new summary tells turns 0 to `last`
  Utterance before;               // the summary so far; no text: none
  std::vector<Utterance> records; // what it does not tell yet, in order
};

/// Nothing while nothing has left the window of the turn being played. The
/// summary tells exactly the turns that `view_of` leaves out: with a window of
/// w, turn t's tells turns 0 to t - w - 1.
std::optional<SummaryView> summary_view_of(const ScenarioSpec& scenario,
                                           const TurnState& state);

/// What the model sees that does one check of one turn.
struct CheckView {
  std::string scenario;
  bool v1_prompts = false;
  CheckSpec check;
  std::string rules;
  std::string judged;                 // display name; empty: the world
  std::optional<ParticipantSpec> own; // of who is judged
  Utterance world_before;
  Utterance world_after;
  std::vector<Utterance> actions; // of all, in scenario order
  std::vector<FiredEvent> events;
  // Of who is judged:
  Utterance reasoning;
  Utterance action;
  std::vector<Utterance> told;       // private words it wrote or was sent
  std::vector<Utterance> restricted; // private words and facts of others
};

/// @param participant  id of who is judged, who decided in this turn; empty:
///                     the world
CheckView check_view_of(const ScenarioSpec& scenario, const TurnState& state,
                        const CheckSpec& check, const std::string& participant);

/// What the model sees that reads one metric.
struct MetricView {
  std::string scenario;
  MetricSpec metric;
  bool v1_prompts = false;
  std::vector<Utterance> texts;
};

/// @param participant  id of whom the metric is about; empty: the world
MetricView metric_view_of(const ScenarioSpec& scenario, const TurnRecord& turn,
                          const MetricSpec& metric,
                          const std::string& participant);

} // namespace lab::actors
