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
  /// "world", "action", "bilateral", "coalition", "outcome", "summary",
  /// "background"
  std::string channel;
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

/// One coalition as somebody sees it who was proposed for it or proposed it.
struct CoalitionView {
  std::string proposer;             // display names
  std::vector<std::string> members; // the proposer first
  Utterance purpose;
  /// What was said in it so far and is for the viewer, oldest first.
  std::vector<Utterance> words;
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
/// | what became of a coalition       | if proposed for | no     | no       |
/// | its goals, of the last two turns | yes             | no     | no       |
/// | its reasoning, notes, raw reply  | no              | no     | no       |
/// | its persona, private information | yes             | no     | no       |
/// | exogenous events                 | by the world    |        | yes      |
///
/// Private words are those of `TurnRecord::messages`; nothing else of talks
/// and coalitions is shown, but who was proposed and whether all accepted.
///
/// @param id  of a participant of the scenario
ParticipantView view_of(const ScenarioSpec& scenario, const TurnState& state,
                        const std::string& id);
/// The message of a talk, to the one who is to answer it: its target alone.
Utterance offer_to(const ScenarioSpec& scenario, const Talk& talk,
                   std::int32_t turn, const std::string& id);
/// @param id     the proposer or a proposed member
/// @param words  of this coalition; those that are not for `id` are left out
CoalitionView coalition_view_of(const ScenarioSpec& scenario,
                                const CoalitionProposal& proposal,
                                const std::vector<Message>& words,
                                std::int32_t turn, const std::string& id);
WorldView world_view_of(const ScenarioSpec& scenario, const TurnState& state);

/// Whether `message` is to or from the participant `id`.
bool may_read(const std::string& id, const Message& message);

/// How a participant is named in prompts: its display name, with its id when
/// another has the same one.
std::string shown_name(const ScenarioSpec& scenario, const std::string& id);

} // namespace lab::actors
