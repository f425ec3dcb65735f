#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// Something said or done, as a prompt may show it: who, when and where are
/// facts of the engine, never words of a model, and the text is printable.
struct Utterance {
  std::string from; // display name; "world" for the narrator
  std::int32_t turn = 0;
  std::string channel;         // "world", "action", "bilateral", "coalition"
  std::vector<std::string> to; // display names; empty: everybody
  std::string text;

  friend bool operator==(const Utterance&, const Utterance&) = default;
};

/// A participant's own goals as it stated them in an earlier turn.
struct StatedGoals {
  std::int32_t turn = 0;
  std::vector<std::string> long_term;
  std::vector<std::string> short_term;
};

/// Everything one participant may know when it acts, and nothing else. Prompts
/// are built from this alone, so what is not here cannot leak.
struct ParticipantView {
  std::string scenario;        // display name
  std::string scenario_prompt; // `system_prompt` of the scenario
  std::string turn_duration;
  std::int32_t turn = 0;
  std::int32_t turns = 0;
  bool v1_prompts = false;
  std::vector<std::string> roster; // everybody's display name
  std::string own_name;            // as it stands in the roster
  ParticipantSpec own;
  std::vector<Utterance> background; // documents of the scenario
  std::int32_t left_out = 0; // finished turns before the window, with turn 0
  Utterance summary;         // of those turns; no text: they are not told
  std::vector<Utterance> history; // finished turns in the window, in order
  Utterance world;                // the world this turn starts from
  std::vector<Utterance> current; // private words of this turn
  std::vector<StatedGoals> goals; // of the last two turns
};

/// What the narrator of the world may know: public things alone.
struct WorldView {
  std::string scenario;
  std::string turn_duration;
  std::int32_t turn = 0;
  std::int32_t turns = 0;
  bool v1_prompts = false;
  std::vector<std::string> roster;
  Utterance world;                // the world this turn starts from
  std::vector<Utterance> actions; // in scenario order
  std::vector<FiredEvent> events;
};

/// THE access list. Who sees what is decided here and nowhere else:
///
/// | what                             | the participant | others | narrator |
/// |----------------------------------|-----------------|--------|----------|
/// | background, summary              | yes             | yes    | no       |
/// | world states, in the window      | yes             | yes    | newest   |
/// | actions of finished turns        | yes             | yes    | no       |
/// | actions of the current turn      | no              | no     | yes      |
/// | private words to or from it      | yes             | no     | no       |
/// | its goals, of the last two turns | yes             | no     | no       |
/// | its reasoning                    | no              | no     | no       |
/// | its persona, private information | yes             | no     | no       |
/// | exogenous events                 | by the world    |        | yes      |
///
/// @param id  of a participant of the scenario
ParticipantView view_of(const ScenarioSpec& scenario, const TurnState& state,
                        const std::string& id);
WorldView world_view_of(const ScenarioSpec& scenario, const TurnState& state);

/// How a participant is named in prompts: its display name, with its id when
/// another has the same one.
std::string shown_name(const ScenarioSpec& scenario, const std::string& id);

} // namespace lab::actors
