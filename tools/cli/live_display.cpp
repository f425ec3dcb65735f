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

void LiveDisplay::tell_drifts(const SweepProgress& progress) {
  const std::lock_guard lock{telling_};
  for (; drifts_told_ < progress.drifts.size(); ++drifts_told_) {
    const auto text = printable(progress.drifts[drifts_told_]);
    if (console_.style().live)
      console_.problem("warning: " + text + "\n");
    else
      note("warning", text);
  }
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
    view.elapsed =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.steady() - start);
    tell_drifts(view.now.progress);
    if (console_.style().live)
      console_.draw(live_block(view, console_.style()));
    else if (heartbeat.due(percent_done(view.now.progress), clock_.steady()))
      note("progress", heartbeat_text(view, clock_.now_ms()));
  }
}

} // namespace lab::tools
