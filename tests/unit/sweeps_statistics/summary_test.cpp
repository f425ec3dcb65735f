// Expected numbers: reference.py.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/statistics/summary.hpp"
#include "tests/unit/sweeps_statistics/samples.hpp"

namespace lab::sweeps::statistics {
namespace {

const MetricKind unbounded{};
const MetricKind zero_to_ten{Interval{0, 10}, false};
const MetricKind yes_or_no{std::nullopt, true};

TEST(Summary, QuantilesAreThoseOfNumpy) {
  auto sorted = sample_x;
  std::ranges::sort(sorted);
  const std::vector<std::pair<double, double>> rows{
    {0, 2.2}, {0.1, 3.16}, {0.25, 3.95}, {0.5, 5}, {0.75, 5.85}, {1, 7.9}};
  for (const auto& [p, expected] : rows)
    EXPECT_NEAR(quantile(sorted, p), expected, 1e-12) << p;
}

TEST(Summary, APointIsDescribedWhole) {
  auto runs = runs_of(sample_x);
  runs.push_back(without(8, "failed"));
  runs.push_back(without(9, "failed"));
  runs.push_back(without(10, "halted"));

  const auto made = summarise(runs, unbounded);

  EXPECT_EQ(made.n, 7);
  EXPECT_EQ(made.effective_n, 7);
  EXPECT_EQ(made.missing, (std::map<std::string, std::int64_t>{{"failed", 2},
                                                               {"halted", 1}}));
  EXPECT_NEAR(*made.mean, 4.95714285714, 1e-11);
  EXPECT_NEAR(*made.sd, 1.85009652258, 1e-11);
  EXPECT_DOUBLE_EQ(*made.median, 5);
  EXPECT_DOUBLE_EQ(*made.lower_quartile, 3.95);
  EXPECT_DOUBLE_EQ(*made.upper_quartile, 5.85);
  EXPECT_DOUBLE_EQ(*made.min, 2.2);
  EXPECT_DOUBLE_EQ(*made.max, 7.9);
  EXPECT_EQ(made.method, Method::student_t);
  EXPECT_NEAR(made.interval->low, 3.2460889559, 1e-8);
  EXPECT_NEAR(made.interval->high, 6.66819675838, 1e-8);
}

TEST(Summary, EightReplicatesThatHoldOneTextAreOneRun) {
  std::vector<Observation> runs;
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    runs.push_back(reading(seed, 0.1 + 0.2, "the same six replies"));

  const auto made = summarise(runs, zero_to_ten);

  EXPECT_EQ(made.n, 8);
  EXPECT_EQ(made.effective_n, 1);
  EXPECT_EQ(*made.mean, 0.1 + 0.2); // bit for bit
  EXPECT_FALSE(made.sd);
  EXPECT_FALSE(made.interval);
  EXPECT_EQ(made.why_none, NoInterval::one_distinct_run);
}

TEST(Summary, CopiesDoNotNarrowAnInterval) {
  auto runs = runs_of(sample_x);
  runs.front() = reading(1, sample_x.front(), "calm");
  const auto alone = summarise(runs, unbounded);
  for (std::uint64_t seed = 20; seed < 40; ++seed)
    runs.push_back(reading(seed, sample_x.front(), "calm"));

  const auto copied = summarise(runs, unbounded);

  EXPECT_EQ(copied.n, 27);
  EXPECT_EQ(copied.effective_n, 7);
  EXPECT_EQ(copied.interval, alone.interval);
  EXPECT_EQ(copied.median, alone.median);
}

TEST(Summary, AShareHasWilsonsInterval) {
  struct Row {
    double successes, n, confidence, low, high;
  };
  for (const auto& row : {Row{8, 10, 0.95, 0.490162471537, 0.943317848546},
                          Row{0, 12, 0.95, 0, 0.242494006655},
                          Row{12, 12, 0.9, 0.816018805253, 1},
                          Row{1, 3, 0.99, 0.0404266292961, 0.855783984952}}) {
    const auto made = wilson_interval(row.successes, row.n, row.confidence);
    EXPECT_NEAR(made.low, row.low, 1e-11) << row.successes << "/" << row.n;
    EXPECT_NEAR(made.high, row.high, 1e-11) << row.successes << "/" << row.n;
  }
}

TEST(Summary, ABinaryMetricIsAShareInItsOwnUnits) {
  const std::vector<double> values{1, 1, 0, 1, 1, 1, 1, 0, 1, 1};
  const auto made = summarise(runs_of(values), yes_or_no);
  EXPECT_EQ(made.method, Method::wilson);
  EXPECT_NEAR(made.interval->low, 0.490162471537, 1e-11);

  std::vector<double> scaled;
  for (const double x : values)
    scaled.push_back(x == 1 ? 30 : 10);
  const auto other =
    summarise(runs_of(scaled), MetricKind{Interval{10, 30}, true});
  EXPECT_NEAR(other.interval->low, 10 + 20 * 0.490162471537, 1e-9);
}

TEST(Summary, ABoundedMeanStaysInItsRange) {
  const auto made =
    summarise(runs_of(std::vector<double>{9.8, 10, 7.0}), zero_to_ten);
  EXPECT_EQ(made.method, Method::student_t_clipped);
  EXPECT_EQ(made.interval->high, 10);
}

TEST(Summary, EqualValuesAreNotCertainty) {
  const std::vector<double> threes(5, 3.0);

  const auto bounded = summarise(runs_of(threes), zero_to_ten);
  EXPECT_EQ(bounded.method, Method::betting);
  EXPECT_TRUE(bounded.interval->contains(3));
  EXPECT_GT(bounded.interval->half_width(), 1);

  const auto open = summarise(runs_of(threes), unbounded);
  EXPECT_FALSE(open.interval);
  EXPECT_EQ(open.why_none, NoInterval::no_spread);
  EXPECT_EQ(*open.sd, 0);
}

TEST(Summary, ARangeThatIsNotTrueIsNotReliedOn) {
  const auto made =
    summarise(runs_of(std::vector<double>{9, 12, 10}), zero_to_ten);
  EXPECT_EQ(made.method, Method::student_t);
  EXPECT_GT(made.interval->high, 10);
}

TEST(Summary, WithoutNumbersThereIsNothingButCounts) {
  const auto none = summarise({}, unbounded);
  EXPECT_EQ(none.why_none, NoInterval::no_values);
  EXPECT_FALSE(none.mean);

  const std::vector<Observation> runs{without(1, ""), with_number(2, NAN)};
  const auto made = summarise(runs, unbounded);
  EXPECT_EQ(made.n, 0);
  EXPECT_EQ(made.missing, (std::map<std::string, std::int64_t>{
                            {"no value", 1}, {"not a number", 1}}));
}

TEST(SharedReplies, AChainOfSharedRepliesIsOneGroup) {
  const auto digest = [](const char* text) {
    return Hasher{}.add(text).finish128();
  };
  const std::vector<std::vector<Digest128>> replies{{digest("a"), digest("b")},
                                                    {digest("c")},
                                                    {digest("b"), digest("d")},
                                                    {digest("d"), digest("e")},
                                                    {},
                                                    {digest("c"), digest("c")}};

  EXPECT_EQ(shared_reply_groups(replies),
            (std::vector<std::size_t>{0, 1, 0, 0, 2, 1}));
}

} // namespace
} // namespace lab::sweeps::statistics
