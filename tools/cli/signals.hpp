#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace lab::tools {

/// Blocks SIGINT and SIGTERM for this thread and those it starts, so that
/// `SignalWatch` alone hears them. Call before any other thread begins.
void block_stop_signals();

/// Waits for SIGINT and SIGTERM on a thread of its own. The first asks the
/// work to stop; the second ends the process at once: what is in flight stays
/// reserved in the journal, and the next start counts it as unknown.
class SignalWatch {
public:
  /// @param on_first  called on the watch's thread with the signal's number
  explicit SignalWatch(std::function<void(int)> on_first);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// The first signal; 0 when there was none.
  int received() const { return received_.load(); }

private:
  void watch();

  std::function<void(int)> on_first_;
  std::atomic<int> received_{0};
  std::thread thread_;
};

} // namespace lab::tools
