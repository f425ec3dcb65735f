#pragma once

#include <string>
#include <vector>

#include "actors/prompts/view.hpp"
#include "runtime/model/chat.hpp"

namespace lab::actors {

// Prompts are functions of a view: equal views give equal bytes.

/// The system message of a participant: the `system_prompt` texts, then who it
/// is. V1 prompts are the `system_prompt` texts alone. May be empty.
std::string persona_message(const ParticipantView& view);

/// The persona (when there is one) and what the participant is asked.
std::vector<ChatMessage> decision_messages(const ParticipantView& view);

/// The narrator's role, the world, the actions and events, what is wanted.
std::vector<ChatMessage> world_messages(const WorldView& view);

/// The same question once more, after a reply that could not be read: the
/// reason and the reply, as data, stand at the end of the last message.
/// @param reason  of the parser; holds no words of the reply
std::vector<ChatMessage> repair_messages(std::vector<ChatMessage> asked,
                                         const std::string& raw,
                                         const std::string& reason);

/// JSON Schemas of the wanted replies, within what all dialects understand.
const std::string& decision_schema();
const std::string& world_schema();

} // namespace lab::actors
