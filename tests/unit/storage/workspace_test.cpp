#include <sys/stat.h>
#include <sys/wait.h>

#include "storage/workspace.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using WorkspaceTest = testing::ScratchTest;

TEST_F(WorkspaceTest, OpeningMakesTheFolderAndSetsRoomAside) {
  const auto workspace = Workspace::open(at("deep/inside"));

  ASSERT_TRUE(workspace) << to_string(workspace.error());
  const auto& paths = workspace->paths();
  EXPECT_EQ(std::filesystem::file_size(paths.reserve), 32u << 20U);
  EXPECT_EQ(paths.ledger, at("deep/inside/ledger.db"));
  const auto owner = owner_of(at("deep/inside"));
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->pid, ::getpid());
  EXPECT_TRUE(owner->this_boot);
}

TEST_F(WorkspaceTest, ASecondProcessIsRefusedAndToldThePid) {
  const auto workspace = Workspace::open(folder());
  ASSERT_TRUE(workspace);

  const auto child = ::fork();
  if (child == 0) {
    const auto second = Workspace::open(folder());
    const bool right =
      !second && second.error().code == Errc::held_elsewhere
      && second.error().context.find("process " + std::to_string(::getppid()))
           != std::string::npos;
    ::_exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(WorkspaceTest, ASecondOpeningInTheSameProcessIsRefusedToo) {
  const auto workspace = Workspace::open(folder());

  const auto second = Workspace::open(folder());

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::held_elsewhere);
}

TEST_F(WorkspaceTest, TheLockEndsWithItsOwner) {
  { const auto workspace = Workspace::open(folder()); }

  EXPECT_FALSE(owner_of(folder()));
  EXPECT_TRUE(Workspace::open(folder()));
}

TEST_F(WorkspaceTest, AKilledOwnerLeavesNothingToCleanUp) {
  const auto child = ::fork();
  if (child == 0) {
    const auto workspace = Workspace::open(folder());
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  EXPECT_FALSE(owner_of(folder()));
  EXPECT_TRUE(Workspace::open(folder()));
}

TEST_F(WorkspaceTest, NobodyOwnsAFolderThatIsNoWorkspace) {
  EXPECT_FALSE(owner_of(at("nowhere")));
}

TEST_F(WorkspaceTest, APathThatCannotBeAFolderIsRefusedByName) {
  std::ofstream{at("file")} << "x";

  const auto file = Workspace::open(at("file"));
  const auto below = Workspace::open(at("file/below"));

  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::disk_failed);
  EXPECT_NE(file.error().context.find(at("file")), std::string::npos);
  ASSERT_FALSE(below);
  EXPECT_EQ(below.error().code, Errc::disk_failed);
}

TEST_F(WorkspaceTest, AFolderThatCannotBeWrittenIsRefused) {
  // Root may write everywhere, so the folder is opened as nobody.
  constexpr uid_t nobody = 65'534;
  const auto user = ::geteuid();
  ASSERT_EQ(::chmod(folder().c_str(), 0555), 0);
  ASSERT_EQ(::seteuid(user == 0 ? nobody : user), 0);

  const auto workspace = Workspace::open(folder());

  ASSERT_EQ(::seteuid(user), 0);
  ASSERT_FALSE(workspace);
  EXPECT_EQ(workspace.error().code, Errc::disk_failed);
  EXPECT_NE(workspace.error().context.find("--home"), std::string::npos);
  ASSERT_EQ(::chmod(folder().c_str(), 0700), 0);
}

} // namespace

} // namespace lab::storage
