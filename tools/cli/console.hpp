#pragma once

#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "llm/price_book.hpp"

namespace lab::tools {

/// What the two streams of the process are connected to.
struct StreamFacts {
  bool out_is_terminal = false;
  bool in_is_terminal = false;
  bool err_is_terminal = false;
  int columns = 80; // of the terminal
};

/// How to write.
struct Style {
  bool color = false; // on stderr
  bool live = false;  // a block that is drawn anew on stderr
  bool utf8 = true;
  int columns = 80;
};

/// Decides by `--color`, FORCE_COLOR or CLICOLOR_FORCE, NO_COLOR and TERM, in
/// this order; a live block needs a terminal that can move its cursor.
/// SCENARIO_LAB_FORCE_TTY=100 pretends a terminal of that width.
/// @param when  auto, always or never
Style style_for(std::string_view when, StreamFacts facts,
                const llm::Environment& environment);

/// The facts about this process's streams.
StreamFacts process_streams();

/// Where a command writes: results to `out`, everything else to `err`. Keys of
/// providers are replaced wherever they would appear, as the last net. Any
/// thread may write.
class Console {
public:
  Console(std::ostream& out, std::ostream& err, Style style, bool quiet);

  /// Texts that no output may contain.
  void hide(std::vector<std::string> secrets);

  /// The command's result. Nothing else goes to stdout.
  void result(std::string_view text);
  /// Progress and advice; silent with `--quiet`.
  void say(std::string_view text);
  /// Findings and failures; never silent.
  void problem(std::string_view text);

  /// Draws `lines` in place of the block drawn before; an empty block takes it
  /// away. Text said in between stands above it.
  void draw(const std::vector<std::string>& lines);

  const Style& style() const { return style_; }
  /// For settings that were not known at the begin; before any other thread.
  void restyle(Style style) { style_ = style; }

private:
  void write(std::ostream& stream, std::string_view text);
  void erase_block();

  std::ostream& out_;
  std::ostream& err_;
  Style style_;
  bool quiet_;
  std::vector<std::string> secrets_;
  std::vector<std::string> block_; // on the screen now
  std::mutex mutex_;
};

} // namespace lab::tools
