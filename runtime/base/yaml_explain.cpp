#include "runtime/base/yaml_explain.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"

namespace lab::yaml {

namespace {

struct Opener {
  char bracket = '[';
  Mark mark;
};

/// A bracket that nothing closes.
struct Unclosed {
  Opener opener;
  std::string closers; // what would close it and those around it
  int last_line = 0;   // the last line that can belong to it
  std::string evidence;
};

/// A quoted text that runs over its line.
struct LongQuote {
  char quote = '"';
  Mark mark;
  int end_line = 0; // 0: the file ends first
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::size_t indent_of(std::string_view line) {
  const auto first = line.find_first_not_of(' ');
  return first == std::string_view::npos ? line.size() : first;
}

bool is_empty_or_comment(std::string_view line) {
  const auto rest = trim(line);
  return rest.empty() || rest.front() == '#';
}

/// True for "key: …", "key:" and "- …": what starts an entry of a block.
bool starts_entry(std::string_view line) {
  const auto rest = trim(line);
  if (rest.substr(0, 2) == "- " || rest == "-" || rest.substr(0, 3) == "---")
    return true;
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return false;
  if (rest.find_first_of("[]{},\"'") < colon)
    return false;
  return colon + 1 == rest.size() || is_blank(rest[colon + 1]);
}

char closer_of(char bracket) { return bracket == '[' ? ']' : '}'; }

/// Follows brackets and quotes through a text that may be broken anywhere. It
/// knows as much of YAML as that takes: comments, block texts, and that a
/// bracket within an unquoted text is a letter.
class BracketTracker {
public:
  explicit BracketTracker(const std::vector<std::string>& lines)
    : lines_(lines) {}

  void run() {
    for (line_ = 0; line_ < lines_.size() && !unclosed_; ++line_) {
      at_ = 0;
      if (open_.empty())
        block_line();
      else if (!ends_flow())
        flow_line();
    }
    if (!open_.empty() && !unclosed_)
      report(lines_.size(), "the file ends");
  }

  const std::optional<Unclosed>& unclosed() const { return unclosed_; }
  const std::vector<LongQuote>& long_quotes() const { return long_quotes_; }

private:
  std::string_view text() const { return lines_[line_]; }
  bool more() const { return line_ < lines_.size() && at_ < text().size(); }
  Mark here() const {
    return {static_cast<int>(line_) + 1, static_cast<int>(at_) + 1};
  }

  void skip_blanks() {
    while (more() && is_blank(text()[at_]))
      ++at_;
  }

  bool at_indicator(char c) const {
    return text()[at_] == c
           && (at_ + 1 == text().size() || is_blank(text()[at_ + 1]));
  }

  /// One line outside all brackets, or the rest of one.
  void block_line() {
    auto parent_indent = indent_of(text());
    while (skip_blanks(), more()) {
      const char c = text()[at_];
      if (c == '#')
        return;
      if (at_indicator('-') || at_indicator('?') || at_indicator(':')) {
        parent_indent = at_;
        ++at_;
      } else if (c == '"' || c == '\'') {
        quoted();
      } else if (c == '[' || c == '{') {
        flow_indent_ = indent_of(text());
        root_flow_ = indent_of(text()) == at_;
        flow_line();
        return;
      } else if (c == '|' || c == '>') {
        skip_block_text(parent_indent);
        return;
      } else {
        parent_indent = at_;
        plain();
      }
    }
  }

  /// An unquoted text up to its ": ", a comment or the end of the line.
  void plain() {
    while (more()) {
      if (at_indicator(':')) {
        ++at_;
        return;
      }
      if (text()[at_] == '#' && at_ > 0 && is_blank(text()[at_ - 1])) {
        at_ = text().size();
        return;
      }
      ++at_;
    }
  }

  void skip_block_text(std::size_t parent_indent) {
    while (line_ + 1 < lines_.size()
           && (trim(lines_[line_ + 1]).empty()
               || indent_of(lines_[line_ + 1]) > parent_indent))
      ++line_;
    at_ = line_ < lines_.size() ? text().size() : 0;
  }

  /// Leaves `at_` behind the closing quote, maybe lines later.
  void quoted() {
    const auto mark = here();
    const char quote = text()[at_];
    ++at_;
    while (line_ < lines_.size()) {
      while (more()) {
        const char c = text()[at_];
        if (c == '\\' && quote == '"') {
          at_ += 2;
        } else if (c == quote && quote == '\'' && at_ + 1 < text().size()
                   && text()[at_ + 1] == quote) {
          at_ += 2;
        } else if (c == quote) {
          ++at_;
          if (here().line > mark.line)
            long_quotes_.push_back({quote, mark, here().line});
          return;
        } else {
          ++at_;
        }
      }
      ++line_;
      at_ = 0;
    }
    long_quotes_.push_back({quote, mark, 0});
  }

