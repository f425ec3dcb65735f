#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "actors/calls.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "runtime/model/run_spec.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// One question to a model and, when its reply cannot be read, the same
/// question once more with the reason. Pure: the actor that owns it issues
/// `call()` and hands over the answers until `result()` is there.
template <class Value>
class Inquiry {
public:
  using Parser = std::function<Result<Value>(const Reply&)>;

  /// @param place  of the first call; a repair has the next ordinal
  Inquiry(Shared<RunSpec> spec, Place place, Question question, Parser parse)
    : spec_(std::move(spec)), place_(std::move(place)),
      question_(std::move(question)), parse_(std::move(parse)) {}

  /// The call to issue next.
  IssueCall call() const { return call_at(*spec_, place_, question_); }

  void take(const CallAnswer& answer) {
    time_.critical_us += answer.latency_us;
    time_.total_us += answer.latency_us;
    auto parsed = parse_(answer.reply);
    if (parsed || repaired_) {
      if (!parsed)
        parsed.error().context =
          to_string(place_) + " after a repair: " + parsed.error().context;
      result_ = std::move(parsed);
      return;
    }
    repaired_ = true;
    ++place_.ordinal;
    question_.brief = repair_brief(question_.brief, place_);
    question_.messages = repair_messages(
      std::move(question_.messages), answer.reply.text, parsed.error().context);
  }

  /// Set when there is nothing more to ask.
  /// @errors reply_invalid
  const std::optional<Result<Value>>& result() const { return result_; }
  /// The value took, or will take, the one repair.
  bool repaired() const { return repaired_; }
  /// Of all calls so far, one after the other.
  const ModelTime& time() const { return time_; }

private:
  Shared<RunSpec> spec_;
  Place place_;
  Question question_;
  Parser parse_;
  std::optional<Result<Value>> result_;
  bool repaired_ = false;
  ModelTime time_;
};

} // namespace lab::actors
