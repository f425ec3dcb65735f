#include "scenarios/upgrade/blocks.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::Mark;
using yaml::Node;

Mark next(const SourceText& text, Mark mark) {
  return text.at(mark) == '\n' ? Mark{mark.line + 1, 1}
                               : Mark{mark.line, mark.column + 1};
}

Mark skip_quoted(const SourceText& text, Mark mark) {
  const char quote = text.at(mark);
  mark = next(text, mark);
  while (mark.line <= text.line_count()) {
    const char c = text.at(mark);
    mark = next(text, mark);
    if (c == '\\' && quote == '"')
      mark = next(text, mark);
    else if (c == quote && (quote == '"' || text.at(mark) != '\''))
      break;
    else if (c == quote)
      mark = next(text, mark);
  }
  return mark;
}

/// A quote opens a text only where a value can begin.
bool opens_text(const SourceText& text, Mark mark) {
  const auto line = text.line(mark.line);
  for (auto index = static_cast<std::size_t>(mark.column) - 1; index-- > 0;) {
    const char c = line[index];
    if (c != ' ' && c != '\t')
      return std::string_view{"[{,:-?"}.find(c) != std::string_view::npos;
  }
  return true;
}

bool is_quote(char c) { return c == '"' || c == '\''; }

/// A `#` opens a comment at the beginning of a line and behind a blank.
bool opens_comment(const SourceText& text, Mark mark) {
  if (text.at(mark) != '#')
    return false;
  const auto before = text.at({mark.line, mark.column - 1});
  return mark.column == 1 || before == ' ' || before == '\t';
}

Mark end_of_flow(const SourceText& text, Mark mark) {
  int depth = 0;
  while (mark.line <= text.line_count()) {
    const char c = text.at(mark);
    if (is_quote(c) && opens_text(text, mark)) {
      mark = skip_quoted(text, mark);
      continue;
    }
    if (opens_comment(text, mark)) {
      mark = {mark.line + 1, 1};
      continue;
    }
    mark = next(text, mark);
    if (c == '[' || c == '{')
      ++depth;
    else if ((c == ']' || c == '}') && --depth == 0)
      return mark;
  }
  return mark;
}

bool later(Mark a, Mark b) {
  return a.line != b.line ? a.line > b.line : a.column > b.column;
}

std::string blanks(int count) {
  return std::string(static_cast<std::size_t>(std::max(count, 0)), ' ');
}

/// What a bare word may be made of without anybody taking it for more.
bool is_bare(const std::string& value) {
  constexpr std::string_view letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+";
  const auto word = to_lower(value);
  return !value.empty() && value.find_first_not_of(letters) == std::string::npos
         && value.front() != '-' && value.front() != '.' && word != "null";
}

bool has_control(const std::string& value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

/// As a block scalar; nothing where that would change the text.
std::string block_scalar(const std::string& value, int indent) {
  const auto body = value.substr(0, value.find_last_not_of('\n') + 1);
  if (body.empty() || body.front() == ' ' || body.front() == '\n'
      || value.size() > body.size() + 1)
    return {};
  std::string out = value.size() > body.size() ? "|" : "|-";
  for (const auto& line : split(body, '\n')) {
    if (has_control(line))
      return {};
    out += line.empty() ? "\n" : "\n" + blanks(indent) + line;
  }
  return out;
}

std::string value_text(const Node& value, int indent) {
  if (value.kind == Kind::scalar
      && value.scalar.find('\n') != std::string::npos)
    if (auto block = block_scalar(value.scalar, indent + 2); !block.empty())
      return block;
  return scalar_text(value);
}

std::string list_text(const Node& list, int indent) {
  std::string out;
  for (const auto& item : list.items) {
    out += "\n" + blanks(indent) + "- ";
    if (item.kind == Kind::map && !item.entries.empty())
      out +=
        map_text(item, indent + 2).substr(static_cast<std::size_t>(indent) + 2);
    else if (item.kind == Kind::list)
      out += "[]";
    else
      out += value_text(item, indent);
  }
  return out;
}

} // namespace

bool is_flow(const SourceText& text, const Node& node) {
  if (node.kind != Kind::map && node.kind != Kind::list)
    return false;
  const char c = text.at(node.mark);
  return c == (node.kind == Kind::map ? '{' : '[');
}

