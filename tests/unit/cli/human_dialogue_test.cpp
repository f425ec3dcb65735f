#include <deque>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "actors/people/desk_book.hpp"
#include "tools/cli/human_dialogue.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

/// A person who edits and answers by script, before a real book of questions.
class DialogueTest : public ::testing::Test {
protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{::testing::TempDir()} / "lab-dialogue" / info->name();
    fs::remove_all(folder_);
    asked_.id = AttemptId{Digest128{1, 1}};
    asked_.run = RunId{7};
    asked_.place = {3, "decision", "eu", 0};
    asked_.participant = "eu";
    asked_.kind = "decision";
    ASSERT_TRUE(book_.open(asked_));
  }
  void TearDown() override { fs::remove_all(folder_); }

  DialogueEnd talk() {
    DialogueHooks hooks;
    hooks.edit = [this](const std::string& path) -> Result<void> {
      path_ = path;
      ++edits_;
      seen_.push_back(read(path));
      if (edit_.empty())
        return {};
      auto next = std::move(edit_.front());
      edit_.pop_front();
      return next(path);
    };
    hooks.ask = [this](const std::string& prompt) {
      prompts_ += prompt;
      if (lines_.empty())
        return std::optional<std::string>{};
      auto line = std::optional{lines_.front()};
      lines_.pop_front();
      return line;
    };
    hooks.say = [this](const std::string& text) { said_ += text; };
    hooks.answer = [this](AttemptId id, const std::string& answer) {
      auto result = book_.answer(id, answer);
      if (result.answer)
        taken_ = result.answer->text;
      return result.verdict;
    };
    hooks.interrupted = [this] { return interrupted_; };
    return converse(asked_, folder_ / "forms", hooks);
  }

  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }

  /// Writes `words` under the label.
  void write(const std::string& label, const std::string& words) {
    edit_.push_back([label, words](const std::string& path) -> Result<void> {
      auto text = read(path);
      text.insert(text.find(label) + label.size(), "\n" + words);
      std::ofstream{path} << text;
      return {};
    });
  }

  fs::path folder_;
  OpenQuestion asked_;
  actors::DeskBook book_;
  std::deque<std::function<Result<void>(const std::string&)>> edit_;
  std::deque<std::string> lines_;
  bool interrupted_ = false;
  int edits_ = 0;
  std::string path_, prompts_, said_, taken_;
  std::vector<std::string> seen_; // what the editor showed
};

