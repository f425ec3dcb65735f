#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/money.hpp"
#include "runtime/model/ids.hpp"

namespace lab {

/// What a call uses up of a limit. Calls and tokens are budgets by the same
/// rule as money, because local models cost nothing.
struct Charge {
  Money usd;
  std::int64_t calls = 0;
  std::int64_t tokens = 0;

  friend bool operator==(const Charge&, const Charge&) = default;
};

Charge operator+(const Charge& a, const Charge& b);
Charge operator-(const Charge& a, const Charge& b);
inline Charge& operator+=(Charge& a, const Charge& b) { return a = a + b; }
inline Charge& operator-=(Charge& a, const Charge& b) { return a = a - b; }

/// Ceilings; an absent measure is unlimited.
struct Limit {
  std::optional<Money> usd;
  std::optional<std::int64_t> calls;
  std::optional<std::int64_t> tokens;

  bool unlimited() const { return !usd && !calls && !tokens; }
  friend bool operator==(const Limit&, const Limit&) = default;
};

/// True when `used` is within every ceiling of `limit`.
bool fits(const Charge& used, const Limit& limit);

/// The accounts a call touches. They overlap: every call is counted once in
/// each, so breakdowns and enforcement are the same numbers.
enum class AccountKind : std::uint8_t {
  global = 1,
  user = 2,
  user_day = 3,
  user_week = 4,
  provider = 5,
  sweep = 6,
  point = 7,
  run = 8,
  participant = 9, // in a run; the world and other helpers too
  phase = 10,      // in a run
  model = 11,      // in a sweep
};

struct AccountId {
  AccountKind kind = AccountKind::global;
  std::string key; // "s-…", "r-…/decision", "me/2026-11-22"; empty: global

  friend auto operator<=>(const AccountId&, const AccountId&) = default;
};

/// "sweep:s-4c1e07…", "global"
std::string to_string(const AccountId& account);
std::optional<AccountId> account_id_from(std::string_view text);

/// Who pays for a call and who may share its reply.
struct CallOwner {
  RunId run;
  SweepId sweep;     // none outside a sweep
  std::string point; // "p053"; empty outside a sweep
  std::string user;
  /// Calls with equal scope, place and fingerprint are one paid call.
  Digest128 scope;

  friend bool operator==(const CallOwner&, const CallOwner&) = default;
};

/// The account of all calls that the sweep makes to one model.
/// @param model  without parameters: "openai/gpt-4o-mini"
AccountId model_account(SweepId sweep, std::string_view model);

/// Every account a call touches, in a fixed order: wider ones first, so that
/// of several full ones the widest is told.
/// @param provider  the provider account that bills ("openai")
/// @param model     without parameters, as the scenario names it
std::vector<AccountId> accounts_of(const CallOwner& owner, const Place& place,
                                   std::string_view provider,
                                   std::string_view model, UnixMs at);

/// Three numbers, never one.
struct Balance {
  Charge settled;  // billed
  Charge unknown;  // may have been billed, charged at worst case
  Charge reserved; // set aside for calls in flight
  Limit limit;

  Charge committed() const { return settled + unknown + reserved; }
  friend bool operator==(const Balance&, const Balance&) = default;
};

struct AccountBalance {
  AccountId account;
  Balance balance;
};

/// Shares of a limit are whole numbers of this part of it.
inline constexpr std::int32_t share_whole = 10'000;

/// A share of a limit was passed for the first time.
struct LimitWarning {
  AccountId account;
  std::int32_t share = 0; // of `share_whole`
  /// Somebody asked to be told at this share (`LimitSet::warn_at`).
  bool asked = false;
  Balance balance;
};

/// "80 %", "12.5 %"
std::string share_text(std::int32_t share);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Money& x) {
  return f(x.pico_usd);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Charge& x) {
  return f(x.usd, x.calls, x.tokens);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Limit& x) {
  return f(x.usd, x.calls, x.tokens);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountId& x) {
  return f(x.kind, x.key);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallOwner& x) {
  return f(x.run, x.sweep, x.point, x.user, x.scope);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Balance& x) {
  return f(x.settled, x.unknown, x.reserved, x.limit);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, AccountBalance& x) {
  return f(x.account, x.balance);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LimitWarning& x) {
  return f(x.account, x.share, x.asked, x.balance);
}

} // namespace lab

template <>
struct std::hash<lab::AccountId> {
  std::size_t operator()(const lab::AccountId& a) const noexcept {
    return std::hash<std::string>{}(a.key) * 31
           + static_cast<std::size_t>(a.kind);
  }
};
