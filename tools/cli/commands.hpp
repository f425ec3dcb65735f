#pragma once

#include "tools/cli/arguments.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

// One command each: reads what it was told, does it through the rooms, prints
// the result. `sweep run`, `run` and `demo` open the engine; all others only
// read and may stand beside a running one.

Outcome<ExitCode> run_command(const RunCommand& command,
                              const Context& context);
Outcome<ExitCode> sweep_command(const SweepCommand& command,
                                const Context& context);
Outcome<ExitCode> sweep_list_command(const Context& context);
Outcome<ExitCode> demo_command(const Context& context);

Outcome<ExitCode> status_command(const StatusCommand& command,
                                 const Context& context);
Outcome<ExitCode> costs_command(const CostsCommand& command,
                                const Context& context);
Outcome<ExitCode> runs_command(const RunsCommand& command,
                               const Context& context);
Outcome<ExitCode> export_command(const ExportCommand& command,
                                 const Context& context);
Outcome<ExitCode> report_command(const ReportCommand& command,
                                 const Context& context);
Outcome<ExitCode> show_command(const ShowCommand& command,
                               const Context& context);

Outcome<ExitCode> validate_command(const ValidateCommand& command,
                                   const Context& context);
Outcome<ExitCode> estimate_command(const EstimateCommand& command,
                                   const Context& context);
Outcome<ExitCode> paths_command(const PathsCommand& command,
                                const Context& context);
Outcome<ExitCode> verify_command(const Context& context);
Outcome<ExitCode> config_show_command(const ConfigShowCommand& command,
                                      const Context& context);
Outcome<ExitCode> explain_command(const ExplainCommand& command,
                                  const Context& context);

} // namespace lab::tools
