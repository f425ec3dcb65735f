#include "llm/sim/answer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

constexpr std::size_t compiled_max = 256;

/// What a property of a schema is filled with.
enum class Content : std::uint8_t {
  none, // the smallest valid value
  goals,
  priorities,
  reasoning,
  action,
  state,
  changes,
  consequences,
};

struct ContentName {
  std::string_view property;
  Content content;
};
constexpr std::array content_names{
  ContentName{"goals", Content::goals},
  ContentName{"long_term_goals", Content::goals},
  ContentName{"long_term", Content::goals},
  ContentName{"short_term_priorities", Content::priorities},
  ContentName{"short_term", Content::priorities},
  ContentName{"priorities", Content::priorities},
  ContentName{"reasoning", Content::reasoning},
  ContentName{"rationale", Content::reasoning},
  ContentName{"action", Content::action},
  ContentName{"updated_state", Content::state},
  ContentName{"world_state", Content::state},
  ContentName{"state", Content::state},
  ContentName{"key_changes", Content::changes},
  ContentName{"changes", Content::changes},
  ContentName{"consequences", Content::consequences},
};

Content content_of(std::string name) {
  name = to_lower(name);
  std::replace(name.begin(), name.end(), '-', '_');
  for (const auto& known : content_names)
    if (known.property == name)
      return known.content;
  return Content::none;
}

/// The part that a flawed answer misses.
bool is_main(Content content) {
  return content == Content::action || content == Content::state;
}

const std::vector<std::string>* list_of(Content content, const Answer& answer) {
  switch (content) {
  case Content::goals:
    return &answer.goals;
  case Content::priorities:
    return &answer.priorities;
  case Content::changes:
    return &answer.changes;
  case Content::consequences:
    return &answer.consequences;
  default:
    return nullptr;
  }
}

const std::string* text_of(Content content, const Answer& answer) {
  switch (content) {
  case Content::reasoning:
    return &answer.reasoning;
  case Content::action:
    return &answer.action;
  case Content::state:
    return &answer.state;
  default:
    return nullptr;
  }
}

/// `text` cut to `chars` bytes at most, between characters.
std::string_view cut(std::string_view text, std::size_t chars) {
  if (text.size() <= chars)
    return text;
  while (chars > 0
         && (static_cast<unsigned char>(text[chars]) & 0xc0U) == 0x80U)
    --chars;
  return text.substr(0, chars);
}

void section(std::string& out, std::string_view label, std::string_view text) {
  out += "**";
  out += label;
  out += ":**\n";
  out += text;
  out += "\n\n";
}

void section(std::string& out, std::string_view label,
             const std::vector<std::string>& items) {
  out += "**";
  out += label;
  out += ":**\n";
  for (const auto& item : items) {
    out += "- ";
    out += item;
    out += '\n';
  }
  out += '\n';
}

} // namespace

/// One place of a schema, compiled.
struct SchemaWriter::Node {
  enum class Type : std::uint8_t { text, list, object, literal };

  Type type = Type::literal;
  Content content = Content::none;
  std::string literal = "null"; // the smallest valid value
  std::size_t length_max = 0;   // of a text in bytes or a list; 0: none
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> properties;
  std::unique_ptr<Node> items;
};

