#include <algorithm>

#include <gtest/gtest.h>

#include "actors/people/answer_form.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {
namespace {

const std::string offer_schema = R"({"type":"object","properties":{
  "initiate":{"type":"boolean"},
  "target":{"type":"string","enum":["US Administration","Open Lab",""]},
  "message":{"type":"string"},"reasoning":{"type":"string"}}})";

const std::string proposal_schema = R"({"type":"object","properties":{
  "propose":{"type":"boolean"},
  "members":{"type":"array","items":{"enum":["us","lab"]}},
  "purpose":{"type":"string"},"reasoning":{"type":"string"}}})";

std::string schema_of(const std::string& kind) {
  if (kind == "talk_offer")
    return offer_schema;
  return kind == "coalition_proposal" ? proposal_schema : "";
}

AnswerForm form(const std::string& kind) {
  auto made = form_of(kind, schema_of(kind));
  EXPECT_TRUE(made) << kind;
  return made.value_or(AnswerForm{});
}

/// The answer as it counts, or its problems line by line.
std::string checked(const std::string& kind, const std::string& answer) {
  const auto good = check_answer(form(kind), answer);
  return good ? good->text : join(good.error(), "\n");
}

struct Case {
  std::string name;
  std::string kind;
  std::string answer;
  std::string expected;
};

class EveryAnswer : public ::testing::TestWithParam<Case> {};

