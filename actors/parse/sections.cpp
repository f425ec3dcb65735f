#include "actors/parse/sections.hpp"

#include <algorithm>
#include <optional>

#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

constexpr std::size_t label_bytes_max = 64;
constexpr std::string_view blanks = " \t";

/// A place in the text that looks like a label.
struct Mark {
  std::size_t begin = 0;
  std::size_t end = 0;    // where its section's text begins
  std::string name;       // normal form
  bool strong = false;    // bold or a heading
  bool bold_text = false; // the bold ends somewhere in the section's text
};

/// "2. Long-Term Goals (2-4)" becomes "LONG TERM GOALS"; empty for what has
/// signs that no label has, such as a JSON key.
std::string normal_form(std::string_view label) {
  constexpr std::string_view between = " \t-_.*#0123456789)/&";
  label = label.substr(0, label.find('('));
  std::string name;
  bool gap = false;
  for (const char c : label) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool sign = static_cast<unsigned char>(c) >= 0x80; // an emoji
    if (!letter && !sign && between.find(c) == std::string_view::npos)
      return {};
    if (letter && gap && !name.empty())
      name += ' ';
    gap = !letter;
    if (letter)
      name += c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::size_t skip(std::string_view text, std::size_t at,
                 std::string_view which) {
  const auto next = text.find_first_not_of(which, at);
  return next == std::string_view::npos ? text.size() : next;
}

/// A bold label at `at`, where `**` or `__` stands.
/// @param inside  not at the start of a line: a colon is then needed
std::optional<Mark> bold_mark(std::string_view text, std::size_t at,
                              bool inside) {
  const auto fence = text.substr(at, 2);
  const auto name_at = skip(text, at + 2, blanks);
  const auto near = text.substr(0, name_at + label_bytes_max);
  const auto close = near.find(fence, name_at);
  const auto colon = near.find(':', name_at);
  const auto name_end = std::min(close, colon);
  if (name_end == std::string_view::npos)
    return std::nullopt;
  Mark mark{at, name_end + 1,
            normal_form(text.substr(name_at, name_end - name_at)), true};
  if (colon < close) {
    const auto next = skip(text, colon + 1, blanks);
    // `**ACTION: we hold**` has its text within the bold.
    mark.bold_text = next != close;
    if (!mark.bold_text)
      mark.end = skip(text, close + 2, "*");
    return mark;
  }
  mark.end = close + 2;
  const auto after = skip(text, mark.end, blanks);
  if (after < text.size() && text[after] == ':')
    mark.end = after + 1;
  else if (inside)
    return std::nullopt;
  return mark;
}

/// A heading, bold or bare label in the line that begins at `at`.
std::optional<Mark> line_mark(std::string_view text, std::size_t at) {
  const auto line_end = std::min(text.find('\n', at), text.size());
  const auto line = text.substr(0, line_end);
  const auto heading_at = skip(line, at, " \t>");
  const auto heading_end = skip(line, heading_at, "#");
  const bool heading = heading_end > heading_at;
  auto name_at = skip(line, heading_end, " \t-+0123456789.)");
  if (line.substr(name_at, 2) == "* ")
    name_at = skip(line, name_at + 1, blanks);
  const auto opening = line.substr(name_at, 2);
  if (opening == "**" || opening == "__") {
    auto mark = bold_mark(text, name_at, false);
    if (mark)
      mark->begin = at;
    return mark;
  }
  const auto colon = std::min(line.find(':', name_at), line_end);
  if ((colon == line_end && !heading) || colon - name_at > label_bytes_max)
    return std::nullopt;
  return Mark{at, std::min(colon + 1, line_end),
              normal_form(line.substr(name_at, colon - name_at)), heading};
}

/// All marks with one of the wanted names, in order.
std::vector<Mark> marks_of(std::string_view text,
                           const std::vector<SectionNames>& wanted) {
  const auto is_wanted = [&](const std::optional<Mark>& mark) {
    return mark
           && std::any_of(wanted.begin(), wanted.end(), [&](const auto& names) {
                return std::find(names.begin(), names.end(), mark->name)
                       != names.end();
              });
  };
  std::vector<Mark> marks;
  for (std::size_t at = 0; at < text.size();) {
    const bool line_starts = at == 0 || text[at - 1] == '\n';
    auto mark = line_starts ? line_mark(text, at) : std::nullopt;
    if (!is_wanted(mark) && text.substr(at, 2) == "**")
      mark = bold_mark(text, at, true);
    if (is_wanted(mark)) {
      at = mark->end;
      marks.push_back(std::move(*mark));
      continue;
    }
    const auto next = text.find_first_of("*\n", at + (text[at] == '*' ? 1 : 0));
    if (next == std::string_view::npos)
      break;
    at = text[next] == '\n' ? next + 1 : next;
  }
  return marks;
}

/// How a section is labelled in this reply: the best name that occurs, bold
/// or heading before bare.
struct Label {
  std::string_view name;
  bool strong = false;
};

std::optional<Label> label_for(const SectionNames& names,
                               const std::vector<Mark>& marks) {
  for (const bool strong : {true, false})
    for (const auto name : names)
      if (std::any_of(marks.begin(), marks.end(), [&](const Mark& mark) {
            return mark.name == name && mark.strong == strong;
          }))
        return Label{name, strong};
  return std::nullopt;
}

bool is_rule(std::string_view line) {
  return line.size() >= 3
         && (line.find_first_not_of('-') == std::string_view::npos
             || line.find_first_not_of('`') == std::string_view::npos
             || line.find_first_not_of('=') == std::string_view::npos);
}

/// Without rules and fences around it.
std::string_view trim_section(std::string_view text) {
  for (;;) {
    text = trim(text);
    const auto last = text.rfind('\n');
    const auto line =
      last == std::string_view::npos ? text : text.substr(last + 1);
    if (!is_rule(trim(line)))
      break;
    text = last == std::string_view::npos ? std::string_view{}
                                          : text.substr(0, last);
  }
  const auto first = text.substr(0, text.find('\n'));
  return is_rule(trim(first)) ? trim(text.substr(first.size())) : text;
}

} // namespace

std::vector<Section> sections_of(std::string_view text,
                                 const std::vector<SectionNames>& wanted) {
  const auto marks = marks_of(text, wanted);
  std::vector<std::optional<Label>> labels;
  labels.reserve(wanted.size());
  for (const auto& names : wanted)
    labels.push_back(label_for(names, marks));
  const auto wanted_by = [&](const Mark& mark) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] && labels[i]->name == mark.name
          && labels[i]->strong == mark.strong)
        return i;
    return std::nullopt;
  };

  std::vector<Section> sections(wanted.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto owner = wanted_by(marks[i]);
    if (!owner || !sections[*owner].text.empty())
      continue;
    auto end = text.size();
    for (auto next = i + 1; next < marks.size() && end == text.size(); ++next)
      if (wanted_by(marks[next]))
        end = marks[next].begin;
    auto& section = sections[*owner];
    if (!section.found)
      section.at = marks[i].begin;
    section.found = true;
    section.text = trim_section(text.substr(marks[i].end, end - marks[i].end));
    if (const auto bold = section.text.find("**");
        marks[i].bold_text && bold != std::string::npos)
      section.text.erase(bold, 2);
  }
  return sections;
}

} // namespace lab::actors
