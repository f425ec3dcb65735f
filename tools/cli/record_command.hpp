#pragma once

#include "tools/cli/arguments.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// Writes every reply that a run used into a file for `sim/script`
/// (docs/formats/script.md): those of the runs it branched from too.
/// @errors exit 4: no such run; exit 3: the file is there already;
///         exit 7: an engine owns the workspace; exit 74
Outcome<ExitCode> record_command(const RecordCommand& command,
                                 const Context& context);

} // namespace lab::tools
