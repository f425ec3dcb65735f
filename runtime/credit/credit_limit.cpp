#include "runtime/credit/credit_limit.hpp"

#include "runtime/base/failpoint.hpp"
#include "runtime/base/log.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::runtime {

caf::result<ReserveAnswer>
CreditLimitState::on_reserve(const ReserveCredit& m) {
  gateway = caf::actor_cast<GatewayActor>(self->current_sender());
  const auto admission = parts.ledger->request(m.reservation);
  if (!admission)
    return to_caf(admission.error());
  if (*admission == CreditLedger::Admission::queued)
    return ReserveAnswer{true, {}};
  tell_warnings();
  auto promise = self->make_response_promise<ReserveAnswer>();
  const auto attempt = m.reservation.attempt;
  self->request(parts.journal, caf::infinite, CommitFacts{{m.reservation}, {}})
    .then(
      [this, attempt, promise](const Committed&) mutable {
        failpoint("credit.reserved");
        promise.deliver(ReserveAnswer{false, parts.ledger->permit(attempt)});
      },
      [this, attempt, promise](caf::error& why) mutable {
        parts.ledger->forget(attempt);
        on_journal_failed(from_caf(why));
        promise.deliver(why);
      });
  return promise;
}

void CreditLimitState::on_withdraw(const WithdrawRequest& m) {
  if (parts.ledger->withdraw(m.attempt))
    admit_waiting();
}

caf::result<Done> CreditLimitState::on_resolve(ResolveCall& m) {
  auto end = parts.ledger->resolve(std::move(m.resolved));
  if (!end)
    return to_caf(end.error());
  CommitFacts commit;
  commit.facts.emplace_back(*end);
  if (m.reply)
    commit.replies.push_back(std::move(*m.reply));
  auto promise = self->make_response_promise<Done>();
  self->request(parts.journal, caf::infinite, std::move(commit))
    .then(
      [promise](const Committed&) mutable {
        failpoint("credit.resolved");
        promise.deliver(Done{});
      },
      [this, promise](caf::error& why) mutable {
        on_journal_failed(from_caf(why));
        promise.deliver(why);
      });
  // What this end frees may be given on at once: the journal writes in order,
  // so a later reservation cannot become durable before this end.
  admit_waiting();
  return promise;
}

caf::result<Done> CreditLimitState::on_set_limits(const SetLimits& m) {
  CommitFacts commit;
  for (const auto& limit : m.limits)
    if (parts.ledger->set_limit(limit))
      commit.facts.emplace_back(limit);
  if (commit.facts.empty())
    return Done{};
  auto promise = self->make_response_promise<Done>();
  self->request(parts.journal, caf::infinite, std::move(commit))
    .then([promise](const Committed&) mutable { promise.deliver(Done{}); },
          [this, promise](caf::error& why) mutable {
            on_journal_failed(from_caf(why));
            promise.deliver(why);
          });
  admit_waiting();
  return promise;
}

void CreditLimitState::on_close_admissions(const CloseAdmissions& m) {
  parts.ledger->close_admissions(m.error);
  admit_waiting();
}

Balances CreditLimitState::on_get_balances(const GetBalances& m) {
  Balances answer;
  answer.queued = static_cast<std::int64_t>(parts.ledger->waiting());
  answer.warnings = warnings;
  if (m.accounts.empty())
    answer.accounts = parts.ledger->balances(true);
  for (const auto& account : m.accounts)
    answer.accounts.push_back({account, parts.ledger->balance(account)});
  return answer;
}

void CreditLimitState::admit_waiting() {
  for (auto& decision : parts.ledger->admit_waiting(parts.clock->now_ms())) {
    if (decision.refused)
      self->send(gateway, CreditRefused{decision.reservation.attempt,
                                        *decision.refused});
    else
      on_waiting_reserved(decision.reservation);
  }
  tell_warnings();
}

void CreditLimitState::on_waiting_reserved(const CallReserved& reservation) {
  const auto attempt = reservation.attempt;
  self->request(parts.journal, caf::infinite, CommitFacts{{reservation}, {}})
    .then(
      [this, attempt](const Committed&) {
        failpoint("credit.reserved");
        self->send(gateway, CreditGranted{parts.ledger->permit(attempt)});
      },
      [this, attempt](caf::error& why) {
        parts.ledger->forget(attempt);
        self->send(gateway, CreditRefused{attempt, from_caf(why)});
        on_journal_failed(from_caf(why));
      });
}

void CreditLimitState::on_journal_failed(const Error& why) {
  log_error("journal-refused", {{"why", to_string(why)}});
  parts.ledger->close_admissions(why);
  admit_waiting();
}

void CreditLimitState::tell_warnings() {
  for (const auto& warning : parts.ledger->take_warnings()) {
    const auto share = share_text(warning.share);
    Event event;
    event.kind = warning.share >= share_whole ? EventKind::credit_limit_exceeded
                                              : EventKind::credit_limit_warning;
    event.text =
      to_string(warning.account) + " is at " + share + " of its limit";
    event.charge = warning.asked
                     ? warning.balance.committed()
                     : warning.balance.settled + warning.balance.unknown;
    self->send(parts.events, event);
    log_warning("limit-warning",
                {{"account", to_string(warning.account)}, {"share", share}});
    if (warning.asked)
      warnings.push_back(warning);
  }
}

CreditLimitActor::behavior_type
credit_limit(CreditLimitActor::stateful_pointer<CreditLimitState> self,
             CreditLimitParts parts) {
  harden_vital(self);
  self->state.parts = std::move(parts);
  return {
    [self](const ReserveCredit& m) { return self->state.on_reserve(m); },
    [self](const WithdrawRequest& m) { self->state.on_withdraw(m); },
    [self](ResolveCall& m) { return self->state.on_resolve(m); },
    [self](const SetLimits& m) { return self->state.on_set_limits(m); },
    [self](const CloseAdmissions& m) { self->state.on_close_admissions(m); },
    [self](const GetBalances& m) { return self->state.on_get_balances(m); },
  };
}

} // namespace lab::runtime
