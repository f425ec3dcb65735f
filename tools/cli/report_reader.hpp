#pragma once

#include <optional>

#include "storage/queries.hpp"
#include "sweeps/report/report_input.hpp"

namespace lab::tools {

/// Everything that the tables tell of a sweep, for its report.
/// @param manifest  of the sweep; nothing: units and design are not known
/// @param only_stratum  leaves all other runs out
/// @errors not_found, disk_failed, journal_corrupt
Result<sweeps::report::ReportInput>
read_report(storage::Queries& tables, SweepId sweep,
            std::optional<sweeps::Manifest> manifest,
            std::optional<std::int32_t> only_stratum = std::nullopt);

} // namespace lab::tools
