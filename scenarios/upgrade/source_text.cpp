#include "scenarios/upgrade/source_text.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab::scenarios {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

} // namespace

SourceText::SourceText(std::string bytes) : bytes_(std::move(bytes)) {
  std::size_t at =
    bytes_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  bool first = true;
  while (at < bytes_.size()) {
    const auto end = std::min(bytes_.find_first_of("\r\n", at), bytes_.size());
    lines_.push_back({at, end});
    const auto next = end + (bytes_.substr(end, 2) == "\r\n" ? 2U : 1U);
    if (std::exchange(first, false) && end < bytes_.size())
      line_end_ = bytes_.substr(end, next - end);
    at = next;
  }
}

std::string_view SourceText::line(int number) const {
  if (number < 1 || number > line_count())
    return {};
  const auto& [begin, end] = lines_[static_cast<std::size_t>(number) - 1];
  return std::string_view{bytes_}.substr(begin, end - begin);
}

int SourceText::indent(int number) const {
  const auto text = line(number);
  return static_cast<int>(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool SourceText::is_blank(int number) const {
  return trim(line(number)).empty();
}

bool SourceText::is_comment(int number) const {
  return trim(line(number)).starts_with('#');
}

std::size_t SourceText::line_begin(int number) const {
  if (number > line_count())
    return bytes_.size();
  return lines_[static_cast<std::size_t>(std::max(number, 1)) - 1].begin;
}

std::size_t SourceText::offset(yaml::Mark mark) const {
  return std::min(line_begin(mark.line)
                    + static_cast<std::size_t>(std::max(mark.column, 1) - 1),
                  bytes_.size());
}

char SourceText::at(yaml::Mark mark) const {
  const auto text = line(mark.line);
  const auto index = static_cast<std::size_t>(mark.column) - 1;
  return mark.column > 0 && index < text.size() ? text[index] : '\n';
}

bool SourceText::ends_with_line_end() const {
  return bytes_.empty() || bytes_.back() == '\n' || bytes_.back() == '\r';
}

std::string TextEdits::with_line_ends(const std::string& lines) const {
  if (text_.line_end() == "\n")
    return lines;
  return join(split(lines, '\n'), text_.line_end());
}

void TextEdits::replace(yaml::Mark from, yaml::Mark to, std::string with) {
  edits_.push_back(
    {text_.offset(from), text_.offset(to), 1, with_line_ends(with)});
}

void TextEdits::insert_lines(int number, const std::string& lines) {
  const auto at = text_.line_begin(number);
  auto text = with_line_ends(lines) + text_.line_end();
  if (at == text_.bytes().size() && !text_.ends_with_line_end())
    text = text_.line_end() + with_line_ends(lines);
  edits_.push_back({at, at, 0, std::move(text)});
}

void TextEdits::replace_lines(int first, int last, const std::string& lines) {
  const auto begin = text_.line_begin(first);
  edits_.push_back({begin, text_.line_begin(last) + text_.line(last).size(), 1,
                    with_line_ends(lines)});
}

void TextEdits::erase_lines(int first, int last) {
  edits_.push_back(
    {text_.line_begin(first), text_.line_begin(last + 1), 1, ""});
}

void TextEdits::comment_out(int first, int last) {
  const auto column = text_.indent(first);
  for (auto number = first; number <= last; ++number)
    if (!text_.is_blank(number) && !text_.is_comment(number)) {
      const yaml::Mark at{number, std::min(column, text_.indent(number)) + 1};
      replace(at, at, "# ");
    }
}

void TextEdits::shift(int first, int last, int columns) {
  for (auto number = first; number <= last; ++number) {
    if (text_.is_blank(number))
      continue;
    const yaml::Mark begin{number, 1};
    if (columns > 0)
      replace(begin, begin,
              std::string(static_cast<std::size_t>(columns), ' '));
    else
      replace(begin, {number, std::min(-columns, text_.indent(number)) + 1},
              "");
  }
}

std::vector<TextEdits::Edit> TextEdits::in_order() const {
  auto sorted = edits_;
  std::stable_sort(
    sorted.begin(), sorted.end(), [](const Edit& a, const Edit& b) {
      return std::pair{a.begin, a.rank} < std::pair{b.begin, b.rank};
    });
  return sorted;
}

bool TextEdits::overlap() const {
  std::size_t at = 0;
  for (const auto& edit : in_order()) {
    if (edit.begin < at)
      return true;
    at = edit.end;
  }
  return false;
}

std::string TextEdits::apply_between(std::size_t begin, std::size_t end) const {
  std::string out;
  auto at = begin;
  for (const auto& edit : in_order()) {
    if (edit.begin < begin || edit.end > end)
      continue;
    if (edit.begin < at)
      continue; // see `overlap`
    out += text_.bytes().substr(at, edit.begin - at) + edit.text;
    at = edit.end;
  }
  return out + text_.bytes().substr(at, end - at);
}

std::string TextEdits::apply() const {
  return apply_between(0, text_.bytes().size());
}

std::string TextEdits::apply_to(int first, int last) const {
  return apply_between(text_.line_begin(first),
                       text_.line_begin(last) + text_.line(last).size());
}

} // namespace lab::scenarios
