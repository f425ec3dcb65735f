#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/metrics/metric_reader.hpp"
#include "actors/metrics/metric_value.hpp"

namespace lab::actors {
namespace {

using enum MetricStatus;

MetricSpec by_pattern(MetricType type, std::vector<std::string> patterns) {
  MetricSpec metric;
  metric.name = "m";
  metric.type = type;
  metric.patterns = std::move(patterns);
  return metric;
}

MetricSpec number(std::string pattern) {
  return by_pattern(MetricType::continuous, {std::move(pattern)});
}

MetricSpec integer(std::string pattern) {
  return by_pattern(MetricType::integer, {std::move(pattern)});
}

MetricSpec flag(std::string pattern) {
  return by_pattern(MetricType::boolean, {std::move(pattern)});
}

MetricSpec v1(MetricSpec metric) {
  metric.reads_actions = true;
  return metric;
}

MetricSpec ranged(MetricSpec metric, double low, double high) {
  metric.range = {low, high};
  return metric;
}

MetricSpec category(std::string pattern) {
  auto metric = by_pattern(MetricType::categorical, {std::move(pattern)});
  metric.categories = {"far", "near", "signed"};
  return metric;
}

MetricSpec keywords(Scoring scoring, std::vector<std::string> words) {
  MetricSpec metric;
  metric.name = "m";
  metric.extraction = Extraction::keyword;
  metric.scoring = scoring;
  metric.keywords = std::move(words);
  return metric;
}

MetricSpec named_most(std::vector<std::string> categories) {
  MetricSpec metric;
  metric.name = "m";
  metric.type = MetricType::categorical;
  metric.extraction = Extraction::keyword;
  metric.categories = std::move(categories);
  return metric;
}

MetricSpec manual() {
  MetricSpec metric;
  metric.name = "m";
  metric.extraction = Extraction::manual;
  return metric;
}

std::vector<MetricValue> read_all(const ScenarioSpec& scenario,
                                  const TurnRecord& turn) {
  const auto reader = MetricReader::compile(scenario);
  if (!reader) {
    ADD_FAILURE() << to_string(reader.error());
    return {};
  }
  return reader->read(turn);
}

struct Row {
  const char* what;
  MetricSpec metric;
  const char* world;
  MetricStatus status;
  std::optional<double> number;
  const char* text;
};

TEST(MetricReader, ReadsTheWorldAsTheTableSays) {
  const auto pact = category("outlook: (\\w+)");
  const std::vector<Row> rows{
    {"a plain number", number("level: (\\d+)"), "Level: 7", value, 7, "7"},
    {"the last match wins", number("level: (\\d+)"), "level: 7, level: 9",
     value, 9, "9"},
    {"case does not matter", number("LEVEL: (\\d+)"), "level: 7", value, 7,
     "7"},
    {"without groups the whole match", number("\\d+\\.\\d+"), "at 3.25 now",
     value, 3.25, "3.25"},
    {"the first group that is not empty", number("(a\\d)?(?:b(\\d+))"), "b12",
     value, 12, "12"},
    {"a match whose groups are empty is passed over", number("(\\d*) crowns"),
     "5 crowns and some crowns", value, 5, "5"},
    {"nothing found",
     number("level: (\\d+)"),
     "no such thing",
     missing,
     {},
     ""},
    {"nothing to read", number("level: (\\d+)"), "", missing, {}, ""},
    {"no number",
     number("level: (\\w+)"),
     "level: high",
     unparseable,
     {},
     "high"},
    {"a zero is a value", number("level: (\\d+)"), "level: 0", value, 0, "0"},
    {"a negative number", number("level: (-?\\d+)"), "level: -4", value, -4,
     "-4"},
    {"a power", number("(\\d+\\^\\d+)"), "10^3 units", value, 1000, "10^3"},
    {"a power with a fraction", number("(\\d+\\^[\\d.]+)"), "4^0.5", value, 2,
     "4^0.5"},
    {"a power beyond all numbers",
     number("(\\d+\\^\\d+)"),
     "10^999",
     unparseable,
     {},
     "10^999"},
    {"an exponent", number("([\\d.e]+)"), "1.5e3", value, 1500, "1.5e3"},
    {"a number too large",
     number("([\\d.e]+)"),
     "1e999",
     unparseable,
     {},
     "1e999"},
    {"words of Python's float",
     number("is (nan|inf)"),
     "is nan",
     unparseable,
     {},
     "nan"},
    {"thousands", number("([\\d,]+)"), "1,250,000 crowns", value, 1250000,
     "1,250,000"},
    {"a comma that is none for thousands",
     number("([\\d,]+)"),
     "1,25",
     unparseable,
     {},
     "1,25"},
    {"per cent", number("(\\d+ ?%)"), "45 %", value, 45, "45 %"},
    {"blanks around", number("level:([ \\d]+)x"), "level:  7 x", value, 7, "7"},
    {"within the range", ranged(number("(\\d+)"), 0, 10), "10", value, 10,
     "10"},
    {"above the range, kept apart", ranged(number("(\\d+)"), 0, 10), "11",
     out_of_range, 11, "11"},
    {"below the range, kept apart", ranged(number("(-?\\d+)"), 0, 10), "-1",
     out_of_range, -1, "-1"},
    {"an integer", integer("(\\S+) hours"), "17 hours", value, 17, "17"},
    {"an integer with a zero fraction", integer("(\\S+) hours"), "17.0 hours",
     value, 17, "17.0"},
    {"no integer",
     integer("(\\S+) hours"),
     "17.5 hours",
     unparseable,
     {},
     "17.5"},
    {"a flag without groups", flag("23[:.]30"), "sails at 23.30", value, 1,
     "23.30"},
    {"a flag whose group says yes", flag("signed: (\\w+)"), "Signed: YES",
     value, 1, "YES"},
    {"a flag whose group says no", flag("signed: (\\w+)"), "signed: no", value,
     0, "no"},
    {"a flag whose group says neither",
     flag("signed: (\\w+)"),
     "signed: soon",
     unparseable,
     {},
     "soon"},
    {"a flag in V1 asks only for a match", v1(flag("signed: (\\w+)")),
     "signed: no", value, 1, "no"},
    {"a flag that is not there",
     flag("23[:.]30"),
     "sails at noon",
     missing,
     {},
     ""},
    {"a category", pact, "Outlook: near", value, 1, "near"},
    {"a category in capitals", pact, "outlook: SIGNED", value, 2, "SIGNED"},
    {"an unknown category", pact, "outlook: lost", unparseable, {}, "lost"},
    {"a text",
     by_pattern(MetricType::text, {"mood: (.+)"}),
     "mood: calm and clear",
     value,
     {},
     "calm and clear"},
    {"the first pattern that matches",
     by_pattern(MetricType::continuous, {"x=(\\d)", "y=(\\d)"}), "y=5 x=3",
     value, 3, "3"},
    {"the second when the first does not",
     by_pattern(MetricType::continuous, {"x=(\\d)", "y=(\\d)"}), "y=5", value,
     5, "5"},
    {"letters beyond ASCII in any case", number("\u00c9TAT: (\\d+)"),
     "\u00e9tat: 6", value, 6, "6"},
    {"a named group of Python", number("(?P<n>\\d+) km"), "12 km", value, 12,
     "12"},
    {"Python's end of text", number("(\\d+)\\Z"), "1\n2\n3", value, 3, "3"},
    {"Python's escaped letter", number("(\\d+) \\u20ac"), "5 \u20ac", value, 5,
     "5"},
    {"Python's open range", number("x{,3}(\\d)"), "xx7", value, 7, "7"},
    {"keywords are counted", keywords(Scoring::count, {"strike", "walkout"}),
     "Strike! A strike and a walkout.", value, 3, "3"},
    {"within words too", keywords(Scoring::count, {"strike"}), "strikers",
     value, 1, "1"},
    {"no hit is a real zero", keywords(Scoring::count, {"strike"}), "all quiet",
     value, 0, "0"},
    {"presence", keywords(Scoring::presence, {"strike"}), "strike, strike",
     value, 1, "1"},
    {"absence", keywords(Scoring::presence, {"strike"}), "quiet", value, 0,
     "0"},
    {"density is hits in a hundred words", keywords(Scoring::density, {"war"}),
     "war and peace and war", value, 40, "40"},
    {"density of nothing", keywords(Scoring::density, {"war"}), "", value, 0,
     "0"},
    {"keywords mean themselves", keywords(Scoring::count, {"a.b(c"}),
     "A.B(C axb(c", value, 1, "1"},
    {"the category named most", named_most({"far", "near"}), "near, far, near",
     value, 1, "near"},
    {"the first of equals", named_most({"far", "near"}), "near, far", value, 0,
     "far"},
    {"a longer name is not its part", named_most({"high", "very high"}),
     "very high, very high, high", value, 1, "very high"},
    {"whole words only", named_most({"far", "near"}), "farther, near", value, 1,
     "near"},
    {"no category named",
     named_most({"far", "near"}),
     "elsewhere",
     missing,
     {},
     ""},
    {"scores by hand", manual(), "level: 7", missing, {}, ""},
  };
  ASSERT_GE(rows.size(), 40u);

  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    ScenarioSpec scenario;
    scenario.metrics = {row.metric};
    TurnRecord turn;
    turn.world = row.world;

    const auto values = read_all(scenario, turn);

    ASSERT_EQ(values.size(), 1u);
    EXPECT_EQ(values[0].metric, "m");
    EXPECT_EQ(values[0].participant, "");
    EXPECT_EQ(values[0].status, row.status);
    EXPECT_EQ(values[0].number, row.number);
    EXPECT_EQ(values[0].text, row.text);
  }
}

ScenarioSpec two_participants(MetricSpec metric) {
  ScenarioSpec scenario;
  for (const auto* id : {"isle", "port"}) {
    ParticipantSpec participant;
    participant.id = id;
    scenario.participants.push_back(participant);
  }
  scenario.metrics = {std::move(metric)};
  return scenario;
}

TurnRecord played_turn() {
  TurnRecord turn;
  turn.world = "World level: 1";
  Decision isle;
  isle.participant = "isle";
  isle.reasoning = "level: 2";
  isle.action = "We say level: 3";
  Decision port;
  port.participant = "port";
  port.reasoning = "level: 4";
  port.action = "We say nothing";
  turn.decisions = {isle, port};
  return turn;
}

TEST(MetricReader, V2ReadsTheWorldAlone) {
  auto turn = played_turn();
  turn.world = "no level told";

  const auto values = read_all(two_participants(number("level: (\\d)")), turn);

  EXPECT_EQ(values.at(0).status, missing);
}

TEST(MetricReader, V1ReadsActionsThenTheWorldAndTheLastTextWins) {
  const auto scenario = two_participants(v1(number("level: (\\d)")));
  auto turn = played_turn();

  EXPECT_EQ(read_all(scenario, turn).at(0).number, 1);

  turn.world = "no level told";
  EXPECT_EQ(read_all(scenario, turn).at(0).number, 3);
}

TEST(MetricReader, V2ReadsEachParticipantsReasoningAndThenItsAction) {
  auto metric = number("level: (\\d)");
  metric.per_participant = true;

  const auto values = read_all(two_participants(metric), played_turn());

  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].participant, "isle");
  EXPECT_EQ(values[0].number, 3);
  EXPECT_EQ(values[1].participant, "port");
  EXPECT_EQ(values[1].number, 4);
}

