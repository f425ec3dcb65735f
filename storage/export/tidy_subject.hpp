#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/export/tidy_tables.hpp"

// Internal to this folder.

namespace lab::storage {

using Cells = std::vector<Cell>;

/// A factor's column; numbers when all its values are.
struct FactorColumn {
  std::string name;
  bool numeric = true;
};

Cell text_or_none(const std::string& text);
Cell time_or_none(UnixMs at);
Cell whole(std::int64_t number);

/// Everything that the three tables take from the run a row belongs to.
class TidySubject {
public:
  static Result<TidySubject> read(Queries& queries, const ExportOrder& order);

  const RunRow* run(RunId id) const;
  /// True for runs whose metrics are observations of their own.
  bool effective(const RunRow& run) const;
  Cell stratum_cell(const RunRow& run) const;
  void add_key_columns(std::vector<Column>& columns) const;
  void add_key_cells(Cells& cells, const RunRow& run) const;

  std::string name;
  std::string sweep_name;
  std::string about;
  bool simulated = false;
  std::vector<RunRow> runs; // in plan order
  std::map<RunId, std::size_t> by_id;
  std::map<RunId, RunId> repeated;
  std::map<RunId, std::optional<std::int32_t>> strata;
  std::vector<FactorColumn> factors;
  std::map<std::string, std::string> units; // of factors
  std::map<std::string, std::string> metric_units;
};

} // namespace lab::storage
