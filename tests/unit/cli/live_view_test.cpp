#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "tools/cli/live_view.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Style wide() {
  Style style;
  style.columns = 100;
  return style;
}

LiveView a_paid_sweep() {
  LiveView view;
  view.subject = "sweep";
  view.id = "s-4c1e07aabbccdd00";
  view.name = "summit";
  view.elapsed = seconds{600};
  auto& progress = view.now.progress;
  progress.runs.planned = 270;
  progress.runs.existing = 20;
  progress.runs.completed = 146;
  progress.runs.running = 6;
  progress.runs.failed = 4;
  progress.turns_planned = 2000;
  progress.turns_completed = 1200;
  view.now.calls = {7072, 12, 30, 3, 24};
  view.now.balance.settled = {parse_usd("19.43").value(), 7072, 23'000'000};
  view.now.balance.reserved = {parse_usd("0.68").value(), 24, 100'000};
  view.now.balance.limit.usd = parse_usd("60").value();
  view.now.waiting_for_money = 2;
  return view;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + "\n";
  return text;
}

TEST(LiveBlock, ASweepInOneHundredColumns) {
  EXPECT_EQ(
    text_of(live_block(a_paid_sweep(), wide())),
    " summit  s-4c1e07aabbccdd00\n"
    " Runs    ███████████████████████████████░░░░░░░░░░░░░░░░░░░  "
    "166 of 270  62%\n"
    "         166 done · 6 running · 4 failed\n"
    " Calls   7,072 sent · 24 in flight · 12 read back · 30 shared · 3 failed\n"
    " Money   $19.43 settled, $0.00 unknown, $0.68 reserved of $60.00 · "
    "2 calls waiting for money\n"
    " Time    10 min · about 7 min left\n");
}

TEST(LiveBlock, ASweepThatWaitsSaysUntilWhen) {
  auto view = a_paid_sweep();
  view.now.progress.waits_until = 1'795'386'600'000;
  view.now.progress.runs.retried = 2;

  const auto text = text_of(live_block(view, wide()));

  const auto until = local_text(1'795'386'600'000);
  EXPECT_NE(text.find("\n Waiting until " + until.substr(11, 5)
                      + ", when `limits.window` opens (" + until + ")\n"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("4 failed · 2 tried again\n"), std::string::npos) << text;
}

TEST(Warnings, SayHowMuchOfWhichCeilingIsGone) {
  LimitWarning warning;
  warning.share = 8'000;
  warning.balance.settled = {parse_usd("7").value(), 900, 0};
  warning.balance.unknown = {parse_usd("0.5").value(), 1, 0};
  warning.balance.reserved = {parse_usd("0.52").value(), 2, 0};
  warning.balance.limit.usd = parse_usd("10").value();
  EXPECT_EQ(warning_text(warning, false),
            "80 % of the budget is used up or set aside: $8.02 of $10.00");

  warning.balance.limit.calls = 2'000;
  EXPECT_EQ(warning_text(warning, true),
            "80 % of the budget is used up or set aside: 8.02 play of 10.00 "
            "play, 903 of 2,000 calls");
}

TEST(LiveBlock, EveryLineFitsTheTerminal) {
  auto view = a_paid_sweep();
  view.name = std::string(200, 'n');
  LaneStatus lane;
  lane.provider = "openrouter";
  lane.in_flight = 3;
  lane.slots = 4;
  lane.waiting = 9;
  lane.state = "paused";
  view.now.lanes = {lane};

  for (const int columns : {40, 80, 100}) {
    auto style = wide();
    style.columns = columns;
    for (const auto& line : live_block(view, style))
      EXPECT_LT(width_of(line), static_cast<std::size_t>(columns)) << line;
  }
}

TEST(LiveBlock, WithoutUtf8OnlyAsciiIsDrawn) {
  auto style = wide();
  style.utf8 = false;

  const auto text = text_of(live_block(a_paid_sweep(), style));

  EXPECT_NE(text.find("###"), std::string::npos);
  for (const char c : text)
    EXPECT_LT(static_cast<unsigned char>(c), 0x80) << text;
}

TEST(LiveBlock, SimulatedWorkSaysSoInItsFirstLineAndCallsItsMoneyPlay) {
  auto view = a_paid_sweep();
  view.simulated = view.play_money = true;

  const auto lines = live_block(view, wide());

  EXPECT_NE(lines[0].find("SIMULATED: no language model was called"),
            std::string::npos)
    << lines[0];
  const auto text = text_of(lines);
  EXPECT_NE(text.find("19.43 play settled"), std::string::npos) << text;
  EXPECT_EQ(text.find('$'), std::string::npos) << text;
}

TEST(LiveBlock, ALaneInTroubleIsShown) {
  auto view = a_paid_sweep();
  LaneStatus healthy;
  healthy.provider = "anthropic";
  healthy.state = "open";
  LaneStatus broken;
  broken.provider = "openai";
  broken.slots = 4;
  broken.waiting = 7;
  broken.state = "broken";
  view.now.lanes = {healthy, broken};

  const auto text = text_of(live_block(view, wide()));

  EXPECT_NE(text.find(" openai  0 of 4 slots, 7 waiting, broken\n"),
            std::string::npos)
    << text;
  EXPECT_EQ(text.find("anthropic"), std::string::npos) << text;
}

TEST(Percent, OneHundredMeansAllOfIt) {
  SweepProgress progress;
  progress.runs.planned = 24;
  progress.runs.completed = 23;
  progress.runs.failed = 1;
  progress.turns_planned = progress.turns_completed = 96;

  EXPECT_EQ(percent_done(progress), 99);

  progress.runs = {};
  progress.runs.planned = progress.runs.existing = 24;
  EXPECT_EQ(percent_done(progress), 100);
}

TEST(Percent, NothingPlannedIsNothingDone) { EXPECT_EQ(percent_done({}), 0); }

TEST(Forecast, ThereIsNoneBeforeTheFirstTurnEnds) {
  auto view = a_paid_sweep();
  view.now.progress.turns_completed = 0;

  EXPECT_EQ(seconds_left(view), std::nullopt);
}

TEST(Heartbeat, APipeHearsOneLineOfNumbers) {
  setenv("TZ", "UTC", 1);
  tzset();

  EXPECT_EQ(heartbeat_text(a_paid_sweep(), 1'763'762'400'000),
            "166/270 62% 4 failed 23.0M tokens $19.43 settled, $0.00 unknown, "
            "$0.68 reserved of $60.00 end 22:06");
}

TEST(Heartbeat, ALineIsTextOrJson) {
  EXPECT_EQ(progress_line("2026-11-21T22:49:10+01:00", "sweep", "progress",
                          "14/270 5%", false),
            "2026-11-21T22:49:10+01:00 sweep   progress  14/270 5%\n");
  EXPECT_EQ(progress_line("T", "sweep", "done", "a \"b\"", true),
            "{\"ts\":\"T\",\"subject\":\"sweep\",\"event\":\"done\","
            "\"text\":\"a \\\"b\\\"\"}\n");
}

TEST(HeartbeatSchedule, ALineComesAtEachFivePercentAndAtMostOnceAMinute) {
  const HeartbeatSchedule::Time start{};
  HeartbeatSchedule schedule{start};

  EXPECT_FALSE(schedule.due(10, start + seconds{59}));
  EXPECT_TRUE(schedule.due(10, start + seconds{60}));
  EXPECT_FALSE(schedule.due(15, start + seconds{61}));
  EXPECT_FALSE(schedule.due(14, start + minutes{9}));
  EXPECT_TRUE(schedule.due(15, start + minutes{9}));
}

} // namespace
} // namespace lab::tools
