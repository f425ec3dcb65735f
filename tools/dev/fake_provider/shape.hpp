#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab::tools::fake {

struct Member;

/// The part of JSON Schema that requests use, ready to write replies from.
struct Shape {
  enum class Kind : std::uint8_t {
    object,
    array,
    text,
    number,
    integer,
    boolean,
    null,
    choice, // one of `choices`
  };
  Kind kind = Kind::text;
  std::vector<Member> members; // object
  std::vector<Shape> item;     // array: exactly one
  std::size_t size_min = 0;    // array: items; text: characters
  std::size_t size_max = 0;
  double min = 0; // number, integer
  double max = 0;
  std::vector<std::string> choices; // JSON texts
};

struct Member {
  std::string name;
  Shape shape;
};

/// @errors invalid_input: no JSON, or a schema this server cannot satisfy
Result<Shape> parse_shape(std::string_view schema);

/// JSON text that satisfies `shape`; equal bits give equal text.
std::string write_json(const Shape& shape, std::uint64_t bits);

/// Free text. When `prompt` asks for labels (lines with `**LABEL:**`), each is
/// answered in order; else some sentences, `tokens` long.
std::string write_text(std::string_view prompt, std::int64_t tokens,
                       std::uint64_t bits);

} // namespace lab::tools::fake