TEST(MetricReader, V1ReadsOneParticipantsActionAlone) {
  auto metric = v1(number("level: (\\d)"));
  metric.per_participant = true;
  metric.participant = "port";

  const auto values = read_all(two_participants(metric), played_turn());

  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].participant, "port");
  EXPECT_EQ(values[0].status, missing);
}

TEST(MetricReader, AParticipantWithoutADecisionIsMissing) {
  auto metric = number("level: (\\d)");
  metric.per_participant = true;
  auto turn = played_turn();
  turn.decisions.clear();

  const auto values = read_all(two_participants(metric), turn);

  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].status, missing);
}

TEST(MetricReader, KeywordsInV1AreCountedOverAllTexts) {
  const auto values = read_all(
    two_participants(v1(keywords(Scoring::count, {"level"}))), played_turn());

  EXPECT_EQ(values.at(0).number, 2);
}

std::string refusal_of(MetricSpec metric) {
  const auto reader =
    MetricReader::compile(two_participants(std::move(metric)));
  return reader ? "" : to_string(reader.error());
}

TEST(MetricReader, RefusesWhatItCannotReadAndNamesTheMetric) {
  auto asks_model = number("x");
  asks_model.extraction = Extraction::llm;
  auto of_a_stranger = number("x");
  of_a_stranger.per_participant = true;
  of_a_stranger.participant = "nobody";

  EXPECT_THAT(refusal_of(asks_model),
              ::testing::AllOf(::testing::HasSubstr("metric 'm'"),
                               ::testing::HasSubstr("llm")));
  EXPECT_THAT(refusal_of(of_a_stranger), ::testing::HasSubstr("'nobody'"));
  EXPECT_THAT(refusal_of(number("(open")),
              ::testing::AllOf(::testing::HasSubstr("metric 'm'"),
                               ::testing::HasSubstr("byte 5")));
  EXPECT_THAT(refusal_of(named_most({})),
              ::testing::HasSubstr("no categories"));
}

