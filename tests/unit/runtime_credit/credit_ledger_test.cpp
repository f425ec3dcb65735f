#include <gtest/gtest.h>

#include "runtime/credit/credit_ledger.hpp"

namespace lab::runtime {
namespace {

constexpr std::int64_t cent = 10'000'000'000;

Money cents(std::int64_t count) { return {count * cent}; }

class CreditLedgerTest : public ::testing::Test {
protected:
  /// A call of `worst` cents by `run`.
  CallReserved call(std::int32_t number, std::int64_t worst,
                    std::uint64_t run = 1) {
    CallReserved reservation;
    reservation.owner.run = RunId{run};
    reservation.owner.sweep = SweepId{9};
    reservation.owner.point = "p001";
    reservation.owner.user = "me";
    reservation.place = {1, "decision", "eu", number};
    reservation.attempt =
      attempt_id_of(call_key_of(RunId{run}, reservation.place), 1);
    reservation.provider = "openai";
    reservation.model = "openai/tiny";
    reservation.worst = {cents(worst), 1, 100};
    reservation.at = 1'700'000'000'000;
    return reservation;
  }

  void limit_sweep(std::int64_t usd_cents) {
    Limit limit;
    limit.usd = cents(usd_cents);
    ledger.set_limit({sweep, limit, "me", "test"});
  }

  LimitSet warning_fact(std::int64_t usd_cents,
                        std::vector<std::int32_t> shares) const {
    LimitSet set{sweep, {}, "me", "test", std::move(shares)};
    set.limit.usd = cents(usd_cents);
    return set;
  }

  /// A limit with shares to warn at.
  bool warn(std::int64_t usd_cents, std::vector<std::int32_t> shares) {
    return ledger.set_limit(warning_fact(usd_cents, std::move(shares)));
  }

  /// The shares of the warnings since the last call.
  std::vector<std::int32_t> told() {
    std::vector<std::int32_t> shares;
    for (const auto& warning : ledger.take_warnings())
      shares.push_back(warning.share);
    return shares;
  }

  CallResolved end(const CallReserved& call, Resolution resolution,
                   std::int64_t charge = 0) {
    CallResolved resolved;
    resolved.attempt = call.attempt;
    resolved.resolution = resolution;
    resolved.charge = {cents(charge), 1, 10};
    return resolved;
  }

  const AccountId sweep{AccountKind::sweep, to_string(SweepId{9})};
  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  CreditLedger ledger{permits};
};

using Admission = CreditLedger::Admission;

TEST_F(CreditLedgerTest, ACallThatFitsIsReservedInEveryAccountItTouches) {
  limit_sweep(100);

  const auto admission = ledger.request(call(0, 60));

  ASSERT_TRUE(admission);
  EXPECT_EQ(*admission, Admission::reserved);
  for (const auto& account :
       accounts_of(call(0, 60).owner, call(0, 60).place, "openai",
                   "openai/tiny", 1'700'000'000'000))
    EXPECT_EQ(ledger.balance(account).reserved.usd, cents(60))
      << to_string(account);
}

TEST_F(CreditLedgerTest, ACallThatCanNeverFitIsRefusedAtOnce) {
  limit_sweep(100);

  const auto admission = ledger.request(call(0, 101));

  ASSERT_FALSE(admission);
  EXPECT_EQ(admission.error().code, Errc::sweep_limit_exhausted);
  EXPECT_NE(admission.error().context.find("limit $1.00"), std::string::npos);
  EXPECT_EQ(ledger.balance(sweep).reserved.usd, Money{});
}

TEST_F(CreditLedgerTest,
       ACallThatMayFitLaterWaitsAndIsAdmittedWhenOthersSettle) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));

  ASSERT_EQ(*ledger.request(call(1, 60, 2)), Admission::queued);
  EXPECT_TRUE(ledger.admit_waiting(0).empty());
  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::settled, 10)));
  const auto decided = ledger.admit_waiting(0);

  ASSERT_EQ(decided.size(), 1U);
  EXPECT_FALSE(decided[0].refused);
  EXPECT_EQ(decided[0].reservation.attempt, call(1, 60, 2).attempt);
  EXPECT_EQ(ledger.balance(sweep).settled.usd, cents(10));
  EXPECT_EQ(ledger.balance(sweep).reserved.usd, cents(60));
}