Mark end_of(const SourceText& text, const Node& node) {
  if (node.kind == Kind::scalar || node.kind == Kind::null)
    return node.kind == Kind::scalar ? node.end : node.mark;
  if (is_flow(text, node))
    return end_of_flow(text, node.mark);
  auto end = node.mark;
  for (const auto& item : node.items)
    if (const auto at = end_of(text, item); later(at, end))
      end = at;
  for (const auto& entry : node.entries) {
    const auto key = key_text(text, entry);
    for (const auto at : {key.colon, end_of(text, entry.value)})
      if (later(at, end))
        end = at;
  }
  return end;
}

KeyText key_text(const SourceText& text, const yaml::Entry& entry) {
  KeyText found;
  found.begin = entry.key_mark;
  const bool quoted = is_quote(text.at(entry.key_mark));
  if (quoted)
    ++found.begin.column;
  found.end = {found.begin.line,
               found.begin.column + static_cast<int>(entry.key.size())};
  const auto line = text.line(found.begin.line);
  const auto index = static_cast<std::size_t>(found.begin.column) - 1;
  found.sound = index <= line.size()
                && line.substr(index, entry.key.size()) == entry.key
                && (!quoted || is_quote(text.at(found.end)));
  found.colon = found.end;
  while (text.at(found.colon) != ':' && text.at(found.colon) != '\n')
    ++found.colon.column;
  found.sound = found.sound && text.at(found.colon) == ':';
  return found;
}

std::vector<EntryLines> entry_lines(const SourceText& text, const Node& map) {
  std::vector<EntryLines> all;
  for (const auto& entry : map.entries) {
    EntryLines lines;
    lines.key = entry.key_mark.line;
    lines.first = all.empty() ? lines.key : all.back().last + 1;
    lines.last = std::max(lines.key, end_of(text, entry.value).line);
    all.push_back(lines);
  }
  return all;
}

std::vector<std::string> comments_in(const SourceText& text, int first,
                                     int last) {
  std::vector<std::string> found;
  Mark mark{first, 1};
  while (mark.line <= std::min(last, text.line_count())) {
    if (is_quote(text.at(mark)) && opens_text(text, mark)) {
      mark = skip_quoted(text, mark);
    } else if (opens_comment(text, mark)) {
      found.emplace_back(
        text.line(mark.line).substr(static_cast<std::size_t>(mark.column) - 1));
      mark = {mark.line + 1, 1};
    } else {
      mark = next(text, mark);
    }
  }
  return found;
}

std::string quoted_text(const std::string& value) {
  if (has_control(value) || value.find('\'') != std::string::npos)
    return json_quote(value);
  return value.find_first_of("\\\"") == std::string::npos ? "\"" + value + "\""
                                                          : "'" + value + "'";
}

std::string scalar_text(const Node& scalar) {
  if (scalar.kind == Kind::null)
    return "null";
  if (scalar.kind == Kind::map)
    return "{}";
  if (scalar.kind == Kind::list)
    return "[]";
  // A bare number or yes stays bare: quotes would make a text of it.
  if (!scalar.quoted
      && (is_bare(scalar.scalar) || yaml::as_number(scalar)
          || yaml::as_bool(scalar)))
    return scalar.scalar;
  return quoted_text(scalar.scalar);
}

std::string entry_text(const std::string& key, const Node& value, int indent) {
  const auto head =
    blanks(indent) + (is_bare(key) ? key : quoted_text(key)) + ":";
  if (value.kind == Kind::map && !value.entries.empty())
    return head + "\n" + map_text(value, indent + 2);
  if (value.kind == Kind::list && !value.items.empty()) {
    const bool plain =
      std::all_of(value.items.begin(), value.items.end(), [](const Node& item) {
        return item.kind == Kind::scalar
               && item.scalar.find('\n') == std::string::npos;
      });
    if (!plain)
      return head + list_text(value, indent + 2);
    std::vector<std::string> items;
    for (const auto& item : value.items)
      items.push_back(item.quoted || !is_bare(item.scalar) ? scalar_text(item)
                                                           : item.scalar);
    return head + " [" + join(items, ", ") + "]";
  }
  return head + " " + value_text(value, indent);
}

std::string map_text(const Node& map, int indent) {
  std::vector<std::string> lines;
  for (const auto& entry : map.entries)
    lines.push_back(entry_text(entry.key, entry.value, indent));
  return join(lines, "\n");
}

} // namespace lab::scenarios
