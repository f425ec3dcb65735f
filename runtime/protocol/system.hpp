#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/protocol/actors.hpp"
#include "runtime/protocol/caf_error.hpp"

namespace lab {

/// How the actor system is set up: message types, error texts, threads.
/// Measured on two cores (docs/caf-0.17-notes.md): the sharing policy is fair
/// where work stealing starves, and a throughput of 50 messages keeps a busy
/// actor from stalling the others.
struct SystemConfig : caf::actor_system_config {
  explicit SystemConfig(std::size_t threads = 2);
};

/// What every actor calls first: unexpected messages and exceptions go to the
/// log instead of CAF's printer, and end in an error for whoever asked.
void harden(caf::scheduled_actor* self);

/// For CREDIT LIMIT and JOURNAL: as `harden`, but an exception aborts the
/// process, because nothing may be sent after either is gone.
void harden_vital(caf::scheduled_actor* self);

/// A phase of one run, by the name it has in scenarios.
struct NamedPhase {
  std::string name;
  PhaseActor actor;
};

/// Makes the phases of one run in the order of a turn, and whatever stands
/// behind them, linked to `run` so that all end with it.
/// @errors invalid_input: an unknown phase name
using PhaseFactory = std::function<Result<std::vector<NamedPhase>>(
  caf::scheduled_actor* run, const Shared<RunSpec>& spec)>;

} // namespace lab
