#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "llm/sim/metric_rule.hpp"

namespace lab::llm {
namespace {

Brief::Metric metric(std::string_view name) {
  Brief::Metric out;
  out.name = name;
  out.value = 5;
  return out;
}

double number_in(const std::string& line) {
  return std::strtod(line.c_str() + line.find(": ") + 2, nullptr);
}

double mean_after(const Brief::Metric& one, double climate) {
  double sum = 0;
  constexpr int draws = 400;
  for (std::uint64_t i = 0; i < draws; ++i)
    sum += number_in(moved_by(one, climate, Chance{i}).line);
  return sum / draws;
}

TEST(MetricRule, ALineNamesTheMetricByItsLabel) {
  auto one = metric("trust_index");
  EXPECT_EQ(moved_by(one, 0, Chance{1}).line.substr(0, 15), "- Trust index: ");

  one.label = "Index of trust";
  EXPECT_EQ(moved_by(one, 0, Chance{1}).line.substr(0, 18),
            "- Index of trust: ");
}

TEST(MetricRule, RisesWithTheClimate) {
  const auto one = metric("cooperation_level");

  const auto sour = mean_after(one, -0.5);
  const auto calm = mean_after(one, 0);
  const auto warm = mean_after(one, 0.5);

  EXPECT_LT(sour, calm - 0.5);
  EXPECT_NEAR(calm, 5, 0.1);
  EXPECT_GT(warm, calm + 0.5);
}

TEST(MetricRule, WordsOfTroubleFallWithTheClimate) {
  for (const auto* name :
       {"tension", "conflict_risk", "Distrust", "co2_emissions"}) {
    SCOPED_TRACE(name);
    EXPECT_GT(mean_after(metric(name), -0.5), mean_after(metric(name), 0.5));
  }
}

TEST(MetricRule, StaysWithinItsRange) {
  auto one = metric("support");
  one.low = -1;
  one.high = 1;
  for (const double value : {-1.0, 1.0, -50.0, 50.0}) {
    one.value = value;
    for (std::uint64_t i = 0; i < 200; ++i) {
      const auto after = number_in(moved_by(one, value, Chance{i}).line);
      EXPECT_GE(after, -1);
      EXPECT_LE(after, 1);
    }
  }
}

TEST(MetricRule, WholeNumbersMoveOnAverageThoughEachStepIsWhole) {
  auto one = metric("support");
  one.type = Brief::MetricType::integer;
  one.low = 0;
  one.high = 3;
  one.value = 1;

  const auto line = moved_by(one, 0.1, Chance{3}).line;
  EXPECT_EQ(line.find('.'), std::string::npos);
  EXPECT_GT(mean_after(one, 0.1), 1.1);
  EXPECT_LT(mean_after(one, 0.1), 1.9);
}

TEST(MetricRule, ABooleanIsMoreOftenYesTheBetterTheClimate) {
  auto one = metric("working_group");
  one.type = Brief::MetricType::boolean;
  const auto yes = [&](double climate) {
    int count = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
      const auto line = moved_by(one, climate, Chance{i}).line;
      count += line == "- Working group: yes" ? 1 : 0;
      EXPECT_TRUE(line.empty() || line == "- Working group: yes");
    }
    return count;
  };

  EXPECT_GT(yes(0.8), yes(0.0) + 50);
  EXPECT_GT(yes(0.0), yes(-0.8) + 50);
}

TEST(MetricRule, ACategoryIsOneOfThem) {
  auto one = metric("mood");
  one.type = Brief::MetricType::categorical;
  one.categories = {"bad", "fair", "good"};
  one.value = 1;
  int good = 0;
  int bad = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto line = moved_by(one, 0.9, Chance{i}).line;
    good += line == "- Mood: good" ? 1 : 0;
    bad += line == "- Mood: bad" ? 1 : 0;
    EXPECT_EQ(line.substr(0, 8), "- Mood: ");
  }
  EXPECT_GT(good, bad);
}

TEST(MetricRule, KeywordsAreWorkedIntoTheText) {
  auto one = metric("pledges");
  one.keywords = {"cooperate", "commit"};
  one.value = 3;

  EXPECT_EQ(kept(one).line, "Much is said of cooperate, commit, cooperate.");
}

TEST(MetricRule, ALineOfItsOwnHoldsTheValue) {
  auto one = metric("deadline");
  one.type = Brief::MetricType::integer;
  one.line = "Reports are due in {} hours.";
  one.value = 7;

  EXPECT_EQ(kept(one).line, "Reports are due in 7 hours.");
}

TEST(MetricRule, ValuesFarOutsideAreHarmless) {
  auto counted = metric("pledges");
  counted.keywords = {"commit"};
  counted.low = counted.value = -1e300;
  auto named = metric("mood");
  named.type = Brief::MetricType::categorical;
  named.categories = {"bad", "good"};
  named.value = 1e300;

  EXPECT_EQ(kept(counted).line, "");
  EXPECT_EQ(kept(named).line, "");
  EXPECT_EQ(moved_by(counted, 0, Chance{1}).line, "");
  EXPECT_EQ(moved_by(named, 1, Chance{1}).line, "- Mood: good");
}

TEST(MetricRule, TextsAndUnknownValuesAreLeftOut) {
  auto one = metric("view");
  one.type = Brief::MetricType::text;
  EXPECT_EQ(moved_by(one, 0, Chance{1}).line, "");
  EXPECT_EQ(kept(one).line, "");
  Brief::Metric fresh;
  fresh.name = "fresh";
  EXPECT_EQ(kept(fresh).line, "");
  EXPECT_NE(moved_by(fresh, 0, Chance{1}).line, "");
  EXPECT_EQ(moved_by(fresh, 0, Chance{1}).change, "");
}

} // namespace
} // namespace lab::llm
