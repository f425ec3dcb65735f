#pragma once

#include <string>

#include "runtime/base/error.hpp"

namespace lab::storage {

/// Brings the tables of a workspace up to its journal. PROJECTOR works a moment
/// behind, so an engine that was killed leaves facts that no table shows yet.
/// Costs two small reads when there is nothing to do, and does nothing while an
/// engine owns the workspace: its own PROJECTOR is at it.
/// @errors disk_failed, journal_corrupt, held_elsewhere
Result<void> catch_up_tables(const std::string& folder);

} // namespace lab::storage
