#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab::llm {

/// What a simulated model has to say, before it has a form.
struct Answer {
  enum class Kind : std::uint8_t { decision, world, other };

  Kind kind = Kind::other;
  std::vector<std::string> goals;
  std::vector<std::string> priorities;
  std::string reasoning;
  std::string action;
  std::string state;
  std::vector<std::string> changes;
  std::vector<std::string> consequences;
  /// What kind `other` says, part by part; the schema's properties of other
  /// names get the smallest valid value.
  struct Part {
    std::string_view property;
    std::string_view label; // where there is no schema
    std::string json;       // the value, as JSON
    std::string text;       // the value, under the label
    bool main = false;      // a flawed answer misses it
  };
  std::vector<Part> parts;
  std::string plain; // `other` without parts
  /// The part without which the reply is no answer is left out.
  bool flawed = false;
};

/// The labelled sections that models are asked for without a schema.
std::string labelled(const Answer& answer);

/// Writes answers as objects of a JSON Schema. Schemas are compiled once each:
/// a sweep has two or three of them.
class SchemaWriter {
public:
  SchemaWriter();
  ~SchemaWriter();

  /// @errors invalid_input: the schema is no JSON
  Result<std::string> write(const std::string& schema, const Answer& answer);

  struct Node;

private:
  std::unordered_map<std::string, std::unique_ptr<Node>> compiled_;
};

} // namespace lab::llm
