#include <gmock/gmock.h>

#include "tests/unit/llm/gateway_fixture.hpp"

// A call's way from look-up to answer.

namespace lab::llm::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// --- One call ---------------------------------------------------------------

TEST_F(GatewayTest, ACallIsReservedSentAndSettledBeforeItIsAnswered) {
  const auto answer = issue(call_of(7)).value();

  EXPECT_EQ(answer.reply.text, "I agree.");
  EXPECT_EQ(answer.source, AnswerSource::sent);
  EXPECT_EQ(answer.charge, (Charge{Money{9'000}, 1, 70}));
  EXPECT_EQ(answer.latency_us, 1'234'567);
  ASSERT_EQ(journal->facts.size(), 3u);
  const auto& price = std::get<PriceRecorded>(journal->facts[0]);
  const auto& reserved = std::get<CallReserved>(journal->facts[1]);
  const auto& resolved = std::get<CallResolved>(journal->facts[2]);
  EXPECT_EQ(price.price_id, prices->route("fake/tiny")->price_id);
  EXPECT_THAT(price.row, HasSubstr("\"input_usd_per_mtok\":\"0.0001\""));
  EXPECT_EQ(reserved.attempt, answer.attempt);
  EXPECT_EQ(reserved.number, 1);
  EXPECT_EQ(reserved.model, "fake/tiny");
  EXPECT_EQ(reserved.provider, "fake");
  EXPECT_EQ(reserved.price_id, price.price_id);
  EXPECT_EQ(reserved.worst, worst());
  EXPECT_EQ(reserved.at, clock->now_ms());
  EXPECT_EQ(resolved.attempt, answer.attempt);
  EXPECT_EQ(resolved.resolution, Resolution::settled);
  EXPECT_EQ(resolved.charge, answer.charge);
  EXPECT_EQ(resolved.reply_hash, reply_hash_of(answer.reply));
  EXPECT_EQ(resolved.latency_ms, 1'234);
  EXPECT_THAT(told(),
              ElementsAre(EventKind::call_reserved, EventKind::call_settled));
  expect_clean();
}

TEST_F(GatewayTest, NobodyIsAnsweredBeforeTheEndIsDurable) {
  lane->sends_held = true;
  const auto answer = issue(call_of(7));
  journal->held = true;

  flush_lane();
  EXPECT_FALSE(answer.came());
  flush_journal();

  EXPECT_TRUE(answer.ok());
}

TEST_F(GatewayTest, NothingIsSentBeforeTheReservationIsDurable) {
  journal->held = true;
  const auto answer = issue(call_of(7));
  EXPECT_TRUE(lane->sent.empty());

  journal->held = false;
  flush_journal();

  EXPECT_EQ(lane->sent.size(), 1u);
  EXPECT_TRUE(answer.ok());
}

TEST_F(GatewayTest, NoMoneyIsHeldByThoseWhoWaitForASlot) {
  lane->slots_held = true;
  const auto answer = issue(call_of(7));
  EXPECT_EQ(ledger->open(), 0u);

  flush_lane();

  EXPECT_TRUE(answer.ok());
}

TEST_F(GatewayTest, APriceIsRecordedOnce) {
  issue(call_of(7, 1));
  issue(call_of(7, 2));

  EXPECT_EQ(journal->all<PriceRecorded>().size(), 1u);
}

TEST_F(GatewayTest, AModelWithoutPriceIsRefused) {
  auto call = call_of(7);
  call.request.model = "fake/unheard-of";

  EXPECT_EQ(issue(call).code(), Errc::model_not_priced);
  EXPECT_TRUE(lane->acquired.empty());
}

TEST_F(GatewayTest, AReplyThatCannotFitTheWindowIsRefused) {
  auto call = call_of(7);
  call.request.output_cap = 100'000;

  EXPECT_EQ(issue(call).code(), Errc::context_overflow);
  EXPECT_TRUE(lane->acquired.empty());
}

TEST_F(GatewayTest, AnUnreachableServerFailsTheCall) {
  lane->refuses = Error{Errc::provider_unreachable, "down"};

  EXPECT_EQ(issue(call_of(7)).code(), Errc::provider_unreachable);
  expect_clean();
}

// --- The journal ------------------------------------------------------------

TEST_F(GatewayTest, WhatTheJournalHoldsIsNotBoughtAgain) {
  const auto bought = issue(call_of(7)).value();

  const auto again = issue(call_of(7)).value();

  EXPECT_EQ(again.source, AnswerSource::journalled);
  EXPECT_EQ(again.reply, bought.reply);
  EXPECT_EQ(again.attempt, bought.attempt);
  EXPECT_EQ(again.charge, Charge{});
  EXPECT_EQ(lane->sent.size(), 1u);
  EXPECT_EQ(counts().journalled, 1);
}

TEST_F(GatewayTest, AnotherRunOfTheReplicateSharesAReply) {
  const auto bought = issue(call_of(7)).value();

  const auto shared = issue(call_of(8)).value();

  EXPECT_EQ(shared.source, AnswerSource::shared);
  EXPECT_EQ(shared.reply, bought.reply);
  EXPECT_EQ(shared.charge, Charge{});
  const auto facts = journal->all<CallShared>();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].run, RunId{8});
  EXPECT_EQ(facts[0].source, bought.attempt);
  EXPECT_EQ(issue(call_of(8)).value().source, AnswerSource::journalled);
}

TEST_F(GatewayTest, AnotherRequestAtKnownCoordinatesIsNotBought) {
  issue(call_of(7));

  const auto other = issue(call_of(7, 1, "Something else?"));

  EXPECT_EQ(other.code(), Errc::non_determinism);
  EXPECT_THAT(other.result().error().context, HasSubstr("messages.1"));
  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, CoordinatesInFlightAreKnownCoordinates) {
  lane->sends_held = true;
  const auto first = issue(call_of(7));

  const auto other = issue(call_of(7, 1, "Something else?"));
  flush_lane();

  EXPECT_EQ(other.code(), Errc::non_determinism);
  EXPECT_TRUE(first.ok());
}

TEST_F(GatewayTest, ABranchReadsItsParentsReplies) {
  issue(call_of(7));
  auto branch = call_of(8);
  branch.owner.scope = Digest128{9, 9};
  branch.inherit_from = RunId{7};

  EXPECT_EQ(issue(branch).value().source, AnswerSource::journalled);
  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, AReplayBuysNothing) {
  auto known = call_of(7, 1);
  auto fresh = call_of(7, 2);
  issue(known);
  known.replay = true;
  fresh.replay = true;

  EXPECT_EQ(issue(known).value().source, AnswerSource::journalled);
  EXPECT_EQ(issue(fresh).code(), Errc::not_journalled);
  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, AReplyThatCannotBeReadIsAnError) {
  issue(call_of(7));
  journal->unreadable = true;

  EXPECT_EQ(issue(call_of(7)).code(), Errc::not_found);
  EXPECT_EQ(lane->sent.size(), 1u) << "and never silently bought again";
}

TEST_F(GatewayTest, AttemptNumbersGoOnAfterARestart) {
  const auto call = call_of(7);
  CallReserved crashed;
  crashed.attempt = attempt_id_of(call_key_of(call.owner.run, call.place), 1);
  crashed.owner = call.owner;
  crashed.place = call.place;
  crashed.fingerprint = fingerprint_of(call.request);
  crashed.outline = outline_of(call.request);
  CallResolved unknown;
  unknown.attempt = crashed.attempt;
  index->apply(crashed);
  index->apply(unknown);

  const auto answer = issue(call);

  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(journal->all<CallReserved>().at(0).number, 2);
}

// --- Twins ------------------------------------------------------------------

TEST_F(GatewayTest, TwinsWaitForTheOneInFlight) {
  lane->sends_held = true;
  const auto first = issue(call_of(7));
  const auto second = issue(call_of(8));
  const auto third = issue(call_of(9));

  flush_lane();

  EXPECT_EQ(first.value().source, AnswerSource::sent);
  EXPECT_EQ(second.value().source, AnswerSource::shared);
  EXPECT_EQ(third.value().source, AnswerSource::shared);
  EXPECT_EQ(second.value().reply, first.value().reply);
  EXPECT_EQ(lane->sent.size(), 1u);
  EXPECT_EQ(journal->all<CallShared>().size(), 2u);
  EXPECT_EQ(balance_of_run(8).settled, Charge{});
}

TEST_F(GatewayTest, ARunThatAsksTwiceAtOnceSharesWithNobody) {
  lane->sends_held = true;
  const auto first = issue(call_of(7));
  const auto second = issue(call_of(7));

  flush_lane();

  EXPECT_EQ(first.value().source, AnswerSource::sent);
  EXPECT_EQ(second.value().source, AnswerSource::journalled);
  EXPECT_TRUE(journal->all<CallShared>().empty());
}

TEST_F(GatewayTest, WhenTheBuyerFailsTheNextTwinBuys) {
  lane->sends_held = true;
  lane->outcomes = {rejected, good_outcome()};
  const auto first = issue(call_of(7));
  const auto second = issue(call_of(8));
  const auto third = issue(call_of(9));

  flush_lane();
  EXPECT_EQ(first.code(), Errc::provider_refused);
  EXPECT_FALSE(second.came());
  flush_lane();

  EXPECT_EQ(second.value().source, AnswerSource::sent);
  EXPECT_EQ(third.value().source, AnswerSource::shared);
  EXPECT_EQ(lane->sent.size(), 2u);
}

TEST_F(GatewayTest, WhenEveryTwinFailsEachIsTold) {
  lane->slots_held = true;
  std::vector<Answer> answers;
  for (std::uint64_t run_id = 1; run_id <= 50; ++run_id)
    answers.push_back(issue(call_of(run_id)));
  lane->refuses = Error{Errc::provider_unreachable, "down"};

  cancel(1);

  EXPECT_EQ(answers[0].code(), Errc::cancelled);
  for (std::size_t i = 1; i < answers.size(); ++i)
    EXPECT_EQ(answers[i].code(), Errc::provider_unreachable);
  expect_clean();
}

// --- Money ------------------------------------------------------------------

TEST_F(GatewayTest, ACallThatCanNeverFitIsRefused) {
  limit_run(7, worst().usd - Money{1});

  EXPECT_EQ(issue(call_of(7)).code(), Errc::run_limit_exhausted);
  EXPECT_TRUE(lane->sent.empty());
  expect_clean();
}

TEST_F(GatewayTest, WhoWaitsForMoneyGivesTheSlotBack) {
  limit_run(7, worst().usd + Money{9'000});
  lane->sends_held = true;
  const auto first = issue(call_of(7, 1));
  const auto second = issue(call_of(7, 2));
  const auto waiting = lane->acquired.back().attempt;
  EXPECT_THAT(lane->released, ElementsAre(waiting));
  EXPECT_EQ(events->back().kind, EventKind::call_queued);

  flush_lane(); // the first settles below its worst case

  EXPECT_TRUE(first.ok());
  EXPECT_EQ(lane->acquired.back().attempt, waiting);
  EXPECT_TRUE(lane->acquired.back().urgent);
  flush_lane();
  EXPECT_TRUE(second.ok());
  expect_clean();
}

TEST_F(GatewayTest, AQueuedCallThatCanNoLongerFitIsRefused) {
  limit_run(7, worst().usd + Money{1});
  lane->sends_held = true;
  const auto first = issue(call_of(7, 1));
  const auto second = issue(call_of(7, 2));

  flush_lane();

  EXPECT_TRUE(first.ok());
  EXPECT_EQ(second.code(), Errc::run_limit_exhausted);
  expect_clean();
}

TEST_F(GatewayTest, MoneyThatCannotGetASlotIsGivenBack) {
  limit_run(7, worst().usd + Money{9'000});
  lane->sends_held = true;
  const auto first = issue(call_of(7, 1));
  const auto second = issue(call_of(7, 2));
  lane->refuses = Error{Errc::provider_unreachable, "down"};

  flush_lane();

  EXPECT_TRUE(first.ok());
  EXPECT_EQ(second.code(), Errc::provider_unreachable);
  EXPECT_EQ(journal->all<CallResolved>().back().resolution, Resolution::voided);
  expect_clean();
}

TEST_F(GatewayTest, AnUnknownEndIsChargedAtTheWorstCase) {
  lane->outcomes = {lost_for_good};

  EXPECT_EQ(issue(call_of(7)).code(), Errc::provider_failed);

  EXPECT_EQ(balance_of_run(7).unknown, worst());
  EXPECT_EQ(balance_of_run(7).settled, Charge{});
  expect_clean();
}

TEST_F(GatewayTest, AnUnknownEndIsTightenedByTheInputTheServerCounted) {
  auto cut = lost_for_good;
  cut.known_input = 5;
  lane->outcomes = {cut};

  issue(call_of(7));

  const auto charged = balance_of_run(7).unknown;
  EXPECT_EQ(charged,
            *runtime::worst_case_after(prices->route("fake/tiny")->price,
                                       request_of("What now?"), 5));
  EXPECT_LT(charged.usd, worst().usd);
}

TEST_F(GatewayTest, AReplyWithoutUsageIsChargedAtTheWorstCaseAndUsed) {
  auto bounded = good_outcome();
  bounded.resolution = Resolution::bounded;
  bounded.bill.reset();
  lane->outcomes = {bounded};

  const auto answer = issue(call_of(7)).value();

  EXPECT_EQ(answer.charge, worst());
  EXPECT_EQ(issue(call_of(7)).value().source, AnswerSource::journalled);
}

TEST_F(GatewayTest, AModelThatBilledTooMuchIsNotAskedAgain) {
  auto dear = good_outcome();
  dear.bill = worst().usd + Money{1};
  lane->outcomes = {dear};

  const auto first = issue(call_of(7, 1));
  const auto second = issue(call_of(7, 2));

  EXPECT_TRUE(first.ok()) << "what is paid for is used";
  EXPECT_TRUE(journal->all<CallResolved>().at(0).overrun);
  EXPECT_EQ(balance_of_run(7).settled.usd, *dear.bill);
  EXPECT_EQ(second.code(), Errc::provider_refused);
  EXPECT_THAT(second.result().error().context, HasSubstr("billed"));
  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, ADiskThatFailsFailsTheCall) {
  journal->broken = true;

  EXPECT_EQ(issue(call_of(7)).code(), Errc::disk_failed);
  EXPECT_TRUE(lane->sent.empty());
  EXPECT_EQ(lane->slots_out, 0u);
}

TEST_F(GatewayTest, AReplyThatCouldNotBeStoredIsNotHandedOut) {
  lane->sends_held = true;
  const auto answer = issue(call_of(7));
  journal->broken = true;

  flush_lane();

  EXPECT_EQ(answer.code(), Errc::disk_failed);
}

// --- Retries ----------------------------------------------------------------

TEST_F(GatewayTest, ARetryIsANewAttemptAfterTheServersPause) {
  auto asked_to_wait = rate_limited;
  asked_to_wait.retry_after_ms = 2'000;
  lane->outcomes = {asked_to_wait};
  const auto answer = issue(call_of(7));
  EXPECT_EQ(events->back().kind, EventKind::call_retried);
  expect_clean(); // neither slot nor money is held meanwhile

  advance(1'999ms);
  EXPECT_FALSE(answer.came());
  advance(501ms);

  EXPECT_TRUE(answer.ok());
  const auto reserved = journal->all<CallReserved>();
  ASSERT_EQ(reserved.size(), 2u);
  EXPECT_EQ(reserved[1].number, 2);
  EXPECT_NE(reserved[1].attempt, reserved[0].attempt);
  EXPECT_TRUE(lane->acquired.back().retry);
  EXPECT_EQ(counts().failed, 1);
  EXPECT_EQ(counts().sent, 2);
}

TEST_F(GatewayTest, AnAttemptAfterAReplyThatFailedSamplesAnotherOne) {
  lane->outcomes = {rate_limited, lost, good_outcome()};
  const auto answer = issue(call_of(7));
  advance(500ms);
  advance(1s);

  ASSERT_TRUE(answer.ok());
  ASSERT_EQ(lane->seeds.size(), 3u);
  EXPECT_EQ(lane->seeds[1], lane->seeds[0]) << "it was never sampled";
  EXPECT_NE(lane->seeds[2], lane->seeds[1]);
}

TEST_F(GatewayTest, ThereAreThreeAttemptsAtMost) {
  lane->outcomes = {lost, lost, lost, good_outcome()};

  const auto answer = issue(call_of(7));
  advance(500ms);
  EXPECT_EQ(lane->sent.size(), 2u);
  advance(1s);

  EXPECT_EQ(answer.code(), Errc::provider_failed);
  EXPECT_EQ(lane->sent.size(), 3u);
  EXPECT_EQ(balance_of_run(7).unknown.usd.pico_usd, 3 * worst().usd.pico_usd);
}

TEST_F(GatewayTest, WhoeverAsksAgainAfterAFailureDoesNotGetItsSeedsAgain) {
  lane->outcomes = {lost_for_good, good_outcome()};
  EXPECT_EQ(issue(call_of(7)).code(), Errc::provider_failed);

  EXPECT_TRUE(issue(call_of(7)).ok());

  ASSERT_EQ(lane->seeds.size(), 2u);
  EXPECT_NE(lane->seeds[1], lane->seeds[0]);
}

TEST_F(GatewayTest, WhatCannotGetBetterIsNotTriedAgain) {
  lane->outcomes = {rejected};

  EXPECT_EQ(issue(call_of(7)).code(), Errc::provider_refused);
  advance(1min);

  EXPECT_EQ(lane->sent.size(), 1u);
}

TEST_F(GatewayTest, NobodyWaitsLongerThanTwoMinutesForAServer) {
  auto tomorrow = rate_limited;
  tomorrow.retry_after_ms = 86'400'000;
  lane->outcomes = {tomorrow};

  EXPECT_EQ(issue(call_of(7)).code(), Errc::provider_overloaded);
}

TEST_F(GatewayTest, AModelInDoubtRests) {
  lane->outcomes = {lost_for_good, lost_for_good, lost_for_good, lost_for_good,
                    lost_for_good};
  for (std::int32_t turn = 1; turn <= 5; ++turn)
    EXPECT_EQ(issue(call_of(7, turn)).code(), Errc::provider_failed);

  EXPECT_EQ(issue(call_of(7, 6)).code(), Errc::provider_unknown);
  EXPECT_EQ(lane->sent.size(), 5u);
  clock->advance(30s);

  EXPECT_TRUE(issue(call_of(7, 6)).ok()) << "one probe, which succeeded";
  EXPECT_TRUE(issue(call_of(7, 7)).ok());
}

TEST_F(GatewayTest, AProbeThatGotNoMoneyLeavesItsPlace) {
  lane->outcomes = {lost_for_good, lost_for_good, lost_for_good, lost_for_good,
                    lost_for_good};
  for (std::int32_t turn = 1; turn <= 5; ++turn)
    issue(call_of(7, turn));
  clock->advance(30s);
  limit_run(8, Money{1});

  EXPECT_EQ(issue(call_of(8, 6)).code(), Errc::run_limit_exhausted);

  EXPECT_TRUE(issue(call_of(7, 6)).ok());
}

// --- The end ----------------------------------------------------------------

TEST_F(GatewayTest, StoppingAnswersEverybody) {
  issue(call_of(6, 9));
  lane->sends_held = true;
  const auto on_wire = issue(call_of(7));
  const auto twin = issue(call_of(8));
  lane->slots_held = true;
  const auto wants_slot = issue(call_of(7, 2));

  caf::anon_send_exit(gateway, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(on_wire.code(), Errc::shutting_down);
  EXPECT_EQ(twin.code(), Errc::shutting_down);
  EXPECT_EQ(wants_slot.code(), Errc::shutting_down);
}

TEST_F(GatewayTest, ALaneThatHasStoppedFailsTheCall) {
  caf::anon_send_exit(lane_actor, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(issue(call_of(7)).code(), Errc::shutting_down);
}

} // namespace
} // namespace lab::llm::testing
