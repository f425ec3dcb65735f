#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "tools/cli/console.hpp"
#include "tools/cli/live_view.hpp"

namespace lab::tools {

/// Shows progress on stderr while a command works: a block drawn anew four
/// times a second on a terminal, heartbeat lines elsewhere. Reads snapshots on
/// a thread of its own and decides nothing.
class LiveDisplay {
public:
  /// @param view      what stays the same: subject, id, name, simulated
  /// @param snapshot  called on the display's thread
  LiveDisplay(Console& console, LiveView view, bool json_lines,
              std::function<Snapshot()> snapshot);
  /// Takes the block away.
  ~LiveDisplay();
  LiveDisplay(const LiveDisplay&) = delete;
  LiveDisplay& operator=(const LiveDisplay&) = delete;

  /// Leaves the terminal to somebody else, such as an editor, and comes back.
  void pause();
  void go_on();

  /// A line of its own, for the begin and the end of the work.
  void note(const std::string& event, const std::string& text);
  /// What a snapshot has that nobody was told yet: warnings, and that the sweep
  /// waits. Warnings are never silent.
  void tell(const Snapshot& now);

private:
  void show_until_stopped();
  void tell_news(const Snapshot& now); // under `mutex_`
  void warn(const std::string& text);

  Console& console_;
  LiveView view_;
  bool json_lines_;
  std::function<Snapshot()> snapshot_;
  SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  bool paused_ = false;
  std::size_t warnings_told_ = 0;
  std::size_t drifts_told_ = 0; // of models
  UnixMs wait_told_ = 0;
  std::thread thread_;
};

} // namespace lab::tools
