#include <algorithm>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "runtime/model/run_spec.hpp"
#include "sweeps/planner/run_layout.hpp"

namespace lab::sweeps {
namespace {

using Runs = std::vector<std::vector<RunId>>;

/// Ids of `points` x `replicates` runs.
Runs grid_of(std::size_t points, std::size_t replicates) {
  Runs runs;
  for (std::size_t p = 0; p < points; ++p) {
    auto& point = runs.emplace_back();
    for (std::size_t r = 0; r < replicates; ++r)
      point.push_back(run_id_of(digest256(std::to_string(p)), 100 + r));
  }
  return runs;
}

/// Points of one design, of which the p-th asks `models[p % size]`.
std::vector<OrderedPoint> points_of(const Runs& runs,
                                    const std::vector<std::string>& models) {
  std::vector<OrderedPoint> points;
  for (std::size_t p = 0; p < runs.size(); ++p)
    points.push_back({static_cast<std::int64_t>(p), models[p % models.size()]});
  return points;
}

std::vector<RunPlace>
places_of(const Runs& runs, RunOrder order, std::uint64_t seed,
          const std::vector<std::string>& models = {"sim/persona"}) {
  return execution_order(runs, points_of(runs, models),
                         {{0, 1, 1, std::ssize(runs)}}, order, seed);
}

std::vector<RunId> order_of(const Runs& runs, std::uint64_t seed) {
  std::vector<RunId> order;
  for (const auto& [p, r] : places_of(runs, RunOrder::blocks, seed))
    order.push_back(
      runs[static_cast<std::size_t>(p)][static_cast<std::size_t>(r)]);
  return order;
}

TEST(RunLayout, PairedSeedsAreTheSameAtEveryPoint) {
  const Replicates paired{3, SeedMode::paired, {}, {}};

  const auto here = seeds_of(paired, 7, digest256("a"));
  const auto there = seeds_of(paired, 7, digest256("b"));

  EXPECT_EQ(here, there);
  EXPECT_EQ((std::set<std::uint64_t>{here.begin(), here.end()}.size()), 3U);
  EXPECT_NE(here, seeds_of(paired, 8, digest256("a")));
}

TEST(RunLayout, FreshSeedsHangOnThePointsContent) {
  const Replicates fresh{3, SeedMode::fresh, {}, {}};

  EXPECT_EQ(seeds_of(fresh, 7, digest256("a")),
            seeds_of(fresh, 7, digest256("a")));
  EXPECT_NE(seeds_of(fresh, 7, digest256("a")),
            seeds_of(fresh, 7, digest256("b")));
}

TEST(RunLayout, ListedSeedsAreUsedAsTheyStand) {
  const Replicates listed{2, SeedMode::listed, {7002, 7001}, {}};

  EXPECT_EQ(seeds_of(listed, 7, digest256("a")),
            (std::vector<std::uint64_t>{7002, 7001}));
}

TEST(RunLayout, MoreReplicatesKeepTheSeedsOfTheFirst) {
  const auto few = seeds_of({2, SeedMode::paired, {}, {}}, 7, {});
  const auto many = seeds_of({5, SeedMode::paired, {}, {}}, 7, {});

  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(RunLayout, SeedsFitTheNumbersOfJson) {
  for (const auto seed : seeds_of({50, SeedMode::paired, {}, {}}, 7, {}))
    EXPECT_LT(seed, std::uint64_t{1} << 53U);
}

TEST(RunLayout, NamesCountPointsAndReplicates) {
  EXPECT_EQ(point_name(7), "p007");
  EXPECT_EQ(run_name(53, 2), "p053.r2");
  EXPECT_EQ(run_name(12'345, 10), "p12345.r10");
}

TEST(RunLayout, NewRunsAreNumberedInTheOrderOfTheDesign) {
  const auto named = name_runs(grid_of(2, 2), {});

  EXPECT_EQ(run_name(named[0][0].point, named[0][0].replicate), "p001.r1");
  EXPECT_EQ(run_name(named[0][1].point, named[0][1].replicate), "p001.r2");
  EXPECT_EQ(run_name(named[1][1].point, named[1][1].replicate), "p002.r2");
}

TEST(RunLayout, ANameOnceGivenStays) {
  const auto runs = grid_of(3, 2);
  const std::map<RunId, std::string> given{
    {runs[2][0], "p001.r1"}, {runs[2][1], "p001.r2"}, {runs[0][0], "p004.r1"}};

  const auto named = name_runs(runs, given);

  EXPECT_EQ(named[2][0].point, 1);
  EXPECT_EQ(named[2][1].point, 1);
  EXPECT_EQ(named[0][0].point, 4);
  // Its second run joins the point's number; the new point gets the next.
  EXPECT_EQ(named[0][1].point, 4);
  EXPECT_EQ(named[0][1].replicate, 2);
  EXPECT_EQ(named[1][0].point, 5);
}

TEST(RunLayout, AReplicateIsCalledTheSameAtNewPoints) {
  // The first seed of today's list was r3 when the sweep was planned first.
  const auto runs = grid_of(2, 2);
  const std::map<RunId, std::string> given{{runs[0][0], "p001.r3"}};

  const auto named = name_runs(runs, given);

  EXPECT_EQ(named[1][0].replicate, 3);
}

TEST(RunLayout, NoTwoRunsShareAName) {
  // Plans that added points and seeds in turn, and so used r1 for two seeds.
  const auto runs = grid_of(3, 2);
  const std::map<RunId, std::string> given{{runs[0][0], "p001.r1"},
                                           {runs[1][1], "p002.r1"}};

  const auto named = name_runs(runs, given);

  std::set<std::string> names;
  for (const auto& point : named)
    for (const auto& run : point)
      names.insert(run_name(run.point, run.replicate));
  EXPECT_EQ(names.size(), 6U);
  EXPECT_TRUE(names.contains("p001.r1"));
  EXPECT_TRUE(names.contains("p002.r1"));
}

TEST(RunLayout, NamesOfAnotherKindAreNotTakenForOurs) {
  const auto runs = grid_of(1, 1);

  for (const auto* name : {"", "p", "p1", "p1.", "p1.r", "x1.r1", "p0.r1",
                           "p1.r1x", "p1 .r1", "p99999999999.r1"})
    EXPECT_EQ(name_runs(runs, {{runs[0][0], name}})[0][0].point, 1) << name;
}

TEST(RunLayout, EveryRunIsInTheOrderOnce) {
  const auto runs = grid_of(6, 4);

  const auto order = order_of(runs, 7);

  EXPECT_EQ((std::set<RunId>{order.begin(), order.end()}.size()), 24U);
  EXPECT_EQ(order.size(), 24U);
}

TEST(RunLayout, EveryPrefixIsBalancedWithinOneRunAPoint) {
  const auto runs = grid_of(7, 5);
  for (const auto mode :
       {RunOrder::blocks, RunOrder::by_model, RunOrder::interleave}) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      std::vector<int> done(runs.size());

      for (const auto& [p, r] :
           places_of(runs, mode, seed, {"m0", "m1", "m2"})) {
        ++done[static_cast<std::size_t>(p)];

        const auto [least, most] = std::ranges::minmax(done);
        ASSERT_LE(most - least, 1) << "seed " << seed;
      }
    }
  }
}

TEST(RunLayout, BlocksAreShuffledEachInItsOwnWay) {
  const auto runs = grid_of(8, 2);

  const auto places = places_of(runs, RunOrder::blocks, 7);

  std::vector<std::int32_t> first;
  std::vector<std::int32_t> second;
  for (const auto& place : places)
    (place.replicate == 0 ? first : second).push_back(place.point);
  EXPECT_FALSE(std::ranges::is_sorted(first));
  EXPECT_NE(first, second);
}

TEST(RunLayout, TheSeedDecidesTheOrder) {
  const auto runs = grid_of(8, 2);

  EXPECT_EQ(order_of(runs, 7), order_of(runs, 7));
  EXPECT_NE(order_of(runs, 7), order_of(runs, 8));
}

TEST(RunLayout, ReorderedPointsRunInTheSameOrder) {
  auto runs = grid_of(8, 2);
  const auto before = order_of(runs, 7);

  std::ranges::reverse(runs);

  EXPECT_EQ(order_of(runs, 7), before);
}

TEST(RunLayout, AddedPointsLeaveTheOthersInTheirOrder) {
  const auto few = grid_of(5, 2);
  const auto many = grid_of(9, 2); // the same five and four more
  const auto before = order_of(few, 7);

  std::vector<RunId> kept;
  for (const auto run : order_of(many, 7))
    if (std::ranges::find(before, run) != before.end())
      kept.push_back(run);

  EXPECT_EQ(kept, before);
}

TEST(RunLayout, ByModelRunsOfAModelStandTogetherInABlock) {
  const auto runs = grid_of(6, 3);

  std::vector<std::int32_t> loaded;
  for (const auto& place : places_of(runs, RunOrder::by_model, 7, {"a", "b"}))
    if (loaded.empty() || loaded.back() != place.point % 2)
      loaded.push_back(place.point % 2);

  // Three blocks of two models, and each new block goes on with the model
  // that is loaded: four loads instead of six.
  EXPECT_EQ(loaded.size(), 4U);
}

TEST(RunLayout, InterleavedModelsAreNeverMoreThanOneRunApart) {
  const auto runs = grid_of(12, 3);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<int> done(3);
    for (const auto& place :
         places_of(runs, RunOrder::interleave, seed, {"a", "b", "c"})) {
      ++done[static_cast<std::size_t>(place.point % 3)];

      const auto [least, most] = std::ranges::minmax(done);
      ASSERT_LE(most - least, 1) << "seed " << seed;
    }
  }
}

TEST(RunLayout, RowsComeInTurnInEveryBlock) {
  const auto runs = grid_of(12, 2);
  // Four rows of three points: index 3 r + i.
  const auto places = execution_order(runs, points_of(runs, {"m"}),
                                      {{0, 1, 4, 3}}, RunOrder::blocks, 7);

  for (std::size_t i = 0; i < places.size(); ++i)
    EXPECT_EQ(places[i].point / 3, static_cast<std::int32_t>(i % 12 / 3));
}

TEST(RunLayout, OneSeedIsTheSameAsAmongAll) {
  for (const auto& replicates :
       {Replicates{4, SeedMode::paired, {}, {}},
        Replicates{4, SeedMode::fresh, {}, {}},
        Replicates{4, SeedMode::listed, {9, 8, 7, 6}, {}}}) {
    const auto all = seeds_of(replicates, 7, digest256("a"));
    for (std::int32_t r = 0; r < 4; ++r)
      EXPECT_EQ(seed_of(replicates, 7, digest256("a"), r),
                all[static_cast<std::size_t>(r)]);
  }
}

} // namespace
} // namespace lab::sweeps
