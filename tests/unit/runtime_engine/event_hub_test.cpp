#include "runtime/engine/event_hub.hpp"
#include "tests/support/lab_test.hpp"

namespace lab::runtime {
namespace {

struct Seen {
  std::vector<EventBatch> batches;
  bool answer = true;
};

WatcherActor::behavior_type watcher(WatcherActor::pointer self,
                                    std::shared_ptr<Seen> seen) {
  return {[self, seen](const EventBatch& batch) -> caf::result<Done> {
    seen->batches.push_back(batch);
    if (seen->answer)
      return Done{};
    return self->make_response_promise<Done>();
  }};
}

class EventHubTest : public testing::LabTest {
protected:
  void SetUp() override {
    hub = spawn(event_hub, std::make_shared<ManualClock>());
  }

  Event event(std::int32_t turn) {
    Event e;
    e.turn = turn;
    return e;
  }

  EventHubActor hub;
};

TEST_F(EventHubTest, AWatcherGetsEveryEventInOrderWithItsNumber) {
  auto seen = std::make_shared<Seen>();
  tell(hub, Subscribe{spawn(watcher, seen)});

  tell(hub, event(1));
  tell(hub, event(2));

  ASSERT_EQ(seen->batches.size(), 2U);
  EXPECT_EQ(seen->batches[0].events[0].seq, 1U);
  EXPECT_EQ(seen->batches[1].events[0].turn, 2);
}

TEST_F(EventHubTest, ASlowWatcherLosesTheOldestEventsAndIsToldHowMany) {
  auto seen = std::make_shared<Seen>();
  seen->answer = false;
  const auto slow = spawn(watcher, seen);
  auto quick = std::make_shared<Seen>();
  tell(hub, Subscribe{slow});
  tell(hub, Subscribe{spawn(watcher, quick)});

  const auto count = static_cast<std::int32_t>(EventHubState::backlog_max) + 10;
  for (std::int32_t i = 0; i <= count; ++i)
    tell(hub, event(i));

  EXPECT_EQ(seen->batches.size(), 1U) << "one batch in flight, no more";
  EXPECT_EQ(quick->batches.size(), static_cast<std::size_t>(count) + 1)
    << "others are not slowed";
}

} // namespace
} // namespace lab::runtime
