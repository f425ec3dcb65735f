#include "storage/export/thrift.hpp"

#include <utility>

#include "runtime/base/check.hpp"

namespace lab::storage {

namespace {

constexpr std::uint8_t type_true = 1;
constexpr std::uint8_t type_false = 2;
constexpr std::uint8_t type_i32 = 5;
constexpr std::uint8_t type_i64 = 6;
constexpr std::uint8_t type_binary = 8;
constexpr std::uint8_t type_list = 9;
constexpr std::uint8_t type_struct = 12;

} // namespace

void ThriftWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  out_ += static_cast<char>(value);
}

void ThriftWriter::zigzag(std::int64_t value) {
  varint((static_cast<std::uint64_t>(value) << 1U)
         ^ static_cast<std::uint64_t>(value >> 63));
}

void ThriftWriter::bytes(std::string_view value) {
  varint(value.size());
  out_ += value;
}

void ThriftWriter::header(std::int16_t field, std::uint8_t type) {
  const int step = field - last_;
  LAB_CHECK(step > 0, "fields of a struct stand in order");
  if (step <= 15) {
    out_ += static_cast<char>((static_cast<unsigned>(step) << 4U) | type);
  } else {
    out_ += static_cast<char>(type);
    zigzag(field);
  }
  last_ = field;
}

void ThriftWriter::i32(std::int16_t field, std::int32_t value) {
  header(field, type_i32);
  zigzag(value);
}

void ThriftWriter::i64(std::int16_t field, std::int64_t value) {
  header(field, type_i64);
  zigzag(value);
}

void ThriftWriter::boolean(std::int16_t field, bool value) {
  header(field, value ? type_true : type_false);
}

void ThriftWriter::text(std::int16_t field, std::string_view value) {
  header(field, type_binary);
  bytes(value);
}

void ThriftWriter::begin_struct(std::int16_t field) {
  header(field, type_struct);
  begin_element();
}

void ThriftWriter::begin_element() {
  outer_.push_back(std::exchange(last_, 0));
}

void ThriftWriter::end() {
  LAB_CHECK(!outer_.empty(), "a struct ends once");
  out_ += '\0';
  last_ = outer_.back();
  outer_.pop_back();
}

void ThriftWriter::list_header(std::int16_t field, std::uint8_t type,
                               std::size_t size) {
  header(field, type_list);
  if (size < 15) {
    out_ += static_cast<char>((size << 4U) | type);
  } else {
    out_ += static_cast<char>(0xF0U | type);
    varint(size);
  }
}

void ThriftWriter::begin_struct_list(std::int16_t field, std::size_t size) {
  list_header(field, type_struct, size);
}

void ThriftWriter::i32_list(std::int16_t field,
                            const std::vector<std::int32_t>& values) {
  list_header(field, type_i32, values.size());
  for (const auto value : values)
    zigzag(value);
}

void ThriftWriter::text_list(std::int16_t field,
                             const std::vector<std::string>& values) {
  list_header(field, type_binary, values.size());
  for (const auto& value : values)
    bytes(value);
}

std::string ThriftWriter::take() {
  LAB_CHECK(outer_.empty(), "every struct has ended");
  out_ += '\0';
  last_ = 0;
  return std::exchange(out_, {});
}

} // namespace lab::storage
