#pragma once

#include "tools/cli/arguments.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// Makes a sweep of a batch file of an earlier version, in its place; the old
/// file is kept beside it. Or shows what that would change. The new file means
/// what the old one meant, or nothing is written.
/// @errors exit 3: the file is no batch file, or has errors
Outcome<ExitCode> upgrade_batch(const UpgradeCommand& command,
                                const Context& context);

} // namespace lab::tools
