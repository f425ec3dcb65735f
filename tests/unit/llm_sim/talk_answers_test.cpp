#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm/sim/persona.hpp"
#include "llm/sim/traits.hpp"
#include "runtime/base/json.hpp"

namespace lab::llm {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Participant "eu" of four, after a turn in which "us" cooperated and "cn"
/// did not.
json::Value brief_of(const char* kind) {
  return {{"kind", kind},
          {"turn", 3},
          {"phase", "communication"},
          {"participant", "eu"},
          {"name", "EU Commission"},
          {"goals", {"protect the market."}},
          {"dials",
           {{"caution", 0.5},
            {"openness", 0.5},
            {"trust", 0.5},
            {"power", 0.5},
            {"pressure", 0.5}}},
          {"names",
           {{"eu", "EU Commission"},
            {"us", "US Administration"},
            {"cn", "Beijing"},
            {"in", "New Delhi"}}},
          {"actions",
           {{{"participant", "us"}, {"text", "US proposes talks."}},
            {{"participant", "cn"}, {"text", "Beijing escalates."}}}}};
}

json::Value about(const char* kind, const char* from, const char* message) {
  auto brief = brief_of(kind);
  brief["from"] = from;
  brief["message"] = message;
  brief["members"] = {"eu", "in"};
  return brief;
}

constexpr const char* offer_schema =
  R"({"type":"object","required":["initiate","target","message","reasoning"],)"
  R"("properties":{"initiate":{"type":"boolean"},)"
  R"("target":{"type":"string","enum":["US Administration","none"]},)"
  R"("message":{"type":"string"},"reasoning":{"type":"string"}}})";

std::string answer_to(const json::Value& brief, std::uint64_t seed,
                      const std::string& schema = {},
                      Manner manner = Manner::rules) {
  ChatRequest request;
  request.model = "sim/persona";
  request.messages = {{ChatRole::user, "Well?"}};
  request.seed = seed;
  request.brief = json::dump(brief);
  request.schema = schema;
  Persona persona;
  const auto text = persona.answer(request, manner);
  EXPECT_TRUE(text) << to_string(text.error());
  return text.value_or("");
}

std::string section(const std::string& answer, const std::string& label) {
  const auto mark = "**" + label + ":**\n";
  const auto at = answer.find(mark);
  if (at == std::string::npos)
    return {};
  const auto begin = at + mark.size();
  return answer.substr(begin, answer.find("\n\n", begin) - begin);
}

/// How many of 600 answers have `text` in the section.
int count_of(const json::Value& brief, const char* label, const char* text) {
  int count = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed)
    count += section(answer_to(brief, seed), label) == text ? 1 : 0;
  return count;
}

json::Value with_dial(json::Value brief, const char* dial, double value) {
  brief["dials"][dial] = value;
  return brief;
}

TEST(SimTalk, TheSameRequestGivesTheSameReply) {
  for (const auto* kind : {"talk_offer", "talk_answer", "coalition_proposal",
                           "coalition_answer", "coalition_word"})
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      EXPECT_EQ(answer_to(about(kind, "us", "Hm."), seed),
                answer_to(about(kind, "us", "Hm."), seed));
}

TEST(SimTalk, AnOfferGoesToSomebodyElseWithRealNamesAndGoals) {
  std::set<std::string> targets;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto answer = answer_to(brief_of("talk_offer"), seed);
    if (section(answer, "INITIATE_BILATERAL") != "yes")
      continue;
    const auto target = section(answer, "TARGET_ACTOR");
    const auto message = section(answer, "PROPOSED_MESSAGE");
    targets.insert(target);
    EXPECT_THAT(message, HasSubstr("EU Commission"));
    EXPECT_THAT(message, HasSubstr("protect the market"));
    EXPECT_THAT(message, Not(HasSubstr("@")));
    EXPECT_TRUE(kind_in(message)) << message;
  }
  EXPECT_EQ(targets, (std::set<std::string>{"US Administration", "Beijing",
                                            "New Delhi"}));
}

TEST(SimTalk, TheOpenAndThePressedTalkMoreAndTheCautiousLess) {
  const auto talks = [](const char* dial, double value) {
    return count_of(with_dial(brief_of("talk_offer"), dial, value),
                    "INITIATE_BILATERAL", "yes");
  };
  EXPECT_GT(talks("openness", 0.9), talks("openness", 0.1) + 150);
  EXPECT_GT(talks("pressure", 0.9), talks("pressure", 0.1) + 100);
  EXPECT_LT(talks("caution", 0.9), talks("caution", 0.1) - 75);
}

TEST(SimTalk, TheTrustingSeekCooperatorsAndThePowerfulTheOthers) {
  const auto to_us = [](const char* dial) {
    return count_of(with_dial(brief_of("talk_offer"), dial, 1), "TARGET_ACTOR",
                    "US Administration");
  };
  EXPECT_GT(to_us("trust"), to_us("power") + 60);
}

TEST(SimTalk, AWarmMessageGetsAWarmerAnswer) {
  const auto mean = [](const char* message) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed)
      sum += stance_of(section(
        answer_to(about("talk_answer", "us", message), seed), "RESPONSE"));
    return sum / 400;
  };
  EXPECT_GT(mean("US proposes a deal."), mean("US threatens us.") + 0.2);
}

