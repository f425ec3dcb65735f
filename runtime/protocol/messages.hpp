#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/model/account.hpp"
#include "runtime/model/chat.hpp"
#include "runtime/model/event.hpp"
#include "runtime/model/fact.hpp"
#include "runtime/model/model_check.hpp"
#include "runtime/model/run_spec.hpp"
#include "runtime/model/turn_state.hpp"
#include "runtime/protocol/inspect_support.hpp"
#include "runtime/protocol/spend_permit.hpp"

// Requests are imperatives, answers are nouns or in the past tense. Every
// message can cross a network: see tests/unit/runtime/protocol.

namespace lab {

/// "Done", where nothing else need be said.
struct Done {};

// --- GATEWAY ---------------------------------------------------------------

/// Asks for the reply of one call.
struct IssueCall {
  CallOwner owner;
  Place place;
  /// A branch reads its first turns from this run; none otherwise.
  RunId inherit_from;
  /// The journal must hold the reply: anything else is `not_journalled`.
  bool replay = false;
  ChatRequest request;
};

enum class AnswerSource : std::uint8_t {
  sent,       // bought now
  journalled, // this run (or its parent) had it
  shared,     // another run of the same replicate paid for it
};

struct CallAnswer {
  Reply reply;
  AnswerSource source = AnswerSource::sent;
  AttemptId attempt;
  Charge charge;               // of this answer; zero unless sent
  std::int64_t latency_us = 0; // model time; zero unless sent
};

/// Forgets a run's waiting calls; those in flight end as they end.
struct CancelRun {
  RunId run;
};

struct GetCallCounts {};

/// Since the start of this process, all runs.
struct CallCounts {
  std::int64_t sent = 0; // attempts on the wire
  std::int64_t journalled = 0;
  std::int64_t shared = 0;
  std::int64_t failed = 0; // attempts without a usable reply
  std::int64_t in_flight = 0;
};

// --- CREDIT LIMIT ----------------------------------------------------------

/// Asks to set `reservation.worst` aside in every account of the call.
struct ReserveCredit {
  CallReserved reservation;
};

/// Either a permit (the reservation is durable), or `queued`: the answer then
/// follows as `CreditGranted` or `CreditRefused`.
struct ReserveAnswer {
  bool queued = false;
  SpendPermit permit;
};

struct CreditGranted {
  SpendPermit permit;
};

struct CreditRefused {
  AttemptId attempt;
  Error error;
};

/// Takes a queued request back; no effect once it was granted.
struct WithdrawRequest {
  AttemptId attempt;
};

/// Reports how an attempt ended; answered when that is durable.
struct ResolveCall {
  CallResolved resolved;
  std::optional<StoredReply> reply; // settled and bounded only
};

struct SetLimits {
  std::vector<LimitSet> limits;
};

/// Refuses every later reservation with `error`, and all that wait.
struct CloseAdmissions {
  Error error;
};

/// The named accounts, or all that have a limit when `accounts` is empty.
struct GetBalances {
  std::vector<AccountId> accounts;
};

struct Balances {
  std::vector<AccountBalance> accounts;
  std::int64_t queued = 0; // requests waiting for money
  /// Those that somebody asked for and that this process has told.
  std::vector<LimitWarning> warnings{};
};

// --- JOURNAL and PROJECTOR --------------------------------------------------

/// Appends facts, and replies with their settlements, in one transaction.
struct CommitFacts {
  std::vector<Fact> facts;
  std::vector<StoredReply> replies;
};

struct Committed {
  std::uint64_t last_seq = 0;
};

struct ReadReply {
  AttemptId attempt;
};

/// Committed facts, in order, for tables and artefacts.
struct ProjectFacts {
  std::vector<JournalledFact> facts;
};

/// Answered when everything sent before is on disk.
struct FlushProjections {};

// --- LANE ------------------------------------------------------------------

/// Asks for one of the lane's slots. Answered when one is free; the slot is
/// given back by the end of `SendCall`, or by `ReleaseSlot`.
struct AcquireSlot {
  AttemptId attempt;
  RunId run;         // fairness is between runs
  std::string model; // without parameters
  bool retry = false;
  /// Ahead of all others: money is already set aside.
  bool urgent = false;
};

struct ReleaseSlot {
  AttemptId attempt;
};

/// Issues the attempt. The permit is used up by this, whatever happens. Who
/// asks, and where, is for people who are asked; no server learns of it.
struct SendCall {
  SpendPermit permit;
  ChatRequest request;
  CallOwner owner{};
  Place place{};
};

/// How an attempt ended, by the outcome table of docs/reliability.md.
struct CallOutcome {
  Resolution resolution = Resolution::unknown;
  std::string reason; // "ok", "refused", "deadline", …; a metric label
  /// Present when settled or bounded; settled without one is paid, no data.
  std::optional<Reply> reply;
  /// The failure for the caller when there is no reply.
  Error error;
  bool retry = false;
  /// Wait at least this long before the next attempt.
  std::int64_t retry_after_ms = 0;
  /// Settled at this bill; else the worst case (or zero, voided) counts.
  std::optional<Money> bill;
  /// As billed, when settled; there may be no usable reply with it.
  Usage usage;
  /// For unknown: input tokens the server reported before the end.
  std::optional<std::int64_t> known_input;
  std::int64_t latency_us = 0;
};

struct AbortCall {
  AttemptId attempt;
};

/// Asks the server what stands behind a model's name. Free of charge.
struct IdentifyModel {
  std::string model; // GATEWAY: as scenarios name it; LANE: as the server does
};

struct ModelIdentity {
  std::string digest; // of its contents; empty: the server tells none
};

struct GetLaneStatus {};

struct LaneStatus {
  std::string provider;
  std::int64_t in_flight = 0;
  std::int64_t waiting = 0;
  std::int64_t slots = 0;   // the adaptive limit now
  std::int64_t ceiling = 0; // its maximum
  std::int64_t paused_ms = 0;
  std::string state; // "open", "paused", "broken"
};

// --- HUMAN DESK --------------------------------------------------------------

/// A question that waits for a person: what a model would have been sent.
struct OpenQuestion {
  AttemptId id;
  RunId run;
  Place place;
  std::string participant; // id of who is asked
  std::string kind;        // "decision", "talk_offer", …: the schema's name
  std::string schema;      // JSON Schema of the answer; may be empty
  std::vector<ChatMessage> messages; // the context
  UnixMs asked_at = 0;
  UnixMs deadline_at = 0; // 0: none
  OnTimeout then = OnTimeout::wait;
};

/// The open questions of one run, or of all when `run` is none.
struct GetQuestions {
  RunId run;
};

/// By run, then by place.
struct Questions {
  std::vector<OpenQuestion> open;
};

/// `answer` is the JSON of the question's kind, or `{"declined":"ai"}` (the
/// participant's model answers) or `{"declined":"skip"}`.
struct AnswerQuestion {
  AttemptId id;
  std::string answer;
};

/// What became of an answer. Only the first good one counts.
struct AnswerVerdict {
  enum class State : std::uint8_t {
    taken,   // it is the reply
    invalid, // the question stays open; `problems` are all there are
    closed,  // the question is not open (any more); `problems` says why
  };
  State state = State::closed;
  std::vector<std::string> problems; // sentences for people
};

/// Takes a question back: its call fails with `why`, and nothing is journalled.
struct WithdrawQuestion {
  AttemptId id;
  Error why;
};

/// Takes every question back, and each that comes later.
struct CloseDesk {
  Error why;
};

// --- RUN, phases, PARTICIPANT ------------------------------------------------

/// Time spent waiting for models, to compare with an ideal scheduler.
struct ModelTime {
  std::int64_t critical_us = 0; // longest chain of calls
  std::int64_t total_us = 0;    // all calls
};

struct RunPhase {
  Shared<TurnState> state;
};

struct PhaseDone {
  Shared<TurnState> state;
  ModelTime time;
};

struct Decide {
  Shared<TurnState> state;
};

struct DecisionMade {
  Decision decision;
  ModelTime time;
};

/// Whether to open a private talk, and with whom. Rounds count from 0.
struct OfferTalk {
  Shared<TurnState> state;
  std::int32_t round = 0;
};

struct TalkOffered {
  Talk talk; // without an answer
  ModelTime time;
};

/// Answers `talk.message`, which `talk.initiator` sent.
struct AnswerTalk {
  Shared<TurnState> state;
  Talk talk;
  std::int32_t round = 0;
};

struct TalkAnswered {
  Talk talk; // with the answer
  ModelTime time;
};

struct ProposeCoalition {
  Shared<TurnState> state;
};

struct CoalitionProposed {
  CoalitionProposal proposal; // without answers
  ModelTime time;
};

/// `number` is the proposal's place among those of the turn, from 0.
struct AnswerCoalition {
  Shared<TurnState> state;
  CoalitionProposal proposal;
  std::int32_t number = 0;
};

struct CoalitionAnswered {
  CoalitionAnswer answer;
  ModelTime time;
};

/// One word to the other members of a coalition that was formed.
struct SpeakInCoalition {
  Shared<TurnState> state;
  CoalitionProposal proposal;
  std::vector<Message> so_far; // of this coalition, this turn
  std::int32_t number = 0;
};

struct CoalitionSpoken {
  Message message;
  ModelTime time;
};

struct StartRun {};

struct RunDone {
  RunOutcome outcome;
  ModelTime time;
  /// Of a completed run: as `EndedRun`.
  std::vector<std::pair<std::string, double>> metrics{};
  std::optional<Digest128> replies{};
};

/// Ends a run at its next phase boundary (`stop`), resumable.
struct StopRun {
  Error why;
};

// --- EVENT HUB ---------------------------------------------------------------

/// Events for one watcher, oldest first. `dropped` were lost since the last
/// batch because the watcher was slow.
struct EventBatch {
  std::vector<Event> events;
  std::int64_t dropped = 0;
};

/// WATCHER: whoever looks on. The next batch comes after its answer.
using WatcherActor = caf::typed_actor<caf::replies_to<EventBatch>::with<Done>>;

struct Subscribe {
  WatcherActor watcher;
};

// --- SUPERVISOR --------------------------------------------------------------

struct StartSweep {};

struct RunCounts {
  std::int64_t planned = 0;
  std::int64_t running = 0;
  std::int64_t completed = 0;
  std::int64_t halted = 0;
  std::int64_t paused = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t existing = 0; // completed by an earlier command
  std::int64_t retried = 0;  // starts of runs that had failed
};

/// A sweep that its own rules ended.
struct RuledEnd {
  std::string then;             // finish | stop | pause | ask | pause-model
  std::string because;          // for people
  std::int64_t runs_saved = 0;  // against the fixed design
  std::int64_t calls_saved = 0; // about
};

struct SweepOutcome {
  std::string status; // completed|halted|failed|paused|cancelled|stopped
  std::string reason;
  Errc code = Errc::ok;
  std::optional<RuledEnd> ruled;
  RunCounts runs;
  std::int64_t wall_us = 0;
  std::int64_t critical_us = 0;  // longest run's own chain of calls
  std::int64_t model_us = 0;     // all calls
  std::vector<RunOutcome> ended; // that did not complete
  /// Models that changed behind their names, a sentence each.
  std::vector<std::string> drifts{};
};

/// Starts no more runs; with `now`, ends running ones at their next phase
/// boundary too.
struct StopSweep {
  bool now = false;
  Error why;
};

/// A run in flight has so many turns now.
struct TurnPlayed {
  RunId run;
  std::int32_t turn = 0;
};

struct GetProgress {};

struct SweepProgress {
  RunCounts runs;
  std::int64_t turns_completed = 0;
  std::int64_t turns_planned = 0;
  std::vector<std::string> drifts{}; // as SweepOutcome
  UnixMs waits_until = 0; // for its window to open; 0: it does not wait
};

// --- SENTINEL ----------------------------------------------------------------

/// Asks every watched model its canaries, and judges.
struct CheckModels {};

/// The changes that this check found, a sentence each.
struct ModelsChecked {
  std::vector<std::string> drifts;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Error& x) {
  return f(x.code, x.context);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Done&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, IssueCall& x) {
  return f(x.owner, x.place, x.inherit_from, x.replay, x.request);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallAnswer& x) {
  return f(x.reply, x.source, x.attempt, x.charge, x.latency_us);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CancelRun& x) {
  return f(x.run);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, GetCallCounts&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallCounts& x) {
  return f(x.sent, x.journalled, x.shared, x.failed, x.in_flight);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReserveCredit& x) {
  return f(x.reservation);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReserveAnswer& x) {
  return f(x.queued, x.permit);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CreditGranted& x) {
  return f(x.permit);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CreditRefused& x) {
  return f(x.attempt, x.error);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WithdrawRequest& x) {
  return f(x.attempt);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ResolveCall& x) {
  return f(x.resolved, x.reply);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SetLimits& x) {
  return f(x.limits);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CloseAdmissions& x) {
  return f(x.error);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, GetBalances& x) {
  return f(x.accounts);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Balances& x) {
  return f(x.accounts, x.queued, x.warnings);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CommitFacts& x) {
  return f(x.facts, x.replies);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Committed& x) {
  return f(x.last_seq);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReadReply& x) {
  return f(x.attempt);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ProjectFacts& x) {
  return f(x.facts);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FlushProjections&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AcquireSlot& x) {
  return f(x.attempt, x.run, x.model, x.retry, x.urgent);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ReleaseSlot& x) {
  return f(x.attempt);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SendCall& x) {
  return f(x.permit, x.request, x.owner, x.place);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, OpenQuestion& x) {
  return f(x.id, x.run, x.place, x.participant, x.kind, x.schema, x.messages,
           x.asked_at, x.deadline_at, x.then);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, GetQuestions& x) {
  return f(x.run);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Questions& x) {
  return f(x.open);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AnswerQuestion& x) {
  return f(x.id, x.answer);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AnswerVerdict& x) {
  return f(x.state, x.problems);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WithdrawQuestion& x) {
  return f(x.id, x.why);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CloseDesk& x) {
  return f(x.why);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallOutcome& x) {
  return f(x.resolution, x.reason, x.reply, x.error, x.retry, x.retry_after_ms,
           x.bill, x.usage, x.known_input, x.latency_us);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AbortCall& x) {
  return f(x.attempt);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, IdentifyModel& x) {
  return f(x.model);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ModelIdentity& x) {
  return f(x.digest);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, GetLaneStatus&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LaneStatus& x) {
  return f(x.provider, x.in_flight, x.waiting, x.slots, x.ceiling, x.paused_ms,
           x.state);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ModelTime& x) {
  return f(x.critical_us, x.total_us);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunPhase& x) {
  return f(x.state);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PhaseDone& x) {
  return f(x.state, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Decide& x) {
  return f(x.state);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DecisionMade& x) {
  return f(x.decision, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, OfferTalk& x) {
  return f(x.state, x.round);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TalkOffered& x) {
  return f(x.talk, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AnswerTalk& x) {
  return f(x.state, x.talk, x.round);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TalkAnswered& x) {
  return f(x.talk, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ProposeCoalition& x) {
  return f(x.state);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CoalitionProposed& x) {
  return f(x.proposal, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AnswerCoalition& x) {
  return f(x.state, x.proposal, x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CoalitionAnswered& x) {
  return f(x.answer, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SpeakInCoalition& x) {
  return f(x.state, x.proposal, x.so_far, x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CoalitionSpoken& x) {
  return f(x.message, x.time);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StartRun&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunDone& x) {
  return f(x.outcome, x.time, x.metrics, x.replies);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StopRun& x) {
  return f(x.why);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, EventBatch& x) {
  return f(x.events, x.dropped);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Subscribe& x) {
  return f(x.watcher);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StartSweep&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunCounts& x) {
  return f(x.planned, x.running, x.completed, x.halted, x.paused, x.failed,
           x.cancelled, x.existing, x.retried);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RuledEnd& x) {
  return f(x.then, x.because, x.runs_saved, x.calls_saved);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SweepOutcome& x) {
  return f(x.status, x.reason, x.code, x.runs, x.wall_us, x.critical_us,
           x.model_us, x.ended, x.ruled, x.drifts);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StopSweep& x) {
  return f(x.now, x.why);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TurnPlayed& x) {
  return f(x.run, x.turn);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, GetProgress&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SweepProgress& x) {
  return f(x.runs, x.turns_completed, x.turns_planned, x.drifts, x.waits_until);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CheckModels&) {
  return f();
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ModelsChecked& x) {
  return f(x.drifts);
}

} // namespace lab
