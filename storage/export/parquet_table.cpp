#include "storage/export/parquet_table.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "storage/compression.hpp"
#include "storage/export/out_file.hpp"
#include "storage/export/thrift.hpp"

namespace lab::storage {

namespace {

constexpr std::string_view magic = "PAR1";
constexpr std::int32_t rows_a_group = 65'536;
// A page's sizes are 32-bit numbers; long texts end a group before.
constexpr std::size_t bytes_a_column = 64U << 20U;

// Names of parquet.thrift.
enum Physical : std::int32_t { boolean = 0, int64 = 2, real = 5, bytes = 6 };
enum Encoding : std::int32_t { plain = 0, rle = 3 };
constexpr std::int32_t optional_field = 1;
constexpr std::int32_t codec_zstd = 6;
constexpr std::int32_t data_page = 0;
constexpr std::int32_t money_scale = 12;
constexpr std::int32_t money_digits = 18;
constexpr std::int64_t money_end = 1'000'000'000'000'000'000;

Physical physical_of(ColumnType type) {
  switch (type) {
  case ColumnType::text:
    return bytes;
  case ColumnType::real:
    return real;
  case ColumnType::boolean:
    return boolean;
  case ColumnType::integer:
  case ColumnType::money:
  case ColumnType::time:
    return int64;
  }
  return bytes;
}

/// `number` as bytes, the lowest first.
template <class Number>
void append_little_endian(std::string& out, Number number) {
  static_assert(std::endian::native == std::endian::little);
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  out.append(raw, sizeof number);
}

/// The values of one column in the present row group.
class ColumnBuffer {
public:
  explicit ColumnBuffer(ColumnType type) : type_(type) {}

  Result<void> add(const Cell& cell) {
    bool there = true;
    if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      append_little_endian(values_, *number);
    } else if (const auto* amount = std::get_if<Money>(&cell)) {
      if (std::abs(amount->pico_usd) >= money_end)
        return fail(Errc::invalid_input,
                    "an amount above a million dollars: Parquet's decimals "
                    "have 18 digits; export as csv");
      append_little_endian(values_, amount->pico_usd);
    } else if (const auto* value = std::get_if<double>(&cell)) {
      there = std::isfinite(*value);
      if (there)
        append_little_endian(values_, *value);
    } else if (const auto* yes = std::get_if<bool>(&cell)) {
      add_bit(*yes);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
      const auto clean = to_utf8(*text);
      append_little_endian(values_, static_cast<std::uint32_t>(clean.size()));
      values_ += clean;
    } else {
      there = false;
    }
    add_level(there);
    return {};
  }

  std::size_t size() const { return values_.size(); }

  /// A data page's content, and a new beginning.
  std::string take() {
    end_level_run();
    std::string page;
    append_little_endian(page, static_cast<std::uint32_t>(levels_.size()));
    page += levels_;
    page += values_;
    *this = ColumnBuffer{type_};
    return page;
  }

private:
  /// Booleans are bits, the lowest first.
  void add_bit(bool yes) {
    if (bits_ % 8 == 0)
      values_ += '\0';
    if (yes)
      values_.back() = static_cast<char>(
        static_cast<unsigned char>(values_.back()) | (1U << (bits_ % 8)));
    ++bits_;
  }

  /// Definition levels, 1 where there is a value, as runs of equal ones.
  void add_level(bool there) {
    if (run_ > 0 && there != level_)
      end_level_run();
    level_ = there;
    ++run_;
  }

  void end_level_run() {
    if (run_ == 0)
      return;
    for (auto header = run_ << 1U;; header >>= 7U) {
      if (header < 0x80) {
        levels_ += static_cast<char>(header);
        break;
      }
      levels_ += static_cast<char>((header & 0x7FU) | 0x80U);
    }
    levels_ += level_ ? '\1' : '\0';
    run_ = 0;
  }

  ColumnType type_;
  std::string values_;
  std::string levels_;
  std::size_t bits_ = 0;
  std::uint64_t run_ = 0;
  bool level_ = false;
};

/// Where a column of a row group lies in the file.
struct Chunk {
  std::int64_t offset = 0;
  std::int64_t plain_size = 0; // both with the page's header
  std::int64_t packed_size = 0;
};

struct Group {
  std::int64_t rows = 0;
  std::vector<Chunk> chunks;
};

std::string page_header(std::int64_t rows, std::size_t plain_size,
                        std::size_t packed_size) {
  ThriftWriter thrift;
  thrift.i32(1, data_page);
  thrift.i32(2, static_cast<std::int32_t>(plain_size));
  thrift.i32(3, static_cast<std::int32_t>(packed_size));
  thrift.begin_struct(5);
  thrift.i32(1, static_cast<std::int32_t>(rows));
  thrift.i32(2, plain);
  thrift.i32(3, rle); // definition levels
  thrift.i32(4, rle); // repetition levels: none
  thrift.end();
  return thrift.take();
}

void write_schema_element(ThriftWriter& thrift, const Column& column) {
  thrift.begin_element();
  thrift.i32(1, physical_of(column.type));
  thrift.i32(3, optional_field);
  thrift.text(4, column.name);
  // Twice: for readers from before logical types.
  if (column.type == ColumnType::text) {
    thrift.i32(6, 0); // UTF8
    thrift.begin_struct(10);
    thrift.begin_struct(1); // STRING
    thrift.end();
    thrift.end();
  } else if (column.type == ColumnType::money) {
    thrift.i32(6, 5); // DECIMAL
    thrift.i32(7, money_scale);
    thrift.i32(8, money_digits);
    thrift.begin_struct(10);
    thrift.begin_struct(5); // DECIMAL
    thrift.i32(1, money_scale);
    thrift.i32(2, money_digits);
    thrift.end();
    thrift.end();
  } else if (column.type == ColumnType::time) {
    thrift.i32(6, 9); // TIMESTAMP_MILLIS
    thrift.begin_struct(10);
    thrift.begin_struct(8); // TIMESTAMP
    thrift.boolean(1, true);
    thrift.begin_struct(2);
    thrift.begin_struct(1); // MILLIS
    thrift.end();
    thrift.end();
    thrift.end();
    thrift.end();
  }
  thrift.end();
}

void write_notes(ThriftWriter& thrift, std::int16_t field,
                 const TableNotes& notes) {
  thrift.begin_struct_list(field, notes.size());
  for (const auto& [key, value] : notes) {
    thrift.begin_element();
    thrift.text(1, key);
    thrift.text(2, value);
    thrift.end();
  }
}

class ParquetWriter final : public TableWriter {
public:
  ParquetWriter(OutFile file, TableShape shape, TableNotes notes)
    : file_(std::move(file)), shape_(std::move(shape)),
      notes_(std::move(notes)) {
    for (const auto& column : shape_.columns)
      buffers_.emplace_back(column.type);
  }

