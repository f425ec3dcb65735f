#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/prompts/view.hpp"
#include "runtime/model/chat.hpp"

namespace lab::actors {

// Questions of private talks and coalitions. Like all prompts they are
// functions of a view. Labels are V1's; schemas name the participants that can
// be chosen, so that a model that follows them cannot name anybody else.

/// Whether to open a private talk now, with whom, and its message.
/// @param round, rounds  of this turn; `round` counts from 0
std::vector<ChatMessage> talk_offer_messages(const ParticipantView& view,
                                             std::int32_t round,
                                             std::int32_t rounds);
std::string talk_offer_schema(const ParticipantView& view);

/// What to answer to a private message.
std::vector<ChatMessage> talk_answer_messages(const ParticipantView& view,
                                              const Utterance& offer);
const std::string& talk_answer_schema();

/// Whether to propose a coalition of at least three, with whom, what for.
std::vector<ChatMessage>
coalition_proposal_messages(const ParticipantView& view);
std::string coalition_proposal_schema(const ParticipantView& view);

/// Whether to join a coalition that somebody proposed.
std::vector<ChatMessage>
coalition_answer_messages(const ParticipantView& view,
                          const CoalitionView& coalition);
const std::string& coalition_answer_schema();

/// One word to the other members of a coalition that stands.
std::vector<ChatMessage>
coalition_word_messages(const ParticipantView& view,
                        const CoalitionView& coalition);
const std::string& coalition_word_schema();

} // namespace lab::actors
