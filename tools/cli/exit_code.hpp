#pragma once

#include "runtime/base/error.hpp"

namespace lab::tools {

/// What the program tells its caller: docs/cli.md. Numbers are an interface.
enum class ExitCode : int {
  done = 0,
  some_failed = 1, // done, but runs failed, or a check found something
  usage = 2,
  invalid = 3, // scenario, manifest or settings
  not_found = 4,
  limit_reached = 5, // ended by a limit; resumable
  provider = 6,
  held_elsewhere = 7,
  cancelled = 8,
  waits_for_person = 9, // resumable
  bug = 70,
  disk = 74,
  try_again = 75,
  interrupted = 130,
  terminated = 143,
};

/// The code for work that ended with `code` alone.
ExitCode exit_code_of(Errc code);

} // namespace lab::tools
