#pragma once

#include <memory>

#include "runtime/model/model_watch.hpp"
#include "tools/cli/context.hpp"
#include "tools/cli/sweep_command.hpp"

namespace lab::tools {

/// The sentinel that the manifest asks for, with all that earlier commands saw
/// of the models; none when it asks for none, or when no model answers over a
/// network.
/// @errors exit 74: tables that cannot be read
Outcome<std::shared_ptr<ModelWatch>> watch_of(const PlannedSweep& planned,
                                              const Context& context);

} // namespace lab::tools
