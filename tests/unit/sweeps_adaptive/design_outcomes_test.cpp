// Rules on the indices of a design, while a sweep runs.

#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/analysis/design_tables.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"
#include "tests/unit/sweeps_adaptive/played_sweep.hpp"

namespace lab::sweeps {
namespace {

constexpr const char* factors = R"(
factors:
  big: {path: params.big, range: [0, 1]}
  small: {path: params.small, range: [0, 1]}
  idle: {path: params.idle, range: [0, 1]}
)";

constexpr const char* saltelli = R"(
design: {saltelli: {factors: [big, small, idle], base: 64}, seed: 3}
)";

constexpr const char* morris = R"(
design: {morris: {factors: [big, small, idle], trajectories: 12}, seed: 3}
)";

class DesignRulesTest : public ::testing::Test {
protected:
  void design(const std::string& text) {
    Findings findings;
    auto read = read_manifest(std::string{"schema: sweep/1\nname: d\n"
                                          "scenario: s\n"}
                                + factors + text,
                              "x.yaml", findings);
    ASSERT_TRUE(read) << render(findings);
    manifest = std::make_unique<Manifest>(std::move(*read));
    points = static_cast<std::int32_t>(manifest->design->size());
  }

  double factor(std::int32_t point, std::size_t index) const {
    return std::stod(manifest->design->point(point).values[index]->text);
  }

  /// 4 big + small, and a little noise.
  World linear() const {
    return [this](const RunTicket& ticket) -> std::optional<double> {
      return 4 * factor(ticket.point_index, 0) + factor(ticket.point_index, 1)
             + 0.1 * unit(ticket);
    };
  }

  AdaptiveRules rules(std::int32_t replicates) const {
    auto made = rules_for(points, replicates);
    made.metrics.kinds["Night_sailing"] = {};
    made.design.manifest = manifest.get();
    made.design.index_of = [](std::int32_t point) { return point; };
    made.design.metrics = {"Night_sailing"};
    return made;
  }

  /// The outcomes of the first runs of the order, as a look at them sees them.
  DesignOutcomes told(const AdaptiveRules& with, std::int32_t runs,
                      const World& world) const {
    DesignOutcomes outcomes{with.design};
    for (std::int32_t p = 0; p < runs; ++p) {
      const auto ticket = ticket_of(p % points, p / points + 1);
      outcomes.add(outcome_of(ticket, world(ticket)), ticket.seed,
                   ticket.point_index, with.metrics);
    }
    return outcomes;
  }

  std::unique_ptr<Manifest> manifest;
  std::int32_t points = 0;
};

TEST_F(DesignRulesTest, WidthsAreThoseOfTheReportsEstimatorAtTheLooksLevel) {
  design(saltelli);
  const auto made = rules(1);
  auto outcomes = told(made, points, linear());
  outcomes.look(false);

  const auto widths =
    outcomes.sobol_half_widths("Night_sailing", true, 0.95, "");

  ASSERT_TRUE(widths);
  ASSERT_EQ(widths->size(), 3U);
  DesignPoints known{*manifest};
  DesignNumbers numbers{known};
  for (std::int32_t p = 0; p < points; ++p) {
    statistics::Observation run;
    run.seed = 1;
    run.value = linear()(ticket_of(p, 1));
    numbers.add(known.find_or_add(p), run);
  }
  statistics::SobolOptions options;
  options.bootstrap.confidence = 1 - statistics::alpha_of_look(0.05, 1);
  const auto group = groups_of(*manifest, LeafKind::saltelli).front();
  const auto result =
    statistics::sobol(saltelli_rows(group, numbers).table, options);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_DOUBLE_EQ((*widths)[i], result.total[i].interval->half_width());
  EXPECT_EQ(outcomes.sobol_half_widths("Night_sailing", true, 0.95, "small"),
            std::vector<double>{(*widths)[1]});
  EXPECT_FALSE(
    outcomes.sobol_half_widths("Night_sailing", true, 0.95, "other"));
  EXPECT_FALSE(outcomes.sobol_half_widths("unknown", true, 0.95, ""));
}

