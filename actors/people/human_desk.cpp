#include "actors/people/human_desk.hpp"

#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/model/human_model.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::actors {

namespace {

// Why an attempt ended as it did: labels of facts, as lanes have them.
constexpr const char* reason_ok = "ok";
constexpr const char* reason_timeout = "timeout";
constexpr const char* reason_permit = "permit_refused";
constexpr const char* reason_not_sendable = "not_sendable";
constexpr const char* reason_nobody = "nobody_there";
constexpr const char* reason_withdrawn = "cancelled";

/// No person was paid, so whatever has no answer is void.
CallOutcome unanswered(const char* reason, Error why) {
  CallOutcome outcome;
  outcome.resolution = Resolution::voided;
  outcome.reason = reason;
  outcome.error = std::move(why);
  return outcome;
}

CallOutcome answered(const std::string& participant, const char* reason,
                     std::string text) {
  CallOutcome outcome;
  outcome.resolution = Resolution::settled;
  outcome.reason = reason;
  outcome.bill = Money{};
  outcome.reply = Reply{std::move(text),
                        FinishReason::stop,
                        std::string{human_provider} + "/" + participant,
                        {}};
  return outcome;
}

/// What became of a question, for people who look on. Never what was said.
std::string told(const GoodAnswer& answer) {
  if (answer.declined == "ai")
    return "left to the model";
  return answer.declined == "skip" ? "skipped" : "answered";
}

Result<OpenQuestion> question_of(SendCall& m, UnixMs now) {
  LAB_TRY(auto person, parse_human_model(m.request.model));
  constexpr std::int64_t ms_per_s = 1'000;
  OpenQuestion question;
  question.id = m.permit.attempt();
  question.run = m.owner.run;
  question.place = std::move(m.place);
  question.participant = std::move(person.participant);
  question.kind = std::move(m.request.schema_name);
  question.schema = std::move(m.request.schema);
  question.messages = std::move(m.request.messages);
  question.asked_at = now;
  question.deadline_at =
    person.deadline_s > 0 ? now + person.deadline_s * ms_per_s : 0;
  question.then = person.then;
  // Bare prompts ask models without a schema; a decision is all they ask for.
  if (question.kind.empty() && question.place.phase == "decision")
    question.kind = "decision";
  return question;
}

} // namespace

caf::result<Done> HumanDeskState::on_acquire(const AcquireSlot&) const {
  if (closed)
    return to_caf(*closed);
  return Done{};
}

caf::result<CallOutcome> HumanDeskState::on_send(SendCall& m) {
  if (auto redeemed = parts.permits->redeem(m.permit); !redeemed)
    return unanswered(reason_permit, std::move(redeemed.error()));
  if (closed)
    return unanswered(reason_withdrawn, *closed);
  const auto sweep = m.owner.sweep;
  auto made = question_of(m, parts.clock->now_ms());
  if (!made)
    return unanswered(reason_not_sendable, std::move(made.error()));
  const auto question = std::move(*made);
  if (auto opened = book.open(question); !opened)
    return unanswered(reason_not_sendable, std::move(opened.error()));
  sweeps[question.id] = sweep;
  tell(EventKind::human_asked, question, question.kind);

  const auto text = parts.ready ? parts.ready(question) : std::nullopt;
  if (!text)
    return show(question);
  // The form was made when the question was opened.
  const auto form = form_of(question.kind, question.schema);
  auto result = book.answer(question.id, answer_json(*form, *text));
  if (!result.answer) {
    book.withdraw(question.id);
    tell(EventKind::human_answered, question, "a ready answer cannot be used");
    sweeps.erase(question.id);
    return unanswered(
      reason_not_sendable,
      {Errc::invalid_input,
       "the ready answer at " + to_string(question.place)
         + " cannot be used: " + join(result.verdict.problems, "; ")});
  }
  tell(EventKind::human_answered, question, told(*result.answer));
  sweeps.erase(question.id);
  return answered(question.participant, reason_ok,
                  std::move(result.answer->text));
}

