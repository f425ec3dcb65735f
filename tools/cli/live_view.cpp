#include "tools/cli/live_view.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

constexpr int heartbeat_step_percent = 5;
constexpr std::chrono::minutes heartbeat_pause{1};

/// A bar of `width` characters, in eighths where the terminal has them.
std::string bar(int percent, std::size_t width, bool utf8) {
  static const std::vector<std::string> eighths{"",  "▏", "▎", "▍",
                                                "▌", "▋", "▊", "▉"};
  const auto filled = width * static_cast<std::size_t>(percent) * 8 / 100;
  std::string out;
  std::size_t used = filled / 8;
  for (std::size_t i = 0; i < used; ++i)
    out += utf8 ? "█" : "#";
  if (utf8 && filled % 8 > 0) {
    out += eighths[filled % 8];
    ++used;
  }
  for (; used < width; ++used)
    out += utf8 ? "░" : ".";
  return out;
}

/// "05:56": the minute of a local time stamp.
std::string clock_text(UnixMs at) {
  const auto stamp = local_text(at);
  return stamp.substr(stamp.find('T') + 1, 5);
}

std::string runs_text(const RunCounts& runs, const std::string& dot) {
  auto text = std::to_string(runs_done(runs)) + " done" + dot
              + std::to_string(runs.running) + " running" + dot
              + std::to_string(runs.failed) + " failed";
  if (runs.halted > 0)
    text += dot + std::to_string(runs.halted) + " halted";
  if (runs.paused > 0)
    text += dot + std::to_string(runs.paused) + " paused";
  if (runs.retried > 0)
    text += dot + std::to_string(runs.retried) + " tried again";
  return text;
}

std::string calls_text(const CallCounts& calls, const std::string& dot) {
  auto text = grouped(calls.sent) + " sent" + dot + grouped(calls.in_flight)
              + " in flight";
  if (calls.journalled > 0)
    text += dot + grouped(calls.journalled) + " read back";
  if (calls.shared > 0)
    text += dot + grouped(calls.shared) + " shared";
  if (calls.failed > 0)
    text += dot + grouped(calls.failed) + " failed";
  return text;
}

/// Lanes in trouble are worth a line; healthy ones are not.
void append_lanes(std::vector<std::string>& lines,
                  const std::vector<LaneStatus>& lanes) {
  for (const auto& lane : lanes) {
    if (lane.state == "open" && lane.waiting == 0)
      continue;
    lines.push_back(" " + pad(lane.provider, 8) + std::to_string(lane.in_flight)
                    + " of " + std::to_string(lane.slots) + " slots, "
                    + std::to_string(lane.waiting) + " waiting"
                    + (lane.state == "open" ? "" : ", " + lane.state));
  }
}

} // namespace

std::int64_t runs_done(const RunCounts& runs) {
  return runs.existing + runs.completed;
}

int percent_done(const SweepProgress& progress) {
  const auto& runs = progress.runs;
  if (runs.planned <= 0)
    return 0;
  // The missing runs' share, refined by their turns.
  const auto missing = runs.planned - runs.existing;
  auto done = 100 * runs_done(runs);
  if (progress.turns_planned > 0)
    done = 100 * runs.existing
           + 100 * missing * progress.turns_completed / progress.turns_planned;
  const auto percent = done / runs.planned;
  const bool all = runs_done(runs) == runs.planned;
  return static_cast<int>(std::clamp<std::int64_t>(percent, 0, all ? 100 : 99));
}

std::optional<std::int64_t> seconds_left(const LiveView& view) {
  const auto& progress = view.now.progress;
  const auto done = progress.turns_completed;
  if (done <= 0 || view.elapsed.count() <= 0)
    return std::nullopt;
  const auto left = std::max<std::int64_t>(progress.turns_planned - done, 0);
  return (view.elapsed.count() * left + done / 2) / done;
}

