#include <gtest/gtest.h>

#include "llm/lane_queue.hpp"

namespace lab::llm {
namespace {

AcquireSlot wanted(std::uint64_t attempt, std::uint64_t run,
                   std::string model = "m") {
  AcquireSlot slot;
  slot.attempt = AttemptId{Digest128{attempt, 0}};
  slot.run = RunId{run};
  slot.model = std::move(model);
  return slot;
}

std::vector<std::uint64_t> drain(LaneQueue& queue, bool retries = true) {
  std::vector<std::uint64_t> order;
  while (queue.next(retries) != nullptr)
    order.push_back(queue.pop().attempt.value.high);
  return order;
}

TEST(LaneQueue, OneRunIsServedInOrder) {
  LaneQueue queue;
  for (std::uint64_t n = 1; n <= 4; ++n)
    queue.push(wanted(n, 7));

  EXPECT_EQ(drain(queue), (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(LaneQueue, RunsTakeTurns) {
  LaneQueue queue;
  for (std::uint64_t n = 1; n <= 4; ++n)
    queue.push(wanted(n, 7));
  queue.push(wanted(5, 8));
  queue.push(wanted(6, 9));

  EXPECT_EQ(drain(queue), (std::vector<std::uint64_t>{1, 5, 6, 2, 3, 4}));
}

TEST(LaneQueue, MoneyThatIsSetAsideGoesFirstThenRetries) {
  LaneQueue queue;
  queue.push(wanted(1, 7));
  auto retry = wanted(2, 7);
  retry.retry = true;
  queue.push(retry);
  auto urgent = wanted(3, 8);
  urgent.urgent = true;
  queue.push(urgent);

  EXPECT_EQ(drain(queue), (std::vector<std::uint64_t>{3, 2, 1}));
}

TEST(LaneQueue, RetriesAreSteppedOverWhenTheyMayNotStart) {
  LaneQueue queue;
  auto retry = wanted(1, 7);
  retry.retry = true;
  queue.push(retry);
  queue.push(wanted(2, 7));

  EXPECT_EQ(drain(queue, false), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(queue.size(), 1u);
}

TEST(LaneQueue, AModelThatIsLoadedIsServedBeforeAnother) {
  LaneQueue queue{true};
  queue.push(wanted(1, 1, "a"));
  queue.push(wanted(2, 2, "b"));
  queue.push(wanted(3, 3, "a"));
  queue.push(wanted(4, 4, "b"));

  EXPECT_EQ(drain(queue), (std::vector<std::uint64_t>{1, 3, 2, 4}));
}

TEST(LaneQueue, AModelThatIsNotLoadedDoesNotWaitForEver) {
  LaneQueue queue{true};
  queue.push(wanted(0, 1, "a"));
  ASSERT_NE(queue.next(true), nullptr);
  queue.pop();
  queue.push(wanted(1, 2, "b"));
  int served_before = 0;

  for (std::uint64_t n = 2;; ++n) {
    queue.push(wanted(n, n + 10, "a"));
    ASSERT_NE(queue.next(true), nullptr);
    if (queue.pop().model == "b")
      break;
    ++served_before;
    ASSERT_LE(served_before, LaneQueue::same_model_max);
  }

  EXPECT_EQ(served_before, LaneQueue::same_model_max);
}

TEST(LaneQueue, AWaitingCallCanBeTakenBack) {
  LaneQueue queue;
  queue.push(wanted(1, 7));
  queue.push(wanted(2, 7));
  auto retry = wanted(3, 8);
  retry.retry = true;
  queue.push(retry);

  EXPECT_TRUE(queue.remove(AttemptId{Digest128{1, 0}}));
  EXPECT_TRUE(queue.remove(AttemptId{Digest128{3, 0}}));
  EXPECT_FALSE(queue.remove(AttemptId{Digest128{9, 0}}));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(drain(queue), (std::vector<std::uint64_t>{2}));
}

} // namespace
} // namespace lab::llm
