#include "tools/dev/fake_provider/shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
#include "tools/dev/fake_provider/chance.hpp"

namespace lab::tools::fake {

namespace {

using json::Value;

constexpr int depth_max = 32;
constexpr std::size_t text_min = 20; // where the schema sets no length
constexpr std::size_t text_max = 160;

/// Reads one schema and what it refers to.
class Reader {
public:
  explicit Reader(const Value& root) : root_(root) {}

  Result<Shape> read(const Value& schema, int depth) const {
    if (depth > depth_max)
      return fail(Errc::invalid_input, "schema is deeper than 32");
    if (!schema.is_object())
      return fail(Errc::invalid_input, "a schema must be an object");
    if (const auto reference = json::text_at(schema, "$ref"))
      return follow(*reference, depth);
    for (const auto* key : {"anyOf", "oneOf"})
      if (const auto* options = json::member(schema, key))
        return first_of(*options, depth);
    if (const auto* only = json::member(schema, "const"))
      return choice(Value::array({*only}));
    if (const auto* options = json::member(schema, "enum"))
      return choice(*options);
    return read_type(schema, depth);
  }

private:
  Result<Shape> follow(const std::string& reference, int depth) const {
    if (!reference.starts_with('#'))
      return fail(Errc::invalid_input, "$ref leaves the schema: " + reference);
    try {
      return read(root_.at(Value::json_pointer(reference.substr(1))),
                  depth + 1);
    } catch (const Value::exception&) {
      return fail(Errc::invalid_input, "$ref leads nowhere: " + reference);
    }
  }

  Result<Shape> first_of(const Value& options, int depth) const {
    if (!options.is_array() || options.empty())
      return fail(Errc::invalid_input, "anyOf must be a list of schemas");
    return read(options.front(), depth + 1);
  }

  static Result<Shape> choice(const Value& options) {
    if (!options.is_array() || options.empty())
      return fail(Errc::invalid_input, "enum must be a list of values");
    Shape shape;
    shape.kind = Shape::Kind::choice;
    for (const auto& option : options)
      shape.choices.push_back(json::dump(option));
    return shape;
  }

  Result<Shape> read_type(const Value& schema, int depth) const {
    const auto type = type_of(schema);
    if (type == "object")
      return read_object(schema, depth);
    if (type == "array")
      return read_array(schema, depth);
    if (type == "string")
      return read_string(schema);
    if (type == "number" || type == "integer")
      return read_number(schema, type == "integer");
    Shape shape;
    if (type == "boolean")
      shape.kind = Shape::Kind::boolean;
    else if (type == "null")
      shape.kind = Shape::Kind::null;
    else
      return fail(Errc::invalid_input, "unknown type '" + type + "'");
    return shape;
  }

  /// The type, the first of several, or what the other keys imply.
  static std::string type_of(const Value& schema) {
    const auto* type = json::member(schema, "type");
    if (type && type->is_array() && !type->empty())
      type = &type->front();
    if (type && type->is_string())
      return type->get<std::string>();
    return json::member(schema, "properties") ? "object" : "string";
  }

  Result<Shape> read_object(const Value& schema, int depth) const {
    Shape shape;
    shape.kind = Shape::Kind::object;
    const auto* properties = json::member(schema, "properties");
    if (!properties)
      return shape;
    for (const auto& [name, property] : properties->items()) {
      LAB_TRY(auto member, read(property, depth + 1));
      shape.members.push_back({name, std::move(member)});
    }
    return shape;
  }

  Result<Shape> read_array(const Value& schema, int depth) const {
    Shape shape;
    shape.kind = Shape::Kind::array;
    const auto* items = json::member(schema, "items");
    if (!items)
      return fail(Errc::invalid_input, "an array needs items");
    LAB_TRY(auto item, read(*items, depth + 1));
    shape.item.push_back(std::move(item));
    const auto low = json::unsigned_at(schema, "minItems").value_or(0);
    shape.size_max = json::unsigned_at(schema, "maxItems")
                       .value_or(std::max<std::uint64_t>(low, 3));
    shape.size_min = std::min(std::max<std::size_t>(low, 1), shape.size_max);
    return shape;
  }

  static Result<Shape> read_string(const Value& schema) {
    Shape shape;
    const auto low = json::unsigned_at(schema, "minLength").value_or(0);
    shape.size_min = std::max<std::size_t>(low, text_min);
    shape.size_max =
      json::unsigned_at(schema, "maxLength")
        .value_or(std::max<std::uint64_t>(shape.size_min, text_max));
    shape.size_min = std::min(shape.size_min, shape.size_max);
    return shape;
  }

  static std::optional<double> number_at(const Value& schema, const char* key) {
    const auto* found = json::member(schema, key);
    if (!found || !found->is_number())
      return std::nullopt;
    return found->get<double>();
  }

  /// A half-open schema gets ten units of room; an open one 0 to 10. Numbers
  /// keep away from exclusive ends by a thousandth, integers by one.
  static Result<Shape> read_number(const Value& schema, bool integer) {
    const double margin = integer ? 1 : 1e-3;
    auto low = number_at(schema, "minimum");
    auto high = number_at(schema, "maximum");
    if (const auto above = number_at(schema, "exclusiveMinimum"))
      low = *above + margin;
    if (const auto below = number_at(schema, "exclusiveMaximum"))
      high = *below - margin;
    Shape shape;
    shape.kind = integer ? Shape::Kind::integer : Shape::Kind::number;
    shape.min = low.value_or(high ? std::min(0.0, *high - 10) : 0);
    shape.max = high.value_or(std::max(10.0, shape.min + 10));
    if (integer) {
      shape.min = std::ceil(shape.min);
      shape.max = std::floor(shape.max);
    }
    if (shape.min > shape.max)
      return fail(Errc::invalid_input, "no number is in the schema's range");
    return shape;
  }

