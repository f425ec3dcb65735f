#include <sys/wait.h>

#include "storage/journal.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using testing::Story;

class JournalTest : public testing::ScratchTest {
protected:
  std::string path() const { return at("ledger.db"); }

  std::unique_ptr<Journal> open(const FactVisitor& visit = {}) {
    auto journal = Journal::open(path(), visit, clock);
    EXPECT_TRUE(journal) << to_string(journal.error());
    return journal ? std::move(*journal) : nullptr;
  }

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
};

std::vector<std::size_t> kinds_of(const std::vector<JournalledFact>& facts) {
  std::vector<std::size_t> kinds;
  for (const auto& fact : facts)
    kinds.push_back(fact.fact.index());
  return kinds;
}

TEST_F(JournalTest, ANewJournalIsEmptyAndSound) {
  {
    const auto journal = open();
    EXPECT_EQ(journal->last_seq(), 0u);
    EXPECT_TRUE(journal->balances().empty());
    EXPECT_FALSE(journal->failed());
  }

  const auto report = Journal::verify(path());

  EXPECT_TRUE(report.sound());
  EXPECT_EQ(report.facts, 0u);
}

TEST_F(JournalTest, WhatWasCommittedIsThereAfterReopening) {
  const Story story;
  const auto call = story.reserved(1, "decision", "council");
  {
    const auto journal = open();
    const auto first = journal->commit({{call, RunStarted{story.run()}}, {}});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->last_seq, 2u);
    clock->advance(std::chrono::milliseconds{5});
    ASSERT_TRUE(journal->commit(story.bought(call, 700)));
  }

  std::vector<JournalledFact> seen;
  const auto journal = open([&](const JournalledFact& fact) -> Result<void> {
    seen.push_back(fact);
    return {};
  });

  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].seq, 1u);
  EXPECT_EQ(seen[2].seq, 3u);
  EXPECT_EQ(seen[2].at - seen[0].at, 5);
  EXPECT_EQ(std::get<CallReserved>(seen[0].fact).worst, call.worst);
  EXPECT_EQ(std::get<CallResolved>(seen[2].fact).charge.usd, Money{700});
  EXPECT_EQ(journal->last_seq(), 3u);
}

TEST_F(JournalTest, RepliesComeBackAndUnknownAttemptsDoNot) {
  const Story story;
  const auto call = story.reserved(1, "decision", "council");
  const auto failed = story.reserved(1, "decision", "lines");
  const auto bought = story.bought(call, 700);
  {
    const auto journal = open();
    ASSERT_TRUE(journal->commit({{call, failed}, {}}));
    ASSERT_TRUE(journal->commit(bought));
    ASSERT_TRUE(
      journal->commit({{story.ended(failed, Resolution::unknown)}, {}}));
    EXPECT_EQ(journal->read_reply(call.attempt)->reply,
              bought.replies[0].reply);
  }

  const auto journal = open();
  const auto again = journal->read_reply(call.attempt);
  const auto never = journal->read_reply(failed.attempt);

  ASSERT_TRUE(again);
  EXPECT_EQ(again->reply, bought.replies[0].reply);
  EXPECT_EQ(again->attempt, call.attempt);
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, Errc::not_found);
}

