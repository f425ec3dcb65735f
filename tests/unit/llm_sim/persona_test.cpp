#include <cstdlib>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "llm/sim/action_kind.hpp"
#include "llm/sim/persona.hpp"
#include "runtime/base/json.hpp"

namespace lab::llm {
namespace {

ChatRequest asked(const json::Value& brief, std::uint64_t seed) {
  ChatRequest request;
  request.model = "sim/persona";
  request.messages = {{ChatRole::user, "Decide."}};
  request.seed = seed;
  request.brief = json::dump(brief);
  return request;
}

json::Value decision_brief() {
  return {{"kind", "decision"},
          {"turn", 3},
          {"phase", "decision"},
          {"participant", "eu"},
          {"name", "EU Commission"},
          {"goals", {"protect the market."}},
          {"dials",
           {{"caution", 0.5},
            {"openness", 0.5},
            {"trust", 0.5},
            {"power", 0.5},
            {"pressure", 0.5}}},
          {"names", {{"eu", "EU Commission"}, {"us", "US Administration"}}}};
}

json::Value world_brief(const std::string& text) {
  return {{"kind", "world"},
          {"turn", 3},
          {"turns", 8},
          {"phase", "world_update"},
          {"names", {{"eu", "EU Commission"}, {"us", "US Administration"}}},
          {"actions", {{{"participant", "eu"}, {"text", text}}}},
          {"metrics",
           {{{"name", "cooperation_level"},
             {"label", "Cooperation level"},
             {"low", 0},
             {"high", 10},
             {"value", 5.0}}}}};
}

std::string answer_to(const json::Value& brief, std::uint64_t seed) {
  Persona persona;
  const auto text = persona.answer(asked(brief, seed));
  EXPECT_TRUE(text) << to_string(text.error());
  return text.value_or("");
}

std::string action_in(const std::string& answer) {
  const auto at = answer.find("**ACTION:**\n");
  return at == std::string::npos ? "" : answer.substr(at + 12);
}

double level_in(const std::string& answer) {
  const std::string label = "- Cooperation level: ";
  const auto at = answer.find(label);
  return at == std::string::npos
           ? -1
           : std::strtod(answer.c_str() + at + label.size(), nullptr);
}

/// Mean stance of what a participant does, over many seeds.
double mean_stance(const json::Value& brief) {
  double sum = 0;
  constexpr int draws = 600;
  for (std::uint64_t seed = 0; seed < draws; ++seed)
    if (const auto kind = kind_in(action_in(answer_to(brief, seed))))
      sum += rule_of(*kind).stance;
  return sum / draws;
}

TEST(Persona, TheSameRequestGivesTheSameReply) {
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    EXPECT_EQ(answer_to(decision_brief(), seed),
              answer_to(decision_brief(), seed));
}

TEST(Persona, SeedsAndCoordinatesMakeTheDifference) {
  auto other_turn = decision_brief();
  other_turn["turn"] = 4;
  auto other_ordinal = decision_brief();
  other_ordinal["ordinal"] = 1;
  int seeds = 0;
  int turns = 0;
  int ordinals = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto here = answer_to(decision_brief(), seed);
    seeds += here != answer_to(decision_brief(), seed + 1) ? 1 : 0;
    turns += here != answer_to(other_turn, seed) ? 1 : 0;
    ordinals += here != answer_to(other_ordinal, seed) ? 1 : 0;
  }
  EXPECT_GT(seeds, 30);
  EXPECT_GT(turns, 30);
  EXPECT_GT(ordinals, 30);
}

TEST(Persona, WordingAloneChangesNoLuck) {
  auto reworded = decision_brief();
  reworded["goals"] = {"guard the market"};
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    EXPECT_EQ(kind_in(action_in(answer_to(decision_brief(), seed))),
              kind_in(action_in(answer_to(reworded, seed))));
}

TEST(Persona, AnActionHoldsRealNames) {
  int names_other = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto action = action_in(answer_to(decision_brief(), seed));
    if (action.empty())
      continue; // the 2 % that need a repair
    EXPECT_NE(action.find("EU Commission"), std::string::npos) << action;
    EXPECT_TRUE(kind_in(action)) << action;
    EXPECT_EQ(action.find('@'), std::string::npos) << action;
    names_other +=
      action.find("US Administration") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(names_other, 30);
}

TEST(Persona, EveryKindOfActionOccurs) {
  std::map<ActionKind, int> seen;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed)
    if (const auto kind = kind_in(action_in(answer_to(decision_brief(), seed))))
      ++seen[*kind];
  EXPECT_EQ(seen.size(), action_kinds);
}

TEST(Persona, EachDialMovesTheStanceInItsDirection) {
  const auto at = [](const char* dial, double value) {
    auto brief = decision_brief();
    brief["dials"][dial] = value;
    return mean_stance(brief);
  };
  EXPECT_GT(at("trust", 0.9), at("trust", 0.1) + 0.3);
  EXPECT_GT(at("openness", 0.9), at("openness", 0.1) + 0.1);
  EXPECT_GT(at("pressure", 0.9), at("pressure", 0.1) + 0.2);
  EXPECT_LT(at("power", 0.9), at("power", 0.1) - 0.3);
}

