#include <filesystem>
#include <set>

#include <unistd.h>

#include "storage/journal_actor.hpp"
#include "storage/projector_actor.hpp"
#include "storage/queries.hpp"
#include "tests/support/lab_test.hpp"
#include "tests/unit/storage/facts.hpp"

namespace lab::storage {

namespace {

using testing::Story;

class StorageActors : public lab::testing::LabTest {
protected:
  StorageActors() {
    auto pattern =
      (std::filesystem::temp_directory_path() / "lab-actors-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    journal = std::move(*Journal::open(folder + "/ledger.db"));
    projections = std::move(*Projections::open(folder + "/scenario-lab.db"));
    projector_handle = spawn(projector_actor, projections);
    journal_handle = spawn(journal_actor, journal, projector_handle);
  }
  ~StorageActors() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  std::string folder;
  std::shared_ptr<Journal> journal;
  std::shared_ptr<Projections> projections;
  ProjectorActor projector_handle;
  JournalActor journal_handle;
};

TEST_F(StorageActors, BatchesThatArriveTogetherAreOneCommitAndAllAreAnswered) {
  std::vector<lab::testing::Answer<Committed>> answers;
  for (std::uint64_t i = 1; i <= 40; ++i)
    answers.push_back(ask_later<Committed>(
      journal_handle, CommitFacts{{RunStarted{RunId{i}}}, {}}));
  run();

  std::set<std::uint64_t> numbers;
  for (const auto& answer : answers)
    numbers.insert(answer.value().last_seq);

  EXPECT_EQ(numbers.size(), 40u);
  EXPECT_EQ(*numbers.rbegin(), 40u);
  EXPECT_EQ(journal->last_seq(), 40u);
}

TEST_F(StorageActors, AVeryLargeBatchIsAnsweredToo) {
  CommitFacts batch;
  for (std::uint64_t i = 1; i <= 2'000; ++i)
    batch.facts.emplace_back(RunStarted{RunId{i}});

  EXPECT_EQ(ask<Committed>(journal_handle, batch).value().last_seq, 2'000u);
}

TEST_F(StorageActors, WhatIsCommittedReachesTheTablesBeforeAFlushIsAnswered) {
  const Story story;
  const auto call = story.reserved(1, "decision", "council");
  ASSERT_TRUE(ask<Committed>(
    journal_handle, CommitFacts{{RunPlanned{story.spec()}, call}, {}}));
  ASSERT_TRUE(ask<Committed>(journal_handle, story.bought(call, 700)));

  ASSERT_TRUE(ask<Done>(projector_handle, FlushProjections{}));

  EXPECT_EQ(projections->last_seq(), 3u);
  auto queries = Queries::open(folder + "/scenario-lab.db");
  EXPECT_EQ(queries->run(story.run())->row.spend.settled.usd, Money{700});
}

TEST_F(StorageActors, RepliesAreReadBack) {
  const Story story;
  const auto call = story.reserved(1, "decision", "council");
  const auto bought = story.bought(call, 700);
  ASSERT_TRUE(ask<Committed>(journal_handle, CommitFacts{{call}, {}}));
  ASSERT_TRUE(ask<Committed>(journal_handle, bought));

  const auto reply = ask<StoredReply>(journal_handle, ReadReply{call.attempt});
  const auto none = ask<StoredReply>(journal_handle, ReadReply{});

  EXPECT_EQ(reply.value().reply, bought.replies[0].reply);
  EXPECT_EQ(none.error().code, Errc::not_found);
}

TEST_F(StorageActors, AFlushWithoutFactsIsAnswered) {
  EXPECT_TRUE(ask<Done>(projector_handle, FlushProjections{}));
}

TEST_F(StorageActors, AnExitWritesWhatCameBeforeIt) {
  caf::anon_send(journal_handle, CommitFacts{{RunStarted{RunId{1}}}, {}});
  caf::anon_send_exit(journal_handle, caf::exit_reason::user_shutdown);
  run();
  caf::anon_send_exit(projector_handle, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(journal->last_seq(), 1u);
  EXPECT_EQ(projections->last_seq(), 1u);
}

} // namespace

} // namespace lab::storage
