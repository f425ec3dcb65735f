#include "tools/cli/human_form.hpp"

#include <algorithm>

#include "actors/people/context_text.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

constexpr std::string_view mark = "#|";
constexpr std::string_view problem_mark = "#| !!";
constexpr std::size_t columns = 76;

/// One line of ours, wrapped at blanks, each piece as far in as the line was.
/// Words longer than a line stay whole.
std::string ours(std::string_view text) {
  const auto words = trim(text);
  const std::string indent(words.empty() ? 0 : text.find(words), ' ');
  std::string out;
  std::string line;
  const auto flush = [&] {
    out += std::string{mark} + (line.empty() ? "" : " " + indent + line) + "\n";
    line.clear();
  };
  for (const auto& word : split(words, ' ')) {
    if (!line.empty()
        && indent.size() + width_of(line) + 1 + width_of(word) > columns)
      flush();
    line += (line.empty() ? "" : " ") + word;
  }
  flush();
  return out;
}

std::string ours_each(std::string_view text) {
  std::string out;
  for (const auto& line : split(text, '\n'))
    out += ours(line);
  return out;
}

std::string context_text(const OpenQuestion& question) {
  std::string out;
  for (const auto& message : question.messages)
    out += ours("") + ours_each(printable(actors::for_people(message.text)));
  return out;
}

bool is_ours(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(" \t"), line.size()))
    .starts_with(mark);
}

/// What the person wrote, labels included.
std::string body_of(const std::string& text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const auto whole = to_utf8(text);
  std::string body;
  for (auto& line :
       split(std::string_view{whole}.substr(
               whole.starts_with(byte_order_mark) ? byte_order_mark.size() : 0),
             '\n')) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    if (!is_ours(line))
      body += line + "\n";
  }
  return body;
}

bool names(std::string_view line, const actors::AnswerField& field) {
  return to_lower(line).find(to_lower(field.label)) != std::string::npos;
}

/// Words above the first label.
std::string stray_words(const actors::AnswerForm& form,
                        const std::string& body) {
  std::string words;
  for (const auto& line : split(body, '\n')) {
    if (std::any_of(form.fields.begin(), form.fields.end(),
                    [&](const auto& field) { return names(line, field); }))
      break;
    words += line + " ";
  }
  return std::string{trim(words)};
}

} // namespace

std::string deadline_text(const OpenQuestion& question) {
  if (question.deadline_at == 0)
    return {};
  const auto stamp = local_text(question.deadline_at);
  return "without an answer by " + stamp.substr(stamp.find('T') + 1, 5)
         + (question.then == OnTimeout::ai ? " the model answers in your place"
                                           : " you do nothing this time");
}

std::string form_text(const OpenQuestion& question,
                      const actors::AnswerForm& form) {
  auto out = ours("You are asked as " + question.participant + ": " + form.title
                  + " (turn " + std::to_string(question.place.turn) + ", "
                  + question.place.phase + ").");
  if (const auto until = deadline_text(question); !until.empty())
    out += ours("Answer in time: " + until + ".");
  out += ours("Write under the labels, save and close. Lines like this one are "
              "never read. What you know stands below the last label. To leave "
              "this to the model, to skip it or to stop, close without "
              "writing.");
  for (const auto& field : form.fields) {
    out += ours("") + ours(field.hint);
    if (!field.choices.empty() && field.kind != actors::FieldKind::yes_no)
      out += ours("possible: " + printable(join(field.choices, ", ")));
    out += actors::shown_label(field) + "\n\n";
  }
  return out + ours("") + ours("---- What you know ----")
         + context_text(question);
}

FilledForm read_form(const actors::AnswerForm& form, const std::string& text) {
  const auto body = body_of(text);
  FilledForm filled;
  filled.answer = actors::answer_json(form, body);
  if (trim(body).starts_with('{'))
    return filled;
  if (const auto stray = stray_words(form, body); !stray.empty())
    filled.problems.push_back("these words stand above the first label and "
                              "belong to no field: "
                              + shorten(printable(stray), 60));
  for (const auto& field : form.fields)
    if (field.required && field.needs.empty()
        && to_lower(body).find(to_lower(field.label)) == std::string::npos)
      filled.problems.push_back("the label " + actors::shown_label(field)
                                + " is gone; put it back on a line of its own");
  return filled;
}

bool is_blank(const actors::AnswerForm& form, const std::string& text) {
  auto body = body_of(text);
  for (const auto& field : form.fields) {
    const auto label = actors::shown_label(field);
    if (const auto at = body.find(label); at != std::string::npos)
      body.erase(at, label.size());
  }
  return trim(body).empty();
}

std::string with_problems(const std::string& text,
                          const actors::Problems& problems) {
  std::string out;
  for (const auto& problem : problems)
    for (const auto& line : split(printable(problem), '\n'))
      out += std::string{problem_mark} + " " + line + "\n";
  auto lines = split(text, '\n');
  std::erase_if(
    lines, [](const auto& line) { return line.starts_with(problem_mark); });
  return out + join(lines, "\n");
}

std::string form_name(const OpenQuestion& question) {
  auto name = to_string(question.run) + "-turn-"
              + std::to_string(question.place.turn) + "-" + question.place.phase
              + "-" + question.participant + "-"
              + std::to_string(question.place.ordinal);
  // Ids of participants come from files.
  for (auto& c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9') || c == '-' || c == '_'))
      c = '_';
  return name + ".md";
}

} // namespace lab::tools
