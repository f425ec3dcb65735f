#include "tools/cli/live_display.hpp"

#include <utility>

#include "runtime/base/text.hpp"

namespace lab::tools {

namespace {

// At most four repaints a second: more cannot be read and costs a terminal
// over a slow line dearly.
constexpr std::chrono::milliseconds repaint_pause{250};

} // namespace

LiveDisplay::LiveDisplay(Console& console, LiveView view, bool json_lines,
                         std::function<Snapshot()> snapshot)
  : console_(console), view_(std::move(view)), json_lines_(json_lines),
    snapshot_(std::move(snapshot)), thread_([this] { show_until_stopped(); }) {}

LiveDisplay::~LiveDisplay() {
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  wake_.notify_all();
  thread_.join();
  console_.draw({});
}

void LiveDisplay::pause() {
  // The display's thread draws under this lock, so nothing follows.
  const std::lock_guard lock{mutex_};
  paused_ = true;
  console_.draw({});
}

void LiveDisplay::go_on() {
  const std::lock_guard lock{mutex_};
  paused_ = false;
}

void LiveDisplay::note(const std::string& event, const std::string& text) {
  if (!console_.style().live)
    console_.say(progress_line(local_text(clock_.now_ms()), view_.subject,
                               event, text, json_lines_));
}

void LiveDisplay::tell(const Snapshot& now) {
  const std::lock_guard lock{mutex_};
  tell_news(now);
}

void LiveDisplay::warn(const std::string& text) {
  console_.problem(console_.style().live
                     ? "warning: " + text + "\n"
                     : progress_line(local_text(clock_.now_ms()), view_.subject,
                                     "warning", text, json_lines_));
}

void LiveDisplay::tell_news(const Snapshot& now) {
  const bool live = console_.style().live;
  for (; warnings_told_ < now.warnings.size(); ++warnings_told_)
    warn(warning_text(now.warnings[warnings_told_], view_.play_money));
  const auto& drifts = now.progress.drifts;
  for (; drifts_told_ < drifts.size(); ++drifts_told_)
    warn(printable(drifts[drifts_told_]));
  const auto until = now.progress.waits_until;
  // On a terminal the block says so.
  if (until != 0 && until != wait_told_ && !live)
    note("waiting", waiting_text(until));
  wait_told_ = until;
}

void LiveDisplay::show_until_stopped() {
  const auto start = clock_.steady();
  HeartbeatSchedule heartbeat{start};
  std::unique_lock lock{mutex_};
  while (!wake_.wait_for(lock, repaint_pause, [this] { return stopped_; })) {
    if (paused_)
      continue;
    auto view = view_;
    view.now = snapshot_();
    tell_news(view.now);
    view.elapsed =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - start);
    if (console_.style().live)
      console_.draw(live_block(view, console_.style()));
    else if (heartbeat.due(percent_done(view.now.progress), clock_.steady()))
      note("progress", heartbeat_text(view, clock_.now_ms()));
  }
}

} // namespace lab::tools
