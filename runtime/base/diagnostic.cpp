#include "runtime/base/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab {

namespace {

// A line of prose may be a whole page. What is shown of it is a window around
// the marked bytes.
constexpr std::size_t window_bytes = 160;
constexpr std::size_t window_before = 60;

std::string_view name_of(Severity severity) {
  switch (severity) {
  case Severity::error:
    return "error";
  case Severity::warning:
    return "warning";
  case Severity::note:
    return "note";
  }
  return "error";
}

bool is_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Moves `at` left to the first byte of a character.
std::size_t character_start(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  while (at > 0 && at < text.size() && is_tail(text[at]))
    --at;
  return at;
}

std::size_t characters(std::string_view text) {
  const auto tails = std::count_if(text.begin(), text.end(), is_tail);
  return text.size() - static_cast<std::size_t>(tails);
}

/// Blanks as wide as `text`; its tabs stay, so that carets line up.
std::string blanks_for(std::string_view text) {
  std::string blanks;
  for (const char c : text)
    if (!is_tail(c))
      blanks += c == '\t' ? '\t' : ' ';
  return blanks;
}

struct Excerpt {
  std::string before; // up to the marked bytes
  std::string marked;
  std::string after;
};

Excerpt excerpt_of(const Diagnostic& finding) {
  const std::string_view source = finding.source;
  const auto from = character_start(
    source, static_cast<std::size_t>(std::max(finding.column - 1, 0)));
  const auto to = character_start(
    source, static_cast<std::size_t>(std::max(finding.end_column - 1, 0)));
  const auto marked_end = std::max(from, to);
  auto first = std::size_t{0};
  auto last = source.size();
  if (source.size() > window_bytes) {
    if (from > window_before)
      first = character_start(source, from - window_before);
    last = character_start(source, first + window_bytes);
  }
  const auto stop = std::clamp(marked_end, from, std::max(from, last));
  Excerpt excerpt;
  if (first > 0)
    excerpt.before = "…";
  excerpt.before += printable(source.substr(first, from - first));
  excerpt.marked = printable(source.substr(from, stop - from));
  if (stop < last)
    excerpt.after = printable(source.substr(stop, last - stop));
  if (last < source.size())
    excerpt.after += "…";
  return excerpt;
}

void append_remarks(std::string& out, const std::string& margin,
                    std::string_view word,
                    const std::vector<std::string>& remarks) {
  for (const auto& remark : remarks) {
    const auto lines = split(remark, '\n');
    const auto head = margin + " = " + std::string{word} + ": ";
    for (const auto& line : lines) {
      out += &line == &lines.front() ? head : std::string(head.size(), ' ');
      out += printable(line) + "\n";
    }
  }
}

std::string json_list(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const auto& text : texts)
    quoted.push_back(json_quote(text));
  return "[" + join(quoted, ",") + "]";
}

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun}
         + (count == 1 ? "" : "s");
}

} // namespace

Diagnostic& Findings::add(Diagnostic finding) {
  all_.push_back(std::move(finding));
  return all_.back();
}

void Findings::append(const Findings& other) {
  all_.insert(all_.end(), other.all_.begin(), other.all_.end());
}

bool Findings::has_errors() const {
  return std::any_of(all_.begin(), all_.end(), [](const Diagnostic& finding) {
    return finding.severity == Severity::error;
  });
}

void Findings::sort() {
  std::stable_sort(all_.begin(), all_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tie(a.file, a.line, a.column)
                            < std::tie(b.file, b.line, b.column);
                   });
}

std::string render(const Diagnostic& finding) {
  std::string out{name_of(finding.severity)};
  if (!finding.code.empty())
    out += "[" + finding.code + "]";
  out += ": " + printable(finding.message) + "\n";
  const bool placed = finding.line > 0;
  // Without a place the remarks stand where those of a two-digit line would.
  const auto number = placed ? std::to_string(finding.line) : "";
  const std::string margin(placed ? number.size() : 2, ' ');
  if (!finding.file.empty()) {
    out += margin + "--> " + printable(finding.file);
    if (placed)
      out += ":" + number + ":" + std::to_string(std::max(finding.column, 1));
    out += "\n";
  }
  const bool remarks = !finding.help.empty() || !finding.notes.empty();
  if (placed && !finding.source.empty()) {
    const auto excerpt = excerpt_of(finding);
    const auto carets = std::max<std::size_t>(1, characters(excerpt.marked));
    out += margin + " |\n";
    out +=
      number + " | " + excerpt.before + excerpt.marked + excerpt.after + "\n";
    out +=
      margin + " | " + blanks_for(excerpt.before) + std::string(carets, '^');
    if (!finding.label.empty())
      out += " " + printable(finding.label);
    out += "\n";
    if (remarks)
      out += margin + " |\n";
  }
  append_remarks(out, margin, "help", finding.help);
  append_remarks(out, margin, "note", finding.notes);
  return out;
}

std::string render(const Findings& findings, std::size_t shown_max) {
  const auto& all = findings.all();
  std::string out;
  for (std::size_t i = 0; i < std::min(all.size(), shown_max); ++i) {
    if (i > 0)
      out += "\n";
    out += render(all[i]);
  }
  if (all.size() > shown_max) {
    const auto hidden_errors = static_cast<std::size_t>(
      std::count_if(all.begin() + static_cast<std::ptrdiff_t>(shown_max),
                    all.end(), [](const Diagnostic& finding) {
                      return finding.severity == Severity::error;
                    }));
    out += "\nand " + count_of(all.size() - shown_max, "more finding") + ", "
           + count_of(hidden_errors, "error") + " among them\n";
  }
  return out;
}

std::string to_json(const Diagnostic& finding) {
  return "{\"code\":" + json_quote(finding.code) + ",\"severity\":"
         + json_quote(name_of(finding.severity)) + ",\"message\":"
         + json_quote(finding.message) + ",\"file\":" + json_quote(finding.file)
         + ",\"line\":" + std::to_string(finding.line)
         + ",\"column\":" + std::to_string(finding.column) + ",\"end_column\":"
         + std::to_string(finding.end_column) + ",\"path\":"
         + json_quote(finding.path) + ",\"help\":" + json_list(finding.help)
         + ",\"notes\":" + json_list(finding.notes) + "}";
}

std::string to_json(const Findings& findings) {
  std::vector<std::string> objects;
  objects.reserve(findings.all().size());
  for (const auto& finding : findings.all())
    objects.push_back(to_json(finding));
  return "[" + join(objects, ",") + "]";
}

} // namespace lab
