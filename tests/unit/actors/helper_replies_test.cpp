#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/parse/helper_replies.hpp"
#include "tests/unit/actors/reply_table.hpp"

namespace lab::actors {
namespace {

using lab::testing::one_line;
using lab::testing::read_replies;
using lab::testing::ReplyCase;

Reply reply_of(std::string text) {
  Reply reply;
  reply.text = std::move(text);
  return reply;
}

std::string expected(const ReplyCase& row, const std::string& field) {
  const auto found = row.expected.find(field);
  return found == row.expected.end() ? std::string{} : found->second;
}

std::string severity_of(const CheckReply& reply) {
  if (!reply.severity)
    return {};
  switch (*reply.severity) {
  case IssueSeverity::low:
    return "low";
  case IssueSeverity::medium:
    return "medium";
  case IssueSeverity::high:
    break;
  }
  return "high";
}

TEST(CheckReply, IsReadInEveryFormOfTheTable) {
  const auto rows = read_replies("checks.txt");
  ASSERT_GE(rows.size(), 50u);

  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto check = parse_check(row.reply);
    if (const auto reason = expected(row, "invalid"); !reason.empty()) {
      ASSERT_FALSE(check) << "was read though it is invalid";
      EXPECT_EQ(check.error().code, Errc::reply_invalid);
      EXPECT_THAT(check.error().context, ::testing::HasSubstr(reason));
      continue;
    }
    ASSERT_TRUE(check) << to_string(check.error());
    EXPECT_EQ(check->passed ? "passed" : "failed", expected(row, "verdict"));
    EXPECT_EQ(severity_of(*check), expected(row, "severity"));
    EXPECT_EQ(one_line(check->issues), expected(row, "issues"));
    EXPECT_EQ(one_line(check->explanation), expected(row, "explanation"));
    EXPECT_EQ(check->raw, row.reply.text);
  }
}

TEST(CheckReply, ARefusalIsNamedAsOne) {
  auto reply = reply_of("I cannot judge this.");
  reply.finish = FinishReason::refusal;

  const auto check = parse_check(reply);

  ASSERT_FALSE(check);
  EXPECT_EQ(check.error().context, "the model declined to answer");
}

/// Replies made to be slow: the reader must stay linear, or nearly so.
TEST(CheckReply, HostileShapesAreReadInTimeAndRefused) {
  for (const std::string part :
       {"{", "{\"passed\":", "**", "**PASSED:", "PASSED:\n", "# CONSISTENT\n",
        "{\"passed\":{}} ", "\n", ":"}) {
    SCOPED_TRACE(part);
    std::string text;
    while (text.size() < 200'000)
      text += part;

    EXPECT_FALSE(parse_check(reply_of(text)));
  }
}

TEST(SummaryReply, IsReadFromJsonAndFromItsLabel) {
  for (const auto* text :
       {R"({"summary":"They met."})",
        "```json\n{\"summary\":\"They met.\"}\n```", "**SUMMARY:** They met.",
        "## Summary\n\nThey met.", "SUMMARY: They met."}) {
    SCOPED_TRACE(text);
    const auto summary = parse_summary(reply_of(text));

    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->summary, "They met.");
  }
}

TEST(SummaryReply, WithoutAFormIsInvalidAndStillHasItsText) {
  const auto reply = reply_of("<think>Hm.</think>They met.\n\nThey parted.");

  EXPECT_FALSE(parse_summary(reply));
  EXPECT_EQ(summary_from_text(reply)->summary, "They met.\n\nThey parted.");
  EXPECT_FALSE(summary_from_text(reply_of(" \n ")));
}

TEST(SummaryReply, IsCutAtItsCap) {
  const auto summary = summary_from_text(reply_of(std::string(50'000, 'x')));

  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->summary.size(), summary_chars_max);
}

MetricSpec metric_of(MetricType type) {
  MetricSpec metric;
  metric.name = "trust_level";
  metric.type = type;
  metric.extraction = Extraction::llm;
  if (type == MetricType::continuous || type == MetricType::integer)
    metric.range = {{0, 10}};
  if (type == MetricType::categorical)
    metric.categories = {"far", "near", "signed"};
  return metric;
}

struct MetricCase {
  MetricType type;
  const char* text;
  MetricStatus status;
  std::optional<double> number;
};

TEST(MetricReply, IsReadInEveryFormOfTheTable) {
  constexpr auto number = MetricType::continuous;
  constexpr auto whole = MetricType::integer;
  constexpr auto flag = MetricType::boolean;
  constexpr auto word = MetricType::categorical;
  constexpr auto value = MetricStatus::value;
  constexpr auto missing = MetricStatus::missing;
  constexpr auto outside = MetricStatus::out_of_range;
  const std::vector<MetricCase> cases{
    {number, R"({"value":7.5})", value, 7.5},
    {number, R"({"value":"7.5"})", value, 7.5},
    {number, R"({"value": 0})", value, 0},
    {number, "```json\n{\"value\": 3}\n```", value, 3},
    {number, R"({"trust_level": 4})", value, 4},
    {number, "7.5", value, 7.5},
    {number, "  7.5\n", value, 7.5},
    {number, "**7.5**", value, 7.5},
    {number, "7.", value, 7},
    {number, "70%", outside, 70},
    {number, "**VALUE:** 2.5", value, 2.5},
    {number, "VALUE: 2.5\nBecause they talk.", value, 2.5},
    {number, "<think>8?</think>6", value, 6},
    {number, R"({"value":10.5})", outside, 10.5},
    {number, R"({"value":-1})", outside, -1},
    {number, R"({"value":null})", missing, std::nullopt},
    {number, R"({"value":"unknown"})", missing, std::nullopt},
    {number, "VALUE: n/a", missing, std::nullopt},
    {whole, R"({"value":3})", value, 3},
    {flag, R"({"value":"yes"})", value, 1},
    {flag, R"({"value":false})", value, 0},
    {flag, "No.", value, 0},
    {word, R"({"value":"near"})", value, 1},
    {word, "Signed.", value, 2},
    {word, R"({"value":null})", missing, std::nullopt},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.text);
    const auto read = parse_metric(metric_of(row.type), reply_of(row.text));

    ASSERT_TRUE(read) << to_string(read.error());
    EXPECT_EQ(read->status, row.status);
    EXPECT_EQ(read->number, row.number);
    EXPECT_EQ(read->metric, "trust_level");
  }
}

TEST(MetricReply, ThatIsNoValueOfTheMetricIsRefused) {
  const std::vector<std::pair<MetricType, const char*>> cases{
    {MetricType::continuous, R"({"value":"high"})"},
    {MetricType::continuous, "7 out of 10"},
    {MetricType::continuous, "I would say that it is quite high, say a 7."},
    {MetricType::continuous, "The parties talk.\nIt is a 7."},
    {MetricType::continuous, R"({"level":7})"},
    {MetricType::continuous, R"({"value":true})"},
    {MetricType::continuous, R"({"value":[1,2]})"},
    {MetricType::continuous, R"({"value":1e999})"},
    {MetricType::integer, R"({"value":3.5})"},
    {MetricType::boolean, R"({"value":"perhaps"})"},
    {MetricType::categorical, R"({"value":"close"})"},
    {MetricType::categorical, R"({"value":1})"},
    {MetricType::continuous, ""},
  };
  for (const auto& [type, text] : cases) {
    SCOPED_TRACE(text);
    const auto read = parse_metric(metric_of(type), reply_of(text));

    ASSERT_FALSE(read) << read->text;
    EXPECT_EQ(read.error().code, Errc::reply_invalid);
  }
}

TEST(MetricReply, ThatStaysUnreadableKeepsItsTextAndNoNumber) {
  const auto value =
    unparseable(metric_of(MetricType::continuous), reply_of("7"));

  EXPECT_EQ(value.status, MetricStatus::unparseable);
  EXPECT_FALSE(value.number);
  EXPECT_EQ(value.text, "7");
}

TEST(MetricReply, ACategoryNamedUnknownIsACategory) {
  auto metric = metric_of(MetricType::categorical);
  metric.categories = {"known", "unknown"};

  const auto read = parse_metric(metric, reply_of(R"({"value":"unknown"})"));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 1);
}

} // namespace
} // namespace lab::actors
