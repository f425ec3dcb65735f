#include "runtime/credit/credit_ledger.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "runtime/base/check.hpp"

namespace lab::runtime {

namespace {

/// Distinguishes two ends of one attempt. Latency is left out: it is an
/// observation, not part of what was decided.
std::uint64_t end_digest(const CallResolved& end) {
  return Hasher{}
    .add(static_cast<std::int64_t>(end.resolution))
    .add(end.charge.usd.pico_usd)
    .add(end.charge.calls)
    .add(end.charge.tokens)
    .add(end.reply_hash)
    .finish128()
    .high;
}

bool is_negative(const Charge& charge) {
  return charge.usd.pico_usd < 0 || charge.calls < 0 || charge.tokens < 0;
}

bool is_within(const Charge& charge, const Charge& worst) {
  return charge.usd <= worst.usd && charge.calls <= worst.calls
         && charge.tokens <= worst.tokens;
}

std::string text_of(const Charge& charge) {
  return to_display(charge.usd) + ", " + std::to_string(charge.calls)
         + " calls, " + std::to_string(charge.tokens) + " tokens";
}

std::string text_of(const Limit& limit) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    text += (text.empty() ? "" : ", ") + part;
  };
  if (limit.usd)
    add(to_display(*limit.usd));
  if (limit.calls)
    add(std::to_string(*limit.calls) + " calls");
  if (limit.tokens)
    add(std::to_string(*limit.tokens) + " tokens");
  return text;
}

__extension__ using Wide = __int128;

/// How full the fullest measure is, in parts of `share_whole`, rounded down.
std::int32_t share_used(const Charge& used, const Limit& limit) {
  constexpr Wide share_max = Wide{10} * share_whole;
  Wide share = 0;
  const auto consider = [&](std::int64_t part, std::int64_t whole) {
    share = std::max(share, whole <= 0 ? Wide{share_whole}
                                       : Wide{part} * share_whole / whole);
  };
  if (limit.usd)
    consider(used.usd.pico_usd, limit.usd->pico_usd);
  if (limit.calls)
    consider(used.calls, *limit.calls);
  if (limit.tokens)
    consider(used.tokens, *limit.tokens);
  return static_cast<std::int32_t>(std::min(share, share_max));
}

Errc exhausted_code(AccountKind kind) {
  switch (kind) {
  case AccountKind::run:
  case AccountKind::participant:
  case AccountKind::phase:
    return Errc::run_limit_exhausted;
  case AccountKind::model:
    return Errc::model_limit_exhausted;
  case AccountKind::sweep:
    return Errc::sweep_limit_exhausted;
  default:
    return Errc::limit_exhausted;
  }
}

} // namespace

CreditLedger::CreditLedger(std::shared_ptr<PermitRegister> permits,
                           QueueRules rules)
  : permits_(std::move(permits)), rules_(rules) {}

Result<void> CreditLedger::apply(const Fact& fact) {
  if (const auto* reserved = std::get_if<CallReserved>(&fact)) {
    if (open_.contains(reserved->attempt) || ended_.contains(reserved->attempt))
      return fail(Errc::journal_corrupt, "attempt "
                                           + to_string(reserved->attempt)
                                           + " is reserved twice");
    if (is_negative(reserved->worst))
      return fail(Errc::journal_corrupt, "attempt "
                                           + to_string(reserved->attempt)
                                           + " reserves a negative amount");
    hold(*reserved, indices_of(*reserved));
  } else if (const auto* resolved = std::get_if<CallResolved>(&fact)) {
    const auto end = resolve(*resolved);
    if (!end)
      return fail(Errc::journal_corrupt, to_string(end.error()));
    if (end->charge != resolved->charge)
      return fail(Errc::journal_corrupt,
                  "attempt " + to_string(resolved->attempt) + " ended "
                    + std::string{to_string(resolved->resolution)} + " at "
                    + text_of(resolved->charge) + " instead of "
                    + text_of(end->charge));
  } else if (const auto* limit = std::get_if<LimitSet>(&fact)) {
    set_limit(*limit);
  }
  // What the journal tells was told to people when it happened.
  warnings_.clear();
  return {};
}