TEST_F(DesignRulesTest, EveryLookSpendsErrorAndLooksAreScarce) {
  design(saltelli);
  const auto made = rules(40);
  auto outcomes = told(made, points, linear());
  outcomes.look(false);
  const auto first =
    outcomes.sobol_half_widths("Night_sailing", false, 0.95, "big");
  ASSERT_TRUE(first);

  outcomes.look(false);
  EXPECT_FALSE(outcomes.sobol_half_widths("Night_sailing", false, 0.95, "big"))
    << "nothing new: not a look";

  outcomes.look(true);
  EXPECT_FALSE(outcomes.sobol_half_widths("Night_sailing", false, 0.95, "big"))
    << "the last one neither";

  for (std::int32_t p = 0; p < points / 4; ++p) {
    // The same numbers again, by another seed: as precise as before.
    const auto ticket = ticket_of(p, 2);
    outcomes.add(outcome_of(ticket, linear()(ticket_of(p, 1))), ticket.seed, p,
                 made.metrics);
  }
  outcomes.look(false);
  const auto second =
    outcomes.sobol_half_widths("Night_sailing", false, 0.95, "big");
  ASSERT_TRUE(second);
  EXPECT_GT(second->front(), 1.1 * first->front());
}

TEST_F(DesignRulesTest, TooFewSamplesAreNotKnown) {
  design(saltelli);
  const auto made = rules(1);
  auto few = told(made, 15 * 5 + 4, linear());
  few.look(false);
  EXPECT_FALSE(few.sobol_half_widths("Night_sailing", true, 0.95, ""));

  auto enough = told(made, 16 * 5, linear());
  enough.look(false);
  EXPECT_TRUE(enough.sobol_half_widths("Night_sailing", true, 0.95, ""));
}

TEST_F(DesignRulesTest, FailedRunsAreLeftOutAsTheReportDoes) {
  design(saltelli);
  const auto made = rules(1);
  const World some_fail = [&](const RunTicket& ticket) {
    return ticket.point_index % 50 == 7 ? std::nullopt : linear()(ticket);
  };
  auto outcomes = told(made, points, some_fail);
  outcomes.look(false);
  EXPECT_TRUE(outcomes.sobol_half_widths("Night_sailing", true, 0.95, ""));
}

TEST_F(DesignRulesTest, MorrisMeansAndTheirWidthsAreOfEveryFactor) {
  design(morris);
  const auto made = rules(1);
  auto outcomes = told(made, points, linear());
  outcomes.look(false);

  const auto means = outcomes.morris_means("Night_sailing", "");
  const auto widths = outcomes.morris_half_widths("Night_sailing", 0.95, "");

  ASSERT_TRUE(means && widths);
  ASSERT_EQ(means->size(), 3U);
  EXPECT_NEAR((*means)[0], 4, 0.3);
  EXPECT_NEAR((*means)[1], 1, 0.3);
  EXPECT_LT((*means)[2], 0.3);
  for (const auto width : *widths) {
    EXPECT_GT(width, 0);
    EXPECT_LT(width, 0.5);
  }
  EXPECT_FALSE(outcomes.sobol_half_widths("Night_sailing", true, 0.95, ""))
    << "the design has no such part";

  auto few = told(made, 4, linear());
  few.look(false);
  EXPECT_FALSE(few.morris_means("Night_sailing", ""));
}

TEST_F(DesignRulesTest, ASweepEndsWhenItsIndicesAreTight) {
  design(saltelli);
  auto with = rules(20);
  with.stop = {
    stop_when("max(sobol_ci(Night_sailing, total)) < 0.4", StopAction::finish)};

  const auto played = play(with, points, 20, linear(), 7, 1);

  ASSERT_TRUE(played.stop);
  EXPECT_EQ(played.stop->then, SourceStop::Then::finish);
  EXPECT_LT(played.runs.size(), static_cast<std::size_t>(points) * 20);
  EXPECT_GT(played.stop->runs_saved, 0);
  for (const std::uint64_t schedule : {2U, 3U, 4U})
    EXPECT_EQ(
      play(with, points, 20, linear(), 1 + 13 * schedule, schedule).runs,
      played.runs)
      << "the schedule decides nothing";

  const auto part = play(with, points, 20, linear(), 7, 5, {}, 57);
  EXPECT_EQ(play(with, points, 20, linear(), 3, 6, part.outcomes).runs,
            played.runs)
    << "nor does a kill";
}

TEST_F(DesignRulesTest, ReplicatesAreAddedUntilTheIndicesOfTheSweepAreTight) {
  design(morris);
  auto with = rules(1);
  with.more = more_until("max(morris_ci(Night_sailing)) < 0.025", 30);

  const auto played = play(with, points, 1, linear(), 7, 1);

  ASSERT_TRUE(played.stop);
  EXPECT_TRUE(played.stop->because.starts_with("precise enough"))
    << played.stop->because;
  EXPECT_GT(played.added, 0);
  EXPECT_EQ(played.added % points, 0) << "it is asked of all points alike";
}

} // namespace
} // namespace lab::sweeps
