#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "llm/outcome.hpp"
#include "llm/sim/model_id.hpp"
#include "llm/sim/sim_transport.hpp"
#include "runtime/credit/credit_ledger.hpp"
#include "runtime/credit/pricing.hpp"

namespace lab::llm {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// Keeps what was asked for until the test lets it happen.
class HandTimer final : public Timer {
public:
  void after(nanoseconds wait, std::function<void()> then) override {
    entries_.push_back({wait, std::move(then)});
  }
  /// Runs everything that is due within `wait`.
  void pass(nanoseconds wait) {
    auto due = std::move(entries_);
    entries_.clear();
    for (auto& entry : due)
      if (entry.wait <= wait)
        entry.then();
      else
        entries_.push_back(std::move(entry));
  }
  std::size_t waiting() const { return entries_.size(); }

private:
  struct Entry {
    nanoseconds wait;
    std::function<void()> then;
  };
  std::vector<Entry> entries_;
};

class SimTransportTest : public ::testing::Test {
protected:
  /// A real permit of a real ledger, as any attempt has.
  SpendPermit permit() {
    CallReserved wanted;
    wanted.attempt = AttemptId{{next_++, 1}};
    wanted.worst = {Money{1'000'000'000}, 1, 10'000};
    EXPECT_TRUE(ledger.request(wanted));
    return ledger.permit(wanted.attempt);
  }

  static ChatRequest request(const std::string& model) {
    ChatRequest out;
    out.model = model;
    out.messages = {{ChatRole::user, "Decide what to do, please."}};
    out.seed = 7;
    out.brief = R"({"kind":"decision","participant":"eu","name":"EU",
                    "repair":true})";
    return out;
  }

  /// The outcome of one attempt that is over within a second.
  CallOutcome outcome(const ChatRequest& asked) {
    std::optional<CallOutcome> out;
    sim.post(permit(), asked, [&](CallOutcome o) { out = std::move(o); });
    EXPECT_FALSE(out) << "answered from within post";
    timer.pass(std::chrono::seconds{1});
    EXPECT_TRUE(out);
    return out.value_or(CallOutcome{});
  }
  CallOutcome outcome(const std::string& model) {
    return outcome(request(model));
  }

  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  runtime::CreditLedger ledger{permits};
  HandTimer timer;
  SimTransport sim{*permits, timer};

private:
  std::uint64_t next_ = 1;
};

TEST_F(SimTransportTest, AnswersAndSettles) {
  const auto out = outcome("sim/persona");

  EXPECT_EQ(out.resolution, Resolution::settled);
  EXPECT_EQ(out.reason, reason::ok);
  ASSERT_TRUE(out.reply);
  EXPECT_NE(out.reply->text.find("**ACTION:**"), std::string::npos);
  EXPECT_EQ(out.reply->served_model, "sim/persona");
  EXPECT_EQ(out.bill, Money{});
  EXPECT_EQ(out.usage, out.reply->usage);
}

TEST_F(SimTransportTest, APermitIsUsedUp) {
  const auto one = permit();
  std::vector<CallOutcome> outs;
  for (int i = 0; i < 2; ++i)
    sim.post(one, request("sim/persona"),
             [&](CallOutcome o) { outs.push_back(std::move(o)); });
  timer.pass(milliseconds{0});

  ASSERT_EQ(outs.size(), 2U);
  const auto refused = std::find_if(outs.begin(), outs.end(), [](auto& o) {
    return o.reason == reason::permit_refused;
  });
  ASSERT_NE(refused, outs.end());
  EXPECT_EQ(refused->resolution, Resolution::voided);
  EXPECT_FALSE(refused->retry);
  EXPECT_EQ(permits->open(), 0U);
}

TEST_F(SimTransportTest, APermitThatNobodyIssuedIsRefused) {
  std::optional<CallOutcome> out;
  sim.post(SpendPermit{}, request("sim/persona"),
           [&](CallOutcome o) { out = std::move(o); });
  timer.pass(milliseconds{0});

  ASSERT_TRUE(out);
  EXPECT_EQ(out->reason, reason::permit_refused);
  EXPECT_EQ(out->error.code, Errc::permit_refused);
}

