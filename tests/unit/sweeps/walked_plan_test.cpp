// Plans that are too long to be listed: made run by run.

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/run_layout.hpp"
#include "tests/unit/sweeps/plan_fixture.hpp"

namespace lab::sweeps {
namespace {

/// 3 x 1,001 points.
constexpr const char* many_points = R"(
factors:
  rule: {path: params.rule, values: [none, voluntary, binding]}
  trust: {path: params.trust, range: [0, 1], step: 0.001}
design: {grid: {factors: [rule, trust]}, seed: 7}
)";

/// What commands recorded, as tables would tell it.
class Recorded final : public KnownRuns {
public:
  std::map<RunId, std::string> names;
  std::set<RunId> settled;
  bool broken = false;

  Result<KnownRun> find(RunId run) override {
    if (broken)
      return fail(Errc::disk_failed, "tables");
    const auto name = names.find(run);
    return KnownRun{name == names.end() ? "" : name->second,
                    settled.contains(run)};
  }
  Result<bool> has_point(std::int32_t point) override {
    return std::ranges::any_of(names, [&](const auto& entry) {
      return numbers_of(entry.second)->first == point;
    });
  }
  Result<bool> has_name(const std::string& name) override {
    return std::ranges::any_of(
      names, [&](const auto& entry) { return entry.second == name; });
  }
  Result<std::int32_t> last_point() override {
    std::int32_t last = 0;
    for (const auto& [run, name] : names)
      last = std::max(last, numbers_of(name)->first);
    return last;
  }
};

class WalkedPlan : public PlanFixture {
protected:
  PlanContext knowing(std::optional<std::int64_t> first = {}) {
    PlanContext context;
    context.known = recorded;
    context.first = first;
    return context;
  }

  std::vector<RunTicket> start(const SweepPlan& plan) {
    const auto tickets = drain(*plan.missing({}));
    for (const auto& ticket : tickets)
      recorded->names[ticket.run] = ticket.name;
    return tickets;
  }