TEST(Persona, AnEffectIsSmooth) {
  double before = -2;
  for (const double trust : {0.1, 0.3, 0.5, 0.7, 0.9}) {
    auto brief = decision_brief();
    brief["dials"]["trust"] = trust;
    const auto stance = mean_stance(brief);
    EXPECT_GT(stance, before) << trust;
    before = stance;
  }
}

TEST(Persona, ParametersStandInForDialsThatAreNotSet) {
  const auto with = [](const char* parameter, double value) {
    auto brief = decision_brief();
    brief["dials"].erase("trust");
    brief["parameters"] = {{parameter, value}};
    return mean_stance(brief);
  };
  EXPECT_GT(with("trust_start", 0.95), with("trust_start", 0.05) + 0.3);
  EXPECT_GT(with("eu_trust", 0.95), with("eu_trust", 0.05) + 0.3);
  // Another participant's, out of range, of another meaning: no effect.
  EXPECT_EQ(with("us_trust", 0.95), with("us_trust", 0.05));
  EXPECT_EQ(with("trust_start", 95), with("trust_start", 5));
  EXPECT_EQ(with("growth", 0.95), with("growth", 0.05));
}

TEST(Persona, ADialBeatsAParameter) {
  auto brief = decision_brief();
  const auto plain = mean_stance(brief);
  brief["parameters"] = {{"trust_start", 0.99}};

  EXPECT_EQ(mean_stance(brief), plain);
}

TEST(Persona, OthersAreAnsweredInKind) {
  const auto after = [](const char* text) {
    auto brief = decision_brief();
    brief["actions"] = {{{"participant", "us"}, {"text", text}}};
    return mean_stance(brief);
  };
  EXPECT_GT(after("US discloses its books."), after("US threatens war.") + 0.1);
}

TEST(Persona, TheWorldTellsEachMetricByItsLabel) {
  int missing = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto level =
      level_in(answer_to(world_brief("The EU holds its position."), seed));
    missing += level < 0 ? 1 : 0;
    EXPECT_LE(level, 10);
  }
  EXPECT_LT(missing, 12); // the 2 % that need a repair
}

TEST(Persona, TheWorldFollowsTheTextsOfTheActions) {
  const auto mean_level = [](const char* text) {
    double sum = 0;
    int count = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed)
      if (const auto level = level_in(answer_to(world_brief(text), seed));
          level >= 0) {
        sum += level;
        ++count;
      }
    return sum / count;
  };
  const auto warm = mean_level("The EU concedes a point.");
  const auto nothing = mean_level("The EU made a speech.");
  const auto sour = mean_level("The EU escalates.");

  EXPECT_GT(warm, nothing + 0.5);
  EXPECT_GT(nothing, sour + 0.5);
}

TEST(Persona, ThePowerfulCountMore) {
  auto brief = world_brief("The EU concedes.");
  brief["actions"].push_back(
    {{"participant", "us"}, {"text", "The US escalates."}});
  const auto with_power = [&](double eu, double us) {
    brief["powers"] = {{"eu", eu}, {"us", us}};
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed)
      sum += level_in(answer_to(brief, seed));
    return sum;
  };
  EXPECT_GT(with_power(1, 0), with_power(0, 1));
}

TEST(Persona, AboutTwoInAHundredRepliesNeedARepair) {
  int flawed = 0;
  constexpr int draws = 5'000;
  for (std::uint64_t seed = 0; seed < draws; ++seed)
    flawed += action_in(answer_to(decision_brief(), seed)).empty() ? 1 : 0;
  EXPECT_GT(flawed, draws / 100);
  EXPECT_LT(flawed, draws * 3 / 100);
}

TEST(Persona, ARepairIsAlwaysWhole) {
  auto brief = decision_brief();
  brief["repair"] = true;
  for (std::uint64_t seed = 0; seed < 500; ++seed)
    EXPECT_NE(action_in(answer_to(brief, seed)), "");
}

TEST(Persona, AnswersInTheSchemaThatIsAskedFor) {
  auto request = asked(decision_brief(), 1);
  request.schema = R"({"type":"object","properties":{
    "action":{"type":"string"}},"required":["action"]})";
  Persona persona;

  const auto text = persona.answer(request);

  ASSERT_TRUE(text);
  const auto object = json::parse(*text);
  ASSERT_TRUE(object) << *text;
  EXPECT_TRUE(kind_in(json::text_at(*object, "action").value_or("")));
}

TEST(Persona, ARequestWithoutABriefGetsAPlainSentence) {
  ChatRequest request;
  request.messages = {{ChatRole::user, "Summarise."}};
  Persona persona;

  EXPECT_NE(persona.answer(request)->find("simulated"), std::string::npos);
}

TEST(Persona, ABriefThatCannotBeReadIsAnError) {
  ChatRequest request;
  request.brief = "{";
  Persona persona;

  EXPECT_EQ(persona.answer(request).error().code, Errc::invalid_input);
}

TEST(Persona, TheMinimalMannerHoldsAndKeeps) {
  Persona persona;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto decision =
      persona.answer(asked(decision_brief(), seed), Manner::minimal);
    const auto world = persona.answer(
      asked(world_brief("The EU escalates."), seed), Manner::minimal);
    EXPECT_EQ(kind_in(action_in(*decision)), ActionKind::hold);
    EXPECT_EQ(level_in(*world), 5.0);
  }
}

} // namespace
} // namespace lab::llm
