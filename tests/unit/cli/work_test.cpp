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

TEST(Limits, OneThatHoldsAlreadyIsNotJournalledAgain) {
  Balances now;
  now.accounts = {holds(AccountKind::sweep, "s-1", Money{5}),
                  holds(AccountKind::run, "r-1", Money{5})};

  const auto set = limits_to_set({limit(AccountKind::sweep, "s-1", Money{5}),
                                  limit(AccountKind::run, "r-1", Money{6}),
                                  limit(AccountKind::run, "r-2", Money{7})},
                                 now);

  EXPECT_EQ(accounts(set), (std::vector<std::string>{"run:r-1", "run:r-2"}));
}

TEST(Limits, OneThatIsNoLongerWantedIsLifted) {
  Balances now;
  now.accounts = {holds(AccountKind::global, "", Money{5})};

  const auto set = limits_to_set(
    {limit(AccountKind::global, "", {}), limit(AccountKind::user, "u", {})},
    now);

  EXPECT_EQ(accounts(set), std::vector<std::string>{"global"});
}

TEST(Limits, ADaysLimitHoldsPastMidnight) {
  Settings settings;
  settings.user.value = "ada";
  settings.user_day_limit = {Money{7}, "scenario-lab.yaml:2"};

  const auto set = limits_to_set(settings_limits(settings, late_on_sunday), {});

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

  EXPECT_EQ(
    accounts(limits_to_set(settings_limits(settings, late_on_sunday), {})),
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
