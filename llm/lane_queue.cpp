#include "llm/lane_queue.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"

namespace lab::llm {

void LaneQueue::push(AcquireSlot wanted) {
  ++size_;
  if (wanted.urgent) {
    urgent_.push_back(std::move(wanted));
    return;
  }
  if (wanted.retry) {
    retries_.push_back(std::move(wanted));
    return;
  }
  const auto mine =
    std::find_if(runs_.begin(), runs_.end(),
                 [&](const RunCalls& each) { return each.run == wanted.run; });
  auto& calls = mine != runs_.end()
                  ? mine->calls
                  : runs_.emplace_back(RunCalls{wanted.run, {}}).calls;
  calls.push_back(std::move(wanted));
}

const AcquireSlot* LaneQueue::next(bool retries) {
  chosen_ = nullptr;
  if (!urgent_.empty())
    chosen_ = &urgent_;
  else if (retries && !retries_.empty())
    chosen_ = &retries_;
  else if (!runs_.empty()) {
    chosen_run_ = next_run();
    chosen_ = &chosen_run_->calls;
  }
  return chosen_ ? &chosen_->front() : nullptr;
}

AcquireSlot LaneQueue::pop() {
  LAB_CHECK(chosen_ && !chosen_->empty(), "pop without next");
  auto wanted = std::move(chosen_->front());
  chosen_->pop_front();
  --size_;
  if (chosen_ != &urgent_ && chosen_ != &retries_) {
    if (chosen_->empty())
      runs_.erase(chosen_run_);
    else
      runs_.splice(runs_.end(), runs_, chosen_run_);
  }
  chosen_ = nullptr;
  same_model_ = wanted.model == model_ ? same_model_ + 1 : 0;
  model_ = wanted.model;
  return wanted;
}

bool LaneQueue::remove(AttemptId attempt) {
  chosen_ = nullptr;
  const auto take = [&](Calls& calls) {
    return std::erase_if(
             calls,
             [&](const AcquireSlot& each) { return each.attempt == attempt; })
           > 0;
  };
  bool found = take(urgent_) || take(retries_);
  for (auto run = runs_.begin(); !found && run != runs_.end();) {
    found = take(run->calls);
    run = run->calls.empty() ? runs_.erase(run) : std::next(run);
  }
  size_ -= found ? 1 : 0;
  return found;
}

void LaneQueue::clear() {
  urgent_.clear();
  retries_.clear();
  runs_.clear();
  chosen_ = nullptr;
  size_ = 0;
}

std::list<LaneQueue::RunCalls>::iterator LaneQueue::next_run() {
  if (!keep_model_ || model_.empty() || same_model_ >= same_model_max)
    return runs_.begin();
  const auto same =
    std::find_if(runs_.begin(), runs_.end(), [&](const RunCalls& each) {
      return each.calls.front().model == model_;
    });
  return same != runs_.end() ? same : runs_.begin();
}

} // namespace lab::llm
