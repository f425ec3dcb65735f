#include <string>

#include <gtest/gtest.h>

#include "llm/sim/answer.hpp"
#include "runtime/base/json.hpp"

namespace lab::llm {
namespace {

Answer decision() {
  Answer out;
  out.kind = Answer::Kind::decision;
  out.goals = {"keep the \"fish\"", "live"};
  out.priorities = {"talk"};
  out.reasoning = "Because.";
  out.action = "The Port holds.\nIt waits.";
  return out;
}

Answer world() {
  Answer out;
  out.kind = Answer::Kind::world;
  out.state = "Calm.";
  out.changes = {"Less wind"};
  out.consequences = {"More fish"};
  return out;
}

json::Value written(const std::string& schema, const Answer& answer) {
  SchemaWriter writer;
  const auto text = writer.write(schema, answer);
  EXPECT_TRUE(text) << to_string(text.error());
  const auto parsed = json::parse(text.value_or(""));
  EXPECT_TRUE(parsed) << *text;
  return parsed ? *parsed : json::Value{};
}

TEST(LabelledAnswer, ADecisionHasTheFourLabels) {
  EXPECT_EQ(labelled(decision()), "**LONG-TERM GOALS:**\n"
                                  "- keep the \"fish\"\n"
                                  "- live\n"
                                  "\n"
                                  "**SHORT-TERM PRIORITIES:**\n"
                                  "- talk\n"
                                  "\n"
                                  "**REASONING:**\n"
                                  "Because.\n"
                                  "\n"
                                  "**ACTION:**\n"
                                  "The Port holds.\n"
                                  "It waits.");
}

TEST(LabelledAnswer, AWorldHasTheThreeLabels) {
  EXPECT_EQ(labelled(world()), "**UPDATED STATE:**\n"
                               "Calm.\n"
                               "\n"
                               "**KEY CHANGES:**\n"
                               "- Less wind\n"
                               "\n"
                               "**CONSEQUENCES:**\n"
                               "- More fish");
}

TEST(LabelledAnswer, AFlawedOneMissesItsMainPart) {
  auto bad_decision = decision();
  auto bad_world = world();
  bad_decision.flawed = bad_world.flawed = true;

  EXPECT_EQ(labelled(bad_decision).find("ACTION"), std::string::npos);
  EXPECT_EQ(labelled(bad_world).find("UPDATED STATE"), std::string::npos);
}

TEST(SchemaAnswer, PropertiesAreFilledByTheirNames) {
  const auto object = written(
    R"({"type":"object","properties":{
      "goals":{"type":"object","properties":{
        "long_term":{"type":"array","items":{"type":"string"}},
        "short_term":{"type":"array","items":{"type":"string"}}}},
      "reasoning":{"type":"string"},"action":{"type":"string"}}})",
    decision());

  EXPECT_EQ(object, *json::parse(
                      R"({"goals":{"long_term":["keep the \"fish\"","live"],
                        "short_term":["talk"]},
                        "reasoning":"Because.",
                        "action":"The Port holds.\nIt waits."})"));
}

TEST(SchemaAnswer, TheWorldIsFilledByItsNames) {
  const auto object = written(
    R"({"type":"object","properties":{"updated_state":{"type":"string"},
      "key_changes":{"type":"array","items":{"type":"string"}},
      "consequences":{"type":"string"}}})",
    world());

  EXPECT_EQ(object, *json::parse(R"({"updated_state":"Calm.",
    "key_changes":["Less wind"],"consequences":"More fish"})"));
}

TEST(SchemaAnswer, OtherPropertiesGetTheSmallestValidValue) {
  const auto object = written(
    R"({"type":"object","properties":{
      "a":{"type":"string"},"b":{"type":"string","minLength":3},
      "c":{"type":"integer","minimum":2},"d":{"type":"number"},
      "e":{"type":"boolean"},"f":{"enum":["yes","no"]},"g":{"const":7},
      "h":{"type":"array","items":{"type":"string"}},
      "i":{"type":["string","null"]},"j":{},
      "k":{"anyOf":[{"type":"integer"},{"type":"null"}]},
      "l":{"type":"number","exclusiveMinimum":1}}})",
    decision());

  EXPECT_EQ(object, *json::parse(R"({"a":"","b":"---","c":2,"d":0,"e":false,
    "f":"yes","g":7,"h":[],"i":"","j":null,"k":0,"l":2.0})"));
}

TEST(SchemaAnswer, LengthsAreKeptBetweenCharacters) {
  auto answer = decision();
  answer.action = "ab\xC3\xA9";
  const auto object = written(
    R"({"type":"object","properties":{"action":{"type":"string","maxLength":3},
      "goals":{"type":"array","maxItems":1,
               "items":{"type":"string","maxLength":4}}}})",
    answer);

  EXPECT_EQ(object, *json::parse(R"({"action":"ab","goals":["keep"]})"));
}

TEST(SchemaAnswer, AFlawedOneMissesItsMainPart) {
  auto answer = decision();
  answer.flawed = true;

  const auto object = written(
    R"({"type":"object","properties":{"action":{"type":"string"},
      "reasoning":{"type":"string"}}})",
    answer);

  EXPECT_EQ(object, *json::parse(R"({"reasoning":"Because."})"));
}

TEST(SchemaAnswer, ASchemaThatIsNoneIsRefused) {
  SchemaWriter writer;
  EXPECT_FALSE(writer.write("{", decision()));
}

TEST(SchemaAnswer, ASchemaWithoutPropertiesGivesAnEmptyObject) {
  EXPECT_EQ(written(R"({"type":"object"})", decision()), json::Value::object());
}

} // namespace
} // namespace lab::llm
