#include <map>
#include <random>

#include <gtest/gtest.h>

#include "storage/ledger_fold.hpp"
#include "tests/unit/storage/facts.hpp"

namespace lab::storage {

namespace {

using testing::Story;

Balance balance(const LedgerFold& fold, const std::string& account) {
  for (const auto& [id, value] : fold.accounts())
    if (to_string(id) == account)
      return value;
  ADD_FAILURE() << "no account " << account;
  return {};
}

TEST(LedgerFold, EveryEndOfACallMovesItsMoneyInEveryAccount) {
  const Story story;
  LedgerFold fold;
  const auto a = story.reserved(1, "decision", "council", 1'000);
  const auto b = story.reserved(1, "decision", "lines", 2'000);
  const auto c = story.reserved(1, "world_update", "", 4'000);
  const auto d = story.reserved(2, "decision", "council", 8'000);
  const auto e = story.reserved(2, "decision", "lines", 16'000);
  for (const auto& call : {a, b, c, d, e})
    ASSERT_TRUE(fold.apply(call));

  ASSERT_TRUE(fold.apply(story.settled(a, 700, story.reply("x"))));
  ASSERT_TRUE(fold.apply(story.ended(b, Resolution::unknown)));
  ASSERT_TRUE(fold.apply(story.ended(c, Resolution::bounded)));
  ASSERT_TRUE(fold.apply(story.ended(d, Resolution::voided)));

  for (const auto& account :
       {std::string{"global"}, std::string{"user:me"},
        std::string{"provider:openai"}, "run:" + to_string(story.run())}) {
    const auto all = balance(fold, account);
    EXPECT_EQ(all.settled.usd, Money{700}) << account;
    EXPECT_EQ(all.unknown.usd, Money{6'000}) << account;
    EXPECT_EQ(all.reserved.usd, Money{16'000}) << account;
    EXPECT_EQ(all.settled.calls, 1) << account;
    EXPECT_EQ(all.reserved.tokens, 2'000) << account;
  }
  const auto lines =
    balance(fold, "participant:" + to_string(story.run()) + "/lines");
  EXPECT_EQ(lines.unknown.usd, Money{2'000});
  EXPECT_EQ(lines.reserved.usd, Money{16'000});
  EXPECT_EQ(fold.open(), 1u);
}

TEST(LedgerFold, FactsThatCannotFollowEachOtherAreRefused) {
  const Story story;
  LedgerFold fold;
  const auto call = story.reserved(1, "decision", "council");
  const auto end = story.ended(call, Resolution::unknown);

  EXPECT_FALSE(fold.apply(end)) << "never reserved";
  ASSERT_TRUE(fold.apply(call));
  EXPECT_FALSE(fold.apply(call)) << "reserved twice";
  ASSERT_TRUE(fold.apply(end));
  EXPECT_FALSE(fold.apply(end)) << "ended twice";

  auto negative = story.reserved(2, "decision", "council");
  negative.worst.usd = Money{-1};
  EXPECT_FALSE(fold.apply(negative));
  auto voided = story.ended(call, Resolution::voided);
  voided.charge.usd = Money{1};
  EXPECT_FALSE(fold.apply(voided)) << "voided, yet billed";
}

/// Whatever is applied after `keep` leaves no trace after `undo`.
TEST(LedgerFold, UndoTakesBackExactlyWhatWasNotKept) {
  std::mt19937_64 random{11};
  LedgerFold kept;
  LedgerFold tried;
  std::vector<std::pair<Story, CallReserved>> open;
  for (int step = 0; step < 400; ++step) {
    std::vector<Fact> batch;
    auto still_open = open;
    for (auto i = random() % 4 + 1; i > 0; --i) {
      const Story story{random() % 3 + 1};
      if (!still_open.empty() && random() % 2 == 0) {
        const auto at = random() % still_open.size();
        batch.emplace_back(still_open[at].first.ended(
          still_open[at].second, static_cast<Resolution>(random() % 3 + 2)));
        still_open.erase(still_open.begin() + static_cast<long>(at));
      } else {
        const auto call = story.reserved(
          step, "phase" + std::to_string(random() % 3), std::to_string(i), 100);
        still_open.emplace_back(story, call);
        batch.emplace_back(call);
      }
    }
    for (const auto& fact : batch)
      ASSERT_TRUE(tried.apply(fact));
    if (random() % 2 == 0) {
      tried.undo();
    } else {
      tried.keep();
      open = still_open;
      for (const auto& fact : batch)
        ASSERT_TRUE(kept.apply(fact));
    }

    ASSERT_EQ(tried.accounts().size(), kept.accounts().size());
    for (std::size_t i = 0; i < kept.accounts().size(); ++i) {
      EXPECT_EQ(tried.accounts()[i].account, kept.accounts()[i].account);
      EXPECT_EQ(tried.accounts()[i].balance, kept.accounts()[i].balance);
    }
    EXPECT_EQ(tried.open(), kept.open());
    EXPECT_TRUE(tried.changed().empty());
  }
}

} // namespace

} // namespace lab::storage
