#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/export/tidy_tables.hpp"
#include "sweeps/planner/manifest.hpp"
#include "tools/cli/context.hpp"

namespace lab::tools {

/// Writes `report.md` and `report.html`.
/// @returns their paths
Outcome<std::vector<std::string>>
write_report(storage::Queries& tables, SweepId sweep,
             std::optional<sweeps::Manifest> manifest,
             const std::string& folder,
             std::optional<std::int32_t> only_stratum = std::nullopt);

/// Writes tables; factors' units come from the manifest.
Outcome<std::vector<storage::ExportedTable>>
write_tables(storage::Queries& tables, storage::ExportOrder order,
             const std::optional<sweeps::Manifest>& manifest);

/// What `output.report` and `output.export` of the manifest ask for, into the
/// sweep's folder.
/// @returns the files' paths; none when nothing is asked for
Outcome<std::vector<std::string>>
write_wanted_files(const Context& context, const sweeps::Manifest& manifest,
                   const std::string& folder);

} // namespace lab::tools
