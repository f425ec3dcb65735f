#include <sqlite3.h>

#include "storage/journal.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

// Every way in which the file can be wrong is refused with its reason, and
// `verify` lists it. Nothing is ever repaired in silence.

namespace lab::storage {

namespace {

using testing::Story;

class JournalDamage : public testing::ScratchTest {
protected:
  JournalDamage() {
    const Story story;
    auto journal = std::move(*Journal::open(path()));
    const auto a = story.reserved(1, "decision", "council");
    const auto b = story.reserved(1, "decision", "lines");
    attempt = a.attempt;
    EXPECT_TRUE(journal->commit({{RunPlanned{story.spec()}, a, b}, {}}));
    EXPECT_TRUE(journal->commit(story.bought(a, 700)));
    EXPECT_TRUE(journal->commit(
      {{story.ended(b, Resolution::unknown),
        TurnCompleted{story.run(), story.turn(1)}, RunStarted{story.run()}},
       {}}));
  }

  std::string path() const { return at("ledger.db"); }

  /// Changes the file behind the journal's back.
  void change(const std::string& sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &connection), SQLITE_OK);
    char* error = nullptr;
    sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &error);
    EXPECT_EQ(error, nullptr) << error;
    sqlite3_free(error);
    sqlite3_close(connection);
  }

  /// The one value that a query gives.
  std::string value(const std::string& sql) {
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(path().c_str(), &connection), SQLITE_OK);
    std::string found;
    sqlite3_exec(
      connection, sql.c_str(),
      [](void* to, int, char** values, char**) {
        *static_cast<std::string*>(to) = values[0] == nullptr ? "" : values[0];
        return 0;
      },
      &found, nullptr);
    sqlite3_close(connection);
    return found;
  }

  /// As an earlier version would have written it: without accounts of models,
  /// the others numbered in their order.
  void make_older(const std::string& version) {
    change("DELETE FROM balances WHERE account LIKE 'model:%';"
           "UPDATE balances SET id = -(SELECT COUNT(*) FROM balances b WHERE "
           "b.id <= balances.id);"
           "UPDATE balances SET id = -id;"
           "PRAGMA user_version = "
           + version);
  }

  /// The reason why the journal is refused.
  std::string reason() {
    const auto journal = Journal::open(path());
    if (journal)
      return "(opened)";
    EXPECT_EQ(journal.error().code, Errc::journal_corrupt)
      << to_string(journal.error());
    EXPECT_NE(journal.error().context.find(path()), std::string::npos);
    return journal.error().context;
  }

  void expect_reason(const std::string& part) {
    EXPECT_NE(reason().find(part), std::string::npos) << reason();
    const auto report = Journal::verify(path());
    const bool listed =
      std::ranges::any_of(report.problems, [&](const std::string& problem) {
        return problem.find(part) != std::string::npos;
      });
    EXPECT_TRUE(listed) << ::testing::PrintToString(report.problems);
  }

  AttemptId attempt;
};

TEST_F(JournalDamage, AnUntouchedJournalIsSound) {
  const auto report = Journal::verify(path());

  EXPECT_TRUE(report.sound()) << ::testing::PrintToString(report.problems);
  EXPECT_EQ(report.facts, 7u);
  EXPECT_EQ(report.last_seq, 7u);
  EXPECT_EQ(report.replies, 1u);
  EXPECT_EQ(report.head.size(), 64u);
}

TEST_F(JournalDamage, OneChangedAmountIsFound) {
  change("UPDATE facts SET body = replace(body, '\"pico_usd\":700', "
         "'\"pico_usd\":701') WHERE seq = 4");

  expect_reason("fact 4: its hash");
}

TEST_F(JournalDamage, AFlippedBitInACompressedTurnIsFound) {
  change("UPDATE facts SET body = CAST(substr(body, 1, 20) || x'FF' || "
         "substr(body, 22) AS BLOB) WHERE kind = 9");

  EXPECT_NE(reason().find("fact 6: its hash"), std::string::npos) << reason();
}

TEST_F(JournalDamage, AChangedTimeKindOrHashIsFound) {
  change("UPDATE facts SET at = at + 1 WHERE seq = 2");
  expect_reason("fact 2: its hash");
  change("UPDATE facts SET at = at - 1 WHERE seq = 2");
  EXPECT_EQ(reason(), "(opened)");

  change("UPDATE facts SET kind = 4 WHERE seq = 7");
  expect_reason("fact 7: its hash");
  change("UPDATE facts SET kind = 8 WHERE seq = 7");

  change("UPDATE facts SET hash = zeroblob(32) WHERE seq = 3");
  expect_reason("fact 3: its hash 000000000000");
}

TEST_F(JournalDamage, ADeletedFactIsMissed) {
  change("DELETE FROM facts WHERE seq = 2");

  expect_reason("fact 2 is missing");
}

TEST_F(JournalDamage, DeletedLastFactsAreMissed) {
  change("DELETE FROM facts WHERE seq >= 6");

  expect_reason("the last fact is 5, but 7 were written");
}

TEST_F(JournalDamage, AnEditedBalanceIsFound) {
  change("UPDATE balances SET settled_usd = 0 WHERE account = 'global'");

  expect_reason("global settled: the balances table says 0 USD");
}