std::vector<CallResolved> CreditLedger::open_as_unknown() const {
  std::vector<CallResolved> ends;
  ends.reserve(open_.size());
  for (const auto& [attempt, open] : open_) {
    CallResolved end;
    end.attempt = attempt;
    end.resolution = Resolution::unknown;
    end.charge = open.reservation.worst;
    end.reason = "crash";
    ends.push_back(std::move(end));
  }
  // The table has no order of its own; a journal should.
  std::ranges::sort(ends, {}, &CallResolved::attempt);
  return ends;
}

Result<CreditLedger::Admission>
CreditLedger::request(const CallReserved& wanted) {
  LAB_CHECK(!is_negative(wanted.worst), "negative worst case");
  if (open_.contains(wanted.attempt) || ended_.contains(wanted.attempt))
    return fail(Errc::attempt_id_reused, to_string(wanted.attempt));
  if (closed_)
    return tl::unexpected(*closed_);
  auto accounts = indices_of(wanted);
  if (const auto full = hard_block(wanted.worst, accounts))
    return tl::unexpected(exhausted(*full, wanted.worst));
  if (!soft_block(wanted.worst, accounts)
      && !barred(wanted.attempt, accounts)) {
    hold(wanted, std::move(accounts));
    return Admission::reserved;
  }
  if (waiting_ >= rules_.waiting_max)
    return fail(Errc::limit_contended,
                std::to_string(waiting_) + " calls wait for money already");
  enqueue(wanted, std::move(accounts));
  return Admission::queued;
}

SpendPermit CreditLedger::permit(AttemptId attempt) {
  const auto entry = open_.find(attempt);
  LAB_CHECK(entry != open_.end(), "no reservation " + to_string(attempt));
  return permits_->issue(attempt, entry->second.reservation.worst);
}

std::vector<CreditLedger::Decision> CreditLedger::admit_waiting(UnixMs now) {
  // A pass visits each run's oldest request. With calls in flight a pass may
  // stop early, because each of them will cause another pass when it ends;
  // without any, every request must be decided now or nobody would.
  constexpr std::size_t misses_max = 32;
  std::vector<Decision> decided;
  std::size_t misses = 0;
  while (!queue_.empty()
         && misses < (open_.empty() ? queue_.size()
                                    : std::min(misses_max, queue_.size()))) {
    auto& line = queue_.front();
    auto& first = line.requests.front();
    const auto full = hard_block(first.wanted.worst, first.accounts);
    const auto block = closed_ || full
                         ? std::nullopt
                         : soft_block(first.wanted.worst, first.accounts);
    const auto bar = closed_ || full || block
                       ? std::nullopt
                       : barred(first.wanted.attempt, first.accounts);
    if (block || bar) {
      first.lacks = block ? block : bar;
      queue_.splice(queue_.end(), queue_, queue_.begin());
      ++misses;
      continue;
    }
    Decision decision{first.wanted, std::nullopt};
    if (closed_)
      decision.refused = *closed_;
    else if (full)
      decision.refused = exhausted(*full, first.wanted.worst);
    auto accounts = std::move(first.accounts);
    lift_barrier(first);
    line.requests.pop_front();
    --waiting_;
    if (line.requests.empty())
      queue_.pop_front();
    else
      queue_.splice(queue_.end(), queue_, queue_.begin());
    if (!decision.refused) {
      mark_overtaken(accounts, now);
      hold(decision.reservation, std::move(accounts));
    }
    decided.push_back(std::move(decision));
    misses = 0;
  }
  return decided;
}

bool CreditLedger::withdraw(AttemptId attempt) {
  for (auto line = queue_.begin(); line != queue_.end(); ++line) {
    auto& requests = line->requests;
    const auto found = std::ranges::find(
      requests, attempt, [](const Waiting& w) { return w.wanted.attempt; });
    if (found == requests.end())
      continue;
    lift_barrier(*found);
    requests.erase(found);
    --waiting_;
    if (requests.empty())
      queue_.erase(line);
    return true;
  }
  return false;
}

