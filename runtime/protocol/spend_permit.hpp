#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "runtime/base/error.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/ids.hpp"

namespace lab {

namespace runtime {
class CreditLedger;
}

/// The single-use right to issue one attempt. Only the ledger can make a valid
/// one. CAF messages must be copyable, so copies exist, but the register
/// redeems each permit once: a second use, of a copy too, is refused.
class SpendPermit {
public:
  SpendPermit() = default; // CAF builds messages this way; always refused

  AttemptId attempt() const { return attempt_; }
  const Charge& worst() const { return worst_; }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, SpendPermit& x) {
    return f(x.attempt_, x.worst_, x.nonce_);
  }

private:
  friend class PermitRegister;
  SpendPermit(AttemptId attempt, Charge worst, std::uint64_t nonce)
    : attempt_(attempt), worst_(worst), nonce_(nonce) {}

  AttemptId attempt_;
  Charge worst_;
  std::uint64_t nonce_ = 0;
};

/// The permits that are out. Filled by the ledger after a reservation is
/// durable, emptied by the transport just before it opens a socket. Safe to
/// use from any thread.
class PermitRegister {
public:
  /// Uses the permit up.
  /// @errors permit_refused: not made by the ledger, used before, or revoked
  [[nodiscard]] Result<void> redeem(const SpendPermit& permit);

  /// Permits out and not yet used.
  std::size_t open() const;

private:
  friend class runtime::CreditLedger;
  SpendPermit issue(AttemptId attempt, const Charge& worst);
  /// Takes a permit back; false when it was used already.
  bool revoke(AttemptId attempt);

  mutable std::mutex guard_;
  std::unordered_map<AttemptId, std::uint64_t> open_;
};

} // namespace lab
