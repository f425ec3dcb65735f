#include <gtest/gtest.h>

#include "llm/reply_index.hpp"
#include "tests/unit/llm/calls.hpp"

namespace lab::llm {
namespace {

using testing::call_of;
using testing::owner_of;
using testing::request_of;

CallReserved reserved(const IssueCall& call, std::int32_t number = 1) {
  CallReserved fact;
  fact.attempt = attempt_id_of(call_key_of(call.owner.run, call.place), number);
  fact.number = number;
  fact.owner = call.owner;
  fact.place = call.place;
  fact.fingerprint = fingerprint_of(call.request);
  fact.outline = outline_of(call.request);
  return fact;
}

CallResolved resolved(AttemptId attempt, Resolution how) {
  CallResolved fact;
  fact.attempt = attempt;
  fact.resolution = how;
  if (how == Resolution::settled || how == Resolution::bounded)
    fact.reply_hash = reply_hash_of(Reply{});
  return fact;
}

class ReplyIndexTest : public ::testing::Test {
protected:
  Found look_up(const IssueCall& call) {
    return index.look_up(call, fingerprint_of(call.request));
  }
  AttemptId journal(const IssueCall& call, Resolution how,
                    std::int32_t number = 1) {
    const auto start = reserved(call, number);
    index.apply(start);
    index.apply(resolved(start.attempt, how));
    return start.attempt;
  }

