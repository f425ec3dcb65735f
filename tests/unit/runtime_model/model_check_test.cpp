#include <gtest/gtest.h>

#include "runtime/model/model_check.hpp"

namespace lab {
namespace {

const std::vector<std::string> both{"a/m", "b/m"};

/// The old one until 100, another by 200; and the other model later.
std::vector<ModelChange> changes() {
  return {{"a/m", 100, 200, 2, ""}, {"b/m", 500, 600, 2, ""}};
}

TEST(Stratum, IsOneWithoutAChange) { EXPECT_EQ(stratum_of({}, both, 1, 2), 1); }

TEST(Stratum, IsOneForRunsThatEndedWhileTheOldOneAnswered) {
  EXPECT_EQ(stratum_of(changes(), both, 10, 100), 1);
}

TEST(Stratum, CountsChangesBeforeTheRun) {
  EXPECT_EQ(stratum_of(changes(), both, 200, 300), 2);
  EXPECT_EQ(stratum_of(changes(), both, 600, 900), 3);
}

TEST(Stratum, IsNotKnownOfRunsThatMayHaveMetBoth) {
  EXPECT_EQ(stratum_of(changes(), both, 10, 101), std::nullopt);
  EXPECT_EQ(stratum_of(changes(), both, 199, 300), std::nullopt);
  EXPECT_EQ(stratum_of(changes(), both, 10, 900), std::nullopt);
}

TEST(Stratum, HeedsOnlyTheModelsOfTheRun) {
  EXPECT_EQ(stratum_of(changes(), {"b/m"}, 10, 300), 1);
  EXPECT_EQ(stratum_of(changes(), {"a/m"}, 200, 900), 2);
  EXPECT_EQ(stratum_of(changes(), {}, 10, 900), 1);
}

TEST(CanaryRun, IsOneForASweepAndAModel) {
  const auto sweep = sweep_id_of("night");
  EXPECT_EQ(canary_run_of(sweep, "a/m"), canary_run_of(sweep, "a/m"));
  EXPECT_NE(canary_run_of(sweep, "a/m"), canary_run_of(sweep, "b/m"));
  EXPECT_NE(canary_run_of(sweep, "a/m"),
            canary_run_of(sweep_id_of("day"), "a/m"));
}

TEST(ModelCheck, IsSilentWhenNobodyAnswered) {
  ModelCheck check;
  EXPECT_TRUE(check.silent());
  check.replies.resize(2);
  EXPECT_TRUE(check.silent());
  check.replies[1].push_back({});
  EXPECT_FALSE(check.silent());
}

} // namespace
} // namespace lab
