#pragma once

#include <deque>
#include <list>
#include <string>

#include "runtime/protocol/messages.hpp"

namespace lab::llm {

/// Who waits for a slot, in the order they get one: first those whose money is
/// set aside already, then retries, then runs in turn, each run's own calls
/// oldest first. Pure.
///
/// With `keep_model` (servers that load one model at a time) a run whose next
/// call wants the model served last goes before one that would change it, at
/// most `same_model_max` times in a row, so nobody waits for ever.
class LaneQueue {
public:
  static constexpr std::int32_t same_model_max = 256;

  explicit LaneQueue(bool keep_model = false) : keep_model_(keep_model) {}

  void push(AcquireSlot wanted);

  /// The one to serve next, without taking it. `retries`: a retry may start.
  const AcquireSlot* next(bool retries);
  /// Takes what `next` gave.
  AcquireSlot pop();

  /// Takes a waiting one back; false when it does not wait.
  bool remove(AttemptId attempt);
  void clear();

  std::size_t size() const { return size_; }

private:
  using Calls = std::deque<AcquireSlot>;
  struct RunCalls {
    RunId run;
    Calls calls;
  };

  std::list<RunCalls>::iterator next_run();

  bool keep_model_;
  Calls urgent_;
  Calls retries_;
  std::list<RunCalls> runs_; // served from the front
  std::size_t size_ = 0;
  /// What `next` gave: one of the two above, or the front of this run.
  Calls* chosen_ = nullptr;
  std::list<RunCalls>::iterator chosen_run_{};
  std::string model_;           // served last
  std::int32_t same_model_ = 0; // in a row
};

} // namespace lab::llm
