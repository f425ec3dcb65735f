#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "llm/model_guard.hpp"
#include "llm/price_book.hpp"
#include "llm/reply_index.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::llm {

/// What GATEWAY is given.
struct GatewayParts {
  JournalActor journal;
  CreditLimitActor credit;
  std::map<std::string, LaneActor> lanes; // by provider
  EventHubActor events;
  std::shared_ptr<const PriceBook> prices;
  std::shared_ptr<ReplyIndex> index; // recovered; GATEWAY's alone now
  std::shared_ptr<const Clock> clock;
};

/// Names one IssueCall while it is under way.
using Ticket = std::uint64_t;

/// GATEWAY to itself: a call's wait between two attempts is over.
struct RetryCall {
  Ticket ticket = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RetryCall& x) {
  return f(x.ticket);
}

/// The contract, and the message this actor sends to itself.
using GatewayImpl = GatewayActor::extend<caf::reacts_to<RetryCall>>;

/// One IssueCall under way. It leaves the table by being answered, or, when its
/// run was cancelled while money was asked for, by giving that back.
struct Call {
  enum class Step : std::uint8_t {
    reading,    // its reply is being read from the journal
    twin,       // another call buys the reply that it will share
    wants_slot, // of the lane
    wants_money,
    queued,    // for money, without a slot
    on_wire,   // sent
    resolving, // its end is being made durable
    backs_off, // before the next attempt
  };

  IssueCall asked;
  caf::typed_response_promise<CallAnswer> promise;
  Step step = Step::reading;
  bool cancelled = false;
  CallKey key;
  ShareKey share;
  Fingerprint fingerprint;
  std::string outline;
  Route route;
  Charge worst;
  std::int32_t attempts = 0; // of this call, by this process
  // Of the current attempt:
  CallReserved reservation;
  SpendPermit permit; // valid once money was granted to a queued request
  bool permitted = false;
  CallOutcome outcome;
  CallResolved resolved;
};

/// The life of a call, one step per member function, in order.
struct GatewayState {
  static inline const char* name = "lab.gateway";

  explicit GatewayState(GatewayImpl::pointer actor) : self(actor) {}

  // 1: look it up.
  caf::result<CallAnswer> on_issue(IssueCall& m);
  void read_reply(Ticket ticket, const Found& found);
  void on_reply_read(Ticket ticket, const Found& found,
                     const StoredReply& stored);
  void record_share(const Call& call, AttemptId source);
  void join_flight(Ticket ticket);
  // 2: route it, bound its cost, and start an attempt.
  Result<void> take_off(Ticket ticket);
  Result<void> begin_attempt(Ticket ticket);
  // 3: a slot first, so that no money is held by those who wait for one.
  void ask_slot(Ticket ticket, bool urgent);
  void on_slot(AttemptId attempt);
  void on_slot_refused(AttemptId attempt, const Error& why);
  // 4: money, durable before anything is sent.
  void ask_money(Ticket ticket);
  void on_money(AttemptId attempt, const ReserveAnswer& answer);
  void on_money_refused(AttemptId attempt, const Error& why);
  void on_granted(const CreditGranted& m);
  void on_refused(const CreditRefused& m);
  // 5: the wire.
  void send_call(Ticket ticket);
  void on_outcome(AttemptId attempt, const CallOutcome& outcome);
  // 6: its end, durable before anybody is answered.
  void resolve(Ticket ticket);
  void on_resolved(AttemptId attempt);
  void on_resolve_failed(AttemptId attempt, const Error& why);
  // 7: answer, or try again.
  void conclude(Ticket ticket);
  bool may_retry(const Call& call) const;
  void back_off(Ticket ticket);
  void on_retry(const RetryCall& m);

  // At any time.
  caf::result<ModelIdentity> on_identify(const IdentifyModel& m);
  void on_cancel_run(const CancelRun& m);
  void cancel(Ticket ticket);
  void on_exit(const caf::error& why);

  /// The flight's buyer has its reply: every twin shares it.
  void land(Ticket ticket);
  /// The buyer failed: the next twin buys for the others.
  void promote_twin(ShareKey share);
  /// Fails a call; its twins go on without it.
  void fail_call(Ticket ticket, const Error& why);
  /// The two ways out of the table.
  void answer(Ticket ticket, CallAnswer value);
  void refuse(Ticket ticket, const Error& why);
  /// The current attempt was never sent.
  void drop_attempt(Call& call);
  /// Money that nobody will use: provably not billed.
  void void_unused(AttemptId attempt);
  void record_price(const Route& route);
  /// The call whose current attempt this is; none when it is gone.
  std::optional<Ticket> ticket_of(AttemptId attempt) const;
  const LaneActor& lane_of(const Call& call) const;
  void release_slot(const Call& call);
  void tell(EventKind kind, const Call& call, const Charge& charge,
            std::string text);

  GatewayImpl::pointer self;
  GatewayParts parts;
  ModelGuard guard;
  CallCounts counts;
  Ticket last_ticket = 0;
  std::unordered_map<Ticket, Call> calls;
  std::unordered_map<AttemptId, Ticket> attempts; // current ones
  /// An entry for each call that is being bought: the twins that wait for it.
  std::unordered_map<ShareKey, std::deque<Ticket>> flights;
};

GatewayImpl::behavior_type
gateway(GatewayImpl::stateful_pointer<GatewayState> self, GatewayParts parts);

} // namespace lab::llm
