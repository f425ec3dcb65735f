#include "tools/cli/stored_runs.hpp"

#include <optional>
#include <utility>

#include "sweeps/planner/run_layout.hpp"
#include "tools/cli/table_cells.hpp"

namespace lab::tools {

namespace {

// Ids and names of runs hold nothing that SQL would have to be told of.
std::string quoted(const std::string& text) { return "'" + text + "'"; }

const std::string settled = "(r.status = 'completed' OR (r.status = 'halted' "
                            "AND r.halted_by_phase))";

} // namespace

StoredRuns::StoredRuns(storage::Queries tables, SweepId sweep)
  : tables_(std::move(tables)), sweep_(quoted(to_string(sweep))) {}

Result<sweeps::KnownRun> StoredRuns::find(RunId run) {
  const auto id = quoted(to_string(run));
  LAB_TRY(const auto found,
          tables_.sql("SELECT (SELECT name FROM sweep_runs WHERE run = " + id
                        + " AND sweep = " + sweep_ + "), (SELECT " + settled
                        + " FROM runs r WHERE r.id = " + id + ")",
                      1));
  const auto& row = found.rows.front();
  return sweeps::KnownRun{row[0].value_or(""), number_in(row[1]) != 0};
}

Result<bool> StoredRuns::has_point(std::int32_t point) {
  const auto name = sweeps::point_name(point);
  return any("name >= " + quoted(name + ".r") + " AND name < "
             + quoted(name + ".s"));
}

Result<bool> StoredRuns::has_name(const std::string& name) {
  return any("name = " + quoted(name));
}

Result<bool> StoredRuns::any(const std::string& condition) {
  LAB_TRY(const auto found,
          tables_.sql("SELECT 1 FROM sweep_runs WHERE sweep = " + sweep_
                        + " AND " + condition + " LIMIT 1",
                      1));
  return !found.rows.empty();
}

Result<std::int32_t> StoredRuns::last_point() {
  LAB_TRY(const auto found,
          tables_.sql("SELECT MAX(CAST(SUBSTR(point, 2) AS INTEGER)) "
                      "FROM sweep_runs WHERE sweep = "
                        + sweep_,
                      1));
  return static_cast<std::int32_t>(number_in(found.rows.front()[0]));
}

Result<StoredRuns::Totals> StoredRuns::totals() {
  LAB_TRY(const auto found,
          tables_.sql("SELECT TOTAL(r.status = 'completed'), "
                      "TOTAL(r.status = 'halted' AND r.halted_by_phase) "
                      "FROM sweep_runs s JOIN runs r ON r.id = s.run "
                      "WHERE s.sweep = "
                        + sweep_,
                      1));
  const auto& row = found.rows.front();
  return Totals{number_in(row[0]), number_in(row[1])};
}

} // namespace lab::tools
