#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/parse/reply_parsers.hpp"
#include "runtime/base/text.hpp"
#include "tests/unit/actors/reply_table.hpp"

namespace lab::actors {
namespace {

using lab::testing::one_line;
using lab::testing::read_replies;
using lab::testing::ReplyCase;

std::string expected(const ReplyCase& row, const std::string& field) {
  const auto found = row.expected.find(field);
  return found == row.expected.end() ? std::string{} : found->second;
}

/// True when the row wants a refusal, which is then checked.
template <class Value>
bool refused_as_expected(const ReplyCase& row, const Result<Value>& result) {
  const auto reason = expected(row, "invalid");
  if (reason.empty())
    return false;
  if (result) {
    ADD_FAILURE() << "was read though it is invalid";
    return true;
  }
  EXPECT_EQ(result.error().code, Errc::reply_invalid);
  EXPECT_THAT(result.error().context, ::testing::HasSubstr(reason));
  return true;
}

TEST(DecisionReply, IsReadInEveryFormOfTheTable) {
  const auto rows = read_replies("decisions.txt");
  ASSERT_GE(rows.size(), 60u);

  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto decision = parse_decision(row.reply);
    if (refused_as_expected(row, decision))
      continue;
    if (!decision) {
      ADD_FAILURE() << to_string(decision.error());
      continue;
    }
    EXPECT_EQ(one_line(decision->long_term_goals), expected(row, "long"));
    EXPECT_EQ(one_line(decision->short_term_priorities),
              expected(row, "short"));
    EXPECT_EQ(one_line(decision->reasoning), expected(row, "reasoning"));
    EXPECT_EQ(one_line(decision->action), expected(row, "action"));
    EXPECT_EQ(decision->raw, row.reply.text);
  }
}

TEST(WorldReply, IsReadInEveryFormOfTheTable) {
  const auto rows = read_replies("worlds.txt");
  ASSERT_GE(rows.size(), 15u);

  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto update = parse_world(row.reply);
    if (refused_as_expected(row, update))
      continue;
    if (!update) {
      ADD_FAILURE() << to_string(update.error());
      continue;
    }
    EXPECT_EQ(one_line(update->state), expected(row, "state"));
    EXPECT_EQ(one_line(update->key_changes), expected(row, "changes"));
    EXPECT_EQ(one_line(update->consequences), expected(row, "consequences"));
    EXPECT_EQ(update->raw, row.reply.text);
  }
}

Reply reply_of(std::string text) {
  Reply reply;
  reply.text = std::move(text);
  return reply;
}

std::string list_of(std::size_t count) {
  std::vector<std::string> entries(count, R"("goal")");
  return '[' + join(entries, ",") + ']';
}

TEST(DecisionReply, CutsEveryFieldAtItsCap) {
  const std::string huge(20'000, 'x');
  const auto reply = reply_of(
    R"({"goals":{"long_term":[")" + huge + R"("],"short_term":)" + list_of(50)
    + R"(},"reasoning":")" + huge + R"(","action":")" + huge + R"("})");

  const auto decision = parse_decision(reply);

  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->action.size(), action_chars_max);
  EXPECT_EQ(decision->reasoning.size(), reasoning_chars_max);
  EXPECT_EQ(decision->long_term_goals.at(0).size(), goal_chars_max);
  EXPECT_EQ(decision->short_term_priorities.size(), goals_max);
  EXPECT_EQ(decision->raw.size(), reply.text.size());
}

TEST(DecisionReply, CountsCharactersNotBytesAndCutsBetweenThem) {
  std::string umlauts;
  for (int i = 0; i < 3'000; ++i)
    umlauts += "\u00fc";

  const auto decision = parse_decision(reply_of("**ACTION:** " + umlauts));

  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->action.size(), 2 * action_chars_max);
  EXPECT_TRUE(is_utf8(decision->action));
}

TEST(WorldReply, CutsTheStateAtItsCap) {
  const auto update =
    parse_world(reply_of("**UPDATED STATE:** " + std::string(50'000, 'x')));

  ASSERT_TRUE(update);
  EXPECT_EQ(update->state.size(), world_chars_max);
}

TEST(DecisionReply, ARefusalIsNamedAsOne) {
  auto reply = reply_of("I cannot take part in this.");
  reply.finish = FinishReason::refusal;

  const auto decision = parse_decision(reply);

  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error().context, "the model declined to answer");
}

/// Replies made to be slow: the parsers must stay linear, or nearly so.
TEST(DecisionReply, HostileShapesAreReadInTimeAndRefused) {
  for (const std::string part :
       {"{", "[{", "{\"a\":", "**", "**a", "# ", "\n", ":", "{}", "* *", "- ",
        "\"", "\\", "<think>", "**ACTION\n", "{\"a\":{}} "}) {
    SCOPED_TRACE(part);
    std::string text;
    while (text.size() < 200'000)
      text += part;

    EXPECT_FALSE(parse_decision(reply_of(text)));
  }
}

} // namespace
} // namespace lab::actors
