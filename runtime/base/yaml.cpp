#include "runtime/base/yaml.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_explain.hpp"

namespace lab::yaml {

namespace {

// A hostile file can hold thousands of problems on one long line; each finding
// carries its line. These two bound what reporting them costs.
constexpr std::size_t findings_max = 50;
constexpr std::size_t shown_line_bytes_max = std::size_t{8} << 10;

/// Ends a parse whose reason is already among the findings.
struct Refused {};

std::string_view line_at(const Document& document, int line) {
  const auto index = static_cast<std::size_t>(line) - 1;
  if (line < 1 || index >= document.lines.size())
    return {};
  return document.lines[index];
}

Diagnostic at_mark(const Document& document, Mark mark, int end_column,
                   std::string code, std::string message) {
  Diagnostic finding;
  finding.code = std::move(code);
  finding.message = std::move(message);
  place_at(document, mark, finding);
  finding.end_column = std::max(end_column, mark.column + 1);
  return finding;
}

/// The part that a line stands in; nullptr for the first file.
const Document::Part* part_of(const Document& document, int line) {
  const auto behind = std::find_if(
    document.parts.begin(), document.parts.end(),
    [line](const Document::Part& part) { return part.first_line > line; });
  return behind == document.parts.begin() ? nullptr : &*std::prev(behind);
}

// --- Where a text ends. yaml-cpp tells where it starts. --------------------

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

/// Walks a document's bytes; the end of a line reads as '\n'.
class Cursor {
public:
  Cursor(const Document& document, Mark mark)
    : document_(document), mark_(mark) {}

  bool more() const {
    return mark_.line <= static_cast<int>(document_.lines.size());
  }
  char peek() const {
    const auto text = line_at(document_, mark_.line);
    const auto index = static_cast<std::size_t>(mark_.column) - 1;
    return index < text.size() ? text[index] : '\n';
  }
  void step() {
    if (peek() == '\n')
      mark_ = {mark_.line + 1, 1};
    else
      ++mark_.column;
  }
  Mark mark() const { return mark_; }

private:
  const Document& document_;
  Mark mark_;
};

Mark end_of_quoted(const Document& document, Mark mark) {
  Cursor cursor{document, mark};
  const char quote = cursor.peek();
  cursor.step();
  while (cursor.more()) {
    const char c = cursor.peek();
    cursor.step();
    if (c == '\\' && quote == '"') {
      cursor.step();
    } else if (c == quote) {
      if (quote == '"' || cursor.peek() != '\'')
        return cursor.mark();
      cursor.step();
    }
  }
  return mark;
}

/// Compares letter by letter, for folding changed the blanks alone.
Mark end_of_plain(const Document& document, Mark mark, std::string_view value) {
  Cursor cursor{document, mark};
  auto end = mark;
  for (const char c : value) {
    if (is_space(c))
      continue;
    while (cursor.more() && is_space(cursor.peek()))
      cursor.step();
    if (!cursor.more() || cursor.peek() != c)
      return end;
    cursor.step();
    end = cursor.mark();
  }
  return end;
}

Mark end_of_block(const Document& document, Mark mark, std::string_view value) {
  const auto header = line_at(document, mark.line);
  Mark end{mark.line, static_cast<int>(header.size()) + 1};
  if (trim(value).empty())
    return end;
  std::optional<std::size_t> indent;
  for (int line = mark.line + 1;
       line <= static_cast<int>(document.lines.size()); ++line) {
    const auto text = line_at(document, line);
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos)
      continue;
    if (!indent)
      indent = first;
    if (first < *indent)
      break;
    end = {line, static_cast<int>(text.size()) + 1};
  }
  return end;
}

Mark end_of_scalar(const Document& document, Mark mark, bool quoted,
                   std::string_view value) {
  if (!quoted)
    return end_of_plain(document, mark, value);
  const auto text = line_at(document, mark.line);
  const auto index = static_cast<std::size_t>(mark.column) - 1;
  if (index >= text.size())
    return mark;
  return text[index] == '"' || text[index] == '\''
           ? end_of_quoted(document, mark)
           : end_of_block(document, mark, value);
}

// --- Events to nodes. ------------------------------------------------------

/// Builds the tree from yaml-cpp's events and refuses what a file of ours must
/// not hold. yaml-cpp announces a list or a map before it goes into it, so the
/// depth is checked before its own recursion deepens.
class Builder final : public YAML::EventHandler {
public:
  Builder(Document& document, Findings& findings, const Bounds& bounds)
    : document_(document), findings_(findings), bounds_(bounds) {}

