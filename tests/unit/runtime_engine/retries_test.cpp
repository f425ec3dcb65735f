#include <gtest/gtest.h>

#include "runtime/engine/retries.hpp"
#include "runtime/engine/spent_models.hpp"

namespace lab::runtime {
namespace {

RunOutcome ended(std::uint64_t run, Errc code,
                 RunStatus status = RunStatus::failed) {
  RunOutcome outcome;
  outcome.run = RunId{run};
  outcome.code = code;
  outcome.status = status;
  return outcome;
}

TEST(Retries, ARunIsTriedSoManyTimesInAll) {
  Retries retries{3};

  EXPECT_TRUE(retries.takes(ended(1, Errc::provider_failed)));
  EXPECT_TRUE(retries.takes(ended(1, Errc::provider_timeout)));
  EXPECT_TRUE(retries.takes(ended(2, Errc::reply_truncated)));
  EXPECT_FALSE(retries.takes(ended(1, Errc::provider_failed)));
  EXPECT_TRUE(retries.takes(ended(2, Errc::provider_failed)));
}

TEST(Retries, OnlyWhatANewCallMayMendIsTriedAgain) {
  for (const auto code :
       {Errc::reply_invalid, Errc::context_overflow, Errc::model_not_priced,
        Errc::non_determinism, Errc::internal, Errc::invalid_input}) {
    Retries retries{5};
    EXPECT_FALSE(retries.takes(ended(1, code))) << to_string(code);
  }
}

TEST(Retries, WhatDidNotFailIsLeftAlone) {
  Retries retries{5};

  EXPECT_FALSE(
    retries.takes(ended(1, Errc::provider_unreachable, RunStatus::halted)));
  EXPECT_FALSE(retries.takes(ended(1, Errc::ok, RunStatus::completed)));
}

TEST(Retries, WithoutAWordNothingIsTriedTwice) {
  Retries retries;
  EXPECT_FALSE(retries.takes(ended(1, Errc::provider_failed)));
}

TEST(SpentModels, ARunAsksItsLimitedModelsWhateverTheirParameters) {
  const SpentModels spent{{"sim/persona", "openai/tiny"}};
  ScenarioSpec scenario;
  scenario.world_state_model = "sim/persona?jitter=0.2";
  ParticipantSpec participant;
  participant.model = "ollama/free";
  scenario.participants = {participant};

  EXPECT_EQ(spent.asked_by(scenario), SpentModels::Models{"sim/persona"});
}

TEST(SpentModels, HoldsBackWhatLacksTheSameAndNothingElse) {
  SpentModels spent{{"a", "b", "c"}};
  EXPECT_FALSE(spent.holds_back({"a", "b"}));

  spent.refused({"a", "b"});
  EXPECT_TRUE(spent.holds_back({"a", "b"}));
  EXPECT_TRUE(spent.holds_back({"a", "b", "c"}));
  EXPECT_FALSE(spent.holds_back({"a"})) << "perhaps it was b";
  EXPECT_FALSE(spent.holds_back({"b", "c"}));
  EXPECT_FALSE(spent.holds_back({}));

  spent.refused({"a"});
  EXPECT_TRUE(spent.holds_back({"a"}));
  EXPECT_FALSE(spent.holds_back({"b"}));
}

TEST(SpentModels, ARunWithoutALimitedModelHoldsNobodyBack) {
  SpentModels spent{{"a"}};
  spent.refused({});
  EXPECT_FALSE(spent.holds_back({}));
  EXPECT_FALSE(spent.holds_back({"a"}));
}

} // namespace
} // namespace lab::runtime