Result<CallResolved> CreditLedger::resolve(CallResolved end) {
  const auto entry = open_.find(end.attempt);
  if (entry == open_.end()) {
    const auto before = ended_.find(end.attempt);
    if (before == ended_.end())
      return fail(Errc::reservation_not_found, to_string(end.attempt));
    if (before->second != end_digest(end))
      return fail(Errc::attempt_id_reused,
                  to_string(end.attempt) + " ended before, otherwise");
    return end;
  }
  const auto& worst = entry->second.reservation.worst;
  switch (end.resolution) {
  case Resolution::settled:
    if (is_negative(end.charge))
      return fail(Errc::invalid_input,
                  "negative bill for " + to_string(end.attempt));
    end.overrun = !is_within(end.charge, worst);
    break;
  case Resolution::bounded:
    end.charge = worst;
    break;
  case Resolution::voided:
    end.charge = {};
    permits_->revoke(end.attempt);
    break;
  case Resolution::unknown:
    if (is_negative(end.charge) || !is_within(end.charge, worst))
      end.charge = worst;
    break;
  }
  for (const auto index : entry->second.accounts) {
    auto& account = accounts_[index];
    account.balance.reserved -= worst;
    LAB_CHECK(!is_negative(account.balance.reserved), to_string(account.id));
    // A bounded bill is known to exist but not its amount, so it stays out of
    // `settled`, which must equal what the provider bills.
    const bool clear = end.resolution == Resolution::settled
                       || end.resolution == Resolution::voided;
    (clear ? account.balance.settled : account.balance.unknown) += end.charge;
    note_warning(account);
  }
  open_.erase(entry);
  ended_.emplace(end.attempt, end_digest(end));
  return end;
}

void CreditLedger::forget(AttemptId attempt) {
  const auto entry = open_.find(attempt);
  LAB_CHECK(entry != open_.end(), "no reservation " + to_string(attempt));
  for (const auto index : entry->second.accounts)
    accounts_[index].balance.reserved -= entry->second.reservation.worst;
  permits_->revoke(attempt);
  open_.erase(entry);
}

bool CreditLedger::set_limit(const LimitSet& limit) {
  if (!by_id_.contains(limit.account) && limit.limit.unlimited()
      && limit.warn_at.empty())
    return false;
  auto& account = accounts_[index_of(limit.account)];
  if (account.balance.limit == limit.limit && account.warn_at == limit.warn_at)
    return false;
  // Of the usual shares nobody was told in person.
  if (account.warn_at.empty())
    account.warned = 0;
  account.balance.limit = limit.limit;
  account.warn_at = limit.warn_at;
  // What a raised limit is not past any more may come again.
  const auto still = passed(account);
  account.warned = std::min(account.warned, still.empty() ? 0 : still.back());
  note_warning(account);
  return true;
}

void CreditLedger::close_admissions(Error error) {
  if (!closed_)
    closed_ = std::move(error);
}

Balance CreditLedger::balance(const AccountId& account) const {
  const auto entry = by_id_.find(account);
  return entry == by_id_.end() ? Balance{} : accounts_[entry->second].balance;
}

std::vector<AccountBalance> CreditLedger::balances(bool limited_only) const {
  std::vector<AccountBalance> all;
  for (const auto& account : accounts_)
    if (!limited_only || !account.balance.limit.unlimited())
      all.push_back({account.id, account.balance});
  std::ranges::sort(all, {}, &AccountBalance::account);
  return all;
}

std::vector<LimitWarning> CreditLedger::take_warnings() {
  return std::exchange(warnings_, {});
}

CreditLedger::Index CreditLedger::index_of(const AccountId& id) {
  const auto [entry, fresh] = by_id_.try_emplace(id, accounts_.size());
  if (fresh)
    accounts_.push_back({id, {}, {}, 0, std::nullopt});
  return entry->second;
}

std::vector<CreditLedger::Index>
CreditLedger::indices_of(const CallReserved& call) {
  const auto ids =
    accounts_of(call.owner, call.place, call.provider, call.model, call.at);
  std::vector<Index> indices;
  indices.reserve(ids.size());
  for (const auto& id : ids)
    indices.push_back(index_of(id));
  return indices;
}