caf::result<CallOutcome> HumanDeskState::show(const OpenQuestion& question) {
  if (!parts.attended && question.deadline_at == 0) {
    book.withdraw(question.id);
    sweeps.erase(question.id);
    return unanswered(reason_nobody,
                      {Errc::waits_for_person,
                       "nobody is there to answer for " + question.participant
                         + " (turn " + std::to_string(question.place.turn)
                         + ", " + question.place.phase + ")"});
  }
  auto promise = self->make_response_promise<CallOutcome>();
  waiting.emplace(question.id, Waiting{promise, parts.clock->steady()});
  if (question.deadline_at > 0)
    self->delayed_send(
      self, std::chrono::milliseconds{question.deadline_at - question.asked_at},
      DeadlinePassed{question.id});
  return promise;
}

AnswerVerdict HumanDeskState::on_answer(const AnswerQuestion& m) {
  const auto* open = book.find(m.id);
  if (open == nullptr)
    return book.answer(m.id, m.answer).verdict;
  const auto question = *open;
  auto result = book.answer(m.id, m.answer);
  if (result.answer) {
    tell(EventKind::human_answered, question, told(*result.answer));
    finish(m.id, answered(question.participant, reason_ok,
                          std::move(result.answer->text)));
  }
  return std::move(result.verdict);
}

void HumanDeskState::on_deadline(const DeadlinePassed& m) {
  const auto* open = book.find(m.id);
  if (open == nullptr)
    return; // answered in time, or withdrawn
  const auto question = *open;
  book.expire(m.id);
  tell(EventKind::human_answered, question, "the deadline passed");
  finish(m.id, answered(question.participant, reason_timeout,
                        declined_answer("timeout")));
}

void HumanDeskState::withdraw(AttemptId id, const Error& why) {
  const auto* open = book.find(id);
  if (open == nullptr)
    return;
  const auto question = *open;
  book.withdraw(id);
  tell(EventKind::human_answered, question, "withdrawn");
  finish(id, unanswered(reason_withdrawn, why));
}

void HumanDeskState::close(const Error& why) {
  if (!closed)
    closed = why;
  for (const auto id : book.ids())
    withdraw(id, why);
}

void HumanDeskState::on_exit(const caf::error& why) {
  close({Errc::shutting_down, "HUMAN DESK has stopped"});
  self->quit(why);
}

LaneStatus HumanDeskState::status() const {
  LaneStatus status;
  status.provider = human_provider;
  status.in_flight = static_cast<std::int64_t>(book.size());
  status.slots = status.in_flight; // as many as are asked for
  status.state = "open";
  return status;
}

void HumanDeskState::finish(AttemptId id, CallOutcome outcome) {
  sweeps.erase(id);
  auto entry = waiting.extract(id);
  outcome.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(
                         parts.clock->steady() - entry.mapped().since)
                         .count();
  entry.mapped().promise.deliver(std::move(outcome));
}

void HumanDeskState::tell(EventKind kind, const OpenQuestion& question,
                          std::string text) {
  Event event;
  event.kind = kind;
  event.sweep = sweeps[question.id];
  event.run = question.run;
  event.turn = question.place.turn;
  event.phase = question.place.phase;
  event.participant = question.participant;
  event.text = std::move(text);
  self->send(parts.events, std::move(event));
}

HumanDeskImpl::behavior_type
human_desk(HumanDeskImpl::stateful_pointer<HumanDeskState> self,
           HumanDeskParts parts) {
  harden(self);
  self->set_exit_handler(
    [self](caf::exit_msg& m) { self->state.on_exit(m.reason); });
  self->state.parts = std::move(parts);
  return {
    [self](const AcquireSlot& m) { return self->state.on_acquire(m); },
    [](const ReleaseSlot&) {}, // there is nothing to give back
    [self](SendCall& m) { return self->state.on_send(m); },
    [self](const AbortCall& m) {
      self->state.withdraw(m.attempt, {Errc::cancelled, to_string(m.attempt)});
    },
    [](const IdentifyModel&) { return ModelIdentity{}; },
    [self](const GetLaneStatus&) { return self->state.status(); },
    [self](const GetQuestions& m) { return self->state.book.questions(m.run); },
    [self](const AnswerQuestion& m) { return self->state.on_answer(m); },
    [self](const WithdrawQuestion& m) { self->state.withdraw(m.id, m.why); },
    [self](const CloseDesk& m) { self->state.close(m.why); },
    [self](const DeadlinePassed& m) { self->state.on_deadline(m); },
  };
}

} // namespace lab::actors