  Result<void> begin() { return file_.write(magic); }

  Result<void> row(const std::vector<Cell>& cells) override {
    LAB_CHECK(cells.size() == buffers_.size(), "cells of a row");
    bool full = ++rows_ == rows_a_group;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      LAB_CHECKED(buffers_[i].add(cells[i]));
      full = full || buffers_[i].size() >= bytes_a_column;
    }
    return full ? end_group() : Result<void>{};
  }

  Result<void> finish() override {
    LAB_CHECKED(end_group());
    const auto footer = metadata();
    LAB_CHECKED(file_.write(footer));
    std::string length;
    append_little_endian(length, static_cast<std::uint32_t>(footer.size()));
    LAB_CHECKED(file_.write(length));
    LAB_CHECKED(file_.write(magic));
    return file_.finish();
  }

private:
  Result<void> end_group() {
    if (rows_ == 0)
      return {};
    Group group;
    group.rows = rows_;
    for (auto& buffer : buffers_) {
      const auto page = buffer.take();
      const auto packed = compress(page);
      const auto header = page_header(rows_, page.size(), packed.size());
      Chunk chunk;
      chunk.offset = file_.size();
      chunk.plain_size = static_cast<std::int64_t>(header.size() + page.size());
      chunk.packed_size =
        static_cast<std::int64_t>(header.size() + packed.size());
      LAB_CHECKED(file_.write(header));
      LAB_CHECKED(file_.write(packed));
      group.chunks.push_back(chunk);
    }
    groups_.push_back(std::move(group));
    rows_ = 0;
    return {};
  }

  std::string metadata() const {
    ThriftWriter thrift;
    thrift.i32(1, 1); // version
    thrift.begin_struct_list(2, shape_.columns.size() + 1);
    thrift.begin_element(); // the root
    thrift.text(4, shape_.name);
    thrift.i32(5, static_cast<std::int32_t>(shape_.columns.size()));
    thrift.end();
    for (const auto& column : shape_.columns)
      write_schema_element(thrift, column);
    std::int64_t rows = 0;
    for (const auto& group : groups_)
      rows += group.rows;
    thrift.i64(3, rows);
    thrift.begin_struct_list(4, groups_.size());
    for (const auto& group : groups_)
      write_group(thrift, group);
    write_notes(thrift, 5, notes_);
    thrift.text(6, "scenario-lab " LAB_VERSION);
    return thrift.take();
  }

  void write_group(ThriftWriter& thrift, const Group& group) const {
    std::int64_t size = 0;
    thrift.begin_element();
    thrift.begin_struct_list(1, group.chunks.size());
    for (std::size_t i = 0; i < group.chunks.size(); ++i) {
      const auto& chunk = group.chunks[i];
      const auto& column = shape_.columns[i];
      size += chunk.plain_size;
      thrift.begin_element();
      thrift.i64(2, 0); // metadata is here, not in the column's chunk
      thrift.begin_struct(3);
      thrift.i32(1, physical_of(column.type));
      thrift.i32_list(2, {plain, rle});
      thrift.text_list(3, {column.name});
      thrift.i32(4, codec_zstd);
      thrift.i64(5, group.rows);
      thrift.i64(6, chunk.plain_size);
      thrift.i64(7, chunk.packed_size);
      write_notes(thrift, 8, {{"unit", column.unit}, {"about", column.about}});
      thrift.i64(9, chunk.offset);
      thrift.end();
      thrift.end();
    }
    thrift.i64(2, size);
    thrift.i64(3, group.rows);
    thrift.end();
  }

  OutFile file_;
  TableShape shape_;
  TableNotes notes_;
  std::vector<ColumnBuffer> buffers_;
  std::vector<Group> groups_;
  std::int32_t rows_ = 0; // in the buffers
};

} // namespace

Result<std::unique_ptr<TableWriter>> open_parquet(const std::string& path,
                                                  const TableShape& shape,
                                                  const TableNotes& notes) {
  LAB_TRY(auto file, OutFile::open(path));
  auto writer = std::make_unique<ParquetWriter>(std::move(file), shape, notes);
  LAB_CHECKED(writer->begin());
  return writer;
}

} // namespace lab::storage
