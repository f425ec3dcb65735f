#pragma once

#include "runtime/model/run_spec.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::actors {

/// PARTICIPANT played by a model: builds the prompt from what it may see,
/// asks, reads the reply, and asks once more when it cannot be read.
/// Linked to `run`.
/// @param id  of a participant of the run's scenario
/// @errors (of Decide) those of the calls; reply_invalid
ParticipantActor spawn_llm_participant(caf::scheduled_actor* run,
                                       Shared<RunSpec> spec, std::string id,
                                       GatewayActor gateway);

} // namespace lab::actors
