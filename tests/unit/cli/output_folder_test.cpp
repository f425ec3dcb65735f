#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tools/cli/output_folder.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

class OutputFolderTest : public ::testing::Test {
protected:
  void SetUp() override { fs::remove_all(base_); }
  void TearDown() override { fs::remove_all(base_); }
  fs::path base_ = fs::path{::testing::TempDir()} / "lab-output";
};

TEST_F(OutputFolderTest, NumbersGoUpFromOne) {
  EXPECT_EQ(claim_run_folder(base_).value(), (base_ / "run-001").string());
  EXPECT_EQ(claim_run_folder(base_).value(), (base_ / "run-002").string());
}

TEST_F(OutputFolderTest, AGapIsNeverFilled) {
  fs::create_directories(base_ / "run-041");
  fs::create_directories(base_ / "notes");

  EXPECT_EQ(claim_run_folder(base_).value(), (base_ / "run-042").string());
}

TEST_F(OutputFolderTest, NoTwoClaimsGetTheSameFolder) {
  std::set<std::string> claimed;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto folder = claim_run_folder(base_).value();
        const std::lock_guard lock{mutex};
        claimed.insert(folder);
      }
    });
  for (auto& thread : threads)
    thread.join();

  EXPECT_EQ(claimed.size(), 100U);
}

TEST_F(OutputFolderTest, AFileInTheWayIsAnError) {
  fs::create_directories(base_);
  std::ofstream{base_ / "taken"} << "x";

  const auto folder = claim_run_folder(base_ / "taken");

  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, Errc::disk_failed);
}

} // namespace
} // namespace lab::tools
