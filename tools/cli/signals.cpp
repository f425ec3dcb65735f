#include "tools/cli/signals.hpp"

#include <string_view>
#include <utility>

#include <pthread.h>
#include <unistd.h>

#include "runtime/base/log.hpp"
#include "tools/cli/exit_code.hpp"

namespace lab::tools {

namespace {

/// Ends the watch itself; nobody else sends it.
constexpr int wake_signal = SIGUSR2;

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, wake_signal);
  return signals;
}

[[noreturn]] void leave_now(int signal) {
  constexpr std::string_view words =
    "\nAborted. Calls in flight stay reserved; the next start counts them as "
    "unknown.\n";
  // Destructors would wait for the very calls that are being given up.
  [[maybe_unused]] const auto written =
    write(STDERR_FILENO, words.data(), words.size());
  flush_log();
  const auto code =
    signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
  _exit(static_cast<int>(code));
}

} // namespace

void block_stop_signals() {
  const auto signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

SignalWatch::SignalWatch(std::function<void(int)> on_first)
  : on_first_(std::move(on_first)), thread_([this] { watch(); }) {}

SignalWatch::~SignalWatch() {
  pthread_kill(thread_.native_handle(), wake_signal);
  thread_.join();
}

void SignalWatch::watch() {
  const auto signals = watched_signals();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0 || signal == wake_signal)
      return;
    if (received_.load() != 0)
      leave_now(signal);
    received_ = signal;
    on_first_(signal);
  }
}

} // namespace lab::tools