TEST_F(JournalTest, BalancesAreTheSumOfTheFactsBeforeAndAfterReopening) {
  const Story story;
  const auto call = story.reserved(1, "decision", "council");
  const auto open_call = story.reserved(1, "decision", "lines", 5'000);
  LimitSet limit{{AccountKind::global, ""}, {Money{9'000}, {}, {}}, "me", ""};
  std::vector<AccountBalance> before;
  {
    const auto journal = open();
    ASSERT_TRUE(journal->commit({{limit, call, open_call}, {}}));
    ASSERT_TRUE(journal->commit(story.bought(call, 700)));
    before = journal->balances();
  }

  const auto after = open()->balances();

  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].account, before[i].account);
    EXPECT_EQ(after[i].balance, before[i].balance);
  }
  EXPECT_EQ(after[0].account, (AccountId{AccountKind::global, ""}));
  EXPECT_EQ(after[0].balance.settled.usd, Money{700});
  EXPECT_EQ(after[0].balance.reserved.usd, Money{5'000});
  EXPECT_EQ(after[0].balance.limit.usd, Money{9'000});
}

TEST_F(JournalTest, AReadingOfCallsLeavesTheLargeFactsOut) {
  const Story story;
  const auto call = story.reserved(1, "decision", "council");
  const auto journal = open();
  ASSERT_TRUE(
    journal->commit({{RunPlanned{story.spec()}, RunStarted{story.run()}, call,
                      TurnCompleted{story.run(), story.turn(1)}},
                     {}}));
  std::vector<JournalledFact> all;
  std::vector<JournalledFact> calls;
  std::vector<JournalledFact> plans;
  const auto into = [](std::vector<JournalledFact>& list) {
    return [&list](const JournalledFact& fact) -> Result<void> {
      list.push_back(fact);
      return {};
    };
  };

  ASSERT_TRUE(journal->replay(1, into(all)));
  ASSERT_TRUE(journal->replay(1, into(calls), Reading::calls));
  ASSERT_TRUE(journal->replay(1, into(plans), Reading::plans));

  EXPECT_EQ(kinds_of(all), (std::vector<std::size_t>{6, 7, 0, 8}));
  EXPECT_EQ(kinds_of(calls), (std::vector<std::size_t>{7, 0}));
  EXPECT_EQ(kinds_of(plans), (std::vector<std::size_t>{6}));
  const auto& run = std::get<RunPlanned>(all[0].fact).spec;
  EXPECT_EQ(run.scenario->name, "Veddan Strait Ferry Concession");
  EXPECT_EQ(run.scenario->participants.size(), 3u);
  EXPECT_EQ(std::get<TurnCompleted>(all[3].fact).record.decisions.at(0).action,
            "Ask for 23:30.");
  std::vector<JournalledFact> last;
  ASSERT_TRUE(journal->replay(4, into(last)));
  EXPECT_EQ(kinds_of(last), (std::vector<std::size_t>{8}));
}

TEST_F(JournalTest, RunsOfOneScenarioStoreItOnce) {
  {
    const auto journal = open();
    for (std::uint64_t run = 1; run <= 50; ++run) {
      auto spec = Story{run}.spec();
      ScenarioSpec scenario = *spec.scenario;
      for (int i = 0; i < 5'000; ++i)
        scenario.description += std::to_string(i * 7'919);
      spec.scenario = share(std::move(scenario));
      ASSERT_TRUE(journal->commit({{RunPlanned{spec}}, {}}));
    }
  }

  EXPECT_LT(std::filesystem::file_size(path()), 100'000u);
}

TEST_F(JournalTest, AVisitorsErrorIsTheResultOfOpening) {
  {
    const auto journal = open();
    ASSERT_TRUE(journal->commit({{RunStarted{RunId{1}}}, {}}));
  }

  const auto refused = Journal::open(
    path(), [](const JournalledFact&) { return fail(Errc::internal, "no"); });

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{Errc::internal, "no"}));
}

TEST_F(JournalTest, AGroupIsAnsweredBatchByBatchInOneNumbering) {
  const auto journal = open();
  std::vector<CommitFacts> group(3);
  group[0].facts = {RunStarted{RunId{1}}, RunStarted{RunId{2}}};
  group[2].facts = {RunStarted{RunId{3}}};

  const auto done = journal->commit_group(std::move(group));

  ASSERT_EQ(done.answers.size(), 3u);
  EXPECT_EQ(done.answers[0]->last_seq, 2u);
  EXPECT_EQ(done.answers[1]->last_seq, 2u);
  EXPECT_EQ(done.answers[2]->last_seq, 3u);
  ASSERT_EQ(done.facts.size(), 3u);
  for (std::uint64_t i = 0; i < 3; ++i)
    EXPECT_EQ(done.facts[i].seq, i + 1);
  EXPECT_EQ(std::get<RunStarted>(done.facts[2].fact).run, RunId{3});
}

TEST_F(JournalTest, AClockSetBackDoesNotTurnTheJournalBack) {
  const auto journal = open();
  ASSERT_TRUE(journal->commit({{RunStarted{RunId{1}}}, {}}));
  clock->advance(std::chrono::milliseconds{-60'000});
  ASSERT_TRUE(journal->commit({{RunStarted{RunId{2}}}, {}}));

  std::vector<UnixMs> times;
  ASSERT_TRUE(journal->replay(1, [&](const JournalledFact& x) -> Result<void> {
    times.push_back(x.at);
    return {};
  }));

  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0], times[1]);
}

TEST_F(JournalTest, ASecondProcessIsRefused) {
  const auto journal = open();
  ASSERT_TRUE(journal->commit({{RunStarted{RunId{1}}}, {}}));

  const auto child = ::fork();
  if (child == 0) {
    const auto second = Journal::open(path());
    ::_exit(!second && second.error().code == Errc::held_elsewhere ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_EQ(status, 0);
}

TEST_F(JournalTest, ASecondJournalInThisProcessIsRefusedToo) {
  const auto journal = open();

  const auto second = Journal::open(path());

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::held_elsewhere);
}

/// A writer is killed at each step of its commits in turn. Whatever the step,
/// the journal holds whole batches: all of one or nothing of it.
TEST_F(JournalTest, AProcessKilledAtAnyStepLeavesWholeBatches) {
  bool survived = false;
  int kills = 0;
  for (int step = 1; !survived; ++step) {
    std::filesystem::remove(path());
    const auto child = ::fork();
    if (child == 0) {
      ::setenv("SCENARIO_LAB_KILL_AT", std::to_string(step).c_str(), 1);
      ::execl(LAB_JOURNAL_WRITER, LAB_JOURNAL_WRITER, path().c_str(), nullptr);
      ::_exit(2);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    survived = WIFEXITED(status);
    kills += WIFSIGNALED(status) ? 1 : 0;

    const auto journal = open();
    ASSERT_NE(journal, nullptr) << "step " << step;
    const auto facts = journal->last_seq();
    EXPECT_TRUE(facts == 0 || facts == 2 || facts == 3 || facts == 4) << facts;
    if (survived) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      EXPECT_EQ(facts, 4u);
    }
  }
  EXPECT_EQ(kills, 1 + 3 * 4) << "creation, and four steps of three commits";
}

} // namespace

} // namespace lab::storage
