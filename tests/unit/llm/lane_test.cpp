#include <map>

#include <gtest/gtest.h>

#include "llm/lane.hpp"
#include "llm/outcome.hpp"
#include "tests/unit/llm/calls.hpp"

namespace lab::llm {
namespace {

using namespace std::chrono_literals;

/// A timer and the clock it goes by, moved by the test.
class ManualTimer final : public Timer {
public:
  explicit ManualTimer(std::shared_ptr<ManualClock> clock)
    : clock_(std::move(clock)) {}

  void after(std::chrono::nanoseconds wait,
             std::function<void()> then) override {
    due_.emplace(clock_->steady() + std::chrono::ceil<Milliseconds>(wait),
                 std::move(then));
  }

  void advance(Milliseconds by) {
    const auto end = clock_->steady() + by;
    while (!due_.empty() && due_.begin()->first <= end) {
      auto next = due_.extract(due_.begin());
      clock_->advance(std::chrono::duration_cast<Milliseconds>(
        next.key() - clock_->steady()));
      next.mapped()();
    }
    clock_->advance(
      std::chrono::duration_cast<Milliseconds>(end - clock_->steady()));
  }

private:
  std::shared_ptr<ManualClock> clock_;
  std::multimap<TimePoint, std::function<void()>> due_;
};

/// What the transport was asked to do; the test ends what it posted.
struct Wire {
  std::vector<std::function<void(CallOutcome)>> posted;
  std::vector<AttemptId> aborted;
  std::vector<std::function<void(bool)>> looks;

  void end(CallOutcome outcome) {
    ASSERT_FALSE(posted.empty());
    auto done = std::move(posted.front());
    posted.erase(posted.begin());
    done(std::move(outcome));
  }
};

class FakeTransport final : public Transport {
public:
  explicit FakeTransport(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  void post(const SpendPermit&, const ChatRequest&,
            std::function<void(CallOutcome)> done) override {
    wire_->posted.push_back(std::move(done));
  }
  void abort(AttemptId attempt) override { wire_->aborted.push_back(attempt); }
  void look(std::function<void(bool)> done) override {
    wire_->looks.push_back(std::move(done));
  }

private:
  std::shared_ptr<Wire> wire_;
};

CallOutcome outcome(Resolution resolution, std::string_view why,
                    std::int64_t retry_after_ms = 0) {
  CallOutcome out;
  out.resolution = resolution;
  out.reason = why;
  out.retry_after_ms = retry_after_ms;
  out.error.context = "as the test has it";
  return out;
}

const auto answered = outcome(Resolution::settled, reason::ok);
const auto unreachable = outcome(Resolution::voided, reason::connect_failed);

class LaneTest : public ::testing::Test {
protected:
  LaneTest() { open({1, 1, 0}); }

  void open(LimitRules rules) {
    lane = std::make_shared<Lane>(LaneSettings{"fake", rules, false},
                                  std::make_unique<FakeTransport>(wire), timer,
                                  clock);
  }

  static AttemptId id(std::uint64_t n) { return AttemptId{Digest128{n, 0}}; }

  /// Asks for a slot; `granted[n]` holds the answer once there is one.
  void acquire(std::uint64_t n, bool retry = false) {
    AcquireSlot wanted;
    wanted.attempt = id(n);
    wanted.run = RunId{1};
    wanted.retry = retry;
    lane->acquire(wanted, [this, n](Result<Done> result) {
      EXPECT_EQ(granted.count(n), 0u) << "answered twice";
      granted.emplace(n, result ? Errc::ok : result.error().code);
    });
  }

  /// A permit of that attempt, as the message carries it. The transport here
  /// does not redeem it.
  void send(std::uint64_t n) {
    // Permits cannot be made outside the ledger; the wire form can.
    std::vector<char> bytes;
    caf::binary_serializer out{nullptr, bytes};
    auto attempt = id(n);
    Charge worst;
    std::uint64_t nonce = 1;
    ASSERT_FALSE(out(attempt, worst, nonce));
    SendCall call;
    caf::binary_deserializer in{nullptr, bytes};
    ASSERT_FALSE(in(call.permit));
    lane->send(call, [this, n](CallOutcome ended) {
      EXPECT_EQ(outcomes.count(n), 0u) << "ended twice";
      outcomes.emplace(n, std::move(ended));
    });
  }