TEST_F(DialogueTest, AGoodFormIsTakenAndItsFileGone) {
  write("**ACTION:**", "We wait.");

  EXPECT_EQ(talk(), DialogueEnd::answered);

  EXPECT_NE(taken_.find("We wait."), std::string::npos);
  EXPECT_EQ(edits_, 1);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(DialogueTest, OnlyTheOwnerReadsAForm) {
  edit_.push_back([this](const std::string& path) -> Result<void> {
    struct stat file {
    }, folder{};
    EXPECT_EQ(stat(path.c_str(), &file), 0);
    EXPECT_EQ(stat((folder_ / "forms").c_str(), &folder), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0600U);
    EXPECT_EQ(folder.st_mode & 0777U, 0700U);
    return {};
  });

  talk();
}

TEST_F(DialogueTest, AnIncompleteFormComesBackWithItsProblemsOnTop) {
  write("**REASONING:**", "Hm, well.");
  write("**ACTION:**", "We wait.");

  EXPECT_EQ(talk(), DialogueEnd::answered);

  ASSERT_EQ(seen_.size(), 2U);
  EXPECT_TRUE(seen_[1].starts_with("#| !! ACTION: it is empty, but needed\n"))
    << seen_[1];
  EXPECT_NE(seen_[1].find("Hm, well."), std::string::npos);
  EXPECT_NE(taken_.find("Hm, well."), std::string::npos);
}

TEST_F(DialogueTest, AnUntouchedFormOffersTheWaysOut) {
  lines_ = {"q"};

  EXPECT_EQ(talk(), DialogueEnd::stopped);

  EXPECT_EQ(prompts_,
            "You wrote nothing new. [a]nswer, [p]ass to the model, [s]kip this "
            "time, [q]uit (the run can be resumed): ");
  EXPECT_EQ(book_.size(), 1U);
}

TEST_F(DialogueTest, WhoWantsToAnswerGetsTheFormAgain) {
  edit_.push_back([](const std::string&) -> Result<void> { return {}; });
  lines_ = {"a"};
  write("**ACTION:**", "We wait.");

  EXPECT_EQ(talk(), DialogueEnd::answered);
  EXPECT_EQ(edits_, 2);
}

TEST_F(DialogueTest, AQuestionCanBePassedOrSkipped) {
  lines_ = {"nonsense", "P"};
  EXPECT_EQ(talk(), DialogueEnd::answered);
  EXPECT_EQ(taken_, R"({"declined":"ai"})");

  asked_.id = AttemptId{Digest128{2, 2}};
  ASSERT_TRUE(book_.open(asked_));
  lines_ = {"skip"};
  EXPECT_EQ(talk(), DialogueEnd::answered);
  EXPECT_EQ(taken_, R"({"declined":"skip"})");
}

TEST_F(DialogueTest, TheEndOfInputStopsTheRun) {
  EXPECT_EQ(talk(), DialogueEnd::stopped);
}

TEST_F(DialogueTest, AnEditorThatNeverChangesAnythingDoesNotLoop) {
  write("**REASONING:**", "Hm, well."); // once, then the editor does nothing
  lines_ = {"q"};

  EXPECT_EQ(talk(), DialogueEnd::stopped);
  EXPECT_EQ(edits_, 2);
}

TEST_F(DialogueTest, WithoutAnEditorTheOtherWaysRemain) {
  edit_.push_back([](const std::string&) -> Result<void> {
    return fail(Errc::invalid_input, "there is no editor");
  });
  lines_ = {"s"};

  EXPECT_EQ(talk(), DialogueEnd::answered);

  EXPECT_EQ(taken_, R"({"declined":"skip"})");
  EXPECT_EQ(prompts_.find("[a]nswer"), std::string::npos);
  EXPECT_NE(said_.find("there is no editor"), std::string::npos);
}

TEST_F(DialogueTest, AnAnswerThatComesTooLateSaysSo) {
  write("**ACTION:**", "We wait.");
  book_.expire(asked_.id);

  EXPECT_EQ(talk(), DialogueEnd::closed);
  EXPECT_EQ(said_, "Your answer came too late: the deadline of this question "
                   "has passed\n");
}

TEST_F(DialogueTest, AnInterruptedFormIsTakenUpAgain) {
  write("**REASONING:**", "Hm, well.");
  edit_.push_back([this](const std::string&) -> Result<void> {
    interrupted_ = true;
    return {};
  });
  EXPECT_EQ(talk(), DialogueEnd::interrupted);
  interrupted_ = false;

  write("**ACTION:**", "We wait.");
  EXPECT_EQ(talk(), DialogueEnd::answered);

  EXPECT_NE(said_.find("Your unfinished answer is in the form."),
            std::string::npos);
  EXPECT_NE(taken_.find("Hm, well."), std::string::npos);
}

TEST_F(DialogueTest, AFinishedDraftCanBeHandedInAsItStands) {
  edit_.push_back([](const std::string&) -> Result<void> { return {}; });
  lines_ = {"q"};
  talk(); // learns the path
  std::ofstream{path_} << "**ACTION:** We wait.\n";
  edit_.push_back([](const std::string&) -> Result<void> { return {}; });
  lines_ = {"h"};

  EXPECT_EQ(talk(), DialogueEnd::answered);

  EXPECT_NE(prompts_.find("[h]and in what stands there"), std::string::npos);
  EXPECT_NE(taken_.find("We wait."), std::string::npos);
}

TEST_F(DialogueTest, ALinkInTheFormsPlaceIsNotFollowed) {
  fs::create_directories(folder_ / "forms");
  edit_.push_back([](const std::string&) -> Result<void> { return {}; });
  lines_ = {"q"};
  talk(); // learns the path
  fs::remove(path_);
  std::ofstream{folder_ / "victim"} << "precious";
  fs::create_symlink(folder_ / "victim", path_);
  lines_ = {"q"};

  EXPECT_EQ(talk(), DialogueEnd::stopped);
  EXPECT_EQ(read(folder_ / "victim"), "precious");
  EXPECT_NE(said_.find("The form cannot be opened"), std::string::npos);
}

} // namespace
} // namespace lab::tools