namespace {

using Node = SchemaWriter::Node;

std::string type_of(const json::Value& schema) {
  const auto* type = json::member(schema, "type");
  if (type != nullptr && type->is_array() && !type->empty())
    type = &type->front(); // ["string", "null"]
  if (type != nullptr && type->is_string())
    return type->get<std::string>();
  return json::member(schema, "properties") != nullptr ? "object" : "";
}

/// The least value of a number that its bounds allow.
std::string smallest_number(const json::Value& schema) {
  for (const char* bound : {"minimum", "exclusiveMinimum"})
    if (const auto* at = json::member(schema, bound);
        at != nullptr && at->is_number())
      return bound == std::string_view{"minimum"}
               ? at->dump()
               : json::Value(at->get<double>() + 1).dump();
  return "0";
}

// Depth is bounded by the parser of the schema.
// NOLINTNEXTLINE(misc-no-recursion)
std::unique_ptr<Node> compiled(const json::Value& schema, Content content) {
  auto node = std::make_unique<Node>();
  node->content = content;
  for (const char* choice : {"anyOf", "oneOf"})
    if (const auto* options = json::member(schema, choice);
        options != nullptr && options->is_array() && !options->empty())
      return compiled(options->front(), content);
  if (const auto* fixed = json::member(schema, "const")) {
    node->literal = json::dump(*fixed);
    return node;
  }
  if (const auto* options = json::member(schema, "enum");
      options != nullptr && options->is_array() && !options->empty()) {
    node->literal = json::dump(options->front());
    return node;
  }
  const auto type = type_of(schema);
  if (type == "object") {
    node->type = Node::Type::object;
    if (const auto* properties = json::member(schema, "properties");
        properties != nullptr && properties->is_object())
      for (const auto& [name, property] : properties->items()) {
        // `{"goals": {"long_term": …}}`: the inner names decide.
        node->properties.emplace_back(name,
                                      compiled(property, content_of(name)));
      }
  } else if (type == "array") {
    node->type = Node::Type::list;
    node->length_max = json::unsigned_at(schema, "maxItems").value_or(0);
    if (const auto* items = json::member(schema, "items"))
      node->items = compiled(*items, Content::none);
  } else if (type == "string") {
    node->type = Node::Type::text;
    node->length_max = json::unsigned_at(schema, "maxLength").value_or(0);
    node->literal =
      "\""
      + std::string(std::min<std::uint64_t>(
                      json::unsigned_at(schema, "minLength").value_or(0), 1000),
                    '-')
      + "\"";
  } else if (type == "number" || type == "integer") {
    node->literal = smallest_number(schema);
  } else if (type == "boolean") {
    node->literal = "false";
  }
  return node;
}

const Answer::Part* part_of(const Answer& answer, const std::string& property) {
  for (const auto& part : answer.parts)
    if (part.property == property)
      return &part;
  return nullptr;
}

void write_text(std::string& out, const Node& node, const Answer& answer) {
  std::string joined;
  std::string_view text;
  if (const auto* own = text_of(node.content, answer)) {
    text = *own;
  } else if (const auto* list = list_of(node.content, answer)) {
    joined = join(*list, "; ");
    text = joined;
  } else {
    out += node.literal;
    return;
  }
  out += json_quote(node.length_max > 0 ? cut(text, node.length_max) : text);
}

// NOLINTNEXTLINE(misc-no-recursion)
void write_node(std::string& out, const Node& node, const Answer& answer) {
  switch (node.type) {
  case Node::Type::literal:
    out += node.literal;
    return;
  case Node::Type::text:
    write_text(out, node, answer);
    return;
  case Node::Type::list: {
    out += '[';
    const auto* list = list_of(node.content, answer);
    auto count = list == nullptr ? 0 : list->size();
    if (node.length_max > 0)
      count = std::min(count, node.length_max);
    for (std::size_t i = 0; i < count; ++i) {
      out += i == 0 ? "" : ",";
      const auto chars = node.items ? node.items->length_max : 0;
      out += json_quote(chars > 0 ? cut((*list)[i], chars) : (*list)[i]);
    }
    out += ']';
    return;
  }
  case Node::Type::object: {
    out += '{';
    bool first = true;
    for (const auto& [name, property] : node.properties) {
      const auto* part = part_of(answer, name);
      if (answer.flawed
          && (part != nullptr ? part->main : is_main(property->content)))
        continue;
      out += first ? "" : ",";
      first = false;
      out += json_quote(name);
      out += ':';
      if (part != nullptr)
        out += part->json;
      else
        write_node(out, *property, answer);
    }
    out += '}';
    return;
  }
  }
}

} // namespace

std::string labelled(const Answer& answer) {
  std::string out;
  out.reserve(2048);
  switch (answer.kind) {
  case Answer::Kind::decision:
    section(out, "LONG-TERM GOALS", answer.goals);
    section(out, "SHORT-TERM PRIORITIES", answer.priorities);
    section(out, "REASONING", answer.reasoning);
    if (!answer.flawed)
      section(out, "ACTION", answer.action);
    break;
  case Answer::Kind::world:
    if (!answer.flawed)
      section(out, "UPDATED STATE", answer.state);
    section(out, "KEY CHANGES", answer.changes);
    section(out, "CONSEQUENCES", answer.consequences);
    break;
  case Answer::Kind::other:
    for (const auto& part : answer.parts)
      if (!answer.flawed || !part.main)
        section(out, part.label, part.text);
    if (answer.parts.empty())
      out = answer.plain;
    break;
  }
  while (out.ends_with('\n'))
    out.pop_back();
  return out;
}

SchemaWriter::SchemaWriter() = default;
SchemaWriter::~SchemaWriter() = default;

Result<std::string> SchemaWriter::write(const std::string& schema,
                                        const Answer& answer) {
  auto found = compiled_.find(schema);
  if (found == compiled_.end()) {
    LAB_TRY(const json::Value parsed, json::parse(schema));
    if (compiled_.size() >= compiled_max)
      compiled_.clear();
    found = compiled_.emplace(schema, compiled(parsed, Content::none)).first;
  }
  std::string out;
  out.reserve(2048);
  write_node(out, *found->second, answer);
  return out;
}

} // namespace lab::llm
