#pragma once

#include "runtime/model/run_spec.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::actors {

/// PARTICIPANT: words each question from what it may see, asks whoever decides
/// for it in that turn (its model, a script, a person), reads the reply, and
/// asks once more when it cannot be read. Linked to `run`.
/// @param id  of a participant of the run's scenario
/// @errors those of the calls; of Decide also reply_invalid; invalid_input: it
///         is a model's turn to decide and the participant has none
ParticipantActor spawn_participant(caf::scheduled_actor* run,
                                   Shared<RunSpec> spec, std::string id,
                                   GatewayActor gateway);

} // namespace lab::actors
