#include <gtest/gtest.h>

#include "runtime/base/yaml_reader.hpp"

namespace lab::yaml {
namespace {

class MapReaderTest : public ::testing::Test {
protected:
  MapReader& reader(std::string_view text, std::string where = "budget") {
    document = parse(text, "x.yaml", findings);
    EXPECT_TRUE(document) << render(findings);
    reader_.emplace(*document, document->root, std::move(where), "S", findings);
    return *reader_;
  }
  std::string report() { return render(findings); }

  Findings findings;
  std::optional<Document> document;
  std::optional<MapReader> reader_;
};

TEST_F(MapReaderTest, ReadsEachTypeFromItsKey) {
  auto& map = reader("t: no\nb: no\ni: 7\nn: 0.5\nu: '0.40'\nl: [a, 1]\n"
                     "one: x\nk: slow\n");

  EXPECT_EQ(map.text("t"), "no");
  EXPECT_EQ(map.boolean("b"), false);
  EXPECT_EQ(map.integer("i", {1, 9}), 7);
  EXPECT_EQ(map.number("n"), 0.5);
  EXPECT_EQ(map.usd("u"), Money{400'000'000'000});
  EXPECT_EQ(map.texts("l"), (std::vector<std::string>{"a", "1"}));
  EXPECT_EQ(map.texts("one"), (std::vector<std::string>{"x"}));
  EXPECT_EQ(map.one_of("k", {"fast", "slow"}), "slow");
  map.finish();
  EXPECT_TRUE(findings.empty()) << report();
}

TEST_F(MapReaderTest, AnAbsentOrEmptyKeyGivesNothingAndIsNoProblem) {
  auto& map = reader("t:\n");

  EXPECT_FALSE(map.has("t"));
  EXPECT_EQ(map.text("t"), std::nullopt);
  EXPECT_EQ(map.integer("absent"), std::nullopt);
  map.finish();
  EXPECT_TRUE(findings.empty()) << report();
}

TEST_F(MapReaderTest, AMissingKeyIsReportedAtItsMap) {
  auto& map = reader("a: 1\n");
  map.allow("a");

  EXPECT_EQ(map.required_text("usd"), std::nullopt);

  EXPECT_EQ(report(), "error[S103]: `budget` lacks the key `usd`\n"
                      " --> x.yaml:1:1\n"
                      "  |\n"
                      "1 | a: 1\n"
                      "  | ^\n");
  EXPECT_EQ(findings.all().at(0).path, "budget.usd");
}

TEST_F(MapReaderTest, EveryWrongKindIsReportedInOnePass) {
  auto& map = reader("t: [1]\nb: maybe\ni: 1.5\nn: x\nu: -1\nl: {a: 1}\n"
                     "m: [{a: 1}, b]\n");

  EXPECT_EQ(map.text("t"), std::nullopt);
  EXPECT_EQ(map.boolean("b"), std::nullopt);
  EXPECT_EQ(map.integer("i"), std::nullopt);
  EXPECT_EQ(map.number("n"), std::nullopt);
  EXPECT_EQ(map.usd("u"), std::nullopt);
  EXPECT_EQ(map.texts("l"), std::nullopt);
  EXPECT_EQ(map.texts("m"), std::nullopt);

  std::vector<std::string> messages;
  for (const auto& finding : findings.all()) {
    EXPECT_EQ(finding.code, "S101");
    messages.push_back(finding.message);
  }
  EXPECT_EQ(messages, (std::vector<std::string>{
                        "`t` must be a text, not a list",
                        "`b` must be true or false, not a text",
                        "`i` must be a whole number, not the number `1.5`",
                        "`n` must be a number, not a text",
                        "`u` must be an amount in USD, not `-1`",
                        "`l` must be a list of texts, not a map",
                        "each item of `m` must be a text, not a map",
                      }));
}

TEST_F(MapReaderTest, ANumberInQuotesIsATextAndSaysHowToMendIt) {
  auto& map = reader("turns: '5'\n");

  EXPECT_EQ(map.integer("turns"), std::nullopt);

  EXPECT_EQ(report(),
            "error[S101]: `turns` must be a whole number, not a text\n"
            " --> x.yaml:1:8\n"
            "  |\n"
            "1 | turns: '5'\n"
            "  |        ^^^\n"
            "  |\n"
            "  = help: remove the quotes\n");
}

TEST_F(MapReaderTest, ARangeIsNamedByItsBounds) {
  auto& map = reader("a: 0\nb: 11\nc: 11\n");
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();

  EXPECT_EQ(map.integer("a", {.min = 1}), std::nullopt);
  EXPECT_EQ(map.integer("b", {1, 10}), std::nullopt);
  EXPECT_EQ(map.integer("c", {lowest, 10}), std::nullopt);

  EXPECT_EQ(findings.all().at(0).message, "`a` must be at least 1, not 0");
  EXPECT_EQ(findings.all().at(1).message, "`b` must be from 1 to 10, not 11");
  EXPECT_EQ(findings.all().at(2).message, "`c` must be at most 10, not 11");
}

TEST_F(MapReaderTest, AWordOutsideTheListGetsASuggestion) {
  auto& map = reader("order: randm\n");

  EXPECT_EQ(map.one_of("order", {"random", "by-model"}), std::nullopt);

  EXPECT_EQ(report(), "error[S105]: `order` cannot be `randm`\n"
                      " --> x.yaml:1:8\n"
                      "  |\n"
                      "1 | order: randm\n"
                      "  |        ^^^^^\n"
                      "  |\n"
                      "  = help: did you mean `random`?\n"
                      "  = note: possible values: random, by-model\n");
}

TEST_F(MapReaderTest, AnUnknownKeyGetsASuggestionAndTheList) {
  auto& map = reader("usd: 1\n'on_exhaused': pause\n");
  map.usd("usd");
  map.text("on_exhausted");

  map.finish();

  EXPECT_EQ(report(), "error[S104]: unknown key `on_exhaused` in `budget`\n"
                      " --> x.yaml:2:1\n"
                      "  |\n"
                      "2 | 'on_exhaused': pause\n"
                      "  | ^^^^^^^^^^^^^ not a budget key\n"
                      "  |\n"
                      "  = help: did you mean `on_exhausted`?\n"
                      "  = note: keys of `budget`: usd, on_exhausted\n");
}

TEST_F(MapReaderTest, UnknownKeysCanBeWarnings) {
  auto& map = reader("x: 1\n", "");

  map.finish(Severity::warning);

  EXPECT_FALSE(findings.has_errors());
  EXPECT_EQ(findings.all().at(0).message, "unknown key `x`");
  EXPECT_EQ(findings.all().at(0).path, "x");
}

TEST_F(MapReaderTest, ManyUnknownKeysAreCounted) {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "key_" + std::to_string(i) + ": 1\n";
  auto& map = reader(text);

  map.finish();

  ASSERT_EQ(findings.all().size(), 21U);
  EXPECT_EQ(findings.all().back().message, "80 more unknown keys in `budget`");
}

TEST_F(MapReaderTest, AListWhereAMapBelongsIsOneFinding) {
  auto& map = reader("[a, b]\n");

  EXPECT_EQ(map.required_text("usd"), std::nullopt);
  map.finish();

  EXPECT_EQ(report(),
            "error[S101]: `budget` must be a map of keys, not a list\n"
            " --> x.yaml:1:1\n"
            "  |\n"
            "1 | [a, b]\n"
            "  | ^\n");
}

} // namespace
} // namespace lab::yaml
