#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tools/dev/fake_provider/shape.hpp"

namespace lab::tools::fake {
namespace {

json::Value written(std::string_view schema, std::uint64_t bits) {
  const auto shape = parse_shape(schema);
  EXPECT_TRUE(shape) << shape.error().context;
  auto value = json::parse(write_json(*shape, bits));
  EXPECT_TRUE(value);
  return *value;
}

TEST(FakeReply, ObeysTheSchemaForEverySeed) {
  constexpr auto schema = R"({
    "type": "object",
    "properties": {
      "goals": {"type": "array", "minItems": 2, "maxItems": 4,
                "items": {"type": "string", "maxLength": 60}},
      "stance": {"enum": ["yes", "no", "abstain"]},
      "score": {"type": "number", "minimum": 0, "maximum": 1},
      "votes": {"type": "integer", "minimum": -2, "maximum": 2},
      "final": {"type": "boolean"},
      "place": {"$ref": "#/$defs/place"}},
    "$defs": {"place": {"type": "object",
                        "properties": {"name": {"type": "string"}}}}})";

  for (std::uint64_t bits = 0; bits < 500; ++bits) {
    const auto value = written(schema, bits);

    ASSERT_GE(value["goals"].size(), 2U);
    ASSERT_LE(value["goals"].size(), 4U);
    for (const auto& goal : value["goals"])
      ASSERT_LE(goal.get<std::string>().size(), 60U);
    const auto stance = value["stance"].get<std::string>();
    ASSERT_TRUE(stance == "yes" || stance == "no" || stance == "abstain");
    ASSERT_GE(value["score"].get<double>(), 0);
    ASSERT_LE(value["score"].get<double>(), 1);
    ASSERT_TRUE(value["votes"].is_number_integer());
    ASSERT_LE(std::abs(value["votes"].get<int>()), 2);
    ASSERT_TRUE(value["final"].is_boolean());
    ASSERT_FALSE(value["place"]["name"].get<std::string>().empty());
  }
}

TEST(FakeReply, EveryChoiceAndEveryNumberOfItemsComesUp) {
  std::set<std::string> seen;
  std::set<std::size_t> sizes;

  for (std::uint64_t bits = 0; bits < 200; ++bits) {
    seen.insert(written(R"({"enum": ["a", "b", "c"]})", bits).dump());
    sizes.insert(written(R"({"type": "array", "minItems": 1, "maxItems": 3,
                             "items": {"type": "null"}})",
                         bits * 7919)
                   .size());
  }

  EXPECT_EQ(seen.size(), 3U);
  EXPECT_EQ(sizes, (std::set<std::size_t>{1, 2, 3}));
}

TEST(FakeReply, ASchemaItCannotObeyIsRefused) {
  const std::vector<std::string_view> schemas{
    "[]",
    R"({"type": "date"})",
    R"({"type": "array"})",
    R"({"enum": []})",
    R"({"$ref": "http://elsewhere/"})",
    R"({"$ref": "#/$defs/none"})",
    R"({"type": "number", "minimum": 2, "maximum": 1})",
    R"({"$ref": "#"})",
  };

  for (const auto schema : schemas)
    EXPECT_FALSE(parse_shape(schema)) << schema;
}

TEST(FakeReply, LabelsInThePromptAreAnsweredInOrder) {
  const auto text = write_text("Answer so:\n**REASONING:** why\n"
                               "**CONSISTENT:** [yes/no]\n",
                               60, 3);

  const auto reasoning = text.find("**REASONING:** ");
  const auto consistent = text.find("**CONSISTENT:** ");
  ASSERT_EQ(reasoning, 0U);
  ASSERT_NE(consistent, text.npos);
  const auto verdict = text.substr(consistent + 16, 2);
  EXPECT_TRUE(verdict == "Ye" || verdict == "No") << text;
}

TEST(FakeReply, FreeTextIsAboutAsLongAsAsked) {
  const auto text = write_text("Say something.", 100, 9);

  EXPECT_LE(text.size(), 300U);
  EXPECT_GE(text.size(), 150U);
}

} // namespace
} // namespace lab::tools::fake