TEST_F(JournalDamage, AnEditedLimitIsFound) {
  change("UPDATE balances SET limit_usd = 1000000 WHERE account = 'global'");

  expect_reason("global limit");
}

TEST_F(JournalDamage, ADeletedAccountIsFound) {
  change("DELETE FROM balances WHERE id = (SELECT MAX(id) FROM balances)");

  expect_reason("the balances table has");
}

TEST_F(JournalDamage, AChangedReplyIsRefusedWhenItIsRead) {
  change("UPDATE replies SET body = CAST(substr(body, 1, 12) || x'00' || "
         "substr(body, 14) AS BLOB)");

  const auto journal = Journal::open(path());
  ASSERT_TRUE(journal) << "a reply is checked when it is needed";
  const auto reply = (*journal)->read_reply(attempt);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::journal_corrupt);
}

TEST_F(JournalDamage, VerifyMissesNoReply) {
  change("DELETE FROM replies");
  EXPECT_FALSE(Journal::verify(path()).sound());

  change("INSERT INTO replies VALUES(3, x'00')");
  const auto report = Journal::verify(path());
  EXPECT_EQ(report.problems.size(), 2u)
    << ::testing::PrintToString(report.problems);
}

TEST_F(JournalDamage, VerifyListsEveryProblemAtOnce) {
  change("UPDATE facts SET at = at + 1 WHERE seq IN (2, 5);"
         "UPDATE balances SET unknown_calls = 9 WHERE account = 'global'");

  const auto report = Journal::verify(path());

  EXPECT_EQ(report.problems.size(), 3u)
    << ::testing::PrintToString(report.problems);
}

TEST_F(JournalDamage, AnotherApplicationsFileIsRefusedByName) {
  change("PRAGMA application_id = 7");

  expect_reason("not a journal of Scenario Lab (application id 7");
}

TEST_F(JournalDamage, ANewerSchemaIsRefusedByName) {
  change("PRAGMA user_version = 4");

  expect_reason("written by a newer version of Scenario Lab (schema 4");
}

/// An older program must refuse the file by name, not by a key it cannot know.
TEST_F(JournalDamage, AnOlderSchemaIsReadAndRaisedOnceItIsOpened) {
  for (const auto* version : {"1", "2"}) {
    make_older(version);
    EXPECT_TRUE(Journal::verify(path()).sound());
    EXPECT_EQ(value("PRAGMA user_version"), version) << "verify writes nothing";

    ASSERT_TRUE(Journal::open(path()));

    EXPECT_EQ(value("PRAGMA user_version"), "3");
  }
}

TEST_F(JournalDamage, AnOlderFileGetsTheAccountsOfModelsFromItsFacts) {
  const auto before = Journal::open(path()).value()->balances();
  make_older("2");
  EXPECT_EQ(value("SELECT COUNT(*) FROM balances WHERE account LIKE 'model:%'"),
            "0");

  const auto after = Journal::open(path()).value()->balances();

  EXPECT_EQ(value("SELECT settled_usd || ' ' || unknown_calls FROM balances "
                  "WHERE account LIKE 'model:%/openai/gpt-4o-mini'"),
            "700 1");
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].account, before[i].account);
    EXPECT_EQ(after[i].balance, before[i].balance);
  }
  EXPECT_EQ(reason(), "(opened)") << "and it stays right";
  EXPECT_TRUE(Journal::verify(path()).sound());
}

TEST_F(JournalDamage, AnEditedBalanceOfAnOlderFileIsFound) {
  make_older("2");
  change("UPDATE balances SET settled_usd = 0 WHERE account = 'global'");

  expect_reason("global settled: the balances table says 0 USD");
  EXPECT_EQ(value("PRAGMA user_version"), "2") << "nothing was changed";
}

TEST_F(JournalDamage, AnEmptyFileIsRefused) {
  std::filesystem::resize_file(path(), 0);

  expect_reason("the file is empty");
}

TEST_F(JournalDamage, ATruncatedFileIsRefused) {
  std::filesystem::resize_file(path(), std::filesystem::file_size(path()) / 2);

  EXPECT_NE(reason(), "(opened)");
  EXPECT_FALSE(Journal::verify(path()).sound());
}

TEST_F(JournalDamage, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream{path(), std::ios::trunc} << std::string(8'192, 'x');

  EXPECT_NE(reason(), "(opened)");
}

/// Whatever byte changes, either the journal is refused or it says what it said
/// before: bytes in free space may be anything.
TEST_F(JournalDamage, NoByteChangesWhatTheJournalSaysUnnoticed) {
  const auto whole = read(path());
  const auto balances = (*Journal::open(path()))->balances();
  for (std::size_t i = 0; i < 300; ++i) {
    auto damaged = whole;
    const auto byte = i * 2'654'435'761U % whole.size();
    damaged[byte] = static_cast<char>(damaged[byte] ^ 1 << i % 8);
    std::ofstream{path(), std::ios::binary | std::ios::trunc} << damaged;

    const auto journal = Journal::open(path());

    if (!journal)
      continue;
    EXPECT_EQ((*journal)->last_seq(), 7u) << byte;
    const auto now = (*journal)->balances();
    ASSERT_EQ(now.size(), balances.size()) << byte;
    for (std::size_t k = 0; k < now.size(); ++k)
      EXPECT_EQ(now[k].balance, balances[k].balance) << byte;
  }
}

} // namespace

} // namespace lab::storage
