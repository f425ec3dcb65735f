#pragma once

namespace lab {

/// A named place where a test may kill the process, always compiled in.
///
/// `SCENARIO_LAB_KILL_AT=17` raises SIGKILL at the 17th failpoint that the
/// process reaches, whatever its name; `SCENARIO_LAB_KILL_AT=reply.settled:2`
/// at the second visit of that one. Unset, a failpoint costs one load.
void failpoint(const char* name);

} // namespace lab
