#include "storage/export/text_tables.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "storage/export/out_file.hpp"

namespace lab::storage {

namespace {

/// The shortest decimal that reads back as the same number.
std::string real_text(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number);
  return {text, end.ptr};
}

/// A value as text; none for nothing.
std::string plain_text(const Cell& cell, ColumnType type) {
  if (const auto* number = std::get_if<std::int64_t>(&cell))
    return type == ColumnType::time ? utc_text(*number)
                                    : std::to_string(*number);
  if (const auto* real = std::get_if<double>(&cell))
    return std::isfinite(*real) ? real_text(*real) : std::string{};
  if (const auto* yes = std::get_if<bool>(&cell))
    return *yes ? "true" : "false";
  if (const auto* amount = std::get_if<Money>(&cell))
    return to_decimal(*amount);
  if (const auto* text = std::get_if<std::string>(&cell))
    return to_utf8(*text);
  return {};
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos)
    return text;
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + "\"";
}

class CsvWriter final : public TableWriter {
public:
  CsvWriter(OutFile file, TableShape shape)
    : file_(std::move(file)), shape_(std::move(shape)) {}

  Result<void> heading() {
    std::string line;
    for (const auto& column : shape_.columns)
      line += (line.empty() ? "" : ",") + csv_field(column.name);
    return file_.write(line + "\r\n");
  }

  Result<void> row(const std::vector<Cell>& cells) override {
    LAB_CHECK(cells.size() == shape_.columns.size(), "cells of a row");
    line_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0)
        line_ += ',';
      // An empty text is not the same as nothing.
      const auto* text = std::get_if<std::string>(&cells[i]);
      line_ += text != nullptr && text->empty()
                 ? "\"\""
                 : csv_field(plain_text(cells[i], shape_.columns[i].type));
    }
    return file_.write(line_ + "\r\n");
  }

  Result<void> finish() override { return file_.finish(); }

private:
  OutFile file_;
  TableShape shape_;
  std::string line_;
};

std::string json_value(const Cell& cell, ColumnType type) {
  if (std::holds_alternative<std::monostate>(cell))
    return "null";
  const auto text = plain_text(cell, type);
  if (std::holds_alternative<double>(cell))
    return text.empty() ? "null" : text;
  if (std::holds_alternative<bool>(cell)
      || (std::holds_alternative<std::int64_t>(cell)
          && type != ColumnType::time))
    return text;
  return json_quote(text);
}

class JsonLinesWriter final : public TableWriter {
public:
  JsonLinesWriter(OutFile file, TableShape shape)
    : file_(std::move(file)), shape_(std::move(shape)) {}

  Result<void> row(const std::vector<Cell>& cells) override {
    LAB_CHECK(cells.size() == shape_.columns.size(), "cells of a row");
    line_ = "{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& column = shape_.columns[i];
      line_ += (i > 0 ? "," : "") + json_quote(column.name) + ":"
               + json_value(cells[i], column.type);
    }
    return file_.write(line_ + "}\n");
  }

  Result<void> finish() override { return file_.finish(); }

private:
  OutFile file_;
  TableShape shape_;
  std::string line_;
};

} // namespace

Result<std::unique_ptr<TableWriter>> open_csv(const std::string& path,
                                              const TableShape& shape) {
  LAB_TRY(auto file, OutFile::open(path));
  auto writer = std::make_unique<CsvWriter>(std::move(file), shape);
  LAB_CHECKED(writer->heading());
  return writer;
}

Result<std::unique_ptr<TableWriter>> open_jsonl(const std::string& path,
                                                const TableShape& shape) {
  LAB_TRY(auto file, OutFile::open(path));
  return std::make_unique<JsonLinesWriter>(std::move(file), shape);
}

} // namespace lab::storage
