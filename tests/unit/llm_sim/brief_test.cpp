#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "llm/sim/brief.hpp"

namespace lab::llm {
namespace {

TEST(Brief, TheExampleOfTheDocumentationIsRead) {
  const std::string text = R"({
    "kind": "decision",
    "turn": 3, "turns": 8, "phase": "decision", "participant": "eu",
    "ordinal": 1, "repair": true, "name": "EU Commission",
    "goals": ["protect the internal market"],
    "dials": {"caution": 0.7, "trust": 0.4},
    "parameters": {"trust_start": 0.2},
    "names": {"eu": "EU Commission", "us": "US Administration"},
    "powers": {"us": 0.8},
    "events": [{"name": "Leak", "description": "A memo leaks."}],
    "actions": [{"participant": "us", "text": "Holds its position."}],
    "metrics": [{"name": "cooperation_level", "label": "Cooperation level",
                 "type": "integer", "low": 0, "high": 10, "value": 5.2,
                 "categories": ["a", "b"], "keywords": ["c"], "line": "{}"}]
  })";

  const auto brief = parse_brief(text);

  ASSERT_TRUE(brief) << to_string(brief.error());
  EXPECT_EQ(brief->kind, Brief::Kind::decision);
  EXPECT_EQ(brief->turn, 3);
  EXPECT_EQ(brief->turns, 8);
  EXPECT_EQ(brief->phase, "decision");
  EXPECT_EQ(brief->participant, "eu");
  EXPECT_EQ(brief->ordinal, 1);
  EXPECT_TRUE(brief->repair);
  EXPECT_EQ(brief->name, "EU Commission");
  EXPECT_EQ(brief->goals.at(0), "protect the internal market");
  EXPECT_EQ(brief->dials.at(1).first, "trust");
  EXPECT_EQ(brief->dials.at(1).second, 0.4);
  EXPECT_EQ(brief->parameters.at(0).second, 0.2);
  EXPECT_EQ(brief->names.at(1).second, "US Administration");
  EXPECT_EQ(brief->powers.at(0).second, 0.8);
  EXPECT_EQ(brief->events.at(0).description, "A memo leaks.");
  EXPECT_EQ(brief->actions.at(0).text, "Holds its position.");
  const auto& metric = brief->metrics.at(0);
  EXPECT_EQ(metric.type, Brief::MetricType::integer);
  EXPECT_EQ(metric.value, 5.2);
  EXPECT_EQ(metric.categories.size(), 2U);
  EXPECT_EQ(metric.keywords.at(0), "c");
  EXPECT_EQ(metric.line, "{}");
}

TEST(Brief, WhatIsMissingHasItsDefault) {
  const auto brief =
    parse_brief(R"({"kind":"world","metrics":[{"name":"x"}]})");

  ASSERT_TRUE(brief);
  EXPECT_EQ(brief->kind, Brief::Kind::world);
  EXPECT_EQ(brief->metrics.at(0).high, 10);
  EXPECT_TRUE(std::isnan(brief->metrics.at(0).value));
  EXPECT_EQ(parse_brief("")->kind, Brief::Kind::other);
  EXPECT_EQ(parse_brief("{}")->kind, Brief::Kind::other);
}

TEST(Brief, UnknownKeysOfAnyShapeAreIgnored) {
  const auto brief = parse_brief(
    R"({"x":[1,{"y":[true,null,"z"]},-2.5e3],"turn":4,"w":{},"v":[],"u":false})");

  ASSERT_TRUE(brief) << to_string(brief.error());
  EXPECT_EQ(brief->turn, 4);
}

TEST(Brief, NullIsAsIfAbsent) {
  const auto brief = parse_brief(R"({"turn":null,"metrics":[{"value":null}]})");

  ASSERT_TRUE(brief) << to_string(brief.error());
  EXPECT_EQ(brief->turn, 0);
  EXPECT_TRUE(std::isnan(brief->metrics.at(0).value));
}

TEST(Brief, EscapesAreReadIntoUtf8) {
  const auto brief = parse_brief(
    R"({"name":"a\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00z","phase":"\ud83dx"})");

  ASSERT_TRUE(brief) << to_string(brief.error());
  EXPECT_EQ(brief->name,
            "a\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z");
  EXPECT_EQ(brief->phase, "\xEF\xBF\xBDx");
}

TEST(Brief, MistakesAreNamedWithTheirPlace) {
  for (const auto* text :
       {"[]", "{", "{\"turn\"}", "{\"turn\":}", "{\"turn\":\"3\"}",
        "{\"turn\":3,}", "{\"turn\":3}x", "{\"goals\":\"x\"}",
        "{\"goals\":[1]}", "{\"goals\":[\"x\"", "{\"name\":\"x", "nul",
        "{\"name\":\"\\q\"}", "{\"name\":\"\\u12g4\"}", "{\"repair\":1}",
        "{\"turn\":1e99}", "{\"dials\":{\"a\":nan}}"}) {
    SCOPED_TRACE(text);
    const auto brief = parse_brief(text);
    ASSERT_FALSE(brief);
    EXPECT_EQ(brief.error().code, Errc::invalid_input);
    EXPECT_NE(brief.error().context.find("brief"), std::string::npos);
  }
}

TEST(Brief, DepthIsBounded) {
  EXPECT_FALSE(parse_brief(R"({"x":)" + std::string(100'000, '[')));
}

} // namespace
} // namespace lab::llm
