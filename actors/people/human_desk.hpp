#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "actors/people/desk_book.hpp"
#include "actors/people/ready_answers.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::actors {

struct HumanDeskParts {
  std::shared_ptr<PermitRegister> permits;
  EventHubActor events;
  std::shared_ptr<const Clock> clock;
  ReadyAnswers ready; // may be empty
  /// Somebody looks at the open questions. Without, a question that has no
  /// ready answer and no deadline fails with `waits_for_person`.
  bool attended = false;
};

/// HUMAN DESK to itself.
struct DeadlinePassed {
  AttemptId id;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DeadlinePassed& x) {
  return f(x.id);
}

/// The contract, and the message this actor sends to itself.
using HumanDeskImpl = HumanDeskActor::extend<caf::reacts_to<DeadlinePassed>>;

/// GATEWAY sends a question as it sends a call to a server; what a person says
/// comes back as the reply. So the journal, resuming, replay, sharing and
/// cancelling need nothing of their own for people.
struct HumanDeskState {
  static inline const char* name = "lab.human-desk";

  explicit HumanDeskState(HumanDeskImpl::pointer actor) : self(actor) {}

  // A question, in order.
  caf::result<Done> on_acquire(const AcquireSlot& m) const;
  caf::result<CallOutcome> on_send(SendCall& m); // 1: permit, ready answer
  caf::result<CallOutcome> show(const OpenQuestion& question); // 2
  AnswerVerdict on_answer(const AnswerQuestion& m);            // 3: checked
  void on_deadline(const DeadlinePassed& m);                   // or 3'
  void withdraw(AttemptId id, const Error& why);               // or 3''

  void close(const Error& why);
  void on_exit(const caf::error& why);
  LaneStatus status() const;

  /// The only way out of the table of promises.
  void finish(AttemptId id, CallOutcome outcome);
  void tell(EventKind kind, const OpenQuestion& question, std::string text);

  struct Waiting {
    caf::typed_response_promise<CallOutcome> promise;
    std::chrono::steady_clock::time_point since;
  };

  HumanDeskImpl::pointer self;
  HumanDeskParts parts;
  DeskBook book;
  std::unordered_map<AttemptId, Waiting> waiting; // who asked, by question
  std::unordered_map<AttemptId, SweepId> sweeps;  // of open questions
  std::optional<Error> closed;                    // why, once it is
};

HumanDeskImpl::behavior_type
human_desk(HumanDeskImpl::stateful_pointer<HumanDeskState> self,
           HumanDeskParts parts);

} // namespace lab::actors
