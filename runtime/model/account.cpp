#include "runtime/model/account.hpp"

#include <array>

#include "runtime/base/check.hpp"

namespace lab {

namespace {

struct KindName {
  AccountKind kind;
  std::string_view text;
};

constexpr std::array kind_names{
  KindName{AccountKind::global, "global"},
  KindName{AccountKind::user, "user"},
  KindName{AccountKind::user_day, "user_day"},
  KindName{AccountKind::user_week, "user_week"},
  KindName{AccountKind::provider, "provider"},
  KindName{AccountKind::sweep, "sweep"},
  KindName{AccountKind::point, "point"},
  KindName{AccountKind::run, "run"},
  KindName{AccountKind::participant, "participant"},
  KindName{AccountKind::phase, "phase"},
  KindName{AccountKind::model, "model"},
};

std::int64_t checked_sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  LAB_CHECK(!__builtin_add_overflow(a, b, &sum), "count overflow");
  return sum;
}

} // namespace

Charge operator+(const Charge& a, const Charge& b) {
  return {a.usd + b.usd, checked_sum(a.calls, b.calls),
          checked_sum(a.tokens, b.tokens)};
}

Charge operator-(const Charge& a, const Charge& b) {
  return {a.usd - b.usd, checked_sum(a.calls, -b.calls),
          checked_sum(a.tokens, -b.tokens)};
}

bool fits(const Charge& used, const Limit& limit) {
  return (!limit.usd || used.usd <= *limit.usd)
         && (!limit.calls || used.calls <= *limit.calls)
         && (!limit.tokens || used.tokens <= *limit.tokens);
}

std::string to_string(const AccountId& account) {
  for (const auto& name : kind_names)
    if (name.kind == account.kind)
      return account.key.empty() ? std::string{name.text}
                                 : std::string{name.text} + ":" + account.key;
  return "global";
}

std::optional<AccountId> account_id_from(std::string_view text) {
  const auto colon = text.find(':');
  const auto kind = text.substr(0, colon);
  for (const auto& name : kind_names)
    if (name.text == kind)
      return AccountId{name.kind, colon == std::string_view::npos
                                    ? std::string{}
                                    : std::string{text.substr(colon + 1)}};
  return std::nullopt;
}

AccountId model_account(SweepId sweep, std::string_view model) {
  return {AccountKind::model, to_string(sweep) + "/" + std::string{model}};
}

std::vector<AccountId> accounts_of(const CallOwner& owner, const Place& place,
                                   std::string_view provider,
                                   std::string_view model, UnixMs at) {
  std::vector<AccountId> accounts;
  accounts.reserve(11);
  accounts.push_back({AccountKind::global, {}});
  accounts.push_back({AccountKind::user, owner.user});
  accounts.push_back({AccountKind::user_day, owner.user + "/" + utc_day(at)});
  accounts.push_back({AccountKind::user_week, owner.user + "/" + utc_week(at)});
  accounts.push_back({AccountKind::provider, std::string{provider}});
  if (owner.sweep) {
    const auto sweep = to_string(owner.sweep);
    accounts.push_back({AccountKind::point, sweep + "/" + owner.point});
    accounts.push_back({AccountKind::sweep, sweep});
    accounts.push_back(model_account(owner.sweep, model));
  }
  const auto run = to_string(owner.run);
  const auto who = place.participant.empty() ? "-" : place.participant;
  accounts.push_back({AccountKind::participant, run + "/" + who});
  accounts.push_back({AccountKind::phase, run + "/" + place.phase});
  accounts.push_back({AccountKind::run, run});
  return accounts;
}

std::string share_text(std::int32_t share) {
  constexpr std::int32_t percent = share_whole / 100;
  auto text = std::to_string(share / percent);
  if (auto rest = std::to_string(share % percent); rest != "0") {
    rest.insert(0, 2 - rest.size(), '0');
    rest.resize(rest.find_last_not_of('0') + 1);
    text += "." + rest;
  }
  return text + " %";
}

} // namespace lab
