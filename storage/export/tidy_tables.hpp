#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/export/table.hpp"
#include "storage/queries.hpp"

namespace lab::storage {

enum class TidyTable : std::uint8_t {
  runs,    // a row a run, whatever became of it
  metrics, // a row a run, turn and metric
  calls,   // a row an attempt or shared reply
};

/// "runs", "metrics", "calls"
std::string_view to_string(TidyTable table);

struct ExportOrder {
  Target target;
  ExportForm form = ExportForm::csv;
  std::vector<TidyTable> tables;
  std::string folder;
  /// Of factors, as the manifest has them; absent: none.
  std::map<std::string, std::string> factor_units;
};

struct ExportedTable {
  std::string name;
  std::string file;
  std::int64_t rows = 0;
};

/// Of each completed run of a point that repeats another one's replies word for
/// word: the first such run, in the order of `runs`. It is no observation of
/// its own.
/// @param digests  of `Queries::reply_digests`
std::map<RunId, RunId> repeats(const std::vector<RunRow>& runs,
                               const std::map<RunId, std::string>& digests);

/// Writes the tables, a file each, and `dictionary.json`, which says what every
/// column means. The folder is made when missing.
/// @errors not_found, disk_failed, invalid_input
Result<std::vector<ExportedTable>> export_tables(Queries& queries,
                                                 const ExportOrder& order);

} // namespace lab::storage