  void OnDocumentStart(const YAML::Mark& at) override {
    if (++documents_ == 1)
      return;
    const auto mark = mark_of(at);
    for (int line = std::min(mark.line, line_count()); line > last_line_;
         --line)
      if (const auto marker = line_at(document_, line).substr(0, 3);
          marker == "---" || marker == "...") {
        auto& finding =
          report({line, 1}, 4, "Y021", "a second document begins here");
        finding.help.push_back("one file holds one document; remove the `"
                               + std::string{marker} + "` line");
        throw Refused{};
      }
    report(mark, mark.column + 1, "Y006",
           "nothing can follow the end of the text above");
    throw Refused{};
  }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override {
    const auto mark = mark_of(at);
    refuse_anchor(mark, anchor);
    if (awaits_key()) {
      auto& finding = report(mark, mark.column + 1, "Y022",
                             "a key must be a text, not an empty value");
      finding.help.emplace_back("write the key in quotes");
      throw Refused{};
    }
    Node node;
    node.mark = null_mark(mark);
    node.end = node.mark;
    place(std::move(node));
  }

  void OnAlias(const YAML::Mark& at, YAML::anchor_t) override {
    const auto mark = mark_of(at);
    auto& finding =
      report(mark, word_end(mark), "Y017", "references (`*name`) are not read");
    finding.help.emplace_back(
      "write the value out, or quote a text that begins with `*`");
    if (awaits_key())
      throw Refused{};
    Node node;
    node.mark = mark;
    place(std::move(node));
  }

  void OnScalar(const YAML::Mark& at, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    const auto mark = mark_of(at);
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    const bool quoted = tag == "!";
    if (value.size() > bounds_.scalar_bytes_max) {
      report(mark, mark.column + 1, "Y015",
             "this text has " + std::to_string(value.size())
               + " bytes; at most " + std::to_string(bounds_.scalar_bytes_max)
               + " are read");
      throw Refused{};
    }
    const auto end = end_of_scalar(document_, mark, quoted, value);
    refuse_unclosed(mark, end, quoted);
    last_line_ = std::max(last_line_, end.line);
    if (awaits_key()) {
      take_key(value, quoted, mark, end);
      return;
    }
    Node node;
    node.kind = Kind::scalar;
    node.scalar = value;
    node.quoted = quoted;
    node.mark = mark;
    node.end = end;
    place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& at, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Kind::list, at, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& at, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(Kind::map, at, tag, anchor);
  }
  void OnMapEnd() override { close(); }

private:
  struct Level {
    Node node;
    bool has_key = false;
    bool drop_value = false; // of a key that is refused
    std::string key;
    Mark key_mark;
    std::unordered_map<std::string, int> lines_of_keys;
  };

  static Mark mark_of(const YAML::Mark& at) {
    return {at.line + 1, at.column + 1};
  }

  int line_count() const { return static_cast<int>(document_.lines.size()); }

  bool awaits_key() const {
    return !levels_.empty() && levels_.back().node.kind == Kind::map
           && !levels_.back().has_key;
  }

  Diagnostic& report(Mark mark, int end_column, std::string code,
                     std::string message) {
    if (++reported_ > findings_max)
      throw Refused{};
    return findings_.add(at_mark(document_, mark, end_column, std::move(code),
                                 std::move(message)));
  }

  /// The column behind the word that starts at `mark`.
  int word_end(Mark mark) const {
    const auto text = line_at(document_, mark.line);
    auto index = std::min(text.size(), static_cast<std::size_t>(mark.column));
    while (index < text.size()
           && std::string_view{" \t,]}"}.find(text[index])
                == std::string_view::npos)
      ++index;
    return static_cast<int>(index) + 1;
  }

