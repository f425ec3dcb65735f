// A sweep that ends after any number of runs is balanced: whatever its design,
// its order and its number of replicates.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sweeps/planner/plan.hpp"
#include "sweeps/planner/run_walk.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

namespace lab::sweeps {
namespace {

/// Manifests of random designs, orders and replicates.
class RandomManifest {
public:
  explicit RandomManifest(std::uint64_t seed) : seed_(seed) {}

  Manifest make() {
    text_ = "schema: sweep/1\nname: random\nscenario: s\nfactors:\n"
            "  rule: {path: params.rule, values: "
            + letters(1 + below(4)) + "}\n"
            + "  start: {path: params.start, values: " + letters(1 + below(3))
            + "}\n  model: {path: actors.us.llm_model, values: "
            + letters(1 + below(3), "ollama/")
            + "}\n  trust: {path: params.trust, range: [0, 1]}\n"
              "  text: {path: system_prompt, range: [0, 1]}\ndesign:\n";
    add_design();
    text_ += "  seed: " + std::to_string(below(1000)) + "\n";
    text_ += "replicates: {count: " + std::to_string(1 + below(4))
             + (below(3) == 0 ? ", seeds: fresh" : "") + "}\n";
    const std::vector<std::string> orders{"blocks", "by-model"};
    text_ += "schedule: {order: " + orders[below(2)] + "}\n";
    Findings findings;
    auto manifest = read_manifest(text_, "sweeps/x.yaml", findings);
    EXPECT_TRUE(manifest) << text_ << render(findings);
    return std::move(*manifest);
  }

  const std::string& text() const { return text_; }

private:
  std::uint64_t below(std::uint64_t count) {
    return seed_.below(drawn_++, count);
  }

  std::string letters(std::uint64_t count, const std::string& before = "") {
    std::string list;
    for (std::uint64_t i = 0; i < count; ++i)
      list += (i == 0 ? "" : ", ") + before
              + std::string(1, static_cast<char>('a' + i));
    return "[" + list + "]";
  }

  /// A leaf of the factors that are numbers.
  std::string sampled() {
    const auto points = std::to_string(4 + below(6));
    switch (below(4)) {
    case 0:
      return "sobol: {factors: [trust, text], points: 8}";
    case 1:
      return "latin-hypercube: {factors: [trust, text], points: " + points
             + "}";
    case 2:
      return "random: {factors: [trust, text], points: " + points + "}";
    default:
      return "saltelli: {factors: [trust, text], base: 4}";
    }
  }

  void add_design() {
    const std::string grid = "grid: {factors: [rule, start, model]}";
    switch (below(4)) {
    case 0:
      text_ += "  " + grid + "\n";
      return;
    case 1:
      text_ += "  " + sampled() + "\n";
      return;
    case 2:
      text_ += "  cross:\n    - " + sampled() + "\n    - " + grid + "\n";
      return;
    default:
      text_ += "  union:\n    - name: one\n      " + sampled()
               + "\n    - name: two\n      " + grid + "\n";
    }
  }

  Seed seed_;
  std::uint64_t drawn_ = 0;
  std::string text_;
};

/// How often points were begun, and in which order rows came.
class Balance {
public:
  explicit Balance(const Manifest& manifest)
    : stretches_(stretches_of(*manifest.design)), order_(manifest.order) {}

  /// @param distinct  points that are different
  void begin(std::int64_t point, std::int64_t distinct) {
    ++done_[point];
    std::int64_t most = 0;
    for (const auto& [index, count] : done_)
      most = std::max(most, count);
    // A point that lags behind by two has not begun, or has too few.
    std::int64_t least = std::ssize(done_) < distinct ? 0 : most;
    for (const auto& [index, count] : done_)
      least = std::min(least, count);
    ASSERT_LE(most - least, 1);
    check_rows(point);
  }

private:
  /// Within a block and its stretch, no row begins before those above it are
  /// whole. By-model walks them once for each model.
  void check_rows(std::int64_t point) {
    if (order_ != RunOrder::blocks)
      return;
    const auto stretch = std::prev(
      std::ranges::upper_bound(stretches_, point, {}, &Stretch::first));
    const auto row = stretch->row_of(point);
    if (row == 0)
      return;
    for (std::int64_t i = 0; i < stretch->row_size(); ++i) {
      const auto above = done_.find(stretch->point_in(row - 1, i));
      if (above != done_.end()) { // else the same scenario as another
        ASSERT_GE(above->second, done_[point]);
      }
    }
  }

  std::vector<Stretch> stretches_;
  RunOrder order_;
  std::map<std::int64_t, std::int64_t> done_;
};

TEST(Truncation, AListedPlanIsBalancedAfterAnyNumberOfRuns) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    RandomManifest random{seed};
    auto manifest = random.make();
    FakeScenario scenario;
    Findings findings;
    const auto plan = make_plan(manifest, scenario, {}, findings);
    ASSERT_TRUE(plan) << random.text() << render(findings);
    // Duplicates leave the plan's indices without those that run elsewhere.
    if ((*plan)->point_count() != manifest.design->size())
      continue;
    Balance balance{manifest};
    for (const auto& ticket : (*plan)->tickets()) {
      balance.begin(ticket.point_index, (*plan)->point_count());
      if (::testing::Test::HasFatalFailure())
        FAIL() << random.text();
    }
  }
}

TEST(Truncation, AWalkIsBalancedAfterAnyNumberOfRuns) {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    RandomManifest random{seed};
    const auto manifest = random.make();
    Balance balance{manifest};
    std::int64_t steps = 0;
    RunWalk walk{manifest};
    while (const auto step = walk.next()) {
      ++steps;
      balance.begin(step->point, manifest.design->size());
      if (::testing::Test::HasFatalFailure())
        FAIL() << random.text();
    }
    ASSERT_EQ(steps, manifest.design->size() * manifest.replicates.count)
      << random.text();
  }
}

TEST(Truncation, TheFirstPointsOfASobolSequenceComeFirstInEveryBlock) {
  Findings findings;
  const auto manifest =
    read_manifest("schema: sweep/1\nname: x\nscenario: s\n"
                  "factors:\n"
                  "  trust: {path: params.trust, range: [0, 1]}\n"
                  "  rule: {path: params.rule, values: [a, b]}\n"
                  "design:\n"
                  "  cross:\n"
                  "    - grid: {factors: [rule]}\n"
                  "    - sobol: {factors: [trust], points: 16}\n"
                  "replicates: {count: 2}\n",
                  "x.yaml", findings);
  ASSERT_TRUE(manifest) << render(findings);
  RunWalk walk{*manifest};

  for (std::int64_t i = 0; i < 64; ++i)
    EXPECT_EQ(walk.next()->point % 16, i % 32 / 2);
}

} // namespace
} // namespace lab::sweeps