TEST_F(SimTransportTest, WaitsForTheLatencyWithoutAThread) {
  std::optional<CallOutcome> out;
  sim.post(permit(), request("sim/persona?latency_ms=500"),
           [&](CallOutcome o) { out = std::move(o); });

  timer.pass(milliseconds{499});
  EXPECT_FALSE(out);
  timer.pass(milliseconds{500});

  ASSERT_TRUE(out);
  EXPECT_EQ(out->latency_us, 500'000);
}

TEST_F(SimTransportTest, JitterSpreadsTheLatencyAroundItsMedian) {
  std::vector<std::int64_t> seen;
  for (int i = 0; i < 400; ++i) {
    std::optional<CallOutcome> out;
    sim.post(permit(), request("sim/persona?latency_ms=100&jitter=0.5"),
             [&](CallOutcome o) { out = std::move(o); });
    timer.pass(std::chrono::hours{1});
    seen.push_back(out->latency_us);
  }
  std::sort(seen.begin(), seen.end());

  EXPECT_NEAR(static_cast<double>(seen[200]), 100'000, 10'000);
  // One sigma of exp(0.5 z): factors 0.61 and 1.65.
  EXPECT_NEAR(static_cast<double>(seen[63]), 61'000, 10'000);
  EXPECT_NEAR(static_cast<double>(seen[336]), 165'000, 25'000);
}

TEST_F(SimTransportTest, LatencyAndPriceDoNotChangeTheStory) {
  EXPECT_EQ(outcome("sim/persona").reply->text,
            outcome("sim/persona?latency_ms=5&usd_per_mtok=3").reply->text);
}

TEST_F(SimTransportTest, PlayMoneyIsBilledLikeAnyOther) {
  const auto out = outcome("sim/persona?usd_per_mtok=2");

  ASSERT_TRUE(out.bill);
  EXPECT_EQ(out.bill->pico_usd, 2'000'000 * out.usage.total());
}

TEST_F(SimTransportTest, UsageIsCountedFromTheTexts) {
  auto asked = request("sim/persona");
  asked.messages[0].text = std::string(4'000, 'x');

  const auto out = outcome(asked);

  EXPECT_EQ(out.usage.input, 1'000);
  EXPECT_EQ(out.usage.output,
            (static_cast<std::int64_t>(out.reply->text.size()) + 3) / 4);
}

TEST_F(SimTransportTest, UsageNeverLeavesTheBounds) {
  const auto price = sim_price(*parse_sim_model("persona"));
  for (const std::int64_t cap : {1, 2, 10, 5'000})
    for (const std::size_t size : {0U, 1U, 3U, 4'000U}) {
      auto asked = request("sim/persona?tokens_out=300");
      asked.messages[0].text = std::string(size, 'x');
      asked.output_cap = cap;

      const auto out = outcome(asked);

      EXPECT_LE(out.usage.input, runtime::input_bound(price, asked));
      EXPECT_GE(out.usage.input, 1);
      EXPECT_LE(out.usage.output, cap);
      EXPECT_LE(*out.bill, runtime::worst_case(price, asked)->usd);
    }
}

TEST_F(SimTransportTest, AReplyAboveTheCapIsCutThere) {
  auto asked = request("sim/persona");
  asked.output_cap = 5;

  const auto out = outcome(asked);

  EXPECT_EQ(out.reply->finish, FinishReason::length);
  EXPECT_EQ(out.reply->text.size(), 20U);
  EXPECT_EQ(out.usage.output, 5);
}

TEST_F(SimTransportTest, TokensOutIsReported) {
  EXPECT_EQ(outcome("sim/persona?tokens_out=300").usage.output, 300);
}

TEST_F(SimTransportTest, EachFaultEndsAsTheTableSays) {
  struct Row {
    const char* knob;
    Resolution resolution;
    std::string_view why;
    bool retry;
  };
  for (const auto& row :
       {Row{"fail", Resolution::voided, reason::overloaded, true},
        Row{"fail429", Resolution::voided, reason::rate_limited, true},
        Row{"fail500", Resolution::unknown, reason::server_error, true},
        Row{"timeout", Resolution::unknown, reason::deadline, true},
        Row{"cut", Resolution::unknown, reason::reply_cut, true},
        Row{"schema", Resolution::settled, reason::ok, false},
        Row{"refusal", Resolution::settled, reason::ok, false},
        Row{"usage", Resolution::bounded, reason::usage_nonsense, false}}) {
    SCOPED_TRACE(row.knob);
    const auto out = outcome("sim/faulty?" + std::string{row.knob} + "=1");
    EXPECT_EQ(to_string(out.resolution), to_string(row.resolution));
    EXPECT_EQ(out.reason, row.why);
    EXPECT_EQ(out.retry, row.retry);
    EXPECT_EQ(out.reply.has_value(),
              row.resolution == Resolution::settled
                || row.resolution == Resolution::bounded);
  }
}

TEST_F(SimTransportTest, FaultyRepliesAreWhatTheyAreCalled) {
  EXPECT_EQ(outcome("sim/faulty?refusal=1").reply->finish,
            FinishReason::refusal);
  EXPECT_EQ(outcome("sim/faulty?schema=1").reply->text.find("ACTION"),
            std::string::npos);
  EXPECT_NE(outcome("sim/faulty?usage=1").reply->text.find("ACTION"),
            std::string::npos);
  EXPECT_EQ(outcome("sim/faulty?fail429=1").retry_after_ms, 50);
}

TEST_F(SimTransportTest, FaultsAreDrawnForEachAttemptAnew) {
  int failed = 0;
  for (int i = 0; i < 1'000; ++i)
    failed += outcome("sim/persona?fail=0.3").reply ? 0 : 1;
  EXPECT_GT(failed, 240);
  EXPECT_LT(failed, 360);
}

TEST_F(SimTransportTest, AbortEndsACallAsUnknownAndOnlyOnce) {
  const auto one = permit();
  std::vector<CallOutcome> outs;
  sim.post(one, request("sim/persona?latency_ms=500"),
           [&](CallOutcome o) { outs.push_back(std::move(o)); });

  sim.abort(one.attempt());
  EXPECT_TRUE(outs.empty()) << "answered from within abort";
  timer.pass(std::chrono::seconds{1});

  ASSERT_EQ(outs.size(), 1U);
  EXPECT_EQ(outs[0].resolution, Resolution::unknown);
  EXPECT_EQ(outs[0].reason, reason::cancelled);
  EXPECT_FALSE(outs[0].retry);
}

TEST_F(SimTransportTest, AbortOfAnEndedCallDoesNothing) {
  const auto one = permit();
  int answers = 0;
  sim.post(one, request("sim/persona"), [&](CallOutcome) { ++answers; });
  timer.pass(milliseconds{0});

  sim.abort(one.attempt());
  timer.pass(milliseconds{0});

  EXPECT_EQ(answers, 1);
}

TEST_F(SimTransportTest, TimersMayOutliveTheTransport) {
  auto short_lived = std::make_unique<SimTransport>(*permits, timer);
  int answers = 0;
  short_lived->post(permit(), request("sim/persona?latency_ms=500"),
                    [&](CallOutcome) { ++answers; });

  short_lived.reset();
  timer.pass(std::chrono::seconds{1});

  EXPECT_EQ(answers, 0);
}

TEST_F(SimTransportTest, WhatCannotBeAskedIsVoidAndSaysWhy) {
  auto bad_brief = request("sim/persona");
  bad_brief.brief = "{";
  for (const auto& asked :
       {request("sim/nobody"), request("sim/persona?latency=1"),
        request("sim/script?file=/no/such/file.yaml"), bad_brief}) {
    SCOPED_TRACE(asked.model);
    const auto out = outcome(asked);
    EXPECT_EQ(out.resolution, Resolution::voided);
    EXPECT_EQ(out.reason, reason::not_sendable);
    EXPECT_EQ(out.error.code, Errc::invalid_input);
    EXPECT_FALSE(out.retry);
  }
}

TEST_F(SimTransportTest, AScriptAnswersByCoordinatesElseMinimally) {
  const auto path = ::testing::TempDir() + "sim-transport-"
                    + std::to_string(::getpid()) + ".yaml";
  std::ofstream{path} << "- {participant: us, text: as written}\n";
  auto us = request("sim/script?file=" + path);
  us.brief = R"({"kind":"decision","participant":"us"})";

  EXPECT_EQ(outcome(us).reply->text, "as written");
  EXPECT_NE(outcome("sim/script?file=" + path).reply->text.find("EU holds"),
            std::string::npos);
  std::remove(path.c_str());
}

} // namespace
} // namespace lab::llm