  const Value& root_;
};

constexpr std::array<std::string_view, 16> sentences{
  "The delegation keeps its earlier offer on the table.",
  "A joint group of experts should report before the next round.",
  "Costs and duties must be shared by size, with a floor for the smallest.",
  "Trust grew after the last exchange, though little was put in writing.",
  "No side gains from delay, and two of them say so in public.",
  "Verification by a third party would answer most of the doubts.",
  "A phased start gives industry two years to adapt.",
  "The proposal goes too far on reporting and not far enough on audits.",
  "Markets took the news calmly; the press did not.",
  "Talks with the neighbours go on beside the main table.",
  "A common register of incidents is the least that can be agreed.",
  "Safeguards for small firms remain the price of our vote.",
  "The text now names who measures, how often, and what follows.",
  "Cooperation rose a little, tension fell a little.",
  "We ask for a clause that lets the rules be reviewed after a year.",
  "Nothing is settled until all of it is settled.",
};

std::string sentence(std::uint64_t bits) {
  return std::string{sentences[bits % sentences.size()]};
}

/// Whole sentences up to `length` bytes; all ASCII, so bytes are characters.
std::string sentences_of(std::size_t length, std::uint64_t bits) {
  std::string text;
  while (text.size() < length) {
    bits = mix(bits);
    if (!text.empty())
      text += ' ';
    text += sentence(bits);
  }
  text.resize(length);
  return text;
}

/// A text between the bounds that ends with a full stop where it can.
std::string text_between(std::size_t low, std::size_t high,
                         std::uint64_t bits) {
  auto text = sentences_of(high, bits);
  const auto stop = text.rfind('.');
  if (stop != text.npos && stop + 1 >= low)
    text.resize(stop + 1);
  return text;
}

/// Numbers have at most one decimal where the range leaves room for it.
double number_between(double low, double high, std::uint64_t bits) {
  const double value = low + unit(bits) * (high - low);
  const double rounded = std::round(value * 10) / 10;
  return rounded >= low && rounded <= high ? rounded : value;
}

Value make(const Shape& shape, std::uint64_t bits) {
  switch (shape.kind) {
  case Shape::Kind::object: {
    auto object = Value::object();
    for (const auto& [name, member] : shape.members)
      object[name] = make(member, bits = mix(bits));
    return object;
  }
  case Shape::Kind::array: {
    auto list = Value::array();
    const auto count =
      shape.size_min + bits % (shape.size_max - shape.size_min + 1);
    for (std::size_t i = 0; i < count; ++i)
      list.push_back(make(shape.item.front(), bits = mix(bits)));
    return list;
  }
  case Shape::Kind::text:
    return text_between(shape.size_min, shape.size_max, bits);
  case Shape::Kind::number:
    return number_between(shape.min, shape.max, bits);
  case Shape::Kind::integer:
    return static_cast<std::int64_t>(
      std::floor(shape.min + unit(bits) * (shape.max - shape.min + 1)));
  case Shape::Kind::boolean:
    return bits % 2 == 1;
  case Shape::Kind::null:
    return nullptr;
  case Shape::Kind::choice:
    return Value::parse(shape.choices[bits % shape.choices.size()]);
  }
  return nullptr;
}

/// The label of a line such as "**SHORT-TERM PRIORITIES:** two or three".
std::optional<std::string_view> label_of(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("**"))
    return std::nullopt;
  line.remove_prefix(2);
  const auto end = line.find(":**");
  if (end == line.npos || end == 0)
    return std::nullopt;
  return line.substr(0, end);
}

std::string answer_to(std::string_view line, std::uint64_t bits) {
  const auto lower = to_lower(line);
  if (lower.find("yes") != lower.npos && lower.find("no") != lower.npos)
    return bits % 2 == 1 ? "Yes" : "No";
  for (const auto* word : {"goals", "priorities", "changes", "consequences"})
    if (lower.find(word) != lower.npos)
      return "\n- " + sentence(bits) + "\n- " + sentence(mix(bits));
  return text_between(text_min, text_max, bits);
}

} // namespace

Result<Shape> parse_shape(std::string_view schema) {
  LAB_TRY(const auto root, json::parse(schema));
  return Reader{root}.read(root, 0);
}

std::string write_json(const Shape& shape, std::uint64_t bits) {
  return json::dump(make(shape, bits));
}

std::string write_text(std::string_view prompt, std::int64_t tokens,
                       std::uint64_t bits) {
  std::string text;
  for (const auto& line : split(prompt, '\n')) {
    const auto label = label_of(line);
    if (!label)
      continue;
    bits = mix(bits);
    text +=
      "**" + std::string{*label} + ":** " + answer_to(line, bits) + "\n\n";
  }
  if (!text.empty())
    return text;
  const auto length = static_cast<std::size_t>(tokens) * 3;
  return text_between(length / 2, length, bits);
}

} // namespace lab::tools::fake
