#pragma once

#include <string>
#include <vector>

#include "actors/prompts/view.hpp"
#include "runtime/model/chat.hpp"

// Internal to actors/prompts: parts that all questions to a participant share.

namespace lab::actors {

/// Background, what happened before (in the window, or in short), the world
/// now.
std::string situation_sections(const ParticipantView& view);
/// The private words of this turn so far; empty without any.
std::string private_section(const ParticipantView& view);
/// The participant's own goals; empty before it stated any.
std::string goals_section(const ParticipantView& view);

/// How the answer is wanted: as JSON, with the labels for models that cannot
/// write it, or by its labels alone (V1 prompts).
std::string answer_section(const ParticipantView& view, const std::string& json,
                           const std::string& labels);

/// The persona (when there is one), and one message: the heading, who takes
/// part, what the records are, then `sections`.
std::vector<ChatMessage> participant_messages(const ParticipantView& view,
                                              const std::string& sections);

} // namespace lab::actors
