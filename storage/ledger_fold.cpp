#include "storage/ledger_fold.hpp"

namespace lab::storage {

namespace {

bool is_negative(const Charge& charge) {
  return charge.usd < Money{} || charge.calls < 0 || charge.tokens < 0;
}

tl::unexpected<Error> contradiction(AttemptId attempt, const char* what) {
  return fail(Errc::journal_corrupt, "attempt " + to_string(attempt) + what);
}

} // namespace

Result<void> LedgerFold::apply(const Fact& fact) {
  if (const auto* reserved = std::get_if<CallReserved>(&fact))
    return reserve(*reserved);
  if (const auto* resolved = std::get_if<CallResolved>(&fact))
    return resolve(*resolved);
  if (const auto* limit = std::get_if<LimitSet>(&fact))
    change(index_of(limit->account)).limit = limit->limit;
  return {};
}

Result<void> LedgerFold::reserve(const CallReserved& fact) {
  if (is_negative(fact.worst))
    return contradiction(fact.attempt, " reserves a negative amount");
  Open open;
  open.worst = fact.worst;
  for (const auto& id :
       accounts_of(fact.owner, fact.place, fact.provider, fact.model, fact.at))
    open.accounts.push_back(index_of(id));
  const auto [entry, fresh] = open_.emplace(fact.attempt, std::move(open));
  if (!fresh)
    return contradiction(fact.attempt, " is reserved twice");
  for (const auto index : entry->second.accounts)
    change(index).reserved += fact.worst;
  opened_.push_back(fact.attempt);
  return {};
}

Result<void> LedgerFold::resolve(const CallResolved& fact) {
  if (is_negative(fact.charge)
      || (fact.resolution == Resolution::voided && fact.charge != Charge{}))
    return contradiction(fact.attempt, " ends with an impossible charge");
  auto entry = open_.extract(fact.attempt);
  if (entry.empty())
    return contradiction(fact.attempt, " ends without being reserved");
  for (const auto index : entry.mapped().accounts) {
    auto& balance = change(index);
    balance.reserved -= entry.mapped().worst;
    (fact.resolution == Resolution::settled ? balance.settled
                                            : balance.unknown) += fact.charge;
  }
  closed_.emplace_back(fact.attempt, std::move(entry.mapped()));
  return {};
}

std::size_t LedgerFold::index_of(const AccountId& id) {
  const auto [entry, fresh] = by_id_.emplace(id, accounts_.size());
  if (fresh) {
    accounts_.push_back({id, {}});
    changed_in_.push_back(0);
  }
  return entry->second;
}

Balance& LedgerFold::change(std::size_t index) {
  auto& balance = accounts_[index].balance;
  if (std::exchange(changed_in_[index], period_) != period_)
    before_.emplace_back(index, balance);
  return balance;
}

void LedgerFold::keep() {
  kept_accounts_ = accounts_.size();
  ++period_;
  before_.clear();
  opened_.clear();
  closed_.clear();
}

void LedgerFold::undo() {
  for (const auto& [index, balance] : before_)
    accounts_[index].balance = balance;
  for (auto i = kept_accounts_; i < accounts_.size(); ++i)
    by_id_.erase(accounts_[i].account);
  accounts_.resize(kept_accounts_);
  changed_in_.resize(kept_accounts_);
  for (auto& [attempt, open] : closed_)
    open_.emplace(attempt, std::move(open));
  for (const auto& attempt : opened_)
    open_.erase(attempt);
  keep();
}

std::vector<std::size_t> LedgerFold::changed() const {
  std::vector<std::size_t> indices;
  indices.reserve(before_.size());
  for (const auto& [index, balance] : before_)
    indices.push_back(index);
  return indices;
}

} // namespace lab::storage