TEST(CheckPattern, AcceptsAndRefusesAsACompilationWould) {
  EXPECT_TRUE(check_pattern("(\\d+)\\s*million"));
  EXPECT_FALSE(check_pattern("(\\d+"));
  EXPECT_FALSE(check_pattern("\\C"));
  EXPECT_FALSE(check_pattern("\xff"));
  EXPECT_FALSE(check_pattern(std::string(20'000, 'a')));
}

TEST(Pattern, TextThatMakesItBacktrackForEverIsGivenUp) {
  for (const auto* hopeless :
       {"(a+)+$", "(a|aa)+$", "(.*)*x", "(?:a?){30}a{30}$", "(a*)*b"}) {
    SCOPED_TRACE(hopeless);
    ScenarioSpec scenario;
    scenario.metrics = {number(hopeless)};
    TurnRecord turn;
    turn.world = std::string(11'000, 'a') + "!";

    const auto values = read_all(scenario, turn);

    EXPECT_NE(values.at(0).status, value);
  }
}

TEST(Pattern, APatientPatternReadsALongWorldToItsEnd) {
  ScenarioSpec scenario;
  scenario.metrics = {number("begin(?:.|\\n)*level: (\\d+)")};
  TurnRecord turn;
  turn.world = "begin " + std::string(10'000, 'x') + "\nlevel: 5";

  EXPECT_EQ(read_all(scenario, turn).at(0).number, 5);
}

TEST(Pattern, EmptyMatchesComeToAnEnd) {
  const auto pattern = Pattern::compile("x*");
  ASSERT_TRUE(pattern);
  int matches = 0;

  ASSERT_TRUE(
    pattern->each_match("axxb", [&](const Pattern::Groups&) { ++matches; }));

  EXPECT_EQ(matches, 4); // before a, xx, before b, at the end
}

TEST(Pattern, MalformedBytesAreReadAsReplacements) {
  ScenarioSpec scenario;
  scenario.metrics = {number("level: (\\d)")};
  TurnRecord turn;
  turn.world = "\xff\xfe level: 5 \xc3";

  EXPECT_EQ(read_all(scenario, turn).at(0).number, 5);
}

} // namespace
} // namespace lab::actors