  void refuse_anchor(Mark mark, YAML::anchor_t anchor) {
    if (anchor == YAML::NullAnchor)
      return;
    auto& finding =
      report(mark, word_end(mark), "Y016", "anchors (`&name`) are not read");
    finding.help.emplace_back(
      "remove it, or quote a text that begins with `&`");
  }

  void refuse_tag(Mark mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!")
      return;
    auto& finding =
      report(mark, word_end(mark), "Y018", "tags (`!name`) are not read");
    finding.help.emplace_back(
      "remove it, or quote a text that begins with `!`");
  }

  /// yaml-cpp takes the end of the file for the missing quote.
  void refuse_unclosed(Mark mark, Mark end, bool quoted) {
    if (!quoted || end.line != mark.line || end.column != mark.column)
      return;
    auto& finding =
      report(mark, mark.column + 1, "Y004", "this quoted text is never closed");
    finding.label = "opened here, and the file ends";
    finding.help.emplace_back("close it with the quote that opens it");
    throw Refused{};
  }

  void count_node(Mark mark) {
    if (++nodes_ <= bounds_.nodes_max)
      return;
    report(mark, mark.column + 1, "Y014",
           "this file holds more than " + std::to_string(bounds_.nodes_max)
             + " values");
    throw Refused{};
  }

  void take_key(const std::string& key, bool quoted, Mark mark, Mark end) {
    auto& level = levels_.back();
    const int end_column = end.line == mark.line ? end.column : mark.column + 1;
    level.has_key = true;
    level.drop_value = false;
    level.key = key;
    level.key_mark = mark;
    if (key == "<<" && !quoted) {
      level.drop_value = true;
      auto& finding =
        report(mark, end_column, "Y019", "merge keys (`<<`) are not read");
      finding.help.emplace_back("write the merged keys out");
      return;
    }
    const auto [first, fresh] = level.lines_of_keys.emplace(key, mark.line);
    if (fresh)
      return;
    level.drop_value = true;
    auto& finding = report(mark, end_column, "Y020",
                           "the key `" + key + "` stands twice in one map");
    finding.label = "already set on line " + std::to_string(first->second);
    finding.help.emplace_back("keep one of the two");
  }

  void open(Kind kind, const YAML::Mark& at, const std::string& tag,
            YAML::anchor_t anchor) {
    const auto mark = mark_of(at);
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (awaits_key()) {
      auto& finding = report(mark, mark.column + 1, "Y022",
                             "a key must be a text, not a list or a map");
      finding.help.emplace_back(
        "put a text that begins with `{` or `[` in quotes, as in "
        "\"{{name}}\"");
      throw Refused{};
    }
    if (levels_.size() >= bounds_.depth_max) {
      report(mark, mark.column + 1, "Y013",
             "lists and maps are nested more than "
               + std::to_string(bounds_.depth_max) + " deep here");
      throw Refused{};
    }
    count_node(mark);
    last_line_ = std::max(last_line_, mark.line);
    Level level;
    level.node.kind = kind;
    level.node.mark = mark;
    levels_.push_back(std::move(level));
  }

  void close() {
    auto node = std::move(levels_.back().node);
    levels_.pop_back();
    attach(std::move(node));
  }

  void place(Node node) {
    count_node(node.mark);
    attach(std::move(node));
  }

  void attach(Node node) {
    if (levels_.empty()) {
      document_.root = std::move(node);
      return;
    }
    auto& level = levels_.back();
    if (level.node.kind == Kind::list) {
      level.node.items.push_back(std::move(node));
      return;
    }
    level.has_key = false;
    if (!level.drop_value)
      level.node.entries.push_back(
        {std::move(level.key), level.key_mark, std::move(node)});
  }

