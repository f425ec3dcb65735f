#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/base/error.hpp"

namespace lab::actors {

enum class FieldKind : std::uint8_t {
  text,
  lines,  // one entry a line
  choice, // one of `choices`
  picks,  // several of `choices`, one a line or between commas
  yes_no,
};

/// One thing that a person is asked.
struct AnswerField {
  std::string key;   // in the JSON of the answer, dotted: "goals.long_term"
  std::string label; // for people: "LONG-TERM GOALS"
  std::string hint;  // one line
  FieldKind kind = FieldKind::text;
  bool required = false;
  /// The yes/no field on which this one depends: after a "no" it is left
  /// empty, whatever stands there. Empty: on none.
  std::string needs;
  std::size_t chars_max = 0; // of the text, or of each entry
  std::size_t count_max = 0; // of entries
  /// What may be said. Of `choice` and `picks`; empty: anything.
  std::vector<std::string> choices;
};

/// What a person is asked for one kind of question.
struct AnswerForm {
  std::string kind;  // "decision", "talk_offer", …
  std::string title; // "a decision"
  std::vector<AnswerField> fields;
};

/// The form of a kind. Whom a person may name (targets, members) is read from
/// the schema, where that lists them.
/// @param schema  JSON Schema of the answer; may be empty
/// @errors invalid_input: no kind that people are asked
Result<AnswerForm> form_of(std::string_view kind, const std::string& schema);

/// An answer that counts.
struct GoodAnswer {
  std::string text; // JSON with every field of the form, or {"declined":…}
  std::string declined; // "ai" or "skip"; empty: answered
};

/// Every problem of an answer, each a sentence for people.
using Problems = std::vector<std::string>;

/// Checks the JSON of an answer against the form: required fields, lengths,
/// allowed words. Texts are trimmed and made printable, names written as the
/// schema has them.
tl::expected<GoodAnswer, Problems> check_answer(const AnswerForm& form,
                                                std::string_view answer);

/// Reads an answer that stands under the form's labels (`**ACTION:** …`), as
/// in a form file or a script, as JSON for `check_answer`. What stands under
/// no label is left out. An answer that is a JSON object already is given back
/// as it is.
std::string answer_json(const AnswerForm& form, std::string_view text);

/// The label as a form shows it: "**ACTION:**".
std::string shown_label(const AnswerField& field);

/// The answer of who leaves the question to the participant's model ("ai") or
/// does nothing this time ("skip"); "timeout" is the desk's own.
std::string declined_answer(std::string_view how);

} // namespace lab::actors