TEST_P(EveryAnswer, CountsOrSaysAllThatIsWrong) {
  const auto& c = GetParam();

  EXPECT_EQ(checked(c.kind, c.answer), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
  Table, EveryAnswer,
  ::testing::Values(
    // decision
    Case{"WholeDecision", "decision",
         R"({"goals":{"long_term":["Peace"],"short_term":["A date"]},)"
         R"("reasoning":"So.","action":" Waits. "})",
         R"({"action":"Waits.","goals":{"long_term":["Peace"],)"
         R"("short_term":["A date"]},"reasoning":"So."})"},
    Case{"AnActionIsEnough", "decision", R"({"action":"Waits."})",
         R"({"action":"Waits.","goals":{"long_term":[],"short_term":[]},)"
         R"("reasoning":""})"},
    Case{"EmptyDecision", "decision", "{}", "ACTION: it is empty, but needed"},
    Case{"BlankAction", "decision", R"({"action":" \n\t"})",
         "ACTION: it is empty, but needed"},
    Case{"AllProblemsAtOnce", "decision",
         R"({"goals":{"long_term":[1]},"reasoning":5,"acton":"x"})",
         "LONG-TERM GOALS: it must be a list of texts\n"
         "REASONING: it must be a text\n"
         "ACTION: it is empty, but needed\n"
         "there is no field `acton`; did you mean `action`?"},
    Case{"GoalsOfAnotherShape", "decision",
         R"({"goals":["Peace"],"action":"Waits."})",
         "`goals` must be an object"},
    Case{"UnknownGoal", "decision",
         R"({"goals":{"long_trem":["x"]},"action":"Waits."})",
         "there is no field `goals.long_trem`; did you mean "
         "`goals.long_term`?"},
    Case{"GoalsAsOneText", "decision",
         R"({"goals":{"long_term":"- Peace\n- Fish"},"action":"Waits."})",
         R"({"action":"Waits.","goals":{"long_term":["Peace","Fish"],)"
         R"("short_term":[]},"reasoning":""})"},
    // talk_offer
    Case{"WholeOffer", "talk_offer",
         R"({"initiate":true,"target":"open lab","message":"Hello"})",
         R"({"initiate":true,"message":"Hello","reasoning":"",)"
         R"("target":"Open Lab"})"},
    Case{"NoOfferNeedsNothingElse", "talk_offer",
         R"({"initiate":"No.","target":"nobody at all","message":"x"})",
         R"({"initiate":false,"message":"","reasoning":"","target":""})"},
    Case{"AnOfferNeedsAll", "talk_offer", R"({"initiate":"yes"})",
         "TALK TO: write one of US Administration, Open Lab\n"
         "MESSAGE: it is empty, but needed"},
    Case{"AnOfferToNobodyKnown", "talk_offer",
         R"({"initiate":true,"target":"Open Leb","message":"x"})",
         "TALK TO: `Open Leb` is not possible; did you mean `Open Lab`?"},
    Case{"AnOfferThatIsNeither", "talk_offer",
         R"({"initiate":"perhaps","target":"Open Lab","message":"x"})",
         "OPEN A TALK: write yes or no"},
    // talk_answer
    Case{"TalkAnswer", "talk_answer", R"({"response":"Gladly."})",
         R"({"internal_notes":"","response":"Gladly."})"},
    Case{"EmptyTalkAnswer", "talk_answer", R"({"internal_notes":"hm"})",
         "RESPONSE: it is empty, but needed"},
    // coalition_proposal
    Case{"Proposal", "coalition_proposal",
         R"({"propose":true,"members":["US","lab","us"],"purpose":"Fish"})",
         R"({"members":["us","lab"],"propose":true,"purpose":"Fish",)"
         R"("reasoning":""})"},
    Case{"ProposalToNobody", "coalition_proposal",
         R"({"propose":true,"members":[],"purpose":""})",
         "COALITION MEMBERS: name at least one of us, lab\n"
         "COALITION PURPOSE: it is empty, but needed"},
    Case{"ProposalToAStranger", "coalition_proposal",
         R"({"propose":true,"members":["us","mars"],"purpose":"x"})",
         "COALITION MEMBERS: `mars` is not possible; write one of us, lab"},
    Case{"NoProposal", "coalition_proposal", R"({"propose":false})",
         R"({"members":[],"propose":false,"purpose":"","reasoning":""})"},
    // coalition_answer
    Case{"Accepts", "coalition_answer", R"({"decision":"Accept"})",
         R"({"decision":"accept","internal_notes":"","response":""})"},
    Case{"NeitherAcceptsNorRejects", "coalition_answer",
         R"({"decision":"maybe"})",
         "DECISION: `maybe` is not possible; write one of accept, reject"},
    Case{"SaysNothing", "coalition_answer", R"({"response":"Well"})",
         "DECISION: write one of accept, reject"},
    // coalition_word
    Case{"Word", "coalition_word", R"({"message":"Together."})",
         R"({"message":"Together."})"},
    Case{"NoWord", "coalition_word", "{}", "MESSAGE: it is empty, but needed"},
    // any kind
    Case{"LeftToTheModel", "coalition_word", R"({"declined":"ai"})",
         R"({"declined":"ai"})"},
    Case{"Skipped", "decision", R"({"declined":"skip"})",
         R"({"declined":"skip"})"},
    Case{"OnlyTheDeskMayTimeOut", "decision", R"({"declined":"timeout"})",
         "`declined` must be `ai` (the model answers) or `skip`"},
    Case{"DeclinedAndAnswered", "decision",
         R"({"declined":"ai","action":"Waits."})",
         "`declined` stands alone: who declines does not answer"},
    Case{"NoObject", "decision", "[1]", "the answer must be a JSON object"}),
  [](const auto& each) { return each.param.name; });

TEST(AnswerForm, TextsThatAreTooLongAreRefusedAndNeverCut) {
  const auto longer = [](std::size_t chars) {
    return R"({"action":")" + std::string(chars, 'x') + R"("})";
  };

  EXPECT_TRUE(check_answer(form("decision"), longer(2'000)));
  EXPECT_EQ(checked("decision", longer(2'001)),
            "ACTION: it has 2001 characters; at most 2000");
}

TEST(AnswerForm, LengthsCountCharactersAndNotBytes) {
  std::string text;
  for (int i = 0; i < 2'000; ++i)
    text += "\u00e9";

  EXPECT_TRUE(
    check_answer(form("decision"), R"({"action":")" + text + R"("})"));
}

TEST(AnswerForm, TooManyGoalsAreRefused) {
  std::string goals;
  for (int i = 0; i < 11; ++i)
    goals += (i == 0 ? "\"" : ",\"") + std::to_string(i) + " x\"";

  EXPECT_EQ(checked("decision", R"({"goals":{"long_term":[)" + goals
                                  + R"(]},"action":"Waits."})"),
            "LONG-TERM GOALS: 11 entries; at most 10");
}

TEST(AnswerForm, WhatCannotBeReadSaysSo) {
  for (const auto* answer : {"", "{", "action", "{\"action\":\"\xff\"}",
                             "{\"action\":1,\"action\":2}"}) {
    const auto good = check_answer(form("decision"), answer);

    ASSERT_FALSE(good) << answer;
    EXPECT_EQ(good.error().size(), 1U) << answer;
    EXPECT_TRUE(good.error()[0].starts_with("the answer cannot be read"))
      << good.error()[0];
  }
}

TEST(AnswerForm, AMegabyteIsRefused) {
  const auto good = check_answer(
    form("decision"),
    R"({"action":")" + std::string(std::size_t{1} << 20U, 'x') + R"("})");

  EXPECT_FALSE(good);
}

TEST(AnswerForm, ControlCharactersDoNotReachTheRun) {
  EXPECT_EQ(
    checked("coalition_word", R"({"message":"red \u001b[31mink\u202e"})"),
    R"({"message":"red [31mink"})");
}

TEST(AnswerForm, PeopleAreNotAskedForTheWorld) {
  const auto made = form_of("world_update", "");

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().context, "people are not asked for `world_update`");
}

TEST(AnswerForm, AGoodAnswerIsGoodAgain) {
  // What is journalled passes the same check: nothing is lost in between.
  for (const auto& [kind, answer] :
       {std::pair{"decision", R"({"goals":{"long_term":["a b"]},)"
                              R"("action":"Waits."})"},
        std::pair{"talk_offer",
                  R"({"initiate":true,"target":"Open Lab","message":"x"})"},
        std::pair{"coalition_proposal",
                  R"({"propose":true,"members":["us"],"purpose":"x"})"}}) {
    const auto once = checked(kind, answer);

    EXPECT_EQ(checked(kind, once), once);
  }
}

TEST(AnswerForm, TextUnderLabelsIsReadAsJson) {
  EXPECT_EQ(
    checked("decision", answer_json(form("decision"),
                                    "**LONG-TERM GOALS:**\n- Peace\n- Fish\n\n"
                                    "**SHORT-TERM PRIORITIES:**\n\n"
                                    "**REASONING:** Because: of this.\n"
                                    "**ACTION:**\nWaits,\nand watches.\n")),
    R"({"action":"Waits,\nand watches.","goals":{"long_term":)"
    R"(["Peace","Fish"],"short_term":[]},)"
    R"("reasoning":"Because: of this."})");
}

TEST(AnswerForm, LabelsOfEarlierVersionsAreRead) {
  EXPECT_EQ(checked("talk_offer", answer_json(form("talk_offer"),
                                              "**INITIATE_BILATERAL:** yes\n"
                                              "**TARGET_ACTOR:** Open Lab\n"
                                              "**PROPOSED_MESSAGE:** Hello\n"
                                              "**REASONING:** so\n")),
            R"({"initiate":true,"message":"Hello","reasoning":"so",)"
            R"("target":"Open Lab"})");
  EXPECT_EQ(
    checked("coalition_proposal", answer_json(form("coalition_proposal"),
                                              "**PROPOSE_COALITION:** yes\n"
                                              "**COALITION_MEMBERS:** us, lab\n"
                                              "**COALITION_PURPOSE:** Fish\n")),
    R"({"members":["us","lab"],"propose":true,"purpose":"Fish",)"
    R"("reasoning":""})");
}

TEST(AnswerForm, TextWithoutLabelsIsNoAnswer) {
  EXPECT_EQ(
    checked("decision", answer_json(form("decision"), "I would rather wait.")),
    "ACTION: it is empty, but needed");
}

TEST(AnswerForm, EveryLabelOfEveryFormIsReadBack) {
  for (const auto* kind :
       {"decision", "talk_offer", "talk_answer", "coalition_proposal",
        "coalition_answer", "coalition_word"}) {
    const auto asked = form(kind);
    std::string text;
    for (const auto& field : asked.fields)
      text += shown_label(field) + " yes\n";

    const auto read = json::parse(answer_json(asked, text));

    ASSERT_TRUE(read);
    for (const auto& field : asked.fields) {
      const auto* at = &*read;
      for (const auto& key : split(field.key, '.'))
        at = at == nullptr ? nullptr : json::member(*at, key.c_str());
      ASSERT_NE(at, nullptr) << kind << " " << field.label;
      EXPECT_EQ(at->is_array() ? (*at)[0] : *at, "yes") << field.label;
    }
  }
}

} // namespace
} // namespace lab::actors
