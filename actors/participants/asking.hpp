#pragma once

#include <optional>
#include <string>
#include <utility>

#include "actors/inquiry.hpp"
#include "actors/parse/declined.hpp"
#include "runtime/model/human_model.hpp"

namespace lab::actors {

/// How a question to a participant ended.
template <class Value>
struct Asked {
  /// Nothing when it was declined, or could not be read after its repair.
  std::optional<Value> value;
  Control by = Control::ai; // whoever answered, or declined
  bool declined = false;
  bool timed_out = false; // a person did not answer in time
  bool repaired = false;
  Error unreadable; // when there is no value and nobody declined
  std::string raw;  // the last reply as it came
  ModelTime time;   // of all calls, one after the other
};

/// One question to a participant, whoever decides for it. A model is asked with
/// the question as it stands; a person is asked first where the control says
/// so, and may leave the answer to the model. Pure: the actor that owns it
/// issues `call()` and hands over the answers until `take` says it is done.
template <class Value, Result<Value> (*Parse)(const Reply&)>
class Asking {
public:
  /// @param place     of the first call: ordinal 4q. Its repair has 4q + 1; the
  ///                  model in a person's place 4q + 2 and 4q + 3.
  /// @param question  to the participant's own model, at `model_place`; it may
  ///                  have none. V1 prompts keep the schema for people alone:
  ///                  it is their form.
  Asking(Shared<RunSpec> spec, Place place, Question question, Control control,
         OnTimeout on_timeout)
    : spec_(std::move(spec)), place_(std::move(place)),
      question_(std::move(question)), on_timeout_(on_timeout),
      is_person_(control == Control::human),
      inquiry_(spec_, place_, is_person_ ? for_person() : for_model(),
               is_person_ ? parse_person : parse_model) {
    asked_.by = control;
  }

  /// Where the participant's own model is asked.
  static Place model_place(Place place, Control control) {
    if (control == Control::human)
      place.ordinal += 2;
    return place;
  }

  IssueCall call() const { return inquiry_.call(); }

  /// @returns whether nothing more is to be asked
  bool take(const CallAnswer& answer) {
    asked_.raw = answer.reply.text;
    asked_.time.critical_us += answer.latency_us;
    asked_.time.total_us += answer.latency_us;
    inquiry_.take(answer);
    const auto& result = inquiry_.result();
    if (!result)
      return false;
    if (*result && (*result)->declined)
      return take_declined(*(*result)->declined);
    asked_.repaired = inquiry_.repaired();
    if (*result)
      asked_.value = (*result)->value;
    else
      asked_.unreadable = result->error();
    return true;
  }

  Asked<Value> finish() { return std::move(asked_); }

private:
  /// What a person's reply says: a value, or why there is none.
  struct Said {
    std::optional<Value> value;
    std::optional<Declined> declined;
  };

  static Result<Said> parse_model(const Reply& reply) {
    LAB_TRY(Value value, Parse(reply));
    return Said{std::move(value), std::nullopt};
  }
  static Result<Said> parse_person(const Reply& reply) {
    if (const auto declined = declined_in(reply.text))
      return Said{std::nullopt, declined};
    return parse_model(reply);
  }

  Question for_model() const {
    auto question = question_;
    if (spec_->scenario->v1_prompts) {
      question.schema_name.clear();
      question.schema.clear();
    }
    return question;
  }

  /// Facts for simulated models are not for people.
  Question for_person() const {
    auto question = question_;
    const auto* own = spec_->scenario->participant(place_.participant);
    question.model = human_model_id(*own);
    question.brief.clear();
    return question;
  }

  /// @returns whether that is the end
  bool take_declined(Declined how) {
    asked_.timed_out = how == Declined::timeout;
    const bool to_model =
      how == Declined::ai
      || (how == Declined::timeout && on_timeout_ == OnTimeout::ai);
    // A participant without a model of its own can only stay silent.
    if (!to_model || question_.model.empty()) {
      asked_.declined = true;
      return true;
    }
    inquiry_ = Inquiry<Said>{spec_, model_place(place_, Control::human),
                             for_model(), parse_model};
    asked_.by = Control::ai;
    return false;
  }

  Shared<RunSpec> spec_;
  Place place_;
  Question question_;
  OnTimeout on_timeout_;
  bool is_person_;
  Inquiry<Said> inquiry_;
  Asked<Value> asked_;
};

} // namespace lab::actors
