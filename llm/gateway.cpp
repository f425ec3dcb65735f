#include "llm/gateway.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "llm/outcome.hpp"
#include "llm/retry_after.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/failpoint.hpp"
#include "runtime/base/log.hpp"
#include "runtime/base/seed.hpp"
#include "runtime/credit/pricing.hpp"
#include "runtime/model/human_model.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::llm {

namespace {

constexpr std::int32_t attempts_max = 3;

/// The back-off before the second attempt; it doubles up to the maximum.
constexpr Milliseconds back_off_first{500};
constexpr Milliseconds back_off_max{8'000};

ModelKey model_key(const Route& route) {
  return {route.provider, without_parameters(route.wire_model)};
}

std::string facts_of(const Call& call) {
  return "run=" + to_string(call.asked.owner.run) + " place=\""
         + to_string(call.asked.place) + "\"";
}

/// What the attempt is charged, by how it ended.
Charge charge_of(const Call& call) {
  const auto& outcome = call.outcome;
  switch (outcome.resolution) {
  case Resolution::settled:
    return {outcome.bill.value_or(call.worst.usd), 1, outcome.usage.total()};
  case Resolution::voided:
    return {};
  case Resolution::bounded:
    return call.worst;
  case Resolution::unknown:
    break;
  }
  if (!outcome.known_input)
    return call.worst;
  return runtime::worst_case_after(call.route.price, call.asked.request,
                                   *outcome.known_input)
    .value_or(call.worst);
}

/// How long to wait before the next attempt: what the server asked for, and a
/// random part of a doubling back-off that spreads callers. Drawn from the
/// attempt's id, so a run repeated waits the same.
Milliseconds wait_before_next(const Call& call) {
  const auto doublings = std::min(call.attempts - 1, 4);
  const auto spread = std::min(back_off_max, back_off_first * (1 << doublings));
  const auto part = Seed{call.reservation.attempt.value.low}.unit(0);
  return Milliseconds{
    call.outcome.retry_after_ms
    + static_cast<std::int64_t>(static_cast<double>(spread.count()) * part)};
}

/// What the current attempt sends. A server that came to grief over a reply
/// comes to grief again when it samples the same one: llama.cpp repeats a
/// failure exactly under a fixed seed. Simulated models fail by attempt, not by
/// seed, and say the same whoever of several twins asks.
/// @param doubted  attempts of this call that ended like that, of all times
ChatRequest request_to_send(const Call& call, std::int32_t doubted) {
  auto request = call.asked.request;
  if (doubted > 0 && call.route.provider != "sim")
    request.seed = Seed{request.seed}.child(doubted).bits(0) >> 12U;
  return request;
}

} // namespace

// --- 1: look it up ----------------------------------------------------------

caf::result<CallAnswer> GatewayState::on_issue(IssueCall& m) {
  const auto ticket = ++last_ticket;
  auto& call = calls[ticket];
  call.promise = self->make_response_promise<CallAnswer>();
  call.fingerprint = fingerprint_of(m.request);
  call.key = call_key_of(m.owner.run, m.place);
  call.share = share_key_of(m.owner.scope, m.place, call.fingerprint);
  call.asked = std::move(m);
  const auto promise = call.promise; // the call may be answered below
  const auto found = parts.index->look_up(call.asked, call.fingerprint);
  switch (found.kind) {
  case Found::Kind::non_determinism:
    refuse(ticket, {Errc::non_determinism,
                    facts_of(call) + " differs in " + found.difference});
    break;
  case Found::Kind::journalled:
  case Found::Kind::shared:
    read_reply(ticket, found);
    break;
  case Found::Kind::absent:
    if (call.asked.replay)
      refuse(ticket, {Errc::not_journalled, facts_of(call)});
    else
      join_flight(ticket);
    break;
  }
  return promise;
}

void GatewayState::read_reply(Ticket ticket, const Found& found) {
  calls.at(ticket).step = Call::Step::reading;
  self->request(parts.journal, caf::infinite, ReadReply{found.attempt})
    .then(
      [this, ticket, found](const StoredReply& stored) {
        on_reply_read(ticket, found, stored);
      },
      [this, ticket](caf::error& why) { refuse(ticket, from_caf(why)); });
}

void GatewayState::on_reply_read(Ticket ticket, const Found& found,
                                 const StoredReply& stored) {
  const auto call = calls.find(ticket);
  if (call == calls.end())
    return; // cancelled meanwhile
  CallAnswer value{
    stored.reply, AnswerSource::journalled, found.attempt, {}, 0};
  if (found.kind == Found::Kind::shared) {
    value.source = AnswerSource::shared;
    record_share(call->second, found.attempt);
  }
  answer(ticket, std::move(value));
}

void GatewayState::record_share(const Call& call, AttemptId source) {
  const CallShared fact{call.asked.owner.run, call.asked.place,
                        call.fingerprint, source};
  parts.index->apply(fact);
  // Not waited for: a lost fact costs one more look-up by share, never money.
  self->request(parts.journal, caf::infinite, CommitFacts{{fact}, {}})
    .then(
      [](const Committed&) {},
      [](caf::error& why) {
        log_error("share-not-journalled", {{"why", to_string(from_caf(why))}});
      });
}

void GatewayState::join_flight(Ticket ticket) {
  auto& call = calls.at(ticket);
  const auto [flight, first] = flights.try_emplace(call.share);
  if (!first) {
    call.step = Call::Step::twin;
    flight->second.push_back(ticket);
    return;
  }
  if (const auto started = take_off(ticket); !started)
    fail_call(ticket, started.error());
}

// --- 2: route it, bound its cost, start an attempt --------------------------

Result<void> GatewayState::take_off(Ticket ticket) {
  auto& call = calls.at(ticket);
  LAB_TRY(call.route, parts.prices->route(call.asked.request.model));
  LAB_TRY(call.worst,
          runtime::worst_case(call.route.price, call.asked.request));
  if (parts.lanes.count(call.route.provider) == 0)
    return fail(Errc::internal, "no lane for provider " + call.route.provider);
  call.outline = outline_of(call.asked.request);
  return begin_attempt(ticket);
}

Result<void> GatewayState::begin_attempt(Ticket ticket) {
  auto& call = calls.at(ticket);
  LAB_CHECKED(guard.admit(model_key(call.route), parts.clock->steady()));
  ++call.attempts;
  auto& wanted = call.reservation;
  wanted.number =
    parts.index->begin_attempt(call.key, call.fingerprint, call.outline);
  wanted.attempt = attempt_id_of(call.key, wanted.number);
  wanted.owner = call.asked.owner;
  wanted.place = call.asked.place;
  wanted.fingerprint = call.fingerprint;
  wanted.outline = call.outline;
  wanted.provider = call.route.provider;
  wanted.model = without_parameters(call.asked.request.model);
  wanted.price_id = call.route.price_id;
  wanted.worst = call.worst;
  call.permitted = false;
  const bool fresh = attempts.emplace(wanted.attempt, ticket).second;
  LAB_CHECK(fresh, "attempt=" + to_string(wanted.attempt));
  ask_slot(ticket, false);
  return {};
}

// --- 3: a slot --------------------------------------------------------------

void GatewayState::ask_slot(Ticket ticket, bool urgent) {
  auto& call = calls.at(ticket);
  call.step = Call::Step::wants_slot;
  const auto attempt = call.reservation.attempt;
  self
    ->request(lane_of(call), caf::infinite,
              AcquireSlot{attempt, call.asked.owner.run,
                          without_parameters(call.route.wire_model),
                          call.attempts > 1, urgent})
    .then([this, attempt](const Done&) { on_slot(attempt); },
          [this, attempt](caf::error& why) {
            on_slot_refused(attempt, from_caf(why));
          });
}

void GatewayState::on_slot(AttemptId attempt) {
  const auto ticket = ticket_of(attempt);
  if (!ticket)
    return; // cancelled: the slot was released by then
  if (calls.at(*ticket).permitted)
    send_call(*ticket);
  else
    ask_money(*ticket);
}

void GatewayState::on_slot_refused(AttemptId attempt, const Error& why) {
  const auto ticket = ticket_of(attempt);
  if (!ticket)
    return;
  auto& call = calls.at(*ticket);
  if (call.permitted)
    void_unused(attempt);
  drop_attempt(call);
  fail_call(*ticket, why);
}

// --- 4: money ---------------------------------------------------------------

void GatewayState::ask_money(Ticket ticket) {
  auto& call = calls.at(ticket);
  call.step = Call::Step::wants_money;
  call.reservation.at = parts.clock->now_ms();
  record_price(call.route);
  const auto attempt = call.reservation.attempt;
  self->request(parts.credit, caf::infinite, ReserveCredit{call.reservation})
    .then([this,
           attempt](const ReserveAnswer& answer) { on_money(attempt, answer); },
          [this, attempt](caf::error& why) {
            on_money_refused(attempt, from_caf(why));
          });
}

void GatewayState::record_price(const Route& route) {
  if (parts.index->knows_price(route.price_id))
    return;
  const PriceRecorded fact{route.price_id, price_json(route.price)};
  parts.index->apply(fact);
  // In JOURNAL's mailbox before CREDIT LIMIT is even asked, so the row is
  // written before any reservation that names it.
  self->request(parts.journal, caf::infinite, CommitFacts{{fact}, {}})
    .then([](const Committed&) {},
          [this, id = route.price_id](caf::error& why) {
            log_error("price-not-journalled",
                      {{"price", id}, {"why", to_string(from_caf(why))}});
            parts.index->forget_price(id);
          });
}

void GatewayState::on_money(AttemptId attempt, const ReserveAnswer& answer) {
  const auto ticket = ticket_of(attempt);
  LAB_CHECK(ticket.has_value(), "attempt=" + to_string(attempt));
  auto& call = calls.at(*ticket);
  if (!answer.queued && !call.cancelled) {
    call.permit = answer.permit;
    send_call(*ticket);
    return;
  }
  // Nobody waits for money with a slot in hand.
  release_slot(call);
  if (!call.cancelled) {
    call.step = Call::Step::queued;
    tell(EventKind::call_queued, call, call.worst, "waits for money");
    return;
  }
  if (answer.queued)
    self->send(parts.credit, WithdrawRequest{attempt});
  else
    void_unused(attempt);
  drop_attempt(call);
  calls.erase(*ticket);
}

void GatewayState::on_money_refused(AttemptId attempt, const Error& why) {
  const auto ticket = ticket_of(attempt);
  LAB_CHECK(ticket.has_value(), "attempt=" + to_string(attempt));
  auto& call = calls.at(*ticket);
  release_slot(call);
  drop_attempt(call);
  if (call.cancelled)
    calls.erase(*ticket);
  else
    fail_call(*ticket, why);
}

void GatewayState::on_granted(const CreditGranted& m) {
  const auto ticket = ticket_of(m.permit.attempt());
  if (!ticket) {
    void_unused(m.permit.attempt()); // withdrawn too late
    return;
  }
  auto& call = calls.at(*ticket);
  call.permit = m.permit;
  call.permitted = true;
  ask_slot(*ticket, true);
}

void GatewayState::on_refused(const CreditRefused& m) {
  const auto ticket = ticket_of(m.attempt);
  if (!ticket)
    return;
  drop_attempt(calls.at(*ticket));
  fail_call(*ticket, m.error);
}

// --- 5: the wire ------------------------------------------------------------

void GatewayState::send_call(Ticket ticket) {
  auto& call = calls.at(ticket);
  call.step = Call::Step::on_wire;
  parts.index->apply(call.reservation);
  ++counts.sent;
  ++counts.in_flight;
  tell(EventKind::call_reserved, call, call.worst, {});
  const auto attempt = call.reservation.attempt;
  failpoint("gateway.permitted");
  self
    ->request(lane_of(call), caf::infinite,
              SendCall{call.permit,
                       request_to_send(call, parts.index->doubted(call.key)),
                       call.asked.owner, call.asked.place})
    .then([this, attempt](
            const CallOutcome& outcome) { on_outcome(attempt, outcome); },
          [this, attempt](caf::error& why) {
            // The lane is gone, and with it what it knew of the attempt.
            CallOutcome outcome;
            outcome.reason = "lane_gone";
            outcome.error = from_caf(why);
            on_outcome(attempt, outcome);
          });
}

void GatewayState::on_outcome(AttemptId attempt, const CallOutcome& outcome) {
  const auto ticket = ticket_of(attempt);
  LAB_CHECK(ticket.has_value(), "attempt=" + to_string(attempt));
  --counts.in_flight;
  calls.at(*ticket).outcome = outcome;
  failpoint("gateway.outcome");
  resolve(*ticket);
}

// --- 6: its end -------------------------------------------------------------

void GatewayState::resolve(Ticket ticket) {
  auto& call = calls.at(ticket);
  call.step = Call::Step::resolving;
  const auto& outcome = call.outcome;
  auto& end = call.resolved;
  end = {};
  end.attempt = call.reservation.attempt;
  end.resolution = outcome.resolution;
  end.charge = charge_of(call);
  end.usage = outcome.usage;
  end.reason = outcome.reason;
  end.latency_ms = outcome.latency_us / 1000;
  ResolveCall message;
  if (outcome.reply) {
    end.reply_hash = reply_hash_of(*outcome.reply);
    message.reply = StoredReply{end.attempt, *outcome.reply};
  }
  message.resolved = end;
  self->request(parts.credit, caf::infinite, std::move(message))
    .then([this, attempt = end.attempt](const Done&) { on_resolved(attempt); },
          [this, attempt = end.attempt](caf::error& why) {
            on_resolve_failed(attempt, from_caf(why));
          });
}

void GatewayState::on_resolved(AttemptId attempt) {
  const auto ticket = ticket_of(attempt);
  LAB_CHECK(ticket.has_value(), "attempt=" + to_string(attempt));
  auto& call = calls.at(*ticket);
  attempts.erase(attempt);
  parts.index->apply(call.resolved);
  const auto& charge = call.resolved.charge;
  const auto model = model_key(call.route);
  // Our own abort says nothing about the model.
  if (call.outcome.reason == reason::cancelled)
    guard.withdrawn(model);
  else
    guard.ended(model, call.resolved.resolution, parts.clock->steady());
  if (charge.usd > call.worst.usd || charge.tokens > call.worst.tokens) {
    const auto why =
      model.first + "/" + model.second + " billed " + to_display(charge.usd)
      + " and " + std::to_string(charge.tokens) + " tokens where at most "
      + to_display(call.worst.usd) + " and " + std::to_string(call.worst.tokens)
      + " were possible by its price row";
    log_error("model-quarantined",
              {{"attempt", to_string(attempt)}, {"why", why}});
    guard.quarantine(model, why);
  }
  tell(EventKind::call_settled, call, charge, call.resolved.reason);
  failpoint("gateway.resolved");
  conclude(*ticket);
}

void GatewayState::on_resolve_failed(AttemptId attempt, const Error& why) {
  const auto ticket = ticket_of(attempt);
  LAB_CHECK(ticket.has_value(), "attempt=" + to_string(attempt));
  log_error("end-not-journalled",
            {{"attempt", to_string(attempt)}, {"why", to_string(why)}});
  attempts.erase(attempt);
  ++counts.failed;
  fail_call(*ticket, why);
}

// --- 7: answer, or try again ------------------------------------------------

void GatewayState::conclude(Ticket ticket) {
  auto& call = calls.at(ticket);
  if (call.outcome.reply) {
    land(ticket);
    return;
  }
  ++counts.failed;
  if (call.cancelled)
    fail_call(ticket, {Errc::cancelled, facts_of(call)});
  else if (may_retry(call))
    back_off(ticket);
  else
    fail_call(ticket, call.outcome.error);
}

bool GatewayState::may_retry(const Call& call) const {
  return call.outcome.retry && call.attempts < attempts_max
         && call.attempts <= retries_max(call.outcome.reason)
         && call.outcome.retry_after_ms <= retry_after_ms_max;
}

void GatewayState::back_off(Ticket ticket) {
  auto& call = calls.at(ticket);
  call.step = Call::Step::backs_off;
  const auto wait = wait_before_next(call);
  tell(EventKind::call_retried, call, {},
       call.outcome.reason + ", again in " + std::to_string(wait.count())
         + " ms");
  self->delayed_send(self, wait, RetryCall{ticket});
}

void GatewayState::on_retry(const RetryCall& m) {
  if (calls.count(m.ticket) == 0)
    return; // cancelled meanwhile
  if (const auto started = begin_attempt(m.ticket); !started)
    fail_call(m.ticket, started.error());
}

// --- At any time ------------------------------------------------------------

caf::result<ModelIdentity> GatewayState::on_identify(const IdentifyModel& m) {
  const auto route = parts.prices->route(m.model);
  if (!route)
    return to_caf(route.error());
  const auto lane = parts.lanes.find(route->provider);
  if (lane == parts.lanes.end())
    return to_caf({Errc::internal, "no lane for provider " + route->provider});
  return self->delegate(lane->second, IdentifyModel{route->wire_model});
}

void GatewayState::on_cancel_run(const CancelRun& m) {
  std::vector<Ticket> twins;
  std::vector<Ticket> others;
  for (const auto& [ticket, call] : calls)
    if (call.asked.owner.run == m.run)
      (call.step == Call::Step::twin ? twins : others).push_back(ticket);
  // Twins first, so that none of them is promoted to buy in between.
  for (const auto ticket : twins)
    cancel(ticket);
  for (const auto ticket : others)
    cancel(ticket);
}

void GatewayState::cancel(Ticket ticket) {
  auto& call = calls.at(ticket);
  const Error why{Errc::cancelled, facts_of(call)};
  switch (call.step) {
  case Call::Step::reading:
    refuse(ticket, why);
    break;
  case Call::Step::twin:
    std::erase(flights.at(call.share), ticket);
    refuse(ticket, why);
    break;
  case Call::Step::wants_slot:
    release_slot(call);
    if (call.permitted)
      void_unused(call.reservation.attempt);
    drop_attempt(call);
    fail_call(ticket, why);
    break;
  case Call::Step::wants_money:
    // The money may be set aside already: the entry stays to give it back.
    if (!std::exchange(call.cancelled, true)) {
      call.promise.deliver(to_caf(why));
      promote_twin(call.share);
    }
    break;
  case Call::Step::queued:
    self->send(parts.credit, WithdrawRequest{call.reservation.attempt});
    drop_attempt(call);
    fail_call(ticket, why);
    break;
  case Call::Step::on_wire:
    // A person may take for ever, and nobody is billed.
    if (call.route.provider == human_provider)
      self->send(lane_of(call), AbortCall{call.reservation.attempt});
    [[fallthrough]];
  case Call::Step::resolving:
    call.cancelled = true; // it ends as it ends, and is not tried again
    break;
  case Call::Step::backs_off:
    fail_call(ticket, why);
    break;
  }
}

void GatewayState::on_exit(const caf::error& why) {
  for (auto& [ticket, call] : std::exchange(calls, {}))
    if (call.promise.pending())
      call.promise.deliver(
        to_caf({Errc::shutting_down, "GATEWAY has stopped"}));
  self->quit(why);
}

// --- Twins ------------------------------------------------------------------

void GatewayState::land(Ticket ticket) {
  auto& call = calls.at(ticket);
  const auto flight = flights.extract(call.share);
  const auto attempt = call.resolved.attempt;
  for (const auto twin : flight.mapped()) {
    const auto& other = calls.at(twin);
    CallAnswer value{
      *call.outcome.reply, AnswerSource::journalled, attempt, {}, 0};
    // The same run asking twice has its own reply, and shares nobody's.
    if (other.key != call.key) {
      value.source = AnswerSource::shared;
      record_share(other, attempt);
    }
    answer(twin, std::move(value));
  }
  answer(ticket, {std::move(*call.outcome.reply), AnswerSource::sent, attempt,
                  call.resolved.charge, call.outcome.latency_us});
}

void GatewayState::promote_twin(ShareKey share) {
  // Not by recursion: many twins may fail at once, one behind the other.
  for (;;) {
    auto& twins = flights.at(share);
    if (twins.empty()) {
      flights.erase(share);
      return;
    }
    const auto next = twins.front();
    twins.pop_front();
    const auto started = take_off(next);
    if (started)
      return;
    refuse(next, started.error());
  }
}

// --- Ways out ---------------------------------------------------------------

void GatewayState::fail_call(Ticket ticket, const Error& why) {
  const auto share = calls.at(ticket).share;
  refuse(ticket, why);
  promote_twin(share);
}

void GatewayState::answer(Ticket ticket, CallAnswer value) {
  counts.journalled += value.source == AnswerSource::journalled ? 1 : 0;
  counts.shared += value.source == AnswerSource::shared ? 1 : 0;
  auto call = calls.extract(ticket);
  call.mapped().promise.deliver(std::move(value));
}

void GatewayState::refuse(Ticket ticket, const Error& why) {
  // A reply that could not be read is refused after its call was cancelled.
  if (auto call = calls.extract(ticket))
    call.mapped().promise.deliver(to_caf(why));
}

void GatewayState::drop_attempt(Call& call) {
  attempts.erase(call.reservation.attempt);
  guard.withdrawn(model_key(call.route));
}

void GatewayState::void_unused(AttemptId attempt) {
  ResolveCall message;
  message.resolved.attempt = attempt;
  message.resolved.resolution = Resolution::voided;
  message.resolved.reason = "never_sent";
  self->request(parts.credit, caf::infinite, std::move(message))
    .then([](const Done&) {},
          [attempt](caf::error& why) {
            log_error("void-refused", {{"attempt", to_string(attempt)},
                                       {"why", to_string(from_caf(why))}});
          });
}

std::optional<Ticket> GatewayState::ticket_of(AttemptId attempt) const {
  const auto entry = attempts.find(attempt);
  if (entry == attempts.end())
    return std::nullopt;
  return entry->second;
}

const LaneActor& GatewayState::lane_of(const Call& call) const {
  return parts.lanes.at(call.route.provider);
}

void GatewayState::release_slot(const Call& call) {
  self->send(lane_of(call), ReleaseSlot{call.reservation.attempt});
}

void GatewayState::tell(EventKind kind, const Call& call, const Charge& charge,
                        std::string text) {
  Event event;
  event.kind = kind;
  event.sweep = call.asked.owner.sweep;
  event.run = call.asked.owner.run;
  event.turn = call.asked.place.turn;
  event.phase = call.asked.place.phase;
  event.participant = call.asked.place.participant;
  event.text = std::move(text);
  event.charge = charge;
  self->send(parts.events, std::move(event));
}

GatewayImpl::behavior_type
gateway(GatewayImpl::stateful_pointer<GatewayState> self, GatewayParts parts) {
  harden(self);
  self->set_exit_handler(
    [self](caf::exit_msg& m) { self->state.on_exit(m.reason); });
  self->state.parts = std::move(parts);
  return {
    [self](IssueCall& m) { return self->state.on_issue(m); },
    [self](const CancelRun& m) { self->state.on_cancel_run(m); },
    [self](const CreditGranted& m) { self->state.on_granted(m); },
    [self](const CreditRefused& m) { self->state.on_refused(m); },
    [self](const IdentifyModel& m) { return self->state.on_identify(m); },
    [self](const GetCallCounts&) { return self->state.counts; },
    [self](const RetryCall& m) { self->state.on_retry(m); },
  };
}

} // namespace lab::llm
