#include <gtest/gtest.h>

#include "actors/prompts/sim_line.hpp"

namespace lab::actors {
namespace {

TEST(TextLike, IsASimpleTextThatThePatternMatches) {
  EXPECT_EQ(text_like(R"((\d+)\s*million\s+crowns)"), "{} million crowns");
  EXPECT_EQ(text_like(R"(about (?:the )?level:? ([\d.]+) hours?)"),
            "about level {} hour");
  EXPECT_EQ(text_like(R"(23[:.]30)"), "23:30");
  EXPECT_EQ(text_like(R"(10\^(\d+)\s*FLOPS)"), "10^{} FLOPS");
  EXPECT_EQ(text_like(R"((?i)\bpact|deal\b: (\w+))"), "pact");
  EXPECT_EQ(text_like(R"(a{3}b{0,2}(?P<n>\d)+(?=x))"), "aaa{}");
  EXPECT_EQ(text_like("((((("), "{}");
  EXPECT_EQ(text_like("[^a]x"), " x");
  EXPECT_EQ(text_like("\\"), "");
}

MetricSpec metric(const char* pattern,
                  MetricType type = MetricType::continuous) {
  MetricSpec spec;
  spec.name = "subsidy_level";
  spec.unit = "million crowns";
  spec.type = type;
  spec.patterns = {pattern};
  return spec;
}

std::string line_for(const MetricSpec& spec) {
  const auto line = sim_line(spec);
  return line ? line->text + (line->whole ? " (whole)" : "") : "(none)";
}

TEST(SimLine, IsTheNameWhenThePatternReadsThat) {
  EXPECT_EQ(line_for(metric(R"(subsidy level:\s*([\d.]+))")),
            "- Subsidy level: {}");
}

TEST(SimLine, HasTheUnitWhenThePatternWantsIt) {
  EXPECT_EQ(line_for(metric(R"(([\d.]+)\s*million\s+crowns)")),
            "- Subsidy level: {} million crowns");
}

TEST(SimLine, FollowsThePatternWhenNothingElseIsReadBack) {
  EXPECT_EQ(line_for(metric(R"(fare of ([\d.]+) pence)")),
            "- Subsidy level: fare of {} pence");
  EXPECT_EQ(line_for(metric(R"((?m)^fare of ([\d.]+) pence)")),
            "fare of {} pence");
}

TEST(SimLine, AsksForWholeNumbersWhenOnlyThoseAreReadBack) {
  EXPECT_EQ(line_for(metric(R"(subsidy level: (\d+)\b(?!\.))")),
            "- Subsidy level: {} (whole)");
}

TEST(SimLine, KnowsFlagsAndCategories) {
  auto outlook = metric(R"(outlook is (\w+))", MetricType::categorical);
  outlook.categories = {"far", "near"};

  EXPECT_EQ(line_for(outlook), "- Subsidy level: outlook is {}");
  EXPECT_EQ(line_for(metric("23[:.]30", MetricType::boolean)),
            "- Subsidy level: 23:30");
}

TEST(SimLine, SaysNothingRatherThanSomethingThatIsNotReadBack) {
  EXPECT_EQ(line_for(metric(R"((?<!x)y\1(z))")), "(none)");
  EXPECT_EQ(line_for(metric("(broken")), "(none)");
}

} // namespace
} // namespace lab::actors