  /// Where an empty value belongs. yaml-cpp gives the place of the next token,
  /// which may stand lines below; people look at the key or at the dash.
  Mark null_mark(Mark mark) const {
    if (levels_.empty())
      return {1, 1};
    const auto& level = levels_.back();
    if (level.node.kind == Kind::map)
      return mark.line == level.key_mark.line ? mark
                                              : behind_key(level.key_mark);
    for (int line = std::min(mark.line, line_count());
         line >= level.node.mark.line; --line) {
      auto text = line_at(document_, line);
      if (line == mark.line)
        text = text.substr(0, static_cast<std::size_t>(mark.column) - 1);
      if (const auto comment = text.find(" #");
          comment != std::string_view::npos)
        text = text.substr(0, comment);
      const auto last = text.find_last_not_of(" \t");
      if (last == std::string_view::npos || trim(text).front() == '#')
        continue;
      if (text[last] == '-')
        return {line, static_cast<int>(last) + 1};
      break;
    }
    return mark;
  }

  Mark behind_key(Mark key) const {
    const auto text = line_at(document_, key.line);
    const auto colon = text.find(':', static_cast<std::size_t>(key.column) - 1);
    return colon == std::string_view::npos
             ? key
             : Mark{key.line, static_cast<int>(colon) + 2};
  }

  Document& document_;
  Findings& findings_;
  const Bounds& bounds_;
  std::vector<Level> levels_;
  std::size_t nodes_ = 0;
  std::size_t reported_ = 0;
  int documents_ = 0;
  int last_line_ = 0; // of what was read so far
};

// --- Before the parser. ----------------------------------------------------

Diagnostic whole_file(const std::string& file, std::string code,
                      std::string message) {
  Diagnostic finding;
  finding.code = std::move(code);
  finding.message = std::move(message);
  finding.file = file;
  return finding;
}

/// One kind of line break, so that yaml-cpp and we count the same lines.
std::string with_plain_line_breaks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  }
  return out;
}

bool has_utf16_mark(std::string_view text) {
  return text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF";
}

std::string hex_of(char c) {
  static constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string{"0x"} + digits[byte >> 4U] + digits[byte & 15U];
}

/// How many bytes stand before the first malformed one.
std::size_t well_formed_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t size = 1;
    while (size <= 4 && !is_utf8(text.substr(at, size)))
      ++size;
    if (size > 4)
      break;
    at += size;
  }
  return std::min(at, text.size());
}

/// @returns the finding about the first line that is not well-formed UTF-8
Diagnostic explain_encoding(const std::string& file, std::string_view text) {
  if (has_utf16_mark(text)) {
    auto finding = whole_file(file, "Y011", "this file is UTF-16, not UTF-8");
    finding.help.emplace_back("save it as UTF-8");
    return finding;
  }
  Document document;
  document.file = file;
  document.lines = split(text, '\n');
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    auto& line = document.lines[i];
    if (is_utf8(line))
      continue;
    const auto bad = well_formed_prefix(line);
    const auto byte = line[bad];
    line = line.substr(0, bad);
    auto finding =
      at_mark(document, {static_cast<int>(i) + 1, static_cast<int>(bad) + 1}, 0,
              "Y011", "the byte " + hex_of(byte) + " is not UTF-8");
    finding.help.emplace_back("save the file as UTF-8");
    return finding;
  }
  return whole_file(file, "Y011", "this file is not UTF-8");
}

std::optional<Diagnostic> find_control_character(const Document& document) {
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    const auto& line = document.lines[i];
    const auto bad = std::find_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    if (bad == line.end())
      continue;
    const auto column = static_cast<int>(bad - line.begin()) + 1;
    auto finding = at_mark(
      document, {static_cast<int>(i) + 1, column}, 0, "Y012",
      "the control character " + hex_of(*bad) + " cannot stand in a text file");
    finding.source =
      printable(line.substr(0, static_cast<std::size_t>(column)));
    finding.help.emplace_back(
      *bad == '\0' ? "save the file as UTF-8, not as UTF-16" : "remove it");
    return finding;
  }
  return std::nullopt;
}