TEST_F(CreditLedgerTest, WhenNothingIsInFlightWhoeverCannotFitIsRefused) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));
  ASSERT_EQ(*ledger.request(call(1, 60, 2)), Admission::queued);

  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::settled, 60)));
  const auto decided = ledger.admit_waiting(0);

  ASSERT_EQ(decided.size(), 1U);
  ASSERT_TRUE(decided[0].refused);
  EXPECT_EQ(decided[0].refused->code, Errc::sweep_limit_exhausted);
  EXPECT_EQ(ledger.waiting(), 0U);
}

TEST_F(CreditLedgerTest, ALimitOfOneRunConcernsThatRunAlone) {
  Limit limit;
  limit.usd = cents(10);
  ledger.set_limit(
    {{AccountKind::run, to_string(RunId{1})}, limit, "me", "per run"});

  const auto refused = ledger.request(call(0, 11));
  const auto other = ledger.request(call(0, 11, 2));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::run_limit_exhausted);
  EXPECT_TRUE(other);
}

TEST_F(CreditLedgerTest, CallsAndTokensAreBudgetsLikeMoney) {
  Limit limit;
  limit.calls = 1;
  ledger.set_limit({sweep, limit, "me", "calls"});

  ASSERT_TRUE(ledger.request(call(0, 1)));
  ASSERT_TRUE(ledger.resolve(end(call(0, 1), Resolution::settled, 1)));
  const auto second = ledger.request(call(1, 1));

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::sweep_limit_exhausted);
}

TEST_F(CreditLedgerTest, AnAmbiguousEndStaysChargedAtItsWorstCase) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));

  const auto ended = ledger.resolve(end(call(0, 60), Resolution::unknown, 99));

  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->charge.usd, cents(60)) << "never above the worst case";
  EXPECT_EQ(ledger.balance(sweep).unknown.usd, cents(60));
  EXPECT_EQ(ledger.balance(sweep).settled.usd, Money{});
}

TEST_F(CreditLedgerTest, AReplyWithoutUsageIsChargedInFullAndKeptOutOfSettled) {
  ASSERT_TRUE(ledger.request(call(0, 60)));

  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::bounded, 3)));

  EXPECT_EQ(ledger.balance(sweep).unknown.usd, cents(60));
  EXPECT_EQ(ledger.balance(sweep).settled.usd, Money{});
}

TEST_F(CreditLedgerTest, AVoidedCallCostsNothingAndItsPermitIsTakenBack) {
  ASSERT_TRUE(ledger.request(call(0, 60)));
  const auto permit = ledger.permit(call(0, 60).attempt);

  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::voided, 60)));

  EXPECT_EQ(ledger.balance(sweep), Balance{});
  EXPECT_EQ(permits->redeem(permit).error().code, Errc::permit_refused);
}

TEST_F(CreditLedgerTest, ABillAboveTheWorstCaseIsRecordedAsAnOverrun) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));

  const auto ended = ledger.resolve(end(call(0, 60), Resolution::settled, 70));

  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->overrun);
  EXPECT_EQ(ledger.balance(sweep).settled.usd, cents(70));
}

TEST_F(CreditLedgerTest, TheSameEndTwiceIsNoEventAndAnotherEndIsAnError) {
  ASSERT_TRUE(ledger.request(call(0, 60)));
  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::settled, 10)));

  const auto again = ledger.resolve(end(call(0, 60), Resolution::settled, 10));
  const auto other = ledger.resolve(end(call(0, 60), Resolution::settled, 11));

  EXPECT_TRUE(again);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::attempt_id_reused);
  EXPECT_EQ(ledger.balance(sweep).settled.usd, cents(10));
}