TEST(SimTalk, ACoalitionHasAtLeastTwoOthersAndAPurpose) {
  int proposed = 0;
  std::map<std::size_t, int> sizes;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const auto answer = answer_to(brief_of("coalition_proposal"), seed);
    if (section(answer, "PROPOSE_COALITION") != "yes")
      continue;
    ++proposed;
    const auto members = section(answer, "COALITION_MEMBERS");
    ++sizes[1
            + static_cast<std::size_t>(
              std::count(members.begin(), members.end(), ','))];
    EXPECT_THAT(members, Not(HasSubstr("EU Commission")));
    EXPECT_THAT(section(answer, "COALITION_PURPOSE"),
                HasSubstr("protect the market"));
  }
  EXPECT_GT(proposed, 150);
  EXPECT_LT(proposed, 350);
  EXPECT_EQ(sizes.size(), 2u);
  EXPECT_GT(sizes[2], sizes[3]);
  EXPECT_GT(sizes[3], 10);
}

TEST(SimTalk, TwoAreTooFewForACoalition) {
  auto brief = brief_of("coalition_proposal");
  brief["names"] = {{"eu", "EU Commission"}, {"us", "US Administration"}};
  EXPECT_EQ(count_of(brief, "PROPOSE_COALITION", "yes"), 0);
}

TEST(SimTalk, JoiningFollowsTheDialsAndWhatTheProposerDid) {
  const auto accepts = [](const json::Value& brief) {
    return count_of(brief, "DECISION", "accept");
  };
  const auto from_us = about("coalition_answer", "us", "Peace");
  const auto from_cn = about("coalition_answer", "cn", "Peace");
  EXPECT_GT(accepts(from_us), accepts(from_cn) + 200);
  EXPECT_GT(accepts(with_dial(from_cn, "trust", 0.9)),
            accepts(with_dial(from_cn, "trust", 0.1)) + 200);
  EXPECT_LT(accepts(with_dial(from_us, "power", 0.9)),
            accepts(with_dial(from_us, "power", 0.1)) - 60);
}

TEST(SimTalk, WhatItHearsInPrivateMovesItsDecision) {
  const auto mean = [](const char* message) {
    auto brief = brief_of("decision");
    brief["actions"] = json::Value::array();
    brief["messages"] = {{{"from", "us"}, {"text", message}},
                         {{"from", "eu"}, {"text", "EU escalates."}}};
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 600; ++seed)
      sum += stance_of(section(answer_to(brief, seed), "ACTION"));
    return sum / 600;
  };
  EXPECT_GT(mean("US proposes a deal."), mean("US threatens us.") + 0.1);
}

TEST(SimTalk, TwoPercentMissTheirMainPartAndRepairsDoNot) {
  for (const auto& [kind, label] :
       {std::pair{"talk_offer", "INITIATE_BILATERAL"},
        std::pair{"talk_answer", "RESPONSE"},
        std::pair{"coalition_proposal", "PROPOSE_COALITION"},
        std::pair{"coalition_answer", "DECISION"},
        std::pair{"coalition_word", "MESSAGE"}}) {
    SCOPED_TRACE(kind);
    auto brief = about(kind, "us", "Hm.");
    int missing = 0;
    for (std::uint64_t seed = 0; seed < 2'000; ++seed)
      missing += section(answer_to(brief, seed), label).empty() ? 1 : 0;
    EXPECT_GT(missing, 10);
    EXPECT_LT(missing, 90);
    brief["repair"] = true;
    for (std::uint64_t seed = 0; seed < 300; ++seed)
      EXPECT_NE(section(answer_to(brief, seed), label), "");
  }
}

TEST(SimTalk, ASchemaGetsItsObject) {
  int talks = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto value =
      json::parse(answer_to(brief_of("talk_offer"), seed, offer_schema));
    ASSERT_TRUE(value);
    const auto* wish = json::member(*value, "initiate");
    if (wish == nullptr)
      continue; // the 2 % that need a repair
    EXPECT_TRUE(wish->is_boolean());
    EXPECT_TRUE((*value)["target"].is_string());
    talks += *wish == true ? 1 : 0;
  }
  EXPECT_GT(talks, 20);
}

TEST(SimTalk, AScriptWithoutALineForItStaysSilent) {
  const auto minimal = [](const char* kind) {
    return answer_to(about(kind, "us", "Hm."), 7, {}, Manner::minimal);
  };
  EXPECT_EQ(section(minimal("talk_offer"), "INITIATE_BILATERAL"), "no");
  EXPECT_EQ(section(minimal("talk_answer"), "RESPONSE"), "none");
  EXPECT_EQ(section(minimal("coalition_proposal"), "PROPOSE_COALITION"), "no");
  EXPECT_EQ(section(minimal("coalition_answer"), "DECISION"), "reject");
  EXPECT_EQ(section(minimal("coalition_word"), "MESSAGE"), "none");
}

} // namespace
} // namespace lab::llm
