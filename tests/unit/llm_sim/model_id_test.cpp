#include <string>

#include <gtest/gtest.h>

#include "llm/sim/model_id.hpp"

namespace lab::llm {
namespace {

TEST(SimModelId, KindsAreRead) {
  EXPECT_EQ(parse_sim_model("persona")->kind, SimKind::persona);
  EXPECT_EQ(parse_sim_model("faulty")->kind, SimKind::faulty);
  EXPECT_EQ(parse_sim_model("script?file=a.yaml")->kind, SimKind::script);
  EXPECT_EQ(parse_sim_model("testfn")->kind, SimKind::testfn);
}

TEST(SimModelId, EveryKnobIsRead) {
  const auto model = parse_sim_model(
    "faulty?latency_ms=500&jitter=0.2&usd_per_mtok=1.50&tokens_out=300"
    "&fail=0.01&fail429=0.02&fail500=0.03&timeout=0.04&cut=0.05&schema=0.06"
    "&refusal=0.07&usage=0.08");

  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->latency_ms, 500);
  EXPECT_EQ(model->jitter, 0.2);
  EXPECT_EQ(model->token_price.pico_usd, 1'500'000);
  EXPECT_EQ(model->tokens_out, 300);
  EXPECT_EQ(model->fail, 0.01);
  EXPECT_EQ(model->fail429, 0.02);
  EXPECT_EQ(model->fail500, 0.03);
  EXPECT_EQ(model->timeout, 0.04);
  EXPECT_EQ(model->cut, 0.05);
  EXPECT_EQ(model->schema, 0.06);
  EXPECT_EQ(model->refusal, 0.07);
  EXPECT_EQ(model->usage, 0.08);
}

TEST(SimModelId, AFunctionHasKnobsOfItsOwn) {
  const auto model =
    parse_sim_model("testfn?f=g&k=0,1.5,-2&noise=0.5&scatter=0.25&fail=0.05");

  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->function.kind, TestFunctionKind::g);
  EXPECT_EQ(model->function.constants, (std::vector<double>{0, 1.5, -2}));
  EXPECT_EQ(model->function.noise, 0.5);
  EXPECT_EQ(model->function.scatter, 0.25);
  EXPECT_EQ(model->function.fail, 0.05);
  EXPECT_EQ(model->fail, 0) << "its failures are not mended by a retry";
}

TEST(SimModelId, APriceBelowAPicodollarATokenIsRoundedUp) {
  EXPECT_EQ(
    parse_sim_model("persona?usd_per_mtok=0.0000001")->token_price.pico_usd, 1);
  EXPECT_EQ(parse_sim_model("persona?usd_per_mtok=0")->token_price.pico_usd, 0);
}

TEST(SimModelId, MistakesAreRefusedByName) {
  struct Row {
    const char* id;
    const char* says;
  };
  for (const auto& row :
       {Row{"", "no simulated model"},
        Row{"human", "sim/persona, sim/script"},
        Row{"persona?", "is no knob"},
        Row{"persona?latency=5", "is no knob"},
        Row{"persona?latencyms=5", "did you mean `latency_ms`"},
        Row{"persona?latency_ms", "has no value"},
        Row{"persona?latency_ms=", "whole number"},
        Row{"persona?latency_ms=-1", "whole number"},
        Row{"persona?latency_ms=1.5", "whole number"},
        Row{"persona?latency_ms=600001", "600000"},
        Row{"persona?latency_ms=1&latency_ms=2", "twice"},
        Row{"persona?jitter=4", "0 to 3"},
        Row{"persona?f=g", "is no knob of sim/persona"},
        Row{"testfn?f=ishi", "linear, step, ishigami, g, morris"},
        Row{"testfn?k=1,,2", "commas"},
        Row{"testfn?k=", "commas"},
        Row{"testfn?noise=-1", "0 to 1000000"},
        Row{"testfn?fail=1.5", "a share"},
        Row{"testfn?f=morris&k=1", "no constants"},
        Row{"persona?jitter=nan", "0 to 3"},
        Row{"persona?fail=1.1", "0 to 1"},
        Row{"persona?fail=-0.1", "0 to 1"},
        Row{"persona?fail=inf", "0 to 1"},
        Row{"persona?usd_per_mtok=1e3", "amount in USD"},
        Row{"persona?usd_per_mtok=-1", "amount in USD"},
        Row{"persona?cut=0.1", "is no knob"},
        Row{"persona?file=x", "is no knob"},
        Row{"script", "needs a file"},
        Row{"script?file=", "path of a file"},
        Row{"faulty?cut=0.6&timeout=0.6", "add up to more than 1"}}) {
    SCOPED_TRACE(row.id);
    const auto model = parse_sim_model(row.id);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, Errc::invalid_input);
    EXPECT_NE(model.error().context.find(row.says), std::string::npos)
      << model.error().context;
  }
}

TEST(SimModelId, SharesMayAddUpToOne) {
  EXPECT_TRUE(parse_sim_model("faulty?cut=0.1&timeout=0.2&fail=0.7"));
}

} // namespace
} // namespace lab::llm
