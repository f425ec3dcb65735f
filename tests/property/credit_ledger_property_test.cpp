// Random commands against the real ledger and against a reference that is too
// simple to be wrong: it keeps every attempt in one list and adds them up anew
// each time it is asked.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "runtime/credit/credit_ledger.hpp"
#include "tests/support/seeds.hpp"

namespace lab::runtime {
namespace {

enum class State { waiting, reserved, ended, gone };

struct Known {
  CallReserved call;
  std::set<AccountId> accounts;
  State state = State::gone;
  Resolution resolution = Resolution::voided;
  Charge charge;
};

struct Reference {
  std::map<AttemptId, Known> attempts;
  std::map<AccountId, Limit> limits;
  Money provider_bill; // what a hostile provider really charged

  static bool touches(const Known& known, const AccountId& account) {
    return known.accounts.contains(account);
  }

  Balance balance(const AccountId& account) const {
    Balance sum;
    for (const auto& [id, known] : attempts) {
      if (!touches(known, account))
        continue;
      if (known.state == State::reserved)
        sum.reserved += known.call.worst;
      if (known.state != State::ended)
        continue;
      if (known.resolution == Resolution::settled)
        sum.settled += known.charge;
      else if (known.resolution != Resolution::voided)
        sum.unknown += known.charge;
    }
    return sum;
  }
};

class Walk {
public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    limit({AccountKind::global, ""}, 600);
    limit({AccountKind::sweep, to_string(SweepId{1})}, 400);
    limit({AccountKind::run, to_string(RunId{1})}, 150);
    limit(model_account(SweepId{1}, "x/a"), 200);
  }

  void step() {
    switch (below(10)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return request();
    case 4:
    case 5:
    case 6:
      return resolve();
    case 7:
      return withdraw();
    case 8:
      return below(20) == 0 ? change_limit() : resolve();
    default:
      return below(30) == 0 ? crash() : request();
    }
  }

  /// Ends everything; then nothing may be held, and nobody may wait.
  void drain() {
    while (ledger_->open() > 0)
      resolve();
    EXPECT_EQ(ledger_->waiting(), 0U) << "somebody waits for nothing";
    for (const auto& [account, ceiling] : reference_.limits)
      EXPECT_EQ(ledger_->balance(account).reserved, Charge{});
  }

  void check() const {
    for (const auto& [account, ceiling] : reference_.limits) {
      const auto real = ledger_->balance(account);
      const auto wanted = reference_.balance(account);
      ASSERT_EQ(real.settled, wanted.settled) << to_string(account);
      ASSERT_EQ(real.unknown, wanted.unknown) << to_string(account);
      ASSERT_EQ(real.reserved, wanted.reserved) << to_string(account);
    }
    const auto all = ledger_->balance({AccountKind::global, ""}).committed();
    ASSERT_LE(reference_.provider_bill, all.usd)
      << "billed more than settled + unknown + reserved";
  }

private:
  std::uint64_t below(std::uint64_t count) { return random_() % count; }

  void limit(AccountId account, std::int64_t usd) {
    Limit ceiling;
    ceiling.usd = Money{usd};
    const LimitSet fact{account, ceiling, "me", "walk"};
    ledger_->set_limit(fact);
    journal_.emplace_back(fact);
    reference_.limits[account] = ceiling;
  }

  void change_limit() {
    limit({AccountKind::sweep, to_string(SweepId{1})},
          static_cast<std::int64_t>(200 + below(400)));
    admit();
  }

  /// Whatever was just admitted must fit every limit, all in.
  void admitted(const CallReserved& call) {
    reference_.attempts[call.attempt].state = State::reserved;
    journal_.emplace_back(call);
    (void)ledger_->permit(call.attempt);
    for (const auto& [account, ceiling] : reference_.limits) {
      if (!Reference::touches(reference_.attempts[call.attempt], account))
        continue;
      EXPECT_TRUE(fits(reference_.balance(account).committed(), ceiling))
        << "admitted above the limit of " << to_string(account);
    }
  }

