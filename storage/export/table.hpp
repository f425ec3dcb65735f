#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/money.hpp"

namespace lab::storage {

/// What a column of an exported table holds. docs/formats/export.md says how
/// each form of file writes each.
enum class ColumnType : std::uint8_t {
  text,
  integer,
  real,
  boolean,
  money, // US dollars, exact to 1e-12
  time,  // milliseconds since 1970, UTC
};

std::string_view to_string(ColumnType type);

struct Column {
  std::string name;
  ColumnType type = ColumnType::text;
  std::string unit; // "USD", "tokens", a metric's or factor's own; may be empty
  std::string about;
};

/// A value of a row; none where there is nothing to say. Integers and times
/// share a form.
using Cell =
  std::variant<std::monostate, std::int64_t, double, bool, std::string, Money>;

struct TableShape {
  std::string name; // "runs"
  std::string about;
  std::vector<Column> columns;
};

enum class ExportForm : std::uint8_t { csv, jsonl, parquet };

/// "csv", "jsonl", "parquet": also how the files' names end.
std::string_view to_string(ExportForm form);

/// What is true of the whole table; Parquet keeps it in the file, the others
/// beside it.
using TableNotes = std::vector<std::pair<std::string, std::string>>;

/// One table being written into one file, row by row: memory does not grow with
/// the table. The name stands for a whole file or for none.
class TableWriter {
public:
  virtual ~TableWriter() = default;

  /// As many cells as columns, each of its column's type or none.
  /// @errors disk_failed; invalid_input: an amount that the form cannot hold
  virtual Result<void> row(const std::vector<Cell>& cells) = 0;
  /// Completes the file and gives it its name.
  /// @errors disk_failed
  virtual Result<void> finish() = 0;
};

/// @param path  of the file; its folder exists
/// @errors disk_failed
Result<std::unique_ptr<TableWriter>> open_table(const std::string& path,
                                                ExportForm form,
                                                const TableShape& shape,
                                                const TableNotes& notes);

} // namespace lab::storage
