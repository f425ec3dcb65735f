#pragma once

#include <memory>
#include <string>

#include "storage/export/table.hpp"

namespace lab::storage {

/// An Apache Parquet file: every column optional, PLAIN values, zstd pages, a
/// row group at most every 65,536 rows. Text is a UTF-8 string, money a decimal
/// of 18 digits with 12 after the point, time a UTC timestamp in milliseconds.
/// `notes` become key-value metadata of the file; a column's unit and meaning,
/// of its chunks.
/// @errors disk_failed
/// @source apache/parquet-format 2.10: README.md, Encodings.md,
///         LogicalTypes.md, parquet.thrift
Result<std::unique_ptr<TableWriter>> open_parquet(const std::string& path,
                                                  const TableShape& shape,
                                                  const TableNotes& notes);

} // namespace lab::storage
