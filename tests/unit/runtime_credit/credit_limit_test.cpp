#include <gtest/gtest.h>

#include "runtime/credit/credit_limit.hpp"
#include "tests/support/lab_test.hpp"

namespace lab::runtime {
namespace {

/// A JOURNAL that may hold its answers until it is sent `Done`.
using FakeJournalActor = JournalActor::extend<caf::reacts_to<Done>>;

struct JournalScript {
  std::vector<CommitFacts> commits;
  bool hold = false;
  bool fail = false;
};

struct FakeJournalState {
  static inline const char* name = "fake-journal";
  explicit FakeJournalState(FakeJournalActor::pointer) {}
  std::vector<caf::typed_response_promise<Committed>> waiting;
};

FakeJournalActor::behavior_type
fake_journal(FakeJournalActor::stateful_pointer<FakeJournalState> self,
             std::shared_ptr<JournalScript> script) {
  return {
    [self, script](const CommitFacts& m) -> caf::result<Committed> {
      if (script->fail)
        return to_caf({Errc::disk_failed, "no space"});
      script->commits.push_back(m);
      if (!script->hold)
        return Committed{script->commits.size()};
      self->state.waiting.push_back(self->make_response_promise<Committed>());
      return self->state.waiting.back();
    },
    [](const ReadReply&) -> caf::result<StoredReply> {
      return to_caf({Errc::not_found, ""});
    },
    [self](const Done&) {
      for (auto& promise : self->state.waiting)
        promise.deliver(Committed{1});
      self->state.waiting.clear();
    },
  };
}

EventHubActor::behavior_type deaf_hub(EventHubActor::pointer, int) {
  return {[](const Event&) {}, [](const Subscribe&) {}};
}

class CreditLimitTest : public testing::LabTest {
protected:
  void SetUp() override {
    journal = spawn(fake_journal, script);
    hub = spawn(deaf_hub, 0);
    credit =
      spawn(credit_limit, CreditLimitParts{ledger, journal, hub,
                                           std::make_shared<ManualClock>()});
    Limit limit;
    limit.usd = Money{100};
    ledger->set_limit({{AccountKind::global, ""}, limit, "me", "test"});
  }

  ReserveCredit reserve(std::int32_t ordinal, std::int64_t worst) {
    ReserveCredit m;
    m.reservation.owner.run = RunId{1};
    m.reservation.place.ordinal = ordinal;
    m.reservation.attempt = attempt(ordinal);
    m.reservation.worst = {Money{worst}, 1, 0};
    return m;
  }

  AttemptId attempt(std::int32_t ordinal) {
    return attempt_id_of(call_key_of(RunId{1}, {0, "", "", ordinal}), 1);
  }

  ResolveCall settle(std::int32_t ordinal, std::int64_t usd) {
    ResolveCall m;
    m.resolved.attempt = attempt(ordinal);
    m.resolved.resolution = Resolution::settled;
    m.resolved.charge = {Money{usd}, 1, 0};
    return m;
  }

  std::shared_ptr<JournalScript> script = std::make_shared<JournalScript>();
  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  std::shared_ptr<CreditLedger> ledger =
    std::make_shared<CreditLedger>(permits);
  FakeJournalActor journal;
  EventHubActor hub;
  CreditLimitActor credit;
};

TEST_F(CreditLimitTest, APermitIsGivenOnlyAfterItsReservationIsDurable) {
  script->hold = true;
  const auto asked = ask_later<ReserveAnswer>(credit, reserve(0, 60));
  run();

  EXPECT_EQ(permits->open(), 0U) << "the commit has not answered";
  tell(journal, Done{});

  EXPECT_FALSE(asked.value().queued);
  EXPECT_TRUE(permits->redeem(asked.value().permit));
}

TEST_F(CreditLimitTest, AnEndIsAnsweredOnlyAfterItAndItsReplyAreDurable) {
  ASSERT_TRUE(ask<ReserveAnswer>(credit, reserve(0, 60)));
  script->hold = true;
  auto end = settle(0, 5);
  end.reply = StoredReply{attempt(0), {}};
  const auto asked = ask_later<Done>(credit, end);
  run();

  EXPECT_FALSE(asked.came());
  EXPECT_EQ(script->commits.back().facts.size(), 1U);
  EXPECT_EQ(script->commits.back().replies.size(), 1U)
    << "reply and settlement in one transaction";
  tell(journal, Done{});

  EXPECT_TRUE(asked.ok());
}

TEST_F(CreditLimitTest, AJournalThatFailsClosesAdmissionsAndHoldsNothing) {
  script->fail = true;

  const auto refused = ask<ReserveAnswer>(credit, reserve(0, 60));
  script->fail = false;
  const auto later = ask<ReserveAnswer>(credit, reserve(1, 1));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::disk_failed);
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, Errc::disk_failed);
  EXPECT_EQ(ledger->balance({AccountKind::global, ""}).reserved.usd, Money{});
  EXPECT_EQ(permits->open(), 0U);
}

TEST_F(CreditLimitTest, ALimitIsJournalledBeforeItIsConfirmed) {
  SetLimits limits;
  Limit limit;
  limit.usd = Money{7};
  limits.limits.push_back({{AccountKind::user, "me"}, limit, "me", "test"});

  ASSERT_TRUE(ask<Done>(credit, limits));
  ASSERT_TRUE(ask<Done>(credit, limits));

  ASSERT_EQ(script->commits.size(), 1U) << "an unchanged limit is no fact";
  EXPECT_TRUE(std::holds_alternative<LimitSet>(script->commits[0].facts[0]));

  limits.limits[0].warn_at = {5'000};
  ASSERT_TRUE(ask<Done>(credit, limits));
  EXPECT_EQ(script->commits.size(), 2U) << "when to warn is part of it";
}

TEST_F(CreditLimitTest, WarningsThatAreAskedForAreKeptForWhoeverShowsThem) {
  SetLimits limits;
  Limit limit;
  limit.usd = Money{100};
  limits.limits.push_back(
    {{AccountKind::global, ""}, limit, "me", "test", {5'000}});
  ASSERT_TRUE(ask<Done>(credit, limits));
  ASSERT_TRUE(ask<ReserveAnswer>(credit, reserve(0, 60)));

  const auto balances = ask<Balances>(credit, GetBalances{});

  ASSERT_TRUE(balances);
  ASSERT_EQ(balances->warnings.size(), 1U);
  EXPECT_EQ(balances->warnings[0].share, 5'000);
  EXPECT_EQ(balances->warnings[0].balance.reserved.usd, Money{60});
}

} // namespace
} // namespace lab::runtime
