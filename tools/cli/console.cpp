#include "tools/cli/console.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace lab::tools {

namespace {

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view plain = "\x1b[0m";

// Shorter texts would mask ordinary words.
constexpr std::size_t secret_bytes_min = 6;

int columns_from(const std::string& text) {
  int columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  return columns;
}

bool says_utf8(const llm::Environment& environment) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const auto locale = environment(name))
      return locale->find("UTF-8") != std::string::npos
             || locale->find("utf8") != std::string::npos
             || locale->find("utf-8") != std::string::npos;
  return false;
}

/// Colours the severity at the begin of a finding's first line.
std::string painted(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const auto line = text.substr(at, end - at);
    const auto color = line.rfind("error[", 0) == 0     ? red
                       : line.rfind("warning[", 0) == 0 ? yellow
                                                        : plain;
    const auto head = color == plain ? 0 : line.find(':') + 1;
    if (head > 0) {
      out += color;
      out += line.substr(0, head);
      out += plain;
    }
    out += line.substr(head);
    at = end;
  }
  return out;
}

} // namespace

Style style_for(std::string_view when, StreamFacts facts,
                const llm::Environment& environment) {
  const auto is_set = [&](const char* name) {
    return environment(name).value_or("").size() > 0;
  };
  const auto forced =
    columns_from(environment("SCENARIO_LAB_FORCE_TTY").value_or(""));
  const bool terminal = facts.err_is_terminal || forced > 0;
  const auto kind = environment("TERM").value_or("");
  const bool able = terminal && kind != "dumb";
  Style style;
  style.live = able;
  style.utf8 = says_utf8(environment);
  style.columns = std::clamp(forced > 0 ? forced : facts.columns, 40, 200);
  if (when != "auto")
    style.color = when == "always";
  else if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE"))
    style.color = true;
  else
    style.color = !is_set("NO_COLOR") && able;
  return style;
}

StreamFacts process_streams() {
  StreamFacts facts;
  facts.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  facts.in_is_terminal = isatty(STDIN_FILENO) == 1;
  facts.err_is_terminal = isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    facts.columns = size.ws_col;
  return facts;
}

Console::Console(std::ostream& out, std::ostream& err, Style style, bool quiet)
  : out_(out), err_(err), style_(style), quiet_(quiet) {}

void Console::hide(std::vector<std::string> secrets) {
  const std::lock_guard lock{mutex_};
  std::erase_if(secrets, [](const std::string& secret) {
    return secret.size() < secret_bytes_min;
  });
  secrets_ = std::move(secrets);
}

void Console::result(std::string_view text) {
  const std::lock_guard lock{mutex_};
  erase_block();
  write(out_, text);
}

void Console::say(std::string_view text) {
  if (quiet_)
    return;
  const std::lock_guard lock{mutex_};
  erase_block();
  write(err_, text);
}

void Console::problem(std::string_view text) {
  const std::lock_guard lock{mutex_};
  erase_block();
  write(err_, style_.color ? painted(text) : std::string{text});
}

void Console::draw(const std::vector<std::string>& lines) {
  if (quiet_ || !style_.live)
    return;
  const std::lock_guard lock{mutex_};
  if (lines == block_)
    return;
  erase_block();
  std::string text;
  for (const auto& line : lines)
    text += line + "\n";
  write(err_, text);
  block_ = lines;
}

void Console::erase_block() {
  if (block_.empty())
    return;
  // Up to the block's first line, then clear to the end of the screen.
  err_ << "\x1b[" << block_.size() << "F\x1b[J";
  block_.clear();
}

void Console::write(std::ostream& stream, std::string_view text) {
  std::string safe{text};
  for (const auto& secret : secrets_)
    for (auto at = safe.find(secret); at != std::string::npos;
         at = safe.find(secret, at))
      safe.replace(at, secret.size(), "***");
  stream << safe << std::flush;
}

} // namespace lab::tools