std::optional<CreditLedger::Index>
CreditLedger::hard_block(const Charge& worst,
                         const std::vector<Index>& accounts) const {
  for (const auto index : accounts) {
    const auto& balance = accounts_[index].balance;
    if (!balance.limit.unlimited()
        && !fits(balance.settled + balance.unknown + worst, balance.limit))
      return index;
  }
  return std::nullopt;
}

std::optional<CreditLedger::Index>
CreditLedger::soft_block(const Charge& worst,
                         const std::vector<Index>& accounts) const {
  for (const auto index : accounts) {
    const auto& balance = accounts_[index].balance;
    if (!balance.limit.unlimited()
        && !fits(balance.committed() + worst, balance.limit))
      return index;
  }
  return std::nullopt;
}

std::optional<CreditLedger::Index>
CreditLedger::barred(AttemptId attempt,
                     const std::vector<Index>& accounts) const {
  for (const auto index : accounts) {
    const auto& barrier = accounts_[index].barrier;
    if (barrier && *barrier != attempt)
      return index;
  }
  return std::nullopt;
}

Error CreditLedger::exhausted(Index index, const Charge& worst) const {
  const auto& account = accounts_[index];
  return {exhausted_code(account.id.kind),
          to_string(account.id) + ": settled "
            + text_of(account.balance.settled) + "; unknown "
            + text_of(account.balance.unknown) + "; this call needs up to "
            + text_of(worst) + "; limit " + text_of(account.balance.limit)};
}

void CreditLedger::hold(const CallReserved& call, std::vector<Index> accounts) {
  for (const auto index : accounts) {
    accounts_[index].balance.reserved += call.worst;
    note_warning(accounts_[index]);
  }
  open_.emplace(call.attempt, Open{call, std::move(accounts)});
}

void CreditLedger::enqueue(const CallReserved& wanted,
                           std::vector<Index> accounts) {
  auto line = std::ranges::find(queue_, wanted.owner.run, &RunQueue::run);
  if (line == queue_.end())
    line = queue_.insert(queue_.end(), RunQueue{wanted.owner.run, {}});
  line->requests.push_back(
    {wanted, std::move(accounts), 0, std::nullopt, std::nullopt});
  ++waiting_;
}

void CreditLedger::lift_barrier(const Waiting& request) {
  if (request.bars)
    accounts_[*request.bars].barrier.reset();
}

void CreditLedger::mark_overtaken(const std::vector<Index>& accounts,
                                  UnixMs now) {
  // Each run's oldest request that lacks one of these accounts was overtaken.
  for (auto& line : queue_) {
    auto& first = line.requests.front();
    if (!first.lacks || std::ranges::count(accounts, *first.lacks) == 0)
      continue;
    ++first.overtaken;
    auto& barrier = accounts_[*first.lacks].barrier;
    if (!barrier && !first.bars
        && (first.overtaken >= rules_.overtaken_max
            || now - first.wanted.at >= rules_.barrier_after_ms)) {
      barrier = first.wanted.attempt;
      first.bars = first.lacks;
    }
  }
}

void CreditLedger::note_warning(Account& account) {
  if (account.balance.limit.unlimited())
    return;
  for (const auto share : passed(account)) {
    if (account.warned >= share)
      continue;
    account.warned = share;
    warnings_.push_back(
      {account.id, share, !account.warn_at.empty(), account.balance});
  }
}

std::vector<std::int32_t> CreditLedger::passed(const Account& account) {
  constexpr std::array<std::int32_t, 4> usual{5'000, 8'000, 9'500, share_whole};
  const auto& [settled, unknown, reserved, limit] = account.balance;
  std::vector<std::int32_t> shares;
  if (limit.unlimited())
    return shares;
  const auto take = [&shares](const auto& wanted, std::int32_t used) {
    for (const auto share : wanted)
      if (used >= share)
        shares.push_back(share);
  };
  if (account.warn_at.empty())
    take(usual, share_used(settled + unknown, limit));
  else
    take(account.warn_at, share_used(settled + unknown + reserved, limit));
  return shares;
}

} // namespace lab::runtime
