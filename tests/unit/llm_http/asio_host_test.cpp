#include <future>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "llm/http/asio_host.hpp"
#include "llm/outcome.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::llm {
namespace {

using namespace std::chrono_literals;

/// Where a hosted lane's transport was called, and what it shall do.
struct Seen {
  std::thread::id thread;
  bool destroyed = false;
  std::thread::id destroyed_on;
  bool silent = false;
  std::promise<void> posted;
};

class SeenTransport final : public Transport {
public:
  SeenTransport(std::shared_ptr<Seen> seen, AsioHost& host)
    : seen_(std::move(seen)), host_(host) {}
  ~SeenTransport() override {
    seen_->destroyed = true;
    seen_->destroyed_on = std::this_thread::get_id();
  }
  void post(const SpendPermit&, const ChatRequest&,
            std::function<void(CallOutcome)> done) override {
    seen_->thread = std::this_thread::get_id();
    seen_->posted.set_value();
    if (seen_->silent)
      return;
    host_.timer().after(1ms, [done = std::move(done)] {
      done(never_sent("as_the_test_has_it", {Errc::internal, "no server"}));
    });
  }
  void abort(AttemptId) override {}

private:
  std::shared_ptr<Seen> seen_;
  AsioHost& host_;
};

class AsioHostTest : public ::testing::Test {
protected:
  LaneActor host_lane() {
    LaneSettings settings;
    settings.provider = "fake";
    settings.limits = {2, 2, 0};
    return host.host_lane(settings, std::make_unique<SeenTransport>(seen, host),
                          std::make_shared<SystemClock>());
  }
  std::thread::id asio_thread() {
    std::promise<std::thread::id> id;
    boost::asio::post(host.context(),
                      [&] { id.set_value(std::this_thread::get_id()); });
    return id.get_future().get();
  }
  template <class T, class Message>
  Result<T> ask(const LaneActor& lane, Message message) {
    Result<T> answer = fail(Errc::internal, "no answer");
    caf::scoped_actor self{system};
    self->request(lane, 60s, std::move(message))
      .receive(
        [&](T& value) { answer = std::move(value); },
        [&](caf::error& why) { answer = tl::unexpected(from_caf(why)); });
    return answer;
  }

  SystemConfig config{1};
  caf::actor_system system{config};
  std::shared_ptr<Seen> seen = std::make_shared<Seen>();
  AsioHost host{system};
};

TEST_F(AsioHostTest, TimersFireInTheirOrderAndNeverFromWithin) {
  std::promise<std::vector<int>> fired;
  boost::asio::post(host.context(), [&] {
    auto order = std::make_shared<std::vector<int>>();
    host.timer().after(30ms, [&, order] {
      order->push_back(3);
      fired.set_value(*order);
    });
    host.timer().after(5ms, [order] { order->push_back(2); });
    host.timer().after(0ms, [order] { order->push_back(1); });
    order->push_back(0);
  });

  EXPECT_EQ(fired.get_future().get(), (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(AsioHostTest, AHostedLaneRunsOnTheAsioThread) {
  const auto lane = host_lane();

  ASSERT_TRUE(ask<Done>(lane, AcquireSlot{}));
  EXPECT_EQ(ask<LaneStatus>(lane, GetLaneStatus{})->in_flight, 1);
  const auto outcome = ask<CallOutcome>(lane, SendCall{});

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->reason, "as_the_test_has_it");
  EXPECT_EQ(seen->thread, asio_thread());
  EXPECT_EQ(ask<LaneStatus>(lane, GetLaneStatus{})->in_flight, 0);
}

TEST_F(AsioHostTest, ManyMessagesPassThroughAHostedLane) {
  const auto lane = host_lane();

  for (std::uint64_t n = 1; n <= 2'000; ++n) {
    AcquireSlot wanted;
    wanted.attempt = AttemptId{Digest128{n, 0}};
    ASSERT_TRUE(ask<Done>(lane, wanted));
    caf::anon_send(lane, ReleaseSlot{wanted.attempt});
  }

  EXPECT_EQ(ask<LaneStatus>(lane, GetLaneStatus{})->in_flight, 0);
}

TEST_F(AsioHostTest, StoppingEndsTheLanesOnTheirOwnThread) {
  host_lane(); // nobody keeps a handle
  const auto thread = asio_thread();
  EXPECT_FALSE(seen->destroyed);

  host.stop();
  host.stop();

  EXPECT_TRUE(seen->destroyed);
  EXPECT_EQ(seen->destroyed_on, thread);
}

TEST_F(AsioHostTest, StoppingAnswersWhatIsOnTheWireAndWhoeverComesLater) {
  seen->silent = true;
  const auto lane = host_lane();
  ASSERT_TRUE(ask<Done>(lane, AcquireSlot{}));
  auto outcome = std::async(std::launch::async,
                            [&] { return ask<CallOutcome>(lane, SendCall{}); });
  seen->posted.get_future().wait();

  host.stop();

  const auto ended = outcome.get();
  ASSERT_TRUE(ended) << to_string(ended.error());
  EXPECT_EQ(ended->resolution, Resolution::unknown);
  EXPECT_EQ(ask<Done>(lane, AcquireSlot{}).error().code, Errc::shutting_down);
}

TEST_F(AsioHostTest, TimersThatAreOutDoNotDelayTheEnd) {
  auto kept = std::make_shared<int>(0);
  boost::asio::post(host.context(),
                    [&] { host.timer().after(24h, [kept] { *kept = 1; }); });
  asio_thread();

  host.stop();

  EXPECT_EQ(*kept, 0);
}

} // namespace
} // namespace lab::llm