void read_events(const std::string& text, Document& document,
                 Findings& findings, const Bounds& bounds) {
  Builder builder{document, findings, bounds};
  try {
    std::istringstream stream{text};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused&) {
    // The reason is among the findings.
  } catch (const YAML::Exception& problem) {
    const int last = static_cast<int>(document.lines.size());
    const Mark where{std::clamp(problem.mark.line + 1, 1, std::max(last, 1)),
                     std::max(problem.mark.column + 1, 1)};
    findings.add(explain_syntax_error(document, problem.msg, where));
  }
}

} // namespace

Node Node::text(std::string value) {
  auto node = plain(std::move(value));
  node.quoted = true;
  return node;
}

Node Node::plain(std::string value) {
  Node node;
  node.kind = Kind::scalar;
  node.scalar = std::move(value);
  return node;
}

Node Node::list(std::vector<Node> values) {
  Node node;
  node.kind = Kind::list;
  node.items = std::move(values);
  return node;
}

Node Node::map() {
  Node node;
  node.kind = Kind::map;
  return node;
}

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key)
      return &entry.value;
  return nullptr;
}

Node* Node::find(std::string_view key) {
  for (auto& entry : entries)
    if (entry.key == key)
      return &entry.value;
  return nullptr;
}

Node& Node::set(std::string key, Node value) {
  if (kind == Kind::null)
    kind = Kind::map;
  if (auto* old = find(key)) {
    *old = std::move(value);
    return *old;
  }
  const auto key_mark = value.mark;
  entries.push_back({std::move(key), key_mark, std::move(value)});
  return entries.back().value;
}

bool Node::erase(std::string_view key) {
  const auto found =
    std::find_if(entries.begin(), entries.end(),
                 [key](const Entry& entry) { return entry.key == key; });
  if (found == entries.end())
    return false;
  entries.erase(found);
  return true;
}

