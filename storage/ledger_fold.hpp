#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/model/fact.hpp"

namespace lab::storage {

/// Adds facts up to balances, apart from the credit ledger that decides: the
/// second entry of the double-entry check. Facts between two calls of `keep`
/// can be taken back together.
///
/// Pure: no I/O, no clock.
class LedgerFold {
public:
  /// @errors journal_corrupt: facts that cannot follow each other
  Result<void> apply(const Fact& fact);

  /// What was applied since the last `keep` or `undo` stands.
  void keep();
  /// What was applied since the last `keep` or `undo` never was.
  void undo();

  /// Indices of accounts that changed since the last `keep` or `undo`.
  std::vector<std::size_t> changed() const;
  /// In order of first touch.
  const std::vector<AccountBalance>& accounts() const { return accounts_; }
  /// Reservations without an end.
  std::size_t open() const { return open_.size(); }

private:
  struct Open {
    std::vector<std::size_t> accounts;
    Charge worst;
  };

  Result<void> reserve(const CallReserved& fact);
  Result<void> resolve(const CallResolved& fact);
  std::size_t index_of(const AccountId& id);
  /// The balance, after remembering how it was.
  Balance& change(std::size_t index);

  std::vector<AccountBalance> accounts_;
  std::unordered_map<AccountId, std::size_t> by_id_;
  std::unordered_map<AttemptId, Open> open_;

  // What `undo` needs.
  std::uint64_t period_ = 1;
  std::vector<std::uint64_t> changed_in_; // one an account: a period
  std::vector<std::pair<std::size_t, Balance>> before_;
  std::size_t kept_accounts_ = 0;
  std::vector<AttemptId> opened_;
  std::vector<std::pair<AttemptId, Open>> closed_;
};

} // namespace lab::storage
