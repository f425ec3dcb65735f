#pragma once

#include <string>
#include <vector>

#include "actors/people/answer_form.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::tools {

// A question as a text that a person fills in with an editor, and back. Pure.
// Whatever the program says stands in lines that begin with "#|", which are
// never read; the person writes under labels such as `**ACTION:**`.

/// The empty form: what is asked, a label for each field, and below them what
/// the person may know.
std::string form_text(const OpenQuestion& question,
                      const actors::AnswerForm& form);

/// What a person made of a form.
struct FilledForm {
  std::string answer; // JSON, for the desk
  /// What is wrong with the text itself: labels that are gone, words that
  /// belong to no field. The desk finds what is wrong with the answer.
  actors::Problems problems;
};

FilledForm read_form(const actors::AnswerForm& form, const std::string& text);

/// Nothing was written under any label.
bool is_blank(const actors::AnswerForm& form, const std::string& text);

/// The same text with the problems on top, in place of earlier ones.
std::string with_problems(const std::string& text,
                          const actors::Problems& problems);

/// "without an answer by 14:12 the model answers in your place"; empty without
/// a deadline.
std::string deadline_text(const OpenQuestion& question);

/// A file name for the form of a question, the same whenever it is asked.
std::string form_name(const OpenQuestion& question);

} // namespace lab::tools
