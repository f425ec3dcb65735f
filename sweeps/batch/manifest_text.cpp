#include "sweeps/batch/manifest_text.hpp"

#include <string_view>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

using yaml::Kind;
using yaml::Node;

/// Whether a text reads as itself without quotes, everywhere.
bool is_plain(const std::string& text) {
  constexpr std::string_view safe =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
  constexpr std::string_view starts =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-";
  return !text.empty() && text != "-" && text != "." && text != "---"
         && text != "..." && starts.find(text.front()) != starts.npos
         && text.find_first_not_of(safe) == std::string::npos;
}

/// A quoted text stays a text: `"3"` is not 3.
std::string scalar_text(const Node& node) {
  const bool number_or_bool = yaml::as_number(Node::plain(node.scalar))
                              || yaml::as_bool(Node::plain(node.scalar))
                              || node.scalar == "null";
  const bool plain = is_plain(node.scalar) && !(node.quoted && number_or_bool);
  return plain ? node.scalar : json_quote(node.scalar);
}

std::string key_text(const std::string& key) {
  return is_plain(key) ? key : json_quote(key);
}

std::string flow_text(const Node& node) {
  std::vector<std::string> parts;
  switch (node.kind) {
  case Kind::null:
    return "null";
  case Kind::scalar:
    return scalar_text(node);
  case Kind::list:
    for (const auto& item : node.items)
      parts.push_back(flow_text(item));
    return "[" + join(parts, ", ") + "]";
  case Kind::map:
    for (const auto& entry : node.entries)
      parts.push_back(key_text(entry.key) + ": " + flow_text(entry.value));
    return "{" + join(parts, ", ") + "}";
  }
  return {};
}

class Writer {
public:
  explicit Writer(std::map<int, LineComments>& comments)
    : comments_(comments) {}

  void write(const Node& map, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    for (const auto& entry : map.entries) {
      const auto comments = take(entry.key_mark.line);
      std::string_view above = comments.above;
      while (!above.empty()) {
        const auto end = above.find('\n');
        text += indent + std::string{above.substr(0, end)} + "\n";
        above.remove_prefix(end == above.npos ? above.size() : end + 1);
      }
      text += indent + key_text(entry.key) + ":";
      const bool block = entry.value.kind == Kind::map
                         && !entry.value.entries.empty() && depth < depth_max;
      if (!block)
        text += " " + flow_text(entry.value);
      if (!comments.behind.empty())
        text += "  " + comments.behind;
      text += "\n";
      if (block)
        write(entry.value, depth + 1);
    }
  }

  std::string text;

private:
  static constexpr std::size_t depth_max = 2;

  LineComments take(int line) {
    const auto found = comments_.find(line);
    if (found == comments_.end())
      return {};
    auto taken = std::move(found->second);
    comments_.erase(found);
    return taken;
  }

  std::map<int, LineComments>& comments_;
};

} // namespace

std::string manifest_text(const Node& root,
                          std::map<int, LineComments>& comments) {
  Writer writer{comments};
  writer.write(root, 0);
  return std::move(writer.text);
}

} // namespace lab::sweeps
