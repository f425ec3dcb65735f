#pragma once

#include <memory>
#include <string>

#include "storage/export/table.hpp"

namespace lab::storage {

/// Comma-separated values as RFC 4180 has them: CRLF, quotes where needed. An
/// empty text is `""`, nothing is an empty field.
/// @errors disk_failed
Result<std::unique_ptr<TableWriter>> open_csv(const std::string& path,
                                              const TableShape& shape);

/// One JSON object a line; money and times as texts.
/// @errors disk_failed
Result<std::unique_ptr<TableWriter>> open_jsonl(const std::string& path,
                                                const TableShape& shape);

} // namespace lab::storage
