#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm/sim/check_answers.hpp"
#include "llm/sim/metric_rule.hpp"
#include "llm/sim/persona.hpp"

namespace lab::llm {
namespace {

using ::testing::HasSubstr;

Brief read(const std::string& json) {
  // Briefs point into their text.
  static std::deque<std::string> texts;
  auto brief = parse_brief(texts.emplace_back(json));
  EXPECT_TRUE(brief) << to_string(brief.error());
  return brief ? std::move(*brief) : Brief{};
}

std::string json_at(const Answer& answer, std::string_view property) {
  for (const auto& part : answer.parts)
    if (part.property == property)
      return part.json;
  ADD_FAILURE() << "no " << property;
  return {};
}

Dials dials(double openness, double trust) {
  Dials out;
  out.openness = openness;
  out.trust = trust;
  return out;
}

// --- checks
// -------------------------------------------------------------------

Answer judged_decision(const std::string& action, const Dials& of) {
  return judged(
    read(R"({"kind":"check","check":"decision_consistency","text":")" + action
         + "\"}"),
    of);
}

TEST(SimJudge, AMoveFitsWhoMadeItUnlessItsStanceIsFarFromItsDials) {
  const auto mild = dials(0.9, 0.9);
  const auto hard = dials(0.1, 0.1);

  EXPECT_EQ(json_at(judged_decision("Isle concedes a point.", mild), "passed"),
            "true");
  EXPECT_EQ(json_at(judged_decision("Isle escalates.", hard), "passed"),
            "true");
  const auto sharp = judged_decision("Isle escalates.", mild);
  EXPECT_EQ(json_at(sharp, "passed"), "false");
  EXPECT_EQ(json_at(sharp, "severity"), "\"high\"");
  EXPECT_THAT(json_at(sharp, "issues"), HasSubstr("So sharp a move"));
  const auto soft = judged_decision("Isle concedes a point.", hard);
  EXPECT_EQ(json_at(soft, "passed"), "false");
  EXPECT_THAT(json_at(soft, "issues"), HasSubstr("So soft a move"));
}

TEST(SimJudge, AMoveThatSaysNothingDoesNotPass) {
  const auto answer = judged_decision("Well, well.", dials(0.5, 0.5));

  EXPECT_EQ(json_at(answer, "passed"), "false");
  EXPECT_EQ(json_at(answer, "severity"), "\"medium\"");
}

TEST(SimJudge, AWorldIsCoherentWhenItTellsOfEverybodyWhoActed) {
  const std::string brief =
    R"({"kind":"check","check":"world_coherence","actions":[)"
    R"({"participant":"Isle","text":"a"},{"participant":"Port","text":"b"}],)";

  EXPECT_EQ(
    json_at(judged(read(brief + R"("text":"Isle met Port."})"), {}), "passed"),
    "true");
  const auto answer = judged(read(brief + R"("text":"Isle met nobody."})"), {});
  EXPECT_EQ(json_at(answer, "passed"), "false");
  EXPECT_THAT(json_at(answer, "issues"), HasSubstr("what Port did"));
}

TEST(SimJudge, RepeatingASecretIsNoValidAccess) {
  const std::string brief =
    R"({"kind":"check","check":"information_access",)"
    R"("restricted":["The reserve holds 2.5 million crowns.","Yes."],)";

  EXPECT_EQ(
    json_at(judged(read(brief + R"("text":"We ask for a loan. Yes."})"), {}),
            "passed"),
    "true");
  const auto answer = judged(
    read(brief
         + R"("text":"I know: the  RESERVE holds\n2.5 million crowns."})"),
    {});
  EXPECT_EQ(json_at(answer, "passed"), "false");
  EXPECT_EQ(json_at(answer, "severity"), "\"high\"");
}

// --- summaries
// ----------------------------------------------------------------

TEST(SimRecorder, TellsEachTurnInASentenceAfterWhatWasTold) {
  const auto answer = summarised(
    read(R"({"kind":"summary","before":"Turn 1: Isle waited.","actions":[)"
         R"({"participant":"Isle","turn":2,"text":"Isle escalates."},)"
         R"({"participant":"Port","turn":2,"text":"Hm."},)"
         R"({"participant":"Isle","turn":3,"text":"Isle concedes."}]})"));

  EXPECT_THAT(
    json_at(answer, "summary"),
    ::testing::AllOf(HasSubstr("\"Turn 1: Isle waited. Turn 2: Isle "),
                     HasSubstr("; Port made a statement. Turn 3: "
                               "Isle ")));
}

TEST(SimRecorder, TheBeginningHasWordsToo) {
  EXPECT_EQ(json_at(summarised(read(R"({"kind":"summary"})")), "summary"),
            "\"Nobody has acted so far.\"");
}

TEST(SimRecorder, AnOldRecordStaysBounded) {
  std::string before;
  while (before.size() < 20'000)
    before += "Turn 1: Isle waited. ";

  const auto answer =
    summarised(read(R"({"kind":"summary","before":")" + before + R"("})"));

  EXPECT_LT(json_at(answer, "summary").size(), 1'600u);
  EXPECT_THAT(json_at(answer, "summary"),
              ::testing::StartsWith("\"Turn 1: Isle"));
}

// --- metrics
// ------------------------------------------------------------------

std::string value_of(const std::string& metric, const std::string& text) {
  return json_at(measured(read(R"({"kind":"metric","metrics":[)" + metric
                               + R"(],"text":")" + text + "\"}")),
                 "value");
}

TEST(SimReader, ReadsTheLineThatTheWorldSays) {
  const std::string number = R"({"name":"trust_level","type":"continuous"})";
  EXPECT_EQ(value_of(number, R"(Calm.\n\n- Trust level: 6.1\n- Other: 3)"),
            "6.1");
  EXPECT_EQ(value_of(number, R"(- Trust level: 6.1\n- Trust level: 7)"), "7");
  EXPECT_EQ(value_of(number, R"(Some say - Trust level: 9)"), "null");
  EXPECT_EQ(value_of(number, R"(- Trust level: much)"), "null");
  EXPECT_EQ(value_of(number, "Calm."), "null");
  EXPECT_EQ(value_of(R"({"name":"deal","type":"boolean"})", "- Deal: yes"),
            "\"yes\"");
  EXPECT_EQ(value_of(R"({"name":"deal","type":"boolean"})", "Calm."), "\"no\"");
  EXPECT_EQ(value_of(R"({"name":"mood","type":"categorical",)"
                     R"("categories":["low","high"]})",
                     "- Mood: high"),
            "\"high\"");
  EXPECT_EQ(value_of(R"({"name":"mood","type":"text"})", "All wait. Then go."),
            "\"All wait\"");
  EXPECT_EQ(value_of(R"({"name":"x","line":"due in {} hours"})",
                     R"(It is\ndue in 48 hours)"),
            "48");
  EXPECT_EQ(value_of(R"({"name":"x","line":"no place"})", "no place"), "null");
}

TEST(SimReader, ReadsBackWhateverAWorldMoved) {
  for (const auto* metric :
       {R"({"name":"trust","type":"continuous","low":0,"high":10})",
        R"({"name":"ships","type":"integer","low":0,"high":90})",
        R"({"name":"mood","type":"categorical","categories":["a","b"]})"}) {
    SCOPED_TRACE(metric);
    const auto brief = read(std::string{R"({"metrics":[)"} + metric + "]}");
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const auto moved = moved_by(brief.metrics[0], 0.5, Chance{seed});

      const auto text = "Before.\n" + moved.line + "\nAfter.";
      const auto told = told_in(text, brief.metrics[0]);

      ASSERT_TRUE(told);
      EXPECT_TRUE(moved.line.ends_with(": " + std::string{*told}));
    }
  }
}

// --- through the persona
// ------------------------------------------------------

ChatRequest request_of(std::string brief, std::string schema) {
  ChatRequest request;
  request.brief = std::move(brief);
  request.schema = std::move(schema);
  return request;
}

TEST(SimHelpers, AnswerInTheirSchemaOrUnderTheirLabels) {
  Persona persona;
  const std::string brief =
    R"({"kind":"check","check":"world_coherence","repair":true,"text":"Calm."})";
  const auto* schema =
    R"({"type":"object","required":["passed","issues","severity",)"
    R"("explanation"],"properties":{"passed":{"type":"boolean"},)"
    R"("issues":{"type":"array","items":{"type":"string"}},)"
    R"("severity":{"type":"string","enum":["low","medium","high"]},)"
    R"("explanation":{"type":"string"}}})";

  EXPECT_EQ(persona.answer(request_of(brief, schema)).value(),
            R"({"explanation":"Nothing speaks against it.","issues":[],)"
            R"("passed":true,"severity":"low"})");
  EXPECT_EQ(persona.answer(request_of(brief, "")).value(),
            "**COHERENT:**\nYes\n\n**ISSUES FOUND:**\nNone\n\n"
            "**SEVERITY:**\nLow\n\n**EXPLANATION:**\nNothing speaks against "
            "it.");
}

TEST(SimHelpers, SometimesMissTheMainPartButNeverInARepair) {
  Persona persona;
  const auto* schema = R"({"properties":{"summary":{"type":"string"}}})";
  int flawed = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    auto request = request_of(R"({"kind":"summary"})", schema);
    request.seed = seed;
    flawed += persona.answer(request).value() == "{}" ? 1 : 0;
    request.brief = R"({"kind":"summary","repair":true})";
    EXPECT_NE(persona.answer(request).value(), "{}");
  }
  EXPECT_GT(flawed, 15);
  EXPECT_LT(flawed, 75);
}

} // namespace
} // namespace lab::llm