  void take_and_send(std::uint64_t n) {
    acquire(n);
    ASSERT_EQ(granted.count(n), 1u);
    send(n);
  }

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  ManualTimer timer{clock};
  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
  std::shared_ptr<Lane> lane;
  std::map<std::uint64_t, Errc> granted;
  std::map<std::uint64_t, CallOutcome> outcomes;
};

TEST_F(LaneTest, ASlotIsFreeAgainWhenItsAttemptEnds) {
  take_and_send(1);
  acquire(2);
  EXPECT_EQ(granted.count(2), 0u);

  wire->end(answered);

  EXPECT_EQ(outcomes.at(1).resolution, Resolution::settled);
  EXPECT_EQ(granted.at(2), Errc::ok);
}

TEST_F(LaneTest, ASlotThatIsReleasedUnusedIsFreeAgain) {
  acquire(1);
  acquire(2);

  lane->release(id(1));

  EXPECT_EQ(granted.at(2), Errc::ok);
}

TEST_F(LaneTest, AReleaseWhileItWaitsIsAnsweredCancelled) {
  acquire(1);
  acquire(2);

  lane->release(id(2));
  lane->release(id(1));
  acquire(3);

  EXPECT_EQ(granted.at(2), Errc::cancelled);
  EXPECT_EQ(granted.at(3), Errc::ok);
}

TEST_F(LaneTest, AReleaseAfterItWasSentChangesNothing) {
  take_and_send(1);

  lane->release(id(1));
  acquire(2);

  EXPECT_EQ(granted.count(2), 0u);
}

TEST_F(LaneTest, AnAttemptWithoutASlotIsNotSent) {
  send(1);

  EXPECT_EQ(outcomes.at(1).resolution, Resolution::voided);
  EXPECT_TRUE(wire->posted.empty());
}

TEST_F(LaneTest, OneAttemptGetsOneSlot) {
  open({4, 4, 0});
  acquire(1);
  AcquireSlot again;
  again.attempt = id(1);
  Errc code = Errc::ok;

  lane->acquire(again, [&](const Result<Done>& r) { code = r.error().code; });

  EXPECT_EQ(code, Errc::internal);
}

TEST_F(LaneTest, WaitsAsLongAsTheServerAsksFor) {
  take_and_send(1);
  wire->end(outcome(Resolution::voided, reason::rate_limited, 2'000));
  acquire(2);
  EXPECT_EQ(lane->status().state, "paused");
  EXPECT_EQ(lane->status().paused_ms, 2'000);

  timer.advance(1'999ms);
  EXPECT_EQ(granted.count(2), 0u);
  timer.advance(1ms);

  EXPECT_EQ(granted.at(2), Errc::ok);
}

TEST_F(LaneTest, KeepsToItsRate) {
  open({8, 8, 30}); // one at once, then one every two seconds
  acquire(1);
  acquire(2);
  acquire(3);
  EXPECT_EQ(granted.size(), 1u);

  timer.advance(2s);
  EXPECT_EQ(granted.size(), 2u);
  timer.advance(2s);

  EXPECT_EQ(granted.size(), 3u);
}

TEST_F(LaneTest, RetriesThatExceedTheirBudgetWaitForOneToEnd) {
  open({8, 8, 0});
  for (std::uint64_t n = 1; n <= 4; ++n)
    acquire(n, true);
  EXPECT_EQ(granted.size(), 3u);
  send(1);

  wire->end(answered);

  EXPECT_EQ(granted.at(4), Errc::ok);
}

TEST_F(LaneTest, WhileAServerIsDownNobodyTriesAndAllGoOnWhenItIsBack) {
  open({8, 8, 0});
  take_and_send(1);
  wire->end(answered);
  take_and_send(2);
  wire->end(unreachable);
  acquire(3);
  acquire(4);
  EXPECT_EQ(lane->status().state, "broken");

  for (int i = 0; i < 30; ++i) {
    timer.advance(1s);
    for (auto& look : std::exchange(wire->looks, {}))
      look(false);
  }
  EXPECT_EQ(granted.count(3), 0u);
  EXPECT_TRUE(wire->posted.empty()) << "looking costs no attempt";

  for (int i = 0; i < 10 && wire->looks.empty(); ++i)
    timer.advance(1s);
  ASSERT_EQ(wire->looks.size(), 1u);
  wire->looks.front()(true);

  EXPECT_EQ(granted.at(3), Errc::ok);
  EXPECT_EQ(granted.at(4), Errc::ok);
  EXPECT_EQ(lane->status().state, "open");
}

TEST_F(LaneTest, AServerThatNeverAnsweredIsSoonGivenUp) {
  open({8, 8, 0});
  take_and_send(1);
  wire->end(unreachable);
  acquire(2);

  for (int i = 0; i < 9; ++i) {
    timer.advance(1s);
    for (auto& look : std::exchange(wire->looks, {}))
      look(false);
  }

  EXPECT_EQ(granted.at(2), Errc::provider_unreachable);
  acquire(3);
  EXPECT_EQ(granted.at(3), Errc::provider_unreachable);
}

TEST_F(LaneTest, AServerThatIsNothingButOverloadedIsGivenUpInMinutes) {
  open({8, 8, 0});
  std::uint64_t n = 0;
  const auto start = clock->steady();
  const auto ask = [&] {
    acquire(++n);
    if (granted.count(n) > 0 && granted.at(n) == Errc::ok)
      send(n);
  };
  ask();

  // Whoever is turned away asks again, for ever.
  while (granted.count(n) == 0 || granted.at(n) == Errc::ok) {
    if (!wire->posted.empty()) {
      wire->end(outcome(Resolution::voided, reason::overloaded));
      ask();
      continue;
    }
    timer.advance(1s);
    if (granted.count(n) > 0 && granted.at(n) == Errc::ok)
      send(n);
    ASSERT_LT(clock->steady() - start, 5min);
  }

  EXPECT_EQ(granted.at(n), Errc::provider_unreachable);
  EXPECT_GE(clock->steady() - start, 2min);
}

TEST_F(LaneTest, AnAccountWithoutMoneyRefusesAllWhoWait) {
  take_and_send(1);
  acquire(2);

  wire->end(outcome(Resolution::voided, reason::spend_limit));
  acquire(3);

  EXPECT_EQ(granted.at(2), Errc::provider_refused);
  EXPECT_EQ(granted.at(3), Errc::provider_refused);
  EXPECT_TRUE(wire->posted.empty());
}

TEST_F(LaneTest, ClosingAnswersEverybody) {
  take_and_send(1);
  acquire(2);

  lane->close();
  acquire(3);
  send(3);

  EXPECT_EQ(outcomes.at(1).resolution, Resolution::unknown);
  EXPECT_EQ(outcomes.at(1).error.code, Errc::shutting_down);
  EXPECT_EQ(granted.at(2), Errc::shutting_down);
  EXPECT_EQ(granted.at(3), Errc::shutting_down);
  EXPECT_EQ(outcomes.at(3).resolution, Resolution::voided);
}

TEST_F(LaneTest, TimersThatOutliveALaneDoNothing) {
  take_and_send(1);
  wire->end(unreachable);
  lane.reset();

  timer.advance(1min);

  EXPECT_TRUE(wire->looks.empty());
}

TEST_F(LaneTest, AnAbortReachesTheTransport) {
  take_and_send(1);

  lane->abort(id(1));

  EXPECT_EQ(wire->aborted, std::vector<AttemptId>{id(1)});
}

TEST(LaneSettingsOf, HostedProvidersStartCarefullyAndLocalOnesDoNot) {
  ProviderSettings hosted;
  hosted.name = "far";
  hosted.max_in_flight = 256;
  auto small = hosted;
  small.max_in_flight = 8;
  auto local = hosted;
  local.local = true;
  auto sim = hosted;
  sim.dialect = Dialect::sim;

  EXPECT_EQ(lane_settings_of(hosted).limits.start, 128);
  EXPECT_EQ(lane_settings_of(hosted).limits.ceiling, 256);
  EXPECT_EQ(lane_settings_of(small).limits.ceiling, 8);
  EXPECT_EQ(lane_settings_of(local).limits.start, 256);
  EXPECT_EQ(lane_settings_of(sim).limits.start, 256);
}

} // namespace
} // namespace lab::llm
