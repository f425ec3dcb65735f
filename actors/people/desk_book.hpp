#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/people/answer_form.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// The open questions of HUMAN DESK. A question is open from `open` until it
/// is answered, expires or is withdrawn, whichever comes first, and never
/// again after. Pure.
class DeskBook {
public:
  /// @errors invalid_input: its kind is none that people are asked
  Result<void> open(OpenQuestion question);

  struct Answered {
    AnswerVerdict verdict;
    std::optional<GoodAnswer> answer; // when it was taken
  };
  /// Takes the answer when the question is open and nothing is wrong with it.
  Answered answer(AttemptId id, std::string_view text);

  /// Ends a question without a person's answer. False: it was not open.
  bool expire(AttemptId id);
  bool withdraw(AttemptId id);

  /// Of one run, or of all when `run` is none; by run, then by place.
  Questions questions(RunId run) const;
  /// nullptr when it is not open.
  const OpenQuestion* find(AttemptId id) const;
  std::vector<AttemptId> ids() const;
  std::size_t size() const { return open_.size(); }

private:
  struct Entry {
    OpenQuestion question;
    AnswerForm form;
  };

  /// Takes a question out, and remembers why for those who answer late.
  bool end(AttemptId id, std::string why);

  std::map<AttemptId, Entry> open_;
  std::deque<std::pair<AttemptId, std::string>> ended_; // the newest last
};

} // namespace lab::actors
