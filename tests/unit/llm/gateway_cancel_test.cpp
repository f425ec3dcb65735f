#include "tests/unit/llm/gateway_fixture.hpp"

// A run is cancelled while its calls are at each of their steps.

namespace lab::llm::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(GatewayTest, ACancelledCallLeavesTheQueueForSlots) {
  lane->slots_held = true;
  const auto answer = issue(call_of(7));

  cancel(7);
  flush_lane();

  EXPECT_EQ(answer.code(), Errc::cancelled);
  EXPECT_TRUE(lane->sent.empty());
  expect_clean();
}

TEST_F(GatewayTest, ASlotGrantedAsItsCallIsCancelledIsGivenBack) {
  lane->slots_held = true;
  const auto answer = issue(call_of(7));

  // Both are on their way at once.
  caf::anon_send(lane_actor, caf::flush_atom_v);
  caf::anon_send(gateway, CancelRun{RunId{7}});
  run();

  EXPECT_EQ(answer.code(), Errc::cancelled);
  expect_clean();
}

TEST_F(GatewayTest, MoneySetAsideForACancelledCallIsGivenBack) {
  journal->held = true;
  const auto answer = issue(call_of(7));

  cancel(7);
  EXPECT_EQ(answer.code(), Errc::cancelled);
  journal->held = false;
  flush_journal();

  const auto ends = journal->all<CallResolved>();
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].resolution, Resolution::voided);
  EXPECT_EQ(ends[0].reason, "never_sent");
  EXPECT_TRUE(lane->sent.empty());
  expect_clean();
}

TEST_F(GatewayTest, ACancelledCallLeavesTheQueueForMoney) {
  limit_run(7, worst().usd + Money{1});
  lane->sends_held = true;
  issue(call_of(7, 1));
  const auto waiting = issue(call_of(7, 2));

  cancel(7);
  EXPECT_EQ(waiting.code(), Errc::cancelled);
  flush_lane();

  expect_clean();
}

TEST_F(GatewayTest, AGrantThatComesAfterTheWithdrawalIsGivenBack) {
  limit_run(7, worst().usd + Money{9'000});
  lane->sends_held = true;
  auto first = call_of(8, 1);
  issue(call_of(7, 1));
  const auto waiting = issue(call_of(7, 2));
  flush_journal();
  journal->held = true;
  flush_lane(); // the first ends; the reservation of the second is written
  EXPECT_FALSE(waiting.came());

  cancel(7);
  journal->held = false;
  flush_journal();

  EXPECT_EQ(waiting.code(), Errc::cancelled);
  EXPECT_EQ(journal->all<CallResolved>().back().reason, "never_sent");
  EXPECT_EQ(lane->sent.size(), 1u);
  expect_clean();
}

TEST_F(GatewayTest, MoneyThatWaitsForASlotIsGivenBackWhenItsRunIsCancelled) {
  limit_run(7, worst().usd + Money{9'000});
  lane->sends_held = true;
  issue(call_of(7, 1));
  const auto second = issue(call_of(7, 2));
  lane->slots_held = true;
  flush_lane();
  EXPECT_EQ(ledger->open(), 1u);

  cancel(7);

  EXPECT_EQ(second.code(), Errc::cancelled);
  expect_clean();
}

TEST_F(GatewayTest, ACancelledCallOnTheWireEndsAsItEndsAndIsSettled) {
  lane->sends_held = true;
  const auto answer = issue(call_of(7));

  cancel(7);
  EXPECT_FALSE(answer.came());
  flush_lane();

  EXPECT_TRUE(answer.ok());
  EXPECT_EQ(balance_of_run(7).settled.usd, Money{9'000});
}

TEST_F(GatewayTest, ACancelledCallIsNotTriedAgain) {
  lane->sends_held = true;
  lane->outcomes = {lost};
  const auto answer = issue(call_of(7));

  cancel(7);
  flush_lane();
  advance(1min);

  EXPECT_EQ(answer.code(), Errc::cancelled);
  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, ACallThatBacksOffCanBeCancelled) {
  lane->outcomes = {lost};
  const auto answer = issue(call_of(7));

  cancel(7);
  EXPECT_EQ(answer.code(), Errc::cancelled);
  advance(1min);

  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, ACancelledBuyerLeavesItsFlightToTheNextTwin) {
  lane->slots_held = true;
  const auto buyer = issue(call_of(7));
  const auto twin = issue(call_of(8));

  cancel(7);
  EXPECT_EQ(buyer.code(), Errc::cancelled);
  EXPECT_FALSE(twin.came());
  flush_lane();

  EXPECT_EQ(twin.value().source, AnswerSource::sent);
  expect_clean();
}

TEST_F(GatewayTest, ACancelledTwinLeavesTheOthers) {
  lane->sends_held = true;
  const auto buyer = issue(call_of(7));
  const auto cancelled = issue(call_of(8));
  const auto twin = issue(call_of(9));

  cancel(8);
  EXPECT_EQ(cancelled.code(), Errc::cancelled);
  flush_lane();

  EXPECT_TRUE(buyer.ok());
  EXPECT_EQ(twin.value().source, AnswerSource::shared);
}

TEST_F(GatewayTest, CancellingARunDoesNotBuyForItsTwins) {
  lane->slots_held = true;
  const auto buyer = issue(call_of(7));
  const auto twin = issue(call_of(7));

  cancel(7);

  EXPECT_EQ(buyer.code(), Errc::cancelled);
  EXPECT_EQ(twin.code(), Errc::cancelled);
  EXPECT_EQ(lane->acquired.size(), 1u);
}

TEST_F(GatewayTest, AReadingCallCanBeCancelled) {
  issue(call_of(7));
  const auto answer = ask_later<CallAnswer>(gateway, call_of(7));
  // Until GATEWAY has asked JOURNAL, and not further.
  while (!answer.came()
         && !scheduler.prioritize(caf::actor_cast<caf::actor>(journal_actor)))
    scheduler.run_once();
  caf::anon_send<caf::message_priority::high>(
    caf::actor_cast<caf::actor>(gateway), CancelRun{RunId{7}});
  scheduler.prioritize(caf::actor_cast<caf::actor>(gateway));

  run();

  EXPECT_EQ(answer.code(), Errc::cancelled);
}

TEST_F(GatewayTest, OtherRunsDoNotNotice) {
  lane->slots_held = true;
  auto other = call_of(8, 2);
  const auto mine = issue(call_of(7, 1));
  const auto theirs = issue(other);

  cancel(7);
  flush_lane();

  EXPECT_EQ(mine.code(), Errc::cancelled);
  EXPECT_TRUE(theirs.ok());
}

} // namespace
} // namespace lab::llm::testing