TEST_F(CreditLedgerTest, AnAttemptIdIsReservedOnlyOnce) {
  ASSERT_TRUE(ledger.request(call(0, 1)));

  EXPECT_EQ(ledger.request(call(0, 1)).error().code, Errc::attempt_id_reused);
  ASSERT_TRUE(ledger.resolve(end(call(0, 1), Resolution::voided)));
  EXPECT_EQ(ledger.request(call(0, 1)).error().code, Errc::attempt_id_reused);
}

TEST_F(CreditLedgerTest, RunsTakeTurnsWhenMoneyIsShort) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 100)));
  for (std::int32_t i = 1; i <= 3; ++i)
    ASSERT_EQ(*ledger.request(call(i, 10, 1)), Admission::queued);
  ASSERT_EQ(*ledger.request(call(9, 10, 2)), Admission::queued);

  ASSERT_TRUE(ledger.resolve(end(call(0, 100), Resolution::settled, 80)));
  const auto decided = ledger.admit_waiting(0);

  ASSERT_EQ(decided.size(), 2U);
  EXPECT_EQ(decided[0].reservation.owner.run, RunId{1});
  EXPECT_EQ(decided[1].reservation.owner.run, RunId{2});
}

TEST_F(CreditLedgerTest, ALargeCallOvertakenTooOftenBlocksTheSmallOnes) {
  QueueRules rules;
  rules.overtaken_max = 3;
  CreditLedger strict{permits, rules};
  Limit limit;
  limit.usd = cents(100);
  strict.set_limit({sweep, limit, "me", "test"});
  ASSERT_TRUE(strict.request(call(0, 50, 1)));
  ASSERT_EQ(*strict.request(call(1, 60, 2)), Admission::queued);

  // Small calls pass while the large one waits, until it was overtaken often.
  std::int32_t passed = 0;
  for (std::int32_t i = 2; i < 20; ++i) {
    auto small = call(i, 10, 3);
    const auto admission = strict.request(small);
    ASSERT_TRUE(admission);
    for (const auto& decision : strict.admit_waiting(0))
      passed += decision.refused ? 0 : 1;
  }

  EXPECT_EQ(strict.balance(sweep).reserved.usd, cents(100))
    << "small calls that fit at once are not held back by a waiting one";
  EXPECT_LE(passed, 3);
  ASSERT_TRUE(strict.resolve(end(call(0, 50, 1), Resolution::settled, 0)));
  const auto decided = strict.admit_waiting(0);
  ASSERT_FALSE(decided.empty());
}

TEST_F(CreditLedgerTest, AWithdrawnRequestIsForgotten) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));
  ASSERT_EQ(*ledger.request(call(1, 60, 2)), Admission::queued);

  EXPECT_TRUE(ledger.withdraw(call(1, 60, 2).attempt));
  EXPECT_FALSE(ledger.withdraw(call(1, 60, 2).attempt));
  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::voided)));

  EXPECT_TRUE(ledger.admit_waiting(0).empty());
}

TEST_F(CreditLedgerTest, AfterClosingEverybodyWhoWaitsIsToldWhy) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));
  ASSERT_EQ(*ledger.request(call(1, 60, 2)), Admission::queued);

  ledger.close_admissions({Errc::disk_failed, "no space"});
  const auto decided = ledger.admit_waiting(0);
  const auto later = ledger.request(call(2, 1));

  ASSERT_EQ(decided.size(), 1U);
  ASSERT_TRUE(decided[0].refused);
  EXPECT_EQ(decided[0].refused->code, Errc::disk_failed);
  EXPECT_EQ(later.error().code, Errc::disk_failed);
}

