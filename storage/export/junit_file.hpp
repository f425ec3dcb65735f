#pragma once

#include <string>
#include <vector>

#include "storage/queries.hpp"

namespace lab::storage {

/// Runs as test results, for continuous integration: a suite a point, a case a
/// run. Failed runs are failures; halted, cancelled and paused ones, and those
/// that have not ended, are skipped. The form that JUnit's Ant task began and
/// CI servers read.
std::string junit_file(const std::string& sweep,
                       const std::vector<RunRow>& runs);

} // namespace lab::storage
