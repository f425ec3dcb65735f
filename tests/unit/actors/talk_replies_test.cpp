#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/parse/declined.hpp"
#include "actors/parse/names.hpp"
#include "actors/parse/talk_replies.hpp"
#include "runtime/base/text.hpp"
#include "tests/unit/actors/reply_table.hpp"

namespace lab::actors {
namespace {

using lab::testing::one_line;
using lab::testing::read_replies;
using lab::testing::ReplyCase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string expected(const ReplyCase& row, const std::string& field) {
  const auto found = row.expected.find(field);
  return found == row.expected.end() ? std::string{} : found->second;
}

/// Reads every row of a table; `compare` looks at those that could be read.
template <class Value, class Compare>
void check_table(const std::string& file, std::size_t rows_min,
                 Result<Value> (*parse)(const Reply&), Compare compare) {
  const auto rows = read_replies(file);
  ASSERT_GE(rows.size(), rows_min);
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto value = parse(row.reply);
    const auto reason = expected(row, "invalid");
    if (!reason.empty()) {
      ASSERT_FALSE(value) << "was read though it is invalid";
      EXPECT_EQ(value.error().code, Errc::reply_invalid);
      EXPECT_THAT(value.error().context, ::testing::HasSubstr(reason));
      continue;
    }
    if (!value) {
      ADD_FAILURE() << to_string(value.error());
      continue;
    }
    compare(row, *value);
  }
}

const char* yes_no(bool value) { return value ? "yes" : "no"; }

TEST(TalkOfferReply, IsReadInEveryFormOfTheTable) {
  check_table("talk_offers.txt", 30, parse_talk_offer,
              [](const auto& row, const auto& offer) {
                EXPECT_EQ(yes_no(offer.initiate), expected(row, "initiate"));
                EXPECT_EQ(offer.target, expected(row, "target"));
                EXPECT_EQ(one_line(offer.message), expected(row, "message"));
                EXPECT_EQ(one_line(offer.reasoning),
                          expected(row, "reasoning"));
              });
}

TEST(TalkAnswerReply, IsReadInEveryFormOfTheTable) {
  check_table("talk_answers.txt", 15, parse_talk_answer,
              [](const auto& row, const auto& answer) {
                EXPECT_EQ(one_line(answer.response), expected(row, "response"));
                EXPECT_EQ(one_line(answer.notes), expected(row, "notes"));
              });
}

TEST(CoalitionProposalReply, IsReadInEveryFormOfTheTable) {
  check_table("coalition_proposals.txt", 15, parse_coalition_proposal,
              [](const auto& row, const auto& proposal) {
                EXPECT_EQ(yes_no(proposal.propose), expected(row, "propose"));
                EXPECT_EQ(one_line(proposal.members), expected(row, "members"));
                EXPECT_EQ(one_line(proposal.purpose), expected(row, "purpose"));
                EXPECT_EQ(one_line(proposal.reasoning),
                          expected(row, "reasoning"));
              });
}

TEST(CoalitionAnswerReply, IsReadInEveryFormOfTheTable) {
  check_table("coalition_answers.txt", 25, parse_coalition_answer,
              [](const auto& row, const auto& answer) {
                EXPECT_EQ(yes_no(answer.accepted), expected(row, "accepted"));
                EXPECT_EQ(one_line(answer.response), expected(row, "response"));
                EXPECT_EQ(one_line(answer.notes), expected(row, "notes"));
              });
}

TEST(CoalitionWordReply, IsReadInEveryFormOfTheTable) {
  check_table("coalition_words.txt", 10, parse_coalition_word,
              [](const auto& row, const auto& word) {
                EXPECT_EQ(one_line(word.message), expected(row, "message"));
              });
}

Reply reply_of(std::string text) {
  Reply reply;
  reply.text = std::move(text);
  return reply;
}

TEST(TalkReplies, EveryFieldIsCutAtItsCap) {
  const auto huge = json_quote(std::string(20'000, 'x'));

  const auto offer = parse_talk_offer(
    reply_of(R"({"initiate":true,"target":)" + huge + R"(,"message":)" + huge
             + R"(,"reasoning":)" + huge + "}"));
  const auto answer = parse_talk_answer(
    reply_of(R"({"response":)" + huge + R"(,"internal_notes":)" + huge + "}"));
  std::string names = huge;
  for (int i = 0; i < 200; ++i)
    names += "," + huge;
  const auto proposal = parse_coalition_proposal(reply_of(
    R"({"propose":true,"members":[)" + names + R"(],"purpose":)" + huge + "}"));

  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->target.size(), name_chars_max);
  EXPECT_EQ(offer->message.size(), message_chars_max);
  EXPECT_EQ(offer->reasoning.size(), reasoning_chars_max);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->response.size(), message_chars_max);
  EXPECT_EQ(answer->notes.size(), notes_chars_max);
  ASSERT_TRUE(proposal);
  EXPECT_EQ(proposal->members.size(), members_max);
  EXPECT_EQ(proposal->members[0].size(), name_chars_max);
  EXPECT_EQ(proposal->purpose.size(), purpose_chars_max);
}

/// Replies made to be slow: the parsers must stay linear, or nearly so.
TEST(TalkReplies, HostileShapesAreReadInTime) {
  for (const std::string part :
       {"{", "[{", "{\"initiate\":", "**MESSAGE", "# ", "\n", ":", "accept ",
        "not ", "\u2019", "yes/", "<think>", "**DECISION:** "}) {
    SCOPED_TRACE(part);
    std::string text = "**DECISION:** ";
    while (text.size() < 200'000)
      text += part;

    EXPECT_FALSE(parse_talk_offer(reply_of(text)));
    EXPECT_FALSE(parse_coalition_proposal(reply_of(text)));
    static_cast<void>(parse_coalition_answer(reply_of(text)));
  }
}

TEST(DeclinedIn, KnowsTheThreeWaysAndNothingElse) {
  EXPECT_EQ(declined_in(R"({"declined":"timeout"})"), Declined::timeout);
  EXPECT_EQ(declined_in(R"( {"declined" : "ai"} )"), Declined::ai);
  EXPECT_EQ(declined_in(R"({"declined":"skip"})"), Declined::skip);
  for (const auto* other :
       {"", "skip", R"({"declined":"later"})", R"({"declined":true})",
        R"({"declined":"ai","action":"We sign."})", R"(["declined","ai"])"})
    EXPECT_FALSE(declined_in(other)) << other;
}

ScenarioSpec harbour() {
  ScenarioSpec scenario;
  const std::vector<std::pair<const char*, const char*>> names{
    {"isle", "The Isle"},    {"trade-ministry", "Ministry of Trade, Industry"},
    {"line", "Nordic Line"}, {"twin_a", "The Twin"},
    {"twin_b", "The Twin"},  {"both", "Kiel and Oslo"}};
  for (const auto& [id, name] : names) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = name;
    scenario.participants.push_back(participant);
  }
  return scenario;
}

TEST(ParticipantNamed, ForgivesCaseBlanksQuotesAndTheArticle) {
  const auto scenario = harbour();
  for (const auto* name :
       {"The Isle", "the isle", " ISLE ", "\"The Isle\"", "**The Isle**",
        "isle", "The Isle.", "The  Isle", "The Isle (isle)", "[The Isle]"})
    EXPECT_EQ(participant_named(scenario, name), "isle") << name;
  EXPECT_EQ(participant_named(scenario, "Trade Ministry"), "trade-ministry");
  EXPECT_EQ(participant_named(scenario, "nordic line"), "line");
}

TEST(ParticipantNamed, AUnknownOrAmbiguousNameIsNobodys) {
  const auto scenario = harbour();
  for (const auto* name : {"", "none", "The", "The Port", "Isl", "The Twin",
                           "everybody", "isle, line", "The Isle and all"})
    EXPECT_EQ(participant_named(scenario, name), "") << name;
  EXPECT_EQ(participant_named(scenario, "The Twin (twin_b)"), "twin_b");
}

TEST(ParticipantsNamed, AreFoundInListsOfAllShapes) {
  const auto scenario = harbour();
  EXPECT_THAT(participants_named(scenario, {"The Isle", "Nordic Line"}),
              ElementsAre("isle", "line"));
  EXPECT_THAT(participants_named(scenario, {"The Isle, Nordic Line"}),
              ElementsAre("isle", "line"));
  EXPECT_THAT(
    participants_named(scenario, {"The Isle, twin_a, and Nordic Line"}),
    ElementsAre("isle", "twin_a", "line"));
  EXPECT_THAT(participants_named(scenario, {"isle; line & twin_a"}),
              ElementsAre("isle", "line", "twin_a"));
}

TEST(ParticipantsNamed, ANameMayHoldACommaOrAnAnd) {
  const auto scenario = harbour();
  EXPECT_THAT(participants_named(
                scenario, {"Nordic Line, Ministry of Trade, Industry, isle"}),
              ElementsAre("line", "trade-ministry", "isle"));
  EXPECT_THAT(participants_named(scenario, {"Kiel and Oslo and The Isle",
                                            "Kiel and Oslo, isle"}),
              ElementsAre("isle", "both"));
}

TEST(ParticipantsNamed, StrangersAreLeftOutAndNobodyCountsTwice) {
  const auto scenario = harbour();
  EXPECT_THAT(participants_named(scenario, {"The Port", "isle", "The Isle"}),
              ElementsAre("isle"));
  EXPECT_THAT(participants_named(scenario, {"none"}), IsEmpty());
  EXPECT_THAT(participants_named(scenario, {}), IsEmpty());
}

} // namespace
} // namespace lab::actors