TEST_F(CreditLedgerTest, AReservationThatNeverBecameDurableLeavesNoTrace) {
  ASSERT_TRUE(ledger.request(call(0, 60)));

  ledger.forget(call(0, 60).attempt);

  EXPECT_EQ(ledger.balance(sweep), Balance{});
  EXPECT_EQ(ledger.open(), 0U);
}

TEST_F(CreditLedgerTest, ThresholdsAreToldOnce) {
  limit_sweep(100);
  for (std::int32_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(ledger.request(call(i, 40)));
    ASSERT_TRUE(ledger.resolve(end(call(i, 40), Resolution::settled, 40)));
  }

  const auto warnings = ledger.take_warnings();

  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].share, 5'000);
  EXPECT_EQ(warnings[1].share, 8'000);
  EXPECT_FALSE(warnings[0].asked);
  EXPECT_TRUE(ledger.take_warnings().empty());
}

TEST_F(CreditLedgerTest, SharesThatAreAskedForCountWhatIsSetAside) {
  ASSERT_TRUE(warn(100, {3'000, 9'000}));

  ASSERT_TRUE(ledger.request(call(0, 29)));
  EXPECT_TRUE(told().empty());
  ASSERT_TRUE(ledger.request(call(1, 1)));
  EXPECT_EQ(told(), (std::vector<std::int32_t>{3'000}));
  ASSERT_TRUE(ledger.resolve(end(call(0, 29), Resolution::settled, 2)));
  ASSERT_TRUE(ledger.request(call(2, 50)));
  EXPECT_TRUE(told().empty()) << "53 of 100, and a share is told once";
  ASSERT_TRUE(ledger.request(call(3, 40)));
  EXPECT_EQ(told(), (std::vector<std::int32_t>{9'000}));
}

TEST_F(CreditLedgerTest, SharesStayToldOverRepeatedCommands) {
  ASSERT_TRUE(warn(100, {5'000, 8'000}));
  ASSERT_TRUE(ledger.request(call(0, 60)));
  EXPECT_EQ(told(), (std::vector<std::int32_t>{5'000}));
  const auto ended = ledger.resolve(end(call(0, 60), Resolution::settled, 10));

  CreditLedger replayed{std::make_shared<PermitRegister>()};
  ASSERT_TRUE(replayed.apply(warning_fact(100, {5'000, 8'000})));
  ASSERT_TRUE(replayed.apply(call(0, 60)));
  ASSERT_TRUE(replayed.apply(*ended));
  EXPECT_FALSE(replayed.set_limit(warning_fact(100, {5'000, 8'000})));
  ASSERT_TRUE(replayed.request(call(1, 60)));

  EXPECT_TRUE(replayed.take_warnings().empty());
}

TEST_F(CreditLedgerTest, ARaisedLimitTellsAnewWhatItIsNoLongerPast) {
  ASSERT_TRUE(warn(100, {5'000, 8'000}));
  ASSERT_TRUE(ledger.request(call(0, 90)));
  EXPECT_EQ(told(), (std::vector<std::int32_t>{5'000, 8'000}));

  ASSERT_TRUE(warn(150, {5'000, 8'000})); // 60 %
  EXPECT_TRUE(told().empty());
  ASSERT_TRUE(ledger.request(call(1, 40)));
  EXPECT_EQ(told(), (std::vector<std::int32_t>{8'000}));
}

TEST_F(CreditLedgerTest, WhoeverAsksLateIsToldAtOnce) {
  limit_sweep(100);
  ASSERT_TRUE(ledger.request(call(0, 60)));
  ASSERT_TRUE(ledger.resolve(end(call(0, 60), Resolution::settled, 60)));
  EXPECT_EQ(told(), (std::vector<std::int32_t>{5'000})) << "to the log alone";

  ASSERT_TRUE(warn(100, {5'000, 8'000}));

  const auto warnings = ledger.take_warnings();
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].share, 5'000);
  EXPECT_TRUE(warnings[0].asked);
  EXPECT_EQ(warnings[0].account, sweep);
}

TEST_F(CreditLedgerTest, AModelsLimitIsItsOwnAndNotTheSweeps) {
  limit_sweep(100);
  const auto tiny = model_account(SweepId{9}, "openai/tiny");
  Limit limit;
  limit.usd = cents(30);
  ASSERT_TRUE(ledger.set_limit({tiny, limit, "me", "test"}));
  auto first = call(0, 20);
  auto second = call(1, 20);
  auto other = call(2, 20);
  other.model = "openai/large";

  ASSERT_TRUE(ledger.request(first));
  ASSERT_TRUE(ledger.resolve(end(first, Resolution::settled, 20)));
  const auto refused = ledger.request(second);
  const auto admitted = ledger.request(other);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::model_limit_exhausted);
  EXPECT_EQ(refused.error().context.rfind(
              "model:" + sweep.key + "/openai/tiny: settled $0.20", 0),
            0U)
    << refused.error().context;
  ASSERT_TRUE(admitted);
  EXPECT_EQ(ledger.balance(tiny).settled.usd, cents(20));
  EXPECT_EQ(ledger.balance(sweep).committed().usd, cents(40));
}

TEST_F(CreditLedgerTest, OfASweepAndAModelThatAreFullTheSweepIsTold) {
  limit_sweep(10);
  Limit limit;
  limit.usd = cents(10);
  ledger.set_limit(
    {model_account(SweepId{9}, "openai/tiny"), limit, "me", "test"});

  EXPECT_EQ(ledger.request(call(0, 20)).error().code,
            Errc::sweep_limit_exhausted);
}

TEST(Shares, AreShownInPercent) {
  EXPECT_EQ(share_text(8'000), "80 %");
  EXPECT_EQ(share_text(1'250), "12.5 %");
  EXPECT_EQ(share_text(3'333), "33.33 %");
  EXPECT_EQ(share_text(5), "0.05 %");
}

TEST(Accounts, OfModelsAreReadBackFromTheirNames) {
  const auto account = model_account(SweepId{9}, "ollama/llama3.1:8b");
  EXPECT_EQ(account_id_from(to_string(account)), account);
}

TEST_F(CreditLedgerTest, TheJournalRebuildsEveryBalance) {
  limit_sweep(100);
  const auto first = call(0, 20);
  const auto second = call(1, 30);
  ASSERT_TRUE(ledger.request(first));
  ASSERT_TRUE(ledger.request(second));
  const auto ended = ledger.resolve(end(first, Resolution::settled, 5));
  Limit limit;
  limit.usd = cents(100);

  CreditLedger replayed{std::make_shared<PermitRegister>()};
  ASSERT_TRUE(replayed.apply(LimitSet{sweep, limit, "me", "test"}));
  ASSERT_TRUE(replayed.apply(first));
  ASSERT_TRUE(replayed.apply(second));
  ASSERT_TRUE(replayed.apply(*ended));

  EXPECT_EQ(replayed.balance(sweep), ledger.balance(sweep));
  ASSERT_EQ(replayed.open_as_unknown().size(), 1U);
  EXPECT_EQ(replayed.open_as_unknown()[0].attempt, second.attempt);
  EXPECT_EQ(replayed.open_as_unknown()[0].charge, second.worst);
}

TEST_F(CreditLedgerTest, AJournalThatContradictsItselfIsRefused) {
  const auto reservation = call(0, 20);
  CreditLedger replayed{std::make_shared<PermitRegister>()};

  EXPECT_EQ(
    replayed.apply(end(reservation, Resolution::settled, 5)).error().code,
    Errc::journal_corrupt);
  ASSERT_TRUE(replayed.apply(reservation));
  EXPECT_EQ(replayed.apply(reservation).error().code, Errc::journal_corrupt);
  auto wrong = end(reservation, Resolution::unknown);
  wrong.charge = {cents(21), 1, 100};
  EXPECT_EQ(replayed.apply(wrong).error().code, Errc::journal_corrupt);
}

} // namespace
} // namespace lab::runtime
