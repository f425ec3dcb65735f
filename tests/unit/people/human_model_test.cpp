#include <gtest/gtest.h>

#include "llm/price_book.hpp"
#include "runtime/model/human_model.hpp"

namespace lab {
namespace {

ParticipantSpec person(std::int64_t deadline_s, OnTimeout then) {
  ParticipantSpec spec;
  spec.id = "eu";
  spec.deadline_s = deadline_s;
  spec.on_timeout = then;
  return spec;
}

TEST(HumanModel, ADeadlineStandsInTheId) {
  EXPECT_EQ(human_model_id(person(600, OnTimeout::ai)),
            "human/eu?deadline_s=600&then=ai");
  EXPECT_EQ(human_model_id(person(5, OnTimeout::skip)),
            "human/eu?deadline_s=5&then=skip");
}

TEST(HumanModel, ADeadlineAfterWhichTheQuestionStaysOpenIsNone) {
  EXPECT_EQ(human_model_id(person(600, OnTimeout::wait)), "human/eu");
  EXPECT_EQ(human_model_id(person(0, OnTimeout::ai)), "human/eu");
}

TEST(HumanModel, WhatIsWrittenIsReadBack) {
  for (const auto then : {OnTimeout::ai, OnTimeout::skip})
    for (const std::int64_t deadline :
         {std::int64_t{1}, std::int64_t{600}, human_deadline_s_max}) {
      const auto read =
        parse_human_model(human_model_id(person(deadline, then)));

      ASSERT_TRUE(read) << read.error().context;
      EXPECT_EQ(read->participant, "eu");
      EXPECT_EQ(read->deadline_s, deadline);
      EXPECT_EQ(read->then, then);
    }
}

TEST(HumanModel, ADeadlineBeyondAYearIsAYear) {
  const auto read =
    parse_human_model(human_model_id(person(1LL << 60, OnTimeout::ai)));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->deadline_s, human_deadline_s_max);
}

TEST(HumanModel, AWrongIdSaysWhatIsWrong) {
  const auto why = [](const char* id) {
    const auto read = parse_human_model(id);
    return read ? "read" : read.error().context;
  };

  EXPECT_EQ(why("human"), "model `human`: people are called human/PARTICIPANT");
  EXPECT_EQ(why("sim/eu"),
            "model `sim/eu`: people are called human/PARTICIPANT");
  EXPECT_EQ(why("human/"), "model `human/`: it names no participant");
  EXPECT_EQ(why("human/eu?speed=2"),
            "model `human/eu?speed=2`: `speed` is no knob of a person; knobs: "
            "deadline_s, then");
  EXPECT_EQ(why("human/eu?deadline_s=0&then=ai"),
            "model `human/eu?deadline_s=0&then=ai`: `deadline_s` must be a "
            "whole number of seconds from 1 to 31536000");
  EXPECT_EQ(why("human/eu?deadline_s=1&then=wait"),
            "model `human/eu?deadline_s=1&then=wait`: `then` must be ai or "
            "skip");
  EXPECT_EQ(why("human/eu?then=ai&then=ai"),
            "model `human/eu?then=ai&then=ai`: `then` stands twice");
  EXPECT_EQ(why("human/eu?deadline_s=1"),
            "model `human/eu?deadline_s=1`: `deadline_s` and `then` belong "
            "together");
}

llm::PriceBook prices() {
  return llm::PriceBook{llm::builtin_providers(
    [](const char*) { return std::optional<std::string>{}; })};
}

TEST(HumanModel, LeadsToThePeopleAndCostsNothing) {
  const auto route = prices().route("human/eu?deadline_s=600&then=ai");

  ASSERT_TRUE(route) << route.error().context;
  EXPECT_EQ(route->provider, "human");
  EXPECT_EQ(route->price.input, Money{});
  EXPECT_EQ(route->price.output, Money{});
  EXPECT_EQ(route->price.fee, Money{});
  EXPECT_TRUE(route->price.local);
}

TEST(HumanModel, EverybodyHasTheSamePrice) {
  const auto book = prices();

  EXPECT_EQ(book.route("human/eu")->price_id,
            book.route("human/us?deadline_s=9&then=skip")->price_id);
}

TEST(HumanModel, AWrongKnobIsFoundBeforeAnythingRuns) {
  const auto route = prices().route("human/eu?speed=2");

  ASSERT_FALSE(route);
  EXPECT_EQ(route.error().code, Errc::invalid_input);
}

TEST(HumanModel, PeopleNeedNoKey) {
  EXPECT_FALSE(llm::missing_key(*prices().provider("human")));
}

} // namespace
} // namespace lab
