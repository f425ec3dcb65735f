#pragma once

#include <mutex>
#include <string>

#include "llm/price_book.hpp"
#include "runtime/base/error.hpp"

namespace lab::tools {

/// The editor that people want: $VISUAL, $EDITOR, else the first of `editor`,
/// `nano` and `vi` in $PATH; empty when there is none.
std::string editor_of(const llm::Environment& environment);

/// An editor on this terminal, one at a time.
class Editor {
public:
  /// @param command  as a shell reads it: "vi", "code --wait"
  explicit Editor(std::string command) : command_(std::move(command)) {}

  const std::string& command() const { return command_; }

  /// Returns when the editor has closed. The terminal's settings are as before.
  /// @errors invalid_input: it could not be started, or failed
  Result<void> open(const std::string& path);

  /// From any thread: ends the editor that is open, and opens no more.
  void end();

private:
  std::string command_;
  std::mutex guard_;
  int pid_ = 0; // 0: none is open
  bool ended_ = false;
};

} // namespace lab::tools
