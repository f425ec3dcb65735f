#pragma once

#include "tools/cli/context.hpp"
#include "tools/cli/sweep_command.hpp"

namespace lab::tools {

/// Whether some ceiling is higher than it was, or gone.
bool is_raised(const Limit& before, const Limit& now);

/// Whether the sweep may go on. One that `on_exhausted: stop` ended may when
/// there is more money than there was, or when the manifest no longer says so.
/// @errors exit 5 (B515); exit 74: tables that cannot be read
Outcome<void> may_go_on(const PlannedSweep& planned, const Context& context);

} // namespace lab::tools
