#include "storage/export/table.hpp"

#include "storage/export/parquet_table.hpp"
#include "storage/export/text_tables.hpp"

namespace lab::storage {

std::string_view to_string(ColumnType type) {
  switch (type) {
  case ColumnType::text:
    return "text";
  case ColumnType::integer:
    return "integer";
  case ColumnType::real:
    return "real";
  case ColumnType::boolean:
    return "boolean";
  case ColumnType::money:
    return "money";
  case ColumnType::time:
    return "time";
  }
  return "";
}

std::string_view to_string(ExportForm form) {
  switch (form) {
  case ExportForm::csv:
    return "csv";
  case ExportForm::jsonl:
    return "jsonl";
  case ExportForm::parquet:
    return "parquet";
  }
  return "";
}

Result<std::unique_ptr<TableWriter>> open_table(const std::string& path,
                                                ExportForm form,
                                                const TableShape& shape,
                                                const TableNotes& notes) {
  switch (form) {
  case ExportForm::csv:
    return open_csv(path, shape);
  case ExportForm::jsonl:
    return open_jsonl(path, shape);
  case ExportForm::parquet:
    return open_parquet(path, shape, notes);
  }
  return fail(Errc::internal, "a form of export without a writer");
}

} // namespace lab::storage
