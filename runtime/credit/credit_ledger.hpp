#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/model/fact.hpp"
#include "runtime/protocol/spend_permit.hpp"

namespace lab::runtime {

/// How the ledger's waiting queue behaves.
struct QueueRules {
  /// More requests than this are refused: the callers' own caps are broken.
  std::size_t waiting_max = 10'000;
  /// A request that others overtook this often, or that waited this long,
  /// blocks the account it lacks for all younger ones, so a large call does
  /// not starve behind small ones.
  std::int32_t overtaken_max = 64;
  std::int64_t barrier_after_ms = 30'000;
};

/// All accounts of a workspace and every attempt that may cost money.
///
/// Invariant, for each account with a limit and at each admission:
/// settled + unknown + reserved <= limit. A reservation never expires to free:
/// it ends by `resolve`, or after a crash as unknown at its worst case.
///
/// Pure: no clock, no I/O, no actor. CREDIT LIMIT drives it; start-up feeds it
/// the journal. Each accepted change is one fact, which the caller makes
/// durable before it acts on it. docs/reliability.md tells the protocol.
class CreditLedger {
public:
  /// @param permits  where the transport redeems what `permit` issues
  explicit CreditLedger(std::shared_ptr<PermitRegister> permits,
                        QueueRules rules = {});

  /// Takes one fact of the journal; facts that touch no money are ignored.
  /// @errors journal_corrupt: a resolution without its reservation, twice, or
  ///         above its worst case without being settled
  Result<void> apply(const Fact& fact);

  /// After the last fact: what each open reservation must become. The caller
  /// journals these and applies them.
  std::vector<CallResolved> open_as_unknown() const;

  enum class Admission { reserved, queued };

  /// Asks to set `wanted.worst` aside in every account of the call. `reserved`:
  /// the caller makes the fact durable, then calls `permit`. `queued`: calls in
  /// flight may settle lower; `admit_waiting` decides later.
  /// @errors in this order: attempt_id_reused, the error of
  ///         `close_admissions`, limit_exhausted, sweep_limit_exhausted,
  ///         model_limit_exhausted or run_limit_exhausted (waiting cannot
  ///         help), limit_contended (the queue is full)
  Result<Admission> request(const CallReserved& wanted);

  /// The permit of a reservation that is durable; once for each.
  SpendPermit permit(AttemptId attempt);

  /// A request that waited and is decided now.
  struct Decision {
    CallReserved reservation;
    std::optional<Error> refused; // else: reserved, as by `request`
  };

  /// Decides all waiting requests that can be decided. Call it after every
  /// `resolve`, `forget`, `set_limit` and `close_admissions`.
  std::vector<Decision> admit_waiting(UnixMs now);

  /// Takes a waiting request back. False when it does not wait (any more).
  bool withdraw(AttemptId attempt);

  /// Ends a reservation. Returns the fact to journal, with `charge` completed:
  /// zero when voided, the worst case when bounded, and `overrun` set when a
  /// bill is above the worst case. Unknown keeps a charge below the worst case
  /// if the caller could tighten it.
  /// @errors reservation_not_found; attempt_id_reused when the attempt ended
  ///         before with other content
  Result<CallResolved> resolve(CallResolved end);

  /// Drops a reservation that never became durable.
  void forget(AttemptId attempt);

  /// Sets an account's ceilings. Lowering below what is committed refuses new
  /// reservations; nothing bought is undone. False when nothing changes.
  bool set_limit(const LimitSet& limit);

  /// From now on every request is refused with `error`.
  void close_admissions(Error error);

  Balance balance(const AccountId& account) const;
  /// Accounts with a limit, or all that exist.
  std::vector<AccountBalance> balances(bool limited_only) const;
  std::size_t waiting() const { return waiting_; }
  std::size_t open() const { return open_.size(); }

  /// Shares of limits that were passed since the last call; each is told once
  /// in the life of a journal, and anew when a raised limit is no longer past
  /// it. Nobody's wish: 50, 80, 95 and 100 % of what is settled or unknown.
  std::vector<LimitWarning> take_warnings();

private:
  using Index = std::size_t;

  struct Account {
    AccountId id;
    Balance balance;
    std::vector<std::int32_t> warn_at; // asked for; else the usual ones
    std::int32_t warned = 0;           // highest share told
    /// The waiting request that no younger one may overtake here.
    std::optional<AttemptId> barrier;
  };

  struct Open {
    CallReserved reservation;
    std::vector<Index> accounts;
  };

  struct Waiting {
    CallReserved wanted;
    std::vector<Index> accounts;
    std::int32_t overtaken = 0;
    std::optional<Index> lacks; // the account that was too full last time
    std::optional<Index> bars;  // the account it blocks for younger ones
  };

  /// One run's waiting requests, oldest first.
  struct RunQueue {
    RunId run;
    std::deque<Waiting> requests;
  };

  Index index_of(const AccountId& id);
  std::vector<Index> indices_of(const CallReserved& call);
  /// The first account in which the call can never fit.
  std::optional<Index> hard_block(const Charge& worst,
                                  const std::vector<Index>& accounts) const;
  /// The first account in which it does not fit now.
  std::optional<Index> soft_block(const Charge& worst,
                                  const std::vector<Index>& accounts) const;
  std::optional<Index> barred(AttemptId attempt,
                              const std::vector<Index>& accounts) const;
  Error exhausted(Index account, const Charge& worst) const;
  void hold(const CallReserved& call, std::vector<Index> accounts);
  void enqueue(const CallReserved& wanted, std::vector<Index> accounts);
  void lift_barrier(const Waiting& request);
  void mark_overtaken(const std::vector<Index>& accounts, UnixMs now);
  void note_warning(Account& account);
  /// The shares that the account is past, ascending.
  static std::vector<std::int32_t> passed(const Account& account);

  std::shared_ptr<PermitRegister> permits_;
  QueueRules rules_;
  std::vector<Account> accounts_;
  std::unordered_map<AccountId, Index> by_id_;
  std::unordered_map<AttemptId, Open> open_;
  /// How each ended attempt ended, so that a second end is recognised.
  std::unordered_map<AttemptId, std::uint64_t> ended_;
  /// Runs with waiting requests; served in turn from the front.
  std::list<RunQueue> queue_;
  std::size_t waiting_ = 0;
  std::optional<Error> closed_;
  std::vector<LimitWarning> warnings_;
};

} // namespace lab::runtime