  std::shared_ptr<Recorded> recorded = std::make_shared<Recorded>();
};

TEST_F(WalkedPlan, MakesNoMorePointsThanItsLevelsAndSample) {
  const auto made = plan(many_points);

  ASSERT_NE(made, nullptr);
  EXPECT_FALSE(made->listed());
  EXPECT_EQ(made->point_count(), 3'003);
  EXPECT_EQ(made->run_count(), 3'003);
  EXPECT_LE(scenario.resolved(), points_sampled + 1 + 3 + 1'001);
  EXPECT_TRUE(made->sweep_fact().runs.empty());
  EXPECT_EQ(made->sweep_fact().points, 3'003);
}

TEST_F(WalkedPlan, HandsOutEveryRunOnce) {
  const auto made = plan(std::string{many_points} + "replicates: {count: 2}\n");
  std::set<RunId> runs;
  std::set<std::string> names;

  for (const auto& ticket : drain(*made->missing({}))) {
    runs.insert(ticket.run);
    names.insert(ticket.name);
  }

  EXPECT_EQ(runs.size(), 6'006U);
  EXPECT_EQ(names.size(), 6'006U);
}

TEST_F(WalkedPlan, EveryPrefixIsBalanced) {
  const auto made = plan(std::string{many_points} + "replicates: {count: 3}\n");
  std::vector<int> done(3'003);
  std::int64_t least = 0; // runs that every point has
  std::int64_t above = 0; // points with one more

  const auto source = made->missing({});
  while (const auto ticket = source->next()) {
    const auto count = ++done[static_cast<std::size_t>(ticket->point_index)];
    ASSERT_EQ(count, least + 1);
    if (++above == 3'003) {
      ++least;
      above = 0;
    }
  }

  EXPECT_EQ(least, 3);
}

TEST_F(WalkedPlan, ARunIsTheSameAsInAListedPlan) {
  const auto listed =
    plan("factors:\n"
         "  rule: {path: params.rule, values: [binding]}\n"
         "  trust: {path: params.trust, values: [0.5]}\n"
         "design: {grid: {factors: [rule, trust]}, seed: 7}\n");
  const auto made = plan(many_points);

  const auto tickets = drain(*made->missing({}));

  const auto found =
    std::ranges::find(tickets, listed->tickets()[0].run, &RunTicket::run);
  ASSERT_NE(found, tickets.end());
  EXPECT_EQ(found->seed, listed->tickets()[0].seed);
  // rule 3 of 3, trust 501 of 1,001
  EXPECT_EQ(found->name, "p2503.r1");
  const auto run = made->resolve(*found);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->id, found->run);
  EXPECT_EQ(run->point, "p2503");
}

TEST_F(WalkedPlan, FirstTakesTheHeadOfTheOrder) {
  const auto whole = drain(*plan(many_points)->missing({}));
  const auto made = plan(many_points, knowing(40));

  const auto head = start(*made);

  ASSERT_EQ(head.size(), 40U);
  for (std::size_t i = 0; i < head.size(); ++i)
    EXPECT_EQ(head[i].run, whole[i].run);
}

TEST_F(WalkedPlan, WhatIsSettledIsNotHandedOutAgain) {
  const auto head = start(*plan(many_points, knowing(40)));
  for (std::size_t i = 0; i < 30; ++i)
    recorded->settled.insert(head[i].run);

  const auto again = drain(*plan(many_points, knowing(50))->missing({}));

  ASSERT_EQ(again.size(), 20U);
  EXPECT_EQ(again[0].run, head[30].run);
  EXPECT_EQ(again[0].name, head[30].name);
  const auto every = drain(*plan(many_points, knowing(50))->every_run());
  EXPECT_EQ(every.size(), 50U);
}

TEST_F(WalkedPlan, AReorderedManifestKeepsIdsAndTheNamesThatWereGiven) {
  const auto before = start(*plan(many_points, knowing(300)));

  const auto after = drain(*plan(R"(
factors:
  trust: {path: params.trust, range: [0, 1], step: 0.001}
  rule: {path: params.rule, values: [binding, none, voluntary]}
design: {grid: {factors: [trust, rule]}, seed: 7}
)",
                                 knowing())
                              ->missing({}));

  ASSERT_EQ(after.size(), 3'003U);
  std::map<RunId, std::string> names;
  std::set<std::string> used;
  for (const auto& ticket : after) {
    names[ticket.run] = ticket.name;
    EXPECT_TRUE(used.insert(ticket.name).second) << ticket.name;
  }
  EXPECT_EQ(names.size(), 3'003U);
  for (const auto& ticket : before)
    EXPECT_EQ(names.at(ticket.run), ticket.name);
}

TEST_F(WalkedPlan, AnAddedReplicateKeepsThePointsNumber) {
  const auto before = start(*plan(many_points, knowing(300)));
  std::map<std::int32_t, std::string> points;
  for (const auto& ticket : before)
    points[ticket.point_index] = ticket.point;

  const auto after = drain(
    *plan(std::string{many_points} + "replicates: {count: 2}\n", knowing())
       ->missing({}));

  ASSERT_EQ(after.size(), 6'006U);
  for (const auto& ticket : after) {
    if (ticket.replicate == 2 && points.contains(ticket.point_index)) {
      EXPECT_EQ(ticket.point, points[ticket.point_index]);
    }
  }
}

TEST_F(WalkedPlan, PointsThatAreOneScenarioRunOnceAndAreCounted) {
  scenario.ignored = "params.rule";
  const auto made = plan(many_points);

  const auto tickets = drain(*made->missing({}));

  EXPECT_EQ(tickets.size(), 1'001U);
  EXPECT_EQ(made->duplicates().count, 2'002);
  EXPECT_EQ(made->duplicates().examples.size(), 5U);
  const auto finding = duplicates_finding(made->manifest(), made->duplicates());
  EXPECT_EQ(finding.code, "S419");
  EXPECT_EQ(finding.severity, Severity::warning);
}

TEST_F(WalkedPlan, AFaultyLevelIsFoundHoweverFewPointsHaveIt) {
  std::string text = "factors:\n"
                     "  rule: {path: params.rule, values: [a, b]}\n"
                     "  story:\n    levels:\n";
  for (int i = 0; i < 1'900; ++i)
    text += "      l" + std::to_string(i) + ": {params.tru"
            + (i == 777 ? "" : "st") + ": " + std::to_string(i) + "}\n";
  text += "design: {grid: {factors: [rule, story]}}\n";

  EXPECT_EQ(plan(text), nullptr);

  EXPECT_EQ(error.code, Errc::invalid_input);
  EXPECT_EQ(lines_of(findings),
            (std::vector<std::string>{"S210@785: no such place: params.tru"}));
}

TEST_F(WalkedPlan, TablesThatCannotBeReadEndTheSweepWithTheirReason) {
  recorded->broken = true;
  const auto made = plan(many_points, knowing());
  const auto source = made->missing({});

  const auto ticket = source->next();

  ASSERT_TRUE(ticket);
  EXPECT_EQ(source->resolve(*ticket).error().code, Errc::disk_failed);
  EXPECT_EQ(source->next(), std::nullopt);
}

TEST_F(WalkedPlan, ByModelFinishesAModelBeforeTheNextWithinABlock) {
  const auto made = plan(R"(
factors:
  model: {path: actors.us.llm_model, values: [ollama/a, ollama/b, ollama/c]}
  trust: {path: params.trust, range: [0, 1], step: 0.001}
design: {grid: {factors: [model, trust]}, seed: 7}
replicates: {count: 3}
schedule: {order: by-model}
)");
  std::vector<std::int32_t> loaded;
  std::vector<int> done(3'003);

  for (const auto& ticket : drain(*made->missing({}))) {
    const auto model = ticket.point_index / 1'001;
    if (loaded.empty() || loaded.back() != model)
      loaded.push_back(model);
    ++done[static_cast<std::size_t>(ticket.point_index)];
  }

  // Three models a block, and each block goes on with the one that is loaded.
  EXPECT_EQ(loaded.size(), 7U);
  EXPECT_TRUE(std::ranges::all_of(done, [](int runs) { return runs == 3; }));
}

TEST_F(WalkedPlan, AnEstimateIsOfASampleAndSaysHowFarItMayBeOff) {
  const auto price = [](const std::string&) -> Result<PriceRow> {
    return PriceRow{};
  };
  PlanContext context;
  context.settled = 3;
  const auto made = plan("factors:\n"
                         "  turns: {path: turns, values: [2, 4]}\n"
                         "  trust: {path: params.trust, range: [0, 1], "
                         "step: 0.0005}\n"
                         "design: {grid: {factors: [turns, trust]}}\n",
                         context);

  const auto sum = estimate_plan(*made, {}, price);

  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->runs, 2 * 2'001 - 3);
  EXPECT_EQ(sum->points_sampled, points_sampled);
  EXPECT_EQ(sum->shared_calls, std::nullopt);
  // Three calls a turn, three turns on average.
  const auto exact = 9.0 * 4'000;
  EXPECT_GT(sum->error.calls, 0.01);
  EXPECT_LT(sum->error.calls, 0.05);
  EXPECT_NEAR(static_cast<double>(sum->all.total.calls), exact,
              2 * exact * sum->error.calls);
}

TEST_F(WalkedPlan, WhatAnotherSweepDidGetsItsNameAndIsNotRunAgain) {
  const auto fresh = plan(many_points);
  const auto all = drain(*fresh->missing({}));
  for (std::size_t i = 100; i < 103; ++i)
    recorded->settled.insert(all[i].run);

  const auto made = plan(many_points, knowing());
  const auto source = made->missing({});
  const auto rest = drain(*source);

  EXPECT_EQ(rest.size(), all.size() - 3);
  const auto named = source->take_named();
  ASSERT_EQ(named.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(named[i].run, all[100 + i].run);
    EXPECT_EQ(named[i].name, all[100 + i].name);
  }
  EXPECT_TRUE(source->take_named().empty()) << "each once";

  for (const auto& ticket : named)
    recorded->names[ticket.run] = ticket.name;
  const auto again = plan(many_points, knowing());
  const auto third = again->missing({});
  drain(*third);
  EXPECT_TRUE(third->take_named().empty()) << "they have their names now";
}

TEST_F(WalkedPlan, ExtraRunsAreNamedLikeOthers) {
  const auto made = plan(many_points, knowing());
  start(*made);
  recorded->names[RunId{77}] = "p005.r3"; // somebody has it

  const auto later = plan(many_points, knowing());
  const auto second = later->extra_run(4, 2);
  const auto third = later->extra_run(4, 3);

  ASSERT_TRUE(second && third);
  EXPECT_EQ(second->name, "p005.r2");
  EXPECT_EQ(second->point, "p005");
  EXPECT_EQ(third->name, "p005.r4") << "the next one that is free";
  EXPECT_EQ(later->extra_run(4, 3)->name, "p005.r4") << "it stays";
  const auto more =
    plan(std::string{many_points} + "replicates: {count: 3}\n", knowing());
  const auto runs = drain(*more->missing({}));
  EXPECT_EQ(std::ranges::count(runs, second->run, &RunTicket::run), 1)
    << "a larger count gives the same run";
}

} // namespace
} // namespace lab::sweeps