std::optional<Document> parse(std::string_view text, const std::string& file,
                              Findings& findings, const Bounds& bounds) {
  if (text.size() > bounds.bytes_max) {
    findings.add(whole_file(file, "Y010",
                            "this file has more than "
                              + std::to_string(bounds.bytes_max) + " bytes"));
    return std::nullopt;
  }
  if (!is_utf8(text)) {
    findings.add(explain_encoding(file, text));
    return std::nullopt;
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    text.remove_prefix(3);
  const auto content = with_plain_line_breaks(text);
  Document document;
  document.file = file;
  document.lines = split(content, '\n');
  if (document.lines.size() > 1 && document.lines.back().empty())
    document.lines.pop_back();
  if (auto finding = find_control_character(document)) {
    findings.add(std::move(*finding));
    return std::nullopt;
  }
  Findings own;
  read_events(content, document, own, bounds);
  findings.append(own);
  if (own.has_errors())
    return std::nullopt;
  return document;
}

std::optional<Document> load(const std::string& path, Findings& findings,
                             const std::string& shown) {
  const auto& file = shown.empty() ? path : shown;
  const Bounds bounds;
  const auto refuse = [&](std::string message) {
    findings.add(whole_file(file, "Y002", std::move(message)));
    return std::nullopt;
  };
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return refuse("there is no such file");
  if (!std::filesystem::is_regular_file(status))
    return refuse("this is not a file");
  std::ifstream stream{path, std::ios::binary};
  if (!stream)
    return refuse("this file cannot be opened for reading");
  // One byte more than allowed, so that `parse` sees that it is too long.
  std::string text(bounds.bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad())
    return refuse("this file cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return parse(text, file, findings, bounds);
}

std::string canonical(const Node& node) {
  const auto framed = [](std::string_view text) {
    return std::to_string(text.size()) + ":" + std::string{text};
  };
  switch (node.kind) {
  case Kind::null:
    return "n";
  case Kind::scalar: {
    // Quotes matter only where the bare text would be a number or a yes.
    auto bare = node;
    bare.quoted = false;
    const bool text = node.quoted && (as_bool(bare) || as_number(bare));
    return (text ? "t" : "s") + framed(node.scalar);
  }
  case Kind::list: {
    auto out = "l" + std::to_string(node.items.size()) + ":";
    for (const auto& item : node.items)
      out += canonical(item);
    return out;
  }
  case Kind::map: {
    std::vector<const Entry*> sorted;
    sorted.reserve(node.entries.size());
    for (const auto& entry : node.entries)
      sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(),
              [](const Entry* a, const Entry* b) { return a->key < b->key; });
    auto out = "m" + std::to_string(sorted.size()) + ":";
    for (const auto* entry : sorted)
      out += framed(entry->key) + canonical(entry->value);
    return out;
  }
  }
  return {};
}

const std::string& file_of(const Document& document, int line) {
  const auto* part = part_of(document, line);
  return part == nullptr ? document.file : part->file;
}

void place_at(const Document& document, Mark mark, Diagnostic& finding) {
  const auto* part = part_of(document, mark.line);
  finding.file = part == nullptr ? document.file : part->file;
  finding.line = part == nullptr ? mark.line : mark.line - part->first_line + 1;
  finding.column = mark.column;
  finding.source.clear();
  if (const auto text = line_at(document, mark.line);
      text.size() <= shown_line_bytes_max)
    finding.source = text;
}

Diagnostic at(const Document& document, const Node& node, std::string code,
              std::string message) {
  int end_column = node.mark.column + 1;
  // A map in block style begins with its first key.
  if (!node.entries.empty() && node.entries[0].key_mark.line == node.mark.line
      && node.entries[0].key_mark.column == node.mark.column)
    return at_key(document, node.entries[0], std::move(code),
                  std::move(message));
  if (node.kind == Kind::scalar) {
    const auto line = line_at(document, node.mark.line);
    end_column = node.end.line == node.mark.line
                   ? node.end.column
                   : static_cast<int>(line.size()) + 1;
  }
  return at_mark(document, node.mark, end_column, std::move(code),
                 std::move(message));
}

Diagnostic at_key(const Document& document, const Entry& entry,
                  std::string code, std::string message) {
  const auto line = line_at(document, entry.key_mark.line);
  const auto index = static_cast<std::size_t>(entry.key_mark.column) - 1;
  const bool quoted = entry.key_mark.column > 0 && index < line.size()
                      && (line[index] == '"' || line[index] == '\'');
  const auto end = end_of_scalar(document, entry.key_mark, quoted, entry.key);
  const int end_column =
    end.line == entry.key_mark.line ? end.column : entry.key_mark.column + 1;
  return at_mark(document, entry.key_mark, end_column, std::move(code),
                 std::move(message));
}

std::optional<bool> as_bool(const Node& node) {
  if (node.kind != Kind::scalar || node.quoted)
    return std::nullopt;
  const auto word = to_lower(node.scalar);
  if (word == "true" || word == "yes" || word == "on")
    return true;
  if (word == "false" || word == "no" || word == "off")
    return false;
  return std::nullopt;
}

std::optional<std::int64_t> as_int(const Node& node) {
  if (node.kind != Kind::scalar || node.quoted)
    return std::nullopt;
  std::string_view text = node.scalar;
  if (!text.empty() && text.front() == '+')
    text.remove_prefix(1);
  const auto digits =
    !text.empty() && text.front() == '-' ? text.substr(1) : text;
  if (digits.empty()
      || digits.find_first_not_of("0123456789") != std::string_view::npos
      || (text.data() != node.scalar.data() && digits != text))
    return std::nullopt;
  std::int64_t value = 0;
  const auto [end, problem] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<double> as_number(const Node& node) {
  if (node.kind != Kind::scalar || node.quoted)
    return std::nullopt;
  std::string_view text = node.scalar;
  if (!text.empty() && text.front() == '+')
    text.remove_prefix(1);
  const auto unsigned_text =
    !text.empty() && text.front() == '-' ? text.substr(1) : text;
  // from_chars would also take "inf", "nan" and a second sign.
  if (unsigned_text.empty()
      || std::string_view{"0123456789."}.find(unsigned_text.front())
           == std::string_view::npos
      || (text.data() != node.scalar.data() && unsigned_text != text))
    return std::nullopt;
  double value = 0;
  const auto [end, problem] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()
      || !std::isfinite(value))
    return std::nullopt;
  return value;
}

} // namespace lab::yaml
