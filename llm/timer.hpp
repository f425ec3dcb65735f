#pragma once

#include <chrono>
#include <functional>

namespace lab::llm {

/// Calls back later on the owner's thread: the Asio thread in the engine, the
/// test's own in tests.
class Timer {
public:
  virtual ~Timer() = default;
  /// Calls `then` once, after `wait` at the earliest, never from within
  /// `after`. Cannot be taken back and may outlive whoever asked: `then` holds
  /// no bare pointer to an owner that may go.
  virtual void after(std::chrono::nanoseconds wait,
                     std::function<void()> then) = 0;
};

} // namespace lab::llm
