#include <gtest/gtest.h>

#include "actors/people/desk_book.hpp"

namespace lab::actors {
namespace {

AttemptId id_of(std::uint64_t number) {
  return AttemptId{Digest128{number, number}};
}

OpenQuestion question(std::uint64_t number, std::uint64_t run = 1,
                      std::int32_t turn = 1) {
  OpenQuestion out;
  out.id = id_of(number);
  out.run = RunId{run};
  out.place = {turn, "decision", "eu", 0};
  out.participant = "eu";
  out.kind = "decision";
  return out;
}

using State = AnswerVerdict::State;
const std::string good = R"({"action":"Waits."})";

TEST(DeskBook, TheFirstGoodAnswerWins) {
  DeskBook book;
  ASSERT_TRUE(book.open(question(1)));

  const auto first = book.answer(id_of(1), good);
  const auto second = book.answer(id_of(1), R"({"action":"Attacks."})");

  EXPECT_EQ(first.verdict.state, State::taken);
  ASSERT_TRUE(first.answer);
  EXPECT_NE(first.answer->text.find("Waits."), std::string::npos);
  EXPECT_EQ(second.verdict.state, State::closed);
  EXPECT_FALSE(second.answer);
  EXPECT_EQ(second.verdict.problems,
            std::vector<std::string>{
              "this question was answered already; the first answer counts"});
}

TEST(DeskBook, ABadAnswerLeavesTheQuestionOpen) {
  DeskBook book;
  ASSERT_TRUE(book.open(question(1)));

  const auto bad = book.answer(id_of(1), "{}");

  EXPECT_EQ(bad.verdict.state, State::invalid);
  EXPECT_FALSE(bad.verdict.problems.empty());
  EXPECT_EQ(book.answer(id_of(1), good).verdict.state, State::taken);
}

TEST(DeskBook, AfterTheDeadlineNobodyAnswers) {
  DeskBook book;
  ASSERT_TRUE(book.open(question(1)));

  EXPECT_TRUE(book.expire(id_of(1)));

  const auto late = book.answer(id_of(1), good);
  EXPECT_EQ(late.verdict.state, State::closed);
  EXPECT_EQ(late.verdict.problems[0],
            "the deadline of this question has passed");
}

TEST(DeskBook, ADeadlineAfterTheAnswerChangesNothing) {
  DeskBook book;
  ASSERT_TRUE(book.open(question(1)));
  book.answer(id_of(1), good);

  EXPECT_FALSE(book.expire(id_of(1)));
  EXPECT_FALSE(book.withdraw(id_of(1)));
}

TEST(DeskBook, AWithdrawnQuestionTakesNoAnswer) {
  DeskBook book;
  ASSERT_TRUE(book.open(question(1)));

  EXPECT_TRUE(book.withdraw(id_of(1)));

  EXPECT_EQ(book.answer(id_of(1), good).verdict.problems[0],
            "this question was withdrawn; resume its run to be asked again");
  EXPECT_EQ(book.size(), 0U);
}

TEST(DeskBook, AnAnswerToNoQuestionSaysSo) {
  DeskBook book;

  const auto verdict = book.answer(id_of(9), good).verdict;

  EXPECT_EQ(verdict.state, State::closed);
  EXPECT_EQ(verdict.problems[0], "there is no such question");
}

TEST(DeskBook, QuestionsAreListedByRunAndPlaceHoweverTheyCame) {
  DeskBook book;
  ASSERT_TRUE(book.open(question(1, 2, 1)));
  ASSERT_TRUE(book.open(question(2, 1, 3)));
  ASSERT_TRUE(book.open(question(3, 1, 2)));

  const auto all = book.questions(RunId{});
  const auto of_one = book.questions(RunId{1});

  ASSERT_EQ(all.open.size(), 3U);
  EXPECT_EQ(all.open[0].id, id_of(3));
  EXPECT_EQ(all.open[1].id, id_of(2));
  EXPECT_EQ(all.open[2].id, id_of(1));
  EXPECT_EQ(of_one.open.size(), 2U);
}

TEST(DeskBook, AQuestionOfAnUnknownKindIsNotOpened) {
  DeskBook book;
  auto odd = question(1);
  odd.kind = "metric";

  const auto opened = book.open(odd);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::invalid_input);
  EXPECT_EQ(book.size(), 0U);
}

TEST(DeskBook, ThousandsOfQuestionsAreForgottenInTheEnd) {
  DeskBook book;
  for (std::uint64_t i = 1; i <= 2'000; ++i) {
    ASSERT_TRUE(book.open(question(i)));
    book.answer(id_of(i), good);
  }

  EXPECT_EQ(book.answer(id_of(1), good).verdict.problems[0],
            "there is no such question");
  EXPECT_EQ(book.answer(id_of(2'000), good).verdict.problems[0],
            "this question was answered already; the first answer counts");
}

} // namespace
} // namespace lab::actors
