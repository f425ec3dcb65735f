#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "tools/cli/console.hpp"
#include "tools/cli/editor.hpp"
#include "tools/cli/live_display.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::tools {

/// Asks the person at this terminal what people are asked, one question after
/// the other, while the engine works. Where nobody sits, it says what waits
/// for whom. Runs on a thread of its own.
class HumanTerminal {
public:
  struct Settings {
    bool attended = false; // somebody sits here
    std::string editor;    // command
    std::string folder;    // of forms, private
  };

  HumanTerminal(Engine& engine, Console& console, LiveDisplay& display,
                Settings settings);
  /// Ends an editor that is still open.
  ~HumanTerminal();
  HumanTerminal(const HumanTerminal&) = delete;
  HumanTerminal& operator=(const HumanTerminal&) = delete;

private:
  void serve();
  void ask(const OpenQuestion& question);
  void announce(const OpenQuestion& question);
  std::optional<std::string> read_line(const std::string& prompt);

  Engine& engine_;
  Console& console_;
  LiveDisplay& display_;
  Settings settings_;
  Editor editor_;
  std::set<AttemptId> announced_;
  std::string unread_; // of stdin, behind the last line
  std::atomic<bool> stopped_{false};
  std::mutex guard_;
  std::condition_variable wake_;
  std::thread thread_;
};

} // namespace lab::tools