  ReplyIndex index;
};

TEST_F(ReplyIndexTest, KnowsNothingOfACallNobodyMade) {
  EXPECT_EQ(look_up(call_of(7)).kind, Found::Kind::absent);
}

TEST_F(ReplyIndexTest, FindsARunsOwnReply) {
  const auto attempt = journal(call_of(7), Resolution::settled);

  const auto found = look_up(call_of(7));

  EXPECT_EQ(found.kind, Found::Kind::journalled);
  EXPECT_EQ(found.attempt, attempt);
}

TEST_F(ReplyIndexTest, AReplyWithoutTrustedUsageIsAReply) {
  journal(call_of(7), Resolution::bounded);

  EXPECT_EQ(look_up(call_of(7)).kind, Found::Kind::journalled);
}

TEST_F(ReplyIndexTest, AttemptsWithoutAReplyAreNoHit) {
  journal(call_of(7), Resolution::voided, 1);
  journal(call_of(7), Resolution::unknown, 2);
  index.apply(reserved(call_of(7), 3));

  EXPECT_EQ(look_up(call_of(7)).kind, Found::Kind::absent);
}

TEST_F(ReplyIndexTest, CountsAttemptsThatAServerLeftInDoubtAndNoOthers) {
  const auto call = call_of(7);
  const auto key = call_key_of(call.owner.run, call.place);
  EXPECT_EQ(index.doubted(key), 0);

  journal(call, Resolution::voided, 1);
  journal(call, Resolution::unknown, 2);
  const auto cut_off = reserved(call, 3);
  index.apply(cut_off);
  auto crash = resolved(cut_off.attempt, Resolution::unknown);
  crash.reason = "crash";
  index.apply(crash);
  journal(call, Resolution::unknown, 4);

  EXPECT_EQ(index.doubted(key), 2);
  EXPECT_EQ(index.doubted(call_key_of(RunId{8}, call.place)), 0);
}

TEST_F(ReplyIndexTest, ASettlementWithoutAReplyIsNoHit) {
  const auto call = call_of(7);
  const auto start = reserved(call);
  index.apply(start);
  auto end = resolved(start.attempt, Resolution::settled);
  end.reply_hash = Digest256{};
  index.apply(end);

  EXPECT_EQ(look_up(call).kind, Found::Kind::absent);
}

TEST_F(ReplyIndexTest, ATwinInTheSameScopeShares) {
  const auto attempt = journal(call_of(7), Resolution::settled);

  const auto found = look_up(call_of(8));

  EXPECT_EQ(found.kind, Found::Kind::shared);
  EXPECT_EQ(found.attempt, attempt);
}

TEST_F(ReplyIndexTest, AnotherReplicateDoesNotShare) {
  journal(call_of(7), Resolution::settled);
  auto other = call_of(8);
  other.owner.scope = Digest128{9, 9};

  EXPECT_EQ(look_up(other).kind, Found::Kind::absent);
}

TEST_F(ReplyIndexTest, AnotherPlaceDoesNotShare) {
  journal(call_of(7, 1), Resolution::settled);

  EXPECT_EQ(look_up(call_of(8, 2)).kind, Found::Kind::absent);
}

TEST_F(ReplyIndexTest, ASharedReplyIsTheRunsOwnAfterwards) {
  const auto attempt = journal(call_of(7), Resolution::settled);
  const auto call = call_of(8);
  index.apply(CallShared{call.owner.run, call.place,
                         fingerprint_of(call.request), attempt});

  EXPECT_EQ(look_up(call).kind, Found::Kind::journalled);
  EXPECT_EQ(look_up(call_of(8, 1, "Something else?")).kind,
            Found::Kind::non_determinism);
}

TEST_F(ReplyIndexTest, AnotherRequestAtKnownCoordinatesNamesTheField) {
  journal(call_of(7), Resolution::settled);

  const auto text = look_up(call_of(7, 1, "Something else?"));
  auto capped = call_of(7);
  capped.request.output_cap = 50;
  const auto cap = look_up(capped);

  EXPECT_EQ(text.kind, Found::Kind::non_determinism);
  EXPECT_EQ(text.difference, "messages.1");
  EXPECT_EQ(cap.kind, Found::Kind::non_determinism);
  EXPECT_EQ(cap.difference, "output_cap");
}

TEST_F(ReplyIndexTest, CoordinatesBelongToTheFirstRequestBeforeItsReply) {
  const auto call = call_of(7);
  index.begin_attempt(call_key_of(call.owner.run, call.place),
                      fingerprint_of(call.request), outline_of(call.request));

  EXPECT_EQ(look_up(call).kind, Found::Kind::absent);
  EXPECT_EQ(look_up(call_of(7, 1, "Something else?")).kind,
            Found::Kind::non_determinism);
}

TEST_F(ReplyIndexTest, ABranchReadsItsParent) {
  const auto attempt = journal(call_of(7), Resolution::settled);
  auto branch = call_of(8);
  branch.owner.scope = Digest128{9, 9};
  branch.inherit_from = RunId{7};

  const auto found = look_up(branch);

  EXPECT_EQ(found.kind, Found::Kind::journalled);
  EXPECT_EQ(found.attempt, attempt);
}

TEST_F(ReplyIndexTest, ABranchThatAsksItsParentsQuestionsOtherwiseIsStopped) {
  journal(call_of(7), Resolution::settled);
  auto branch = call_of(8, 1, "Something else?");
  branch.inherit_from = RunId{7};

  EXPECT_EQ(look_up(branch).kind, Found::Kind::non_determinism);
}

TEST_F(ReplyIndexTest, ABranchBuysWhatItsParentNeverAsked) {
  auto branch = call_of(8);
  branch.inherit_from = RunId{7};

  EXPECT_EQ(look_up(branch).kind, Found::Kind::absent);
}

TEST_F(ReplyIndexTest, AttemptNumbersGoOnOverRestarts) {
  const auto call = call_of(7);
  journal(call, Resolution::unknown, 1);
  journal(call, Resolution::voided, 2);
  const auto key = call_key_of(call.owner.run, call.place);
  const auto fingerprint = fingerprint_of(call.request);

  EXPECT_EQ(index.begin_attempt(key, fingerprint, {}), 3);
  EXPECT_EQ(index.begin_attempt(key, fingerprint, {}), 4);
}

TEST_F(ReplyIndexTest, RemembersWhichPricesAreJournalled) {
  index.apply(PriceRecorded{"p-1", "{}"});

  EXPECT_TRUE(index.knows_price("p-1"));
  EXPECT_FALSE(index.knows_price("p-2"));

  index.forget_price("p-1");

  EXPECT_FALSE(index.knows_price("p-1"));
}

} // namespace
} // namespace lab::llm