  void request() {
    CallReserved call;
    call.owner.run = RunId{1 + below(5)};
    call.owner.sweep = SweepId{1};
    call.owner.point = "p";
    call.owner.user = "me";
    call.place.ordinal = ++ordinal_;
    call.provider = "x";
    call.model = below(3) == 0 ? "x/a" : "x/b";
    call.attempt = attempt_id_of(call_key_of(call.owner.run, call.place), 1);
    call.worst = {Money{static_cast<std::int64_t>(1 + below(120))}, 1, 10};
    const auto ids =
      accounts_of(call.owner, call.place, call.provider, call.model, 0);
    Known known;
    known.call = call;
    known.accounts = {ids.begin(), ids.end()};
    reference_.attempts[call.attempt] = known;
    const auto admission = ledger_->request(call);
    if (!admission)
      return;
    if (*admission == CreditLedger::Admission::queued)
      reference_.attempts[call.attempt].state = State::waiting;
    else
      admitted(call);
  }

  void resolve() {
    std::vector<AttemptId> open;
    for (const auto& [id, known] : reference_.attempts)
      if (known.state == State::reserved)
        open.push_back(id);
    if (open.empty())
      return;
    auto& known = reference_.attempts[open[below(open.size())]];
    CallResolved end;
    end.attempt = known.call.attempt;
    end.resolution = static_cast<Resolution>(1 + below(4));
    const auto worst = known.call.worst.usd.pico_usd;
    const Money bill{
      static_cast<std::int64_t>(below(static_cast<std::uint64_t>(worst) + 1))};
    end.charge = {bill, 1, 5};
    const auto ended = ledger_->resolve(end);
    ASSERT_TRUE(ended);
    known.state = State::ended;
    known.resolution = end.resolution;
    known.charge = ended->charge;
    if (end.resolution != Resolution::voided)
      reference_.provider_bill += bill;
    journal_.emplace_back(*ended);
    admit();
  }

  void withdraw() {
    for (auto& [id, known] : reference_.attempts) {
      if (known.state != State::waiting)
        continue;
      EXPECT_TRUE(ledger_->withdraw(id));
      known.state = State::gone;
      return admit();
    }
  }

  void admit() {
    for (const auto& decision : ledger_->admit_waiting(0)) {
      if (decision.refused)
        reference_.attempts[decision.reservation.attempt].state = State::gone;
      else
        admitted(decision.reservation);
    }
  }

  /// kill -9: all memory is gone, the journal is not.
  void crash() {
    ledger_ =
      std::make_unique<CreditLedger>(std::make_shared<PermitRegister>());
    for (const auto& fact : journal_)
      ASSERT_TRUE(ledger_->apply(fact));
    for (const auto& end : ledger_->open_as_unknown()) {
      ASSERT_TRUE(ledger_->apply(end));
      journal_.emplace_back(end);
      auto& known = reference_.attempts[end.attempt];
      known.state = State::ended;
      known.resolution = Resolution::unknown;
      known.charge = end.charge;
      // The provider may have answered after all.
      reference_.provider_bill += Money{static_cast<std::int64_t>(
        below(static_cast<std::uint64_t>(end.charge.usd.pico_usd) + 1))};
    }
    for (auto& [id, known] : reference_.attempts)
      if (known.state == State::waiting)
        known.state = State::gone;
  }

  std::mt19937_64 random_;
  std::unique_ptr<CreditLedger> ledger_ =
    std::make_unique<CreditLedger>(std::make_shared<PermitRegister>());
  Reference reference_;
  std::vector<Fact> journal_;
  std::int32_t ordinal_ = 0;
};

TEST(CreditLedgerProperty, AgreesWithTheReferenceAndNeverPassesALimit) {
  for (const auto seed : testing::seeds(200)) {
    Walk walk{seed};
    for (int i = 0; i < 120; ++i) {
      walk.step();
      walk.check();
      ASSERT_FALSE(::testing::Test::HasFailure()) << testing::replay_hint(seed);
    }
    walk.drain();
    ASSERT_FALSE(::testing::Test::HasFailure()) << testing::replay_hint(seed);
  }
}

} // namespace
} // namespace lab::runtime