std::vector<std::string> live_block(const LiveView& view, const Style& style) {
  const auto columns = static_cast<std::size_t>(style.columns);
  const std::string dot = style.utf8 ? " · " : ", ";
  const auto& now = view.now;
  const auto percent = percent_done(now.progress);
  std::vector<std::string> lines;
  lines.push_back(
    " " + view.name + "  " + view.id
    + (view.simulated ? "   " + simulated_notice(view.play_money) : ""));
  const auto counts = std::to_string(runs_done(now.progress.runs)) + " of "
                      + std::to_string(now.progress.runs.planned) + "  "
                      + std::to_string(percent) + "%";
  const auto label = pad(view.subject == "run" ? "Turns" : "Runs", 8);
  // Half the line for the bar, as in `status`.
  lines.push_back(" " + label + bar(percent, columns / 2, style.utf8) + "  "
                  + (view.subject == "run"
                       ? std::to_string(now.progress.turns_completed) + " of "
                           + std::to_string(now.progress.turns_planned)
                       : counts));
  if (view.subject != "run")
    lines.push_back(std::string(9, ' ') + runs_text(now.progress.runs, dot));
  lines.push_back(" " + pad("Calls", 8) + calls_text(now.calls, dot));
  lines.push_back(
    " " + pad("Money", 8) + balance_text(now.balance, view.play_money)
    + (now.waiting_for_money > 0
         ? dot + count_of(now.waiting_for_money, "call") + " waiting for money"
         : ""));
  append_lanes(lines, now.lanes);
  if (const auto until = now.progress.waits_until; until != 0)
    lines.push_back(" " + pad("Waiting", 8) + waiting_text(until));
  auto time = " " + pad("Time", 8) + duration_text(view.elapsed.count());
  if (const auto left = seconds_left(view))
    time += dot + "about " + duration_text(*left) + " left";
  lines.push_back(std::move(time));
  for (auto& line : lines)
    line = shorten(printable(line), columns - 1);
  return lines;
}

std::string heartbeat_text(const LiveView& view, UnixMs at) {
  const auto& now = view.now;
  const auto tokens = now.balance.settled.tokens + now.balance.unknown.tokens;
  auto text = std::to_string(runs_done(now.progress.runs)) + "/"
              + std::to_string(now.progress.runs.planned) + " "
              + std::to_string(percent_done(now.progress)) + "% "
              + std::to_string(now.progress.runs.failed) + " failed "
              + compact(tokens) + " tokens "
              + balance_text(now.balance, view.play_money);
  if (const auto left = seconds_left(view))
    text += " end " + clock_text(at + *left * 1000);
  return text;
}

std::string warning_text(const LimitWarning& warning, bool play) {
  const auto& [settled, unknown, reserved, limit] = warning.balance;
  const auto used = settled + unknown + reserved;
  std::vector<std::string> parts;
  if (limit.usd)
    parts.push_back(usd_text(used.usd, play) + " of "
                    + usd_text(*limit.usd, play));
  if (limit.calls)
    parts.push_back(grouped(used.calls) + " of "
                    + count_of(*limit.calls, "call"));
  if (limit.tokens)
    parts.push_back(compact(used.tokens) + " of " + compact(*limit.tokens)
                    + " tokens");
  return share_text(warning.share)
         + " of the budget is used up or set aside: " + join(parts, ", ");
}

std::string waiting_text(UnixMs until) {
  return "until " + clock_text(until) + ", when `limits.window` opens ("
         + local_text(until) + ")";
}

std::string progress_line(const std::string& stamp, const std::string& subject,
                          const std::string& event, const std::string& text,
                          bool as_json) {
  if (as_json)
    return R"({"ts":)" + json_quote(stamp) + R"(,"subject":)"
           + json_quote(subject) + R"(,"event":)" + json_quote(event)
           + R"(,"text":)" + json_quote(printable(text)) + "}\n";
  return stamp + " " + pad(subject, 7) + " " + pad(event, 9) + " "
         + printable(text) + "\n";
}

bool HeartbeatSchedule::due(int percent, Time now) {
  const auto step = percent / heartbeat_step_percent;
  if (step <= last_step_ || now - last_ < heartbeat_pause)
    return false;
  last_step_ = step;
  last_ = now;
  return true;
}

} // namespace lab::tools
