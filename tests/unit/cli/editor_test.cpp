#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/stat.h>

#include "tools/cli/editor.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

class EditorTest : public ::testing::Test {
protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{::testing::TempDir()} / "lab-editor" / info->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text = {}) {
    const auto path = (folder_ / name).string();
    std::ofstream{path} << text;
    return path;
  }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }
  static std::string chosen(std::map<std::string, std::string> variables) {
    return editor_of([&](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt
                                      : std::optional{found->second};
    });
  }
  std::string program(const std::string& name) {
    const auto path = file(name, "#!/bin/sh\n");
    chmod(path.c_str(), S_IRWXU);
    return folder_.string();
  }

  fs::path folder_;
};

TEST_F(EditorTest, IsTheOneThatPeopleName) {
  EXPECT_EQ(chosen({{"VISUAL", "code --wait"}, {"EDITOR", "ed"}}),
            "code --wait");
  EXPECT_EQ(chosen({{"VISUAL", " "}, {"EDITOR", "ed"}}), "ed");
}

TEST_F(EditorTest, IsElseTheFirstThatIsThere) {
  const auto folder = program("vi");
  EXPECT_EQ(chosen({{"PATH", "/nowhere:" + folder}}), "vi");
  program("nano");
  EXPECT_EQ(chosen({{"PATH", "/nowhere:" + folder}}), "nano");
  EXPECT_EQ(chosen({{"PATH", "/nowhere"}}), "");
}

TEST_F(EditorTest, GetsTheFileBehindItsOwnWords) {
  const auto path = file("a form's \"name\" $x.md", "old");

  const auto closed = Editor{"sed -i s/old/new/"}.open(path);

  EXPECT_TRUE(closed) << closed.error().context;
  EXPECT_EQ(read(path), "new");
}

TEST_F(EditorTest, ThatFailsSaysSo) {
  const auto closed = Editor{"false"}.open(file("form.md"));

  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().context, "`false` ended with status 1");
}

TEST_F(EditorTest, ThatIsNotThereSaysSo) {
  EXPECT_FALSE(Editor{"no-such-editor-here"}.open(file("form.md")));
  EXPECT_FALSE(Editor{""}.open(file("form.md")));
}

TEST_F(EditorTest, HearsSignalsThatTheProgramLeavesToItsWatch) {
  sigset_t signals;
  sigset_t before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  const auto path = file("form.md");

  const auto closed =
    Editor{"sh -c 'grep SigBlk /proc/self/status > \"$1\"' sh"}.open(path);

  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_TRUE(closed);
  EXPECT_EQ(read(path), "SigBlk:\t0000000000000000\n");
}

TEST_F(EditorTest, EndsWhenTheWorkDoes) {
  const auto path = file("form.md");
  Editor editor{"sh -c 'touch \"$1.open\"; exec sleep 600' sh"};

  std::thread person{[&] { EXPECT_TRUE(editor.open(path)); }};
  while (!fs::exists(path + ".open"))
    std::this_thread::yield();
  editor.end();
  person.join();

  EXPECT_TRUE(editor.open(path)); // and is not opened again
}

} // namespace
} // namespace lab::tools
