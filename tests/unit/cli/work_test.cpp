#include <gtest/gtest.h>

#include "tools/cli/work.hpp"

namespace lab::tools {
namespace {

// 2026-11-22T23:00:00Z
constexpr UnixMs late_on_sunday = 1'795'388'400'000;

LimitSet limit(AccountKind kind, const std::string& key,
               std::optional<Money> usd) {
  LimitSet set;
  set.account = {kind, key};
  set.limit.usd = usd;
  return set;
}

AccountBalance holds(AccountKind kind, const std::string& key,
                     std::optional<Money> usd) {
  AccountBalance row;
  row.account = {kind, key};
  row.balance.limit.usd = usd;
  return row;
}

std::vector<std::string> accounts(const std::vector<LimitSet>& limits) {
  std::vector<std::string> names;
  for (const auto& set : limits)
    names.push_back(to_string(set.account));
  return names;
}

std::vector<LimitSet> with_limit(std::vector<LimitSet> limits) {
  std::erase_if(limits,
                [](const LimitSet& set) { return set.limit.unlimited(); });
  return limits;
}

TEST(Limits, AModelThatTheManifestNoLongerNamesIsLifted) {
  const AccountId sweep{AccountKind::sweep, "s-1"};
  Balances limited;
  limited.accounts = {holds(AccountKind::model, "s-1/a/x", Money{5}),
                      holds(AccountKind::model, "s-1/a/y", Money{5}),
                      holds(AccountKind::model, "s-12/a/z", Money{5}),
                      holds(AccountKind::run, "r-1", Money{5})};

  const auto lifted = lifted_models(
    sweep, {limit(AccountKind::model, "s-1/a/y", Money{9})}, limited);

  ASSERT_EQ(accounts(lifted), std::vector<std::string>{"model:s-1/a/x"});
  EXPECT_TRUE(lifted[0].limit.unlimited());
}

TEST(Limits, ADaysLimitHoldsPastMidnight) {
  Settings settings;
  settings.user.value = "ada";
  settings.user_day_limit = {Money{7}, "scenario-lab.yaml:2"};

  const auto set = with_limit(settings_limits(settings, late_on_sunday));

  const auto names = accounts(set);
  ASSERT_EQ(names.size(), 8U);
  EXPECT_EQ(names[0], "user_day:ada/2026-11-22");
  EXPECT_EQ(names[1], "user_day:ada/2026-11-23");
  EXPECT_EQ(set[0].reason, "setting, scenario-lab.yaml:2");
}

TEST(Limits, AWeeksLimitHoldsForThisWeekAndTheNext) {
  Settings settings;
  settings.user.value = "ada";
  settings.user_week_limit = {Money{7}, "x"};

  EXPECT_EQ(accounts(with_limit(settings_limits(settings, late_on_sunday))),
            (std::vector<std::string>{"user_week:ada/2026-W47",
                                      "user_week:ada/2026-W48"}));
}

TEST(Slots, TheyAreThoseOfAllLanes) {
  LaneStatus one, two;
  one.ceiling = 32;
  two.ceiling = 4;

  EXPECT_EQ(slots_of({one, two}), 36);
}

} // namespace
} // namespace lab::tools
