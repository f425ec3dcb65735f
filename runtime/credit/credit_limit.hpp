#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/credit/credit_ledger.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::runtime {

/// What CREDIT LIMIT is given.
struct CreditLimitParts {
  std::shared_ptr<CreditLedger> ledger; // recovered; CREDIT LIMIT's alone now
  JournalActor journal;
  EventHubActor events;
  std::shared_ptr<const Clock> clock;
};

/// One step per member function. A reservation is held in memory first, then
/// made durable, and only then permitted; an end is durable before it is
/// answered.
struct CreditLimitState {
  static inline const char* name = "lab.credit-limit";

  explicit CreditLimitState(CreditLimitActor::pointer actor) : self(actor) {}

  caf::result<ReserveAnswer> on_reserve(const ReserveCredit& m);
  void on_withdraw(const WithdrawRequest& m);
  caf::result<Done> on_resolve(ResolveCall& m);
  caf::result<Done> on_set_limits(const SetLimits& m);
  void on_close_admissions(const CloseAdmissions& m);
  Balances on_get_balances(const GetBalances& m);

  /// Decides who waited, and tells GATEWAY.
  void admit_waiting();
  void on_waiting_reserved(const CallReserved& reservation);
  /// The journal refused a write: nothing more is admitted.
  void on_journal_failed(const Error& why);
  void tell_warnings();

  CreditLimitActor::pointer self;
  CreditLimitParts parts;
  /// Who asks for calls; told when a queued request is decided.
  GatewayActor gateway;
  /// That somebody asked for, in the order in which they were told.
  std::vector<LimitWarning> warnings;
};

CreditLimitActor::behavior_type
credit_limit(CreditLimitActor::stateful_pointer<CreditLimitState> self,
             CreditLimitParts parts);

} // namespace lab::runtime
