#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab::storage {

/// Writes the compact form of Apache Thrift, as far as Parquet's footer and
/// page headers need it.
/// @source apache/thrift, doc/specs/thrift-compact-protocol.md
class ThriftWriter {
public:
  void i32(std::int16_t field, std::int32_t value);
  void i64(std::int16_t field, std::int64_t value);
  void boolean(std::int16_t field, bool value);
  void text(std::int16_t field, std::string_view value);

  /// What follows up to `end` are fields of the struct in `field`.
  void begin_struct(std::int16_t field);
  void end();

  void begin_struct_list(std::int16_t field, std::size_t size);
  void begin_element(); // a struct; until `end`
  void i32_list(std::int16_t field, const std::vector<std::int32_t>& values);
  void text_list(std::int16_t field, const std::vector<std::string>& values);

  /// Ends the outermost struct and gives its bytes.
  std::string take();

private:
  void header(std::int16_t field, std::uint8_t type);
  void list_header(std::int16_t field, std::uint8_t type, std::size_t size);
  void varint(std::uint64_t value);
  void zigzag(std::int64_t value);
  void bytes(std::string_view value);

  std::string out_;
  std::int16_t last_ = 0;           // field written last in this struct
  std::vector<std::int16_t> outer_; // the same of the structs around it
};

} // namespace lab::storage
