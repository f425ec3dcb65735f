#include <csignal>
#include <functional>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "storage/journal.hpp"
#include "storage/workspace.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using testing::Story;

/// Facts until the disk is full, with a bound so that a test can fail.
constexpr int calls_max = 20'000;

class FullDisk : public testing::ScratchTest {
protected:
  /// Runs `body` in a process of its own, where files may grow to `bytes`, as
  /// on a disk that is full then.
  static void with_file_limit(rlim_t bytes, const std::function<bool()>& body) {
    const auto child = ::fork();
    if (child == 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{bytes, bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      ::_exit(body() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }

  static bool check(bool condition, const char* what) {
    if (!condition)
      std::fprintf(stderr, "not so: %s\n", what);
    return condition;
  }
};

TEST_F(FullDisk, AFailedCommitKeepsNothingAndClosesAdmissions) {
  with_file_limit(1 << 20, [&] {
    const Story story;
    auto journal = std::move(*Journal::open(at("ledger.db")));
    std::uint64_t acknowledged = 0;
    Error error;
    for (int i = 1; i <= calls_max && error.code == Errc::ok; ++i) {
      const auto done =
        journal->commit({{story.reserved(i, "decision", "council")}, {}});
      if (done)
        acknowledged = done->last_seq;
      else
        error = done.error();
    }
    const auto again =
      journal->commit({{story.reserved(0, "decision", "lines")}, {}});
    return check(error.code == Errc::disk_failed, "the disk failed")
           && check(error.context.find("ledger.db") != std::string::npos
                      && error.context.find("free at least")
                           != std::string::npos,
                    error.context.c_str())
           && check(journal->failed(), "the journal is failed")
           && check(!again && again.error().code == Errc::disk_failed,
                    "a later reservation is refused")
           && check(journal->last_seq() == acknowledged,
                    "nothing of the failed commit counts");
  });

  // The parent's disk has room: what was acknowledged is there, and no more.
  const auto report = Journal::verify(at("ledger.db"));
  EXPECT_TRUE(report.sound()) << ::testing::PrintToString(report.problems);
  EXPECT_GT(report.facts, 10u);
}

/// A file system of 8 MiB: 4 MiB are set aside, the rest fills up.
TEST_F(FullDisk, PaidCallsSettleInTheRoomThatWasSetAside) {
  if (::mount("lab", folder().c_str(), "tmpfs", 0, "size=8m") != 0)
    GTEST_SKIP() << "needs the right to mount a small file system";
  {
    std::ofstream{at("ledger.reserve")} << std::string(4 << 20, 'r');
    const Story story;
    auto journal = std::move(*Journal::open(at("ledger.db")));
    std::vector<CallReserved> paid;
    Result<Committed> done{};
    for (int i = 1; i <= calls_max && done; ++i) {
      const auto call = story.reserved(i, "decision", "council");
      done = journal->commit({{call}, {}});
      if (done)
        paid.push_back(call);
    }
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::disk_failed);
    ASSERT_GT(paid.size(), 100u);

    // One group, as JOURNAL would have it: settlements and a reservation.
    std::vector<CommitFacts> group;
    for (std::size_t i = 0; i < 100; ++i)
      group.push_back(story.bought(paid[i], 700));
    group.push_back({{story.reserved(0, "decision", "lines")}, {}});
    const auto settled = journal->commit_group(std::move(group));

    for (std::size_t i = 0; i < 100; ++i)
      EXPECT_TRUE(settled.answers[i]) << i;
    EXPECT_FALSE(settled.answers[100]) << "nobody spends on a full disk";
    EXPECT_EQ(settled.facts.size(), 100u);
    EXPECT_FALSE(std::filesystem::exists(at("ledger.reserve")));
    EXPECT_TRUE(journal->read_reply(paid[99].attempt));
  }

  const auto report = Journal::verify(at("ledger.db"));
  EXPECT_TRUE(report.sound()) << ::testing::PrintToString(report.problems);
  EXPECT_EQ(report.replies, 100u);
  ::umount(folder().c_str());
}

TEST_F(FullDisk, AWorkspaceThatCannotSetRoomAsideIsRefused) {
  with_file_limit(1 << 20, [&] {
    const auto workspace = Workspace::open(at("home"));
    return check(!workspace, "refused")
           && check(workspace.error().code == Errc::disk_failed, "disk_failed")
           && check(workspace.error().context.find("32 MiB")
                      != std::string::npos,
                    "the error names the amount");
  });
}

} // namespace

} // namespace lab::storage