  /// True when the line cannot belong to the open brackets: it is no deeper
  /// than the line that opened them and starts an entry of its own.
  bool ends_flow() {
    if (root_flow_ || trim(text()).empty() || indent_of(text()) > flow_indent_
        || !starts_entry(text()))
      return false;
    const auto starts =
      trim(text()).front() == '-' ? "starts a new item" : "starts a new key";
    report(line_, "line " + std::to_string(line_ + 1) + " " + starts);
    return true;
  }

  void flow_line() {
    bool fresh = true; // a quote opens a text only where a value may begin
    while (more()) {
      const char c = text()[at_];
      if (c == '#' && (at_ == 0 || is_blank(text()[at_ - 1])))
        return;
      if ((c == '"' || c == '\'') && fresh) {
        quoted();
        fresh = false;
        continue;
      }
      if (c == '[' || c == '{') {
        open_.push_back({c, here()});
      } else if (c == ']' || c == '}') {
        if (c != closer_of(open_.back().bracket)) {
          report(line_ + 1, "`" + std::string{c} + "` on line "
                              + std::to_string(line_ + 1)
                              + " closes something else");
          return;
        }
        open_.pop_back();
        if (open_.empty()) {
          ++at_;
          block_line();
          return;
        }
      }
      if (!is_blank(c))
        fresh = c == '[' || c == '{' || c == ',' || c == ':';
      ++at_;
    }
  }

  /// @param line_count  how many lines of the file can belong to the bracket
  void report(std::size_t line_count, std::string evidence) {
    while (line_count > 1 && is_empty_or_comment(lines_[line_count - 1]))
      --line_count;
    Unclosed found{open_.back(), "", static_cast<int>(line_count),
                   std::move(evidence)};
    for (auto opener = open_.rbegin(); opener != open_.rend(); ++opener)
      found.closers += closer_of(opener->bracket);
    unclosed_ = std::move(found);
  }

