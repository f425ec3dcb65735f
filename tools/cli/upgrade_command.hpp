#pragma once

#include "tools/cli/arguments.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// Brings a scenario's files to the native form, or shows what that would
/// change. What the scenario decodes to is compared before and after: files
/// whose meaning would change are put back.
/// @errors exit 3: the scenario has errors, or cannot be edited; exit 4
Outcome<ExitCode> upgrade_command(const UpgradeCommand& command,
                                  const Context& context);

} // namespace lab::tools
