#pragma once

#include <string>
#include <vector>

#include "runtime/model/turn_state.hpp"
#include "storage/sqlite/database.hpp"

// The turns of one run, read back from the tables. Raw replies are in the
// journal only.

namespace lab::storage {

Result<std::vector<TurnRecord>> read_turns(sqlite::Database& database,
                                           const std::string& run);

/// Kind, actor, verdict, severity, issues and explanation, from `column` on.
Result<CheckResult> check_at(const sqlite::Statement& row, int column);

} // namespace lab::storage
