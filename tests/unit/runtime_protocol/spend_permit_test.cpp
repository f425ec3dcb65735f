#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/credit/credit_ledger.hpp"
#include "runtime/protocol/spend_permit.hpp"
#include "runtime/protocol/system.hpp"

namespace lab {
namespace {

/// Permits come from the one place that can make them: a real ledger.
class SpendPermitTest : public ::testing::Test {
protected:
  SpendPermit permit_for(std::int32_t ordinal) {
    CallReserved wanted;
    wanted.owner.run = RunId{7};
    wanted.place = {1, "decision", "eu", ordinal};
    wanted.attempt =
      attempt_id_of(call_key_of(wanted.owner.run, wanted.place), 1);
    wanted.worst = {Money{5'000'000}, 1, 100};
    wanted.at = 1'700'000'000'000;
    const auto admission = ledger.request(wanted);
    EXPECT_TRUE(admission);
    return ledger.permit(wanted.attempt);
  }

  static SpendPermit over_the_wire(SpendPermit permit) {
    std::vector<char> bytes;
    caf::binary_serializer sink{nullptr, bytes};
    EXPECT_EQ(sink(permit), caf::none);
    SpendPermit received;
    caf::binary_deserializer source{nullptr, bytes};
    EXPECT_EQ(source(received), caf::none);
    return received;
  }

  Errc refusal(const SpendPermit& permit) {
    const auto redeemed = permits->redeem(permit);
    return redeemed ? Errc::ok : redeemed.error().code;
  }

  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  runtime::CreditLedger ledger{permits};
};

TEST_F(SpendPermitTest, APermitOfTheLedgerIsRedeemedOnce) {
  const auto permit = permit_for(0);
  EXPECT_EQ(permits->open(), 1U);

  EXPECT_EQ(refusal(permit), Errc::ok);

  EXPECT_EQ(permits->open(), 0U);
  EXPECT_EQ(refusal(permit), Errc::permit_refused);
}

TEST_F(SpendPermitTest, ACopyDoesNotMakeItTwo) {
  const auto permit = permit_for(0);
  const auto copy = permit;

  EXPECT_EQ(refusal(copy), Errc::ok);
  EXPECT_EQ(refusal(permit), Errc::permit_refused);
}

TEST_F(SpendPermitTest, APermitThatTravelledIsTheSamePermit) {
  const auto permit = permit_for(0);
  const auto received = over_the_wire(permit);

  EXPECT_EQ(received.attempt(), permit.attempt());
  EXPECT_EQ(refusal(received), Errc::ok);
  EXPECT_EQ(refusal(permit), Errc::permit_refused);
}

TEST_F(SpendPermitTest, ADefaultPermitIsRefused) {
  permit_for(0);

  EXPECT_EQ(refusal(SpendPermit{}), Errc::permit_refused);
  EXPECT_EQ(refusal(over_the_wire(SpendPermit{})), Errc::permit_refused);
}

/// Writes a permit's fields, as a hostile sender could.
struct Forger {
  using result_type = caf::error;
  static constexpr bool reads_state = false;

  caf::error operator()(AttemptId& attempt, Charge& worst,
                        std::uint64_t& nonce) const {
    attempt = wanted_attempt;
    worst = Charge{Money{1'000'000'000}, 1, 1};
    if (wanted_nonce)
      nonce = *wanted_nonce;
    return caf::none;
  }

  AttemptId wanted_attempt;
  std::optional<std::uint64_t> wanted_nonce; // else: as it is
};

TEST_F(SpendPermitTest, AForgeryForAnOpenAttemptIsRefused) {
  const auto real = permit_for(0);

  for (std::uint64_t nonce = 0; nonce < 100'000; ++nonce) {
    SpendPermit forged;
    Forger forger{real.attempt(), nonce};
    inspect(forger, forged);
    ASSERT_EQ(forged.attempt(), real.attempt());

    ASSERT_EQ(refusal(forged), Errc::permit_refused) << nonce;
  }

  EXPECT_EQ(refusal(real), Errc::ok) << "a failed forgery costs nothing";
}

TEST_F(SpendPermitTest, ANonceOpensItsOwnAttemptAlone) {
  const auto first = permit_for(0);
  const auto second = permit_for(1);
  auto swapped = first;
  Forger renamer{second.attempt(), std::nullopt};

  inspect(renamer, swapped);

  EXPECT_EQ(refusal(swapped), Errc::permit_refused);
  EXPECT_EQ(permits->open(), 2U);
}

TEST_F(SpendPermitTest, ResolvingAnUnusedPermitTakesItBack) {
  const auto permit = permit_for(0);
  CallResolved end;
  end.attempt = permit.attempt();
  end.resolution = Resolution::voided;
  end.reason = "never_sent";

  ASSERT_TRUE(ledger.resolve(end));

  EXPECT_EQ(refusal(permit), Errc::permit_refused);
}

TEST_F(SpendPermitTest, ManyThreadsRedeemOnePermitOnce) {
  for (std::int32_t round = 0; round < 200; ++round) {
    const auto permit = permit_for(round);
    std::atomic<int> redeemed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back(
        [&] { redeemed += permits->redeem(permit).has_value() ? 1 : 0; });
    for (auto& thread : threads)
      thread.join();

    ASSERT_EQ(redeemed, 1);
  }
}

} // namespace
} // namespace lab