  const std::vector<std::string>& lines_;
  std::size_t line_ = 0;
  std::size_t at_ = 0;
  std::vector<Opener> open_;
  std::size_t flow_indent_ = 0;
  bool root_flow_ = false;
  std::optional<Unclosed> unclosed_;
  std::vector<LongQuote> long_quotes_;
};

Diagnostic at_place(const Document& document, Mark mark, int width,
                    std::string code, std::string message) {
  Diagnostic finding;
  finding.code = std::move(code);
  finding.message = std::move(message);
  finding.file = document.file;
  finding.line = mark.line;
  finding.column = mark.column;
  finding.end_column = mark.column + width;
  const auto index = static_cast<std::size_t>(mark.line) - 1;
  if (mark.line > 0 && index < document.lines.size())
    finding.source = document.lines[index];
  return finding;
}

Diagnostic explain_bracket(const Document& document, const Unclosed& found) {
  auto finding =
    at_place(document, found.opener.mark, 1, "Y003",
             found.opener.bracket == '[' ? "this list is never closed"
                                         : "this map is never closed");
  finding.label = "opened here, and " + found.evidence;
  finding.help.push_back("add `" + found.closers + "` at the end of line "
                         + std::to_string(found.last_line));
  return finding;
}

Diagnostic explain_quote(const Document& document, const LongQuote& found) {
  auto finding = at_place(document, found.mark, 1, "Y004",
                          "this quoted text is never closed");
  finding.label = found.end_line == 0 ? "opened here, and the file ends"
                                      : "opened here, and closed only on line "
                                          + std::to_string(found.end_line);
  finding.help.push_back(
    found.quote == '\''
      ? "close it with `'`; an apostrophe inside is written twice: ''"
      : "close it with `\"`; a quote inside is written \\\"");
  return finding;
}

/// The tab in the indentation of the line at `where` or of its neighbours.
std::optional<Diagnostic> explain_tab(const Document& document, Mark where) {
  for (const int line : {where.line, where.line - 1, where.line + 1}) {
    const auto index = static_cast<std::size_t>(line) - 1;
    if (line < 1 || index >= document.lines.size())
      continue;
    const auto& text = document.lines[index];
    const auto first = text.find_first_not_of(" \t");
    const auto tab = text.find('\t');
    if (tab == std::string::npos || (first != std::string::npos && tab > first))
      continue;
    auto finding = at_place(document, {line, static_cast<int>(tab) + 1}, 1,
                            "Y005", "a tab stands in the indentation");
    finding.label = "a tab";
    finding.help.push_back("indent with spaces; YAML gives a tab no width");
    return finding;
  }
  return std::nullopt;
}

/// `title: Harbour: a story`: the parser takes the second colon for a key's.
std::optional<Diagnostic> explain_colon(const Document& document, Mark where) {
  const auto index = static_cast<std::size_t>(where.line) - 1;
  if (where.line < 1 || index >= document.lines.size())
    return std::nullopt;
  const std::string_view text = document.lines[index];
  const auto first = text.find(": ");
  if (first == std::string_view::npos)
    return std::nullopt;
  const auto begin = text.find_first_not_of(' ', first + 1);
  const auto second = text.find(':', begin);
  if (begin == std::string_view::npos || second == std::string_view::npos
      || text[begin] == '"' || text[begin] == '\''
      || (second + 1 < text.size() && !is_blank(text[second + 1])))
    return std::nullopt;
  auto finding = at_place(document, {where.line, static_cast<int>(second) + 1},
                          1, "Y007", "an unquoted text cannot contain `: `");
  finding.label = "this colon reads as the end of a key";
  finding.help.push_back(
    "put the whole text in quotes: "
    + std::string{text.substr(indent_of(text), first + 2 - indent_of(text))}
    + "\"" + std::string{trim(text.substr(begin))} + "\"");
  return finding;
}

/// `name: 'it's'`: the text ended earlier than its writer thought.
std::optional<Diagnostic> explain_rest(const Document& document, Mark where) {
  const auto index = static_cast<std::size_t>(where.line) - 1;
  if (where.line < 1 || index >= document.lines.size())
    return std::nullopt;
  const auto before = trim(std::string_view{document.lines[index]}.substr(
    0, static_cast<std::size_t>(where.column) - 1));
  if (before.empty() || (before.back() != '\'' && before.back() != '"'))
    return std::nullopt;
  const bool single = before.back() == '\'';
  auto finding =
    at_place(document, where, 1, "Y004", "something follows a quoted text");
  finding.label = "the quote before this ended the text";
  finding.help.push_back(
    single ? "an apostrophe inside single quotes is written twice: ''"
           : "a quote inside double quotes is written \\\"");
  return finding;
}

struct Phrase {
  std::string_view theirs;
  std::string_view code;
  std::string_view message;
  std::string_view help;
};

// What yaml-cpp 0.7 says, and what it means to the writer of the file.
constexpr std::array phrases{
  Phrase{"end of map not found", "Y006",
         "this line does not fit the lines above it",
         "give entries of one block the same indentation, in spaces"},
  Phrase{"end of sequence not found", "Y006",
         "this line does not fit the list above it",
         "give the items of one list the same indentation, in spaces"},
  Phrase{"illegal map value", "Y006", "a `key: value` cannot stand here",
         "indent it like the keys above it, or quote a text that contains "
         "`: `"},
  Phrase{"illegal map key", "Y006", "a key cannot stand here",
         "start it on a line of its own"},
  Phrase{"illegal block entry", "Y006", "a list item cannot stand here",
         "start the list on the line below its key"},
  Phrase{"illegal flow end", "Y003", "nothing opened what this bracket closes",
         "remove it, or quote the text around it"},
  Phrase{"unknown token", "Y008", "an unquoted text cannot begin like this",
         "put the text in quotes"},
  Phrase{"unexpected character in block scalar", "Y008",
         "`>` and `|` begin a text that stands on the lines below",
         "put a text that begins with one of them in quotes"},
  Phrase{"unknown escape character", "Y009",
         "no such escape exists in a text in double quotes",
         "write a backslash as \\\\, or use single quotes"},
  Phrase{"illegal document indicator", "Y004",
         "a document marker stands inside a text",
         "close the quoted text before it"},
  Phrase{"illegal EOF", "Y004", "the file ends inside a text",
         "close the quoted text"},
};

} // namespace

Diagnostic explain_syntax_error(const Document& document, std::string_view what,
                                Mark where) {
  if (auto tab = explain_tab(document, where))
    return *tab;
  BracketTracker tracker{document.lines};
  tracker.run();
  for (const auto& quote : tracker.long_quotes())
    if (quote.mark.line < where.line
        && (quote.end_line == 0 || quote.end_line >= where.line))
      return explain_quote(document, quote);
  if (tracker.unclosed())
    return explain_bracket(document, *tracker.unclosed());
  if (what.find("illegal map value") != std::string_view::npos)
    if (auto colon = explain_colon(document, where))
      return *colon;
  if (what.find("end of map not found") != std::string_view::npos)
    if (auto rest = explain_rest(document, where))
      return *rest;
  for (const auto& phrase : phrases) {
    if (what.find(phrase.theirs) == std::string_view::npos)
      continue;
    auto finding = at_place(document, where, 1, std::string{phrase.code},
                            std::string{phrase.message});
    finding.help.emplace_back(phrase.help);
    return finding;
  }
  return at_place(document, where, 1, "Y001",
                  "this is not YAML: " + std::string{what});
}

} // namespace lab::yaml
