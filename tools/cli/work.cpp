#include "tools/cli/work.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "runtime/model/human_model.hpp"
#include "tools/cli/human_terminal.hpp"
#include "tools/cli/live_display.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/cli/signals.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

constexpr int days_ahead = 8;
constexpr UnixMs day_ms = 86'400'000;

EngineSettings engine_settings(const Settings& settings, const Work& work) {
  EngineSettings engine;
  engine.home = settings.home.value;
  engine.providers = settings.providers;
  engine.threads = static_cast<std::size_t>(settings.threads.value);
  engine.ready_answers = work.people.ready;
  engine.people_attended = work.people.attended;
  if (work.calls_max)
    for (auto& provider : engine.providers)
      provider.max_in_flight =
        std::min<std::int64_t>(provider.max_in_flight, *work.calls_max);
  return engine;
}

/// The longest that any call in flight may still take.
std::int64_t longest_call_s(const Settings& settings) {
  std::chrono::milliseconds longest{0};
  for (const auto& provider : settings.providers)
    longest = std::max(longest, provider.call_timeout);
  return std::chrono::duration_cast<std::chrono::seconds>(longest).count();
}

/// What the first Ctrl-C says.
std::string stopping_text(const Snapshot& now, std::int64_t longest_s,
                          bool play) {
  // Questions to people are taken back at once.
  auto in_flight = now.calls.in_flight;
  for (const auto& lane : now.lanes)
    if (lane.provider == human_provider)
      in_flight -= lane.in_flight;
  if (in_flight <= 0)
    return "Stopping. No call is in flight.\n";
  return "Stopping. " + count_of(in_flight, "call") + " in flight, up to "
         + std::to_string(longest_s)
         + " s. Ctrl-C again drops them (they may still cost up to "
         + usd_text(now.balance.reserved.usd, play) + ").\n";
}

void tell_recovered(const Context& context, const Recovered& recovered) {
  if (recovered.attempts == 0)
    return;
  context.console.problem(
    "note: the last engine here died with "
    + count_of(recovered.attempts, "call")
    + " in flight: " + to_display(recovered.unknown)
    + " may have been billed and stay charged as unknown\n");
}

/// "24 runs: 22 ok, 2 failed, 3.9M tokens, …, 14 s"
std::string ended_text(const Worked& worked, bool play) {
  const auto& runs = worked.outcome.runs;
  const auto& balance = worked.last.balance;
  return worked.outcome.status + ", " + count_of(runs.planned, "run") + ": "
         + std::to_string(runs_done(runs)) + " ok, "
         + std::to_string(runs.failed) + " failed, "
         + (runs.retried > 0 ? std::to_string(runs.retried) + " tried again, "
                             : "")
         + compact(balance.settled.tokens + balance.unknown.tokens)
         + " tokens, " + balance_text(balance, play) + ", "
         + duration_text(worked.outcome.wall_us / 1'000'000);
}

Failure crash_pause(const Recovered& recovered, sweeps::OnUnknown policy) {
  Failure failure;
  const bool fails = policy == sweeps::OnUnknown::fail;
  failure.exit = fails ? ExitCode::some_failed : ExitCode::try_again;
  failure.findings.add(
    finding("R504",
            count_of(recovered.attempts, "call")
              + " were in flight when the last engine died, and the manifest "
                "says `on_unknown: "
              + (fails ? "fail`" : "pause`"),
            {"repeat the command to ask again; the unknown amount stays "
             "charged"}));
  failure.consequence = "nothing was sent";
  return failure;
}

} // namespace

std::int64_t slots_of(const std::vector<LaneStatus>& lanes) {
  std::int64_t slots = 0;
  for (const auto& lane : lanes)
    slots += lane.ceiling;
  return slots;
}

std::vector<LimitSet> settings_limits(const Settings& settings, UnixMs now) {
  std::vector<LimitSet> limits;
  const auto& user = settings.user.value;
  const auto add = [&](AccountKind kind, std::string key,
                       const Setting<std::optional<Money>>& ceiling) {
    Limit limit;
    limit.usd = ceiling.value;
    limits.push_back(
      {{kind, std::move(key)}, limit, user, "setting, " + ceiling.origin});
  };
  add(AccountKind::global, "", settings.total_limit);
  add(AccountKind::user, user, settings.user_limit);
  for (int day = 0; day < days_ahead; ++day)
    add(AccountKind::user_day, user + "/" + utc_day(now + day * day_ms),
        settings.user_day_limit);
  for (const auto at : {now, now + 7 * day_ms})
    add(AccountKind::user_week, user + "/" + utc_week(at),
        settings.user_week_limit);
  return limits;
}

std::vector<LimitSet> lifted_models(const AccountId& sweep,
                                    const std::vector<LimitSet>& wanted,
                                    const Balances& limited) {
  std::vector<LimitSet> lifted;
  for (const auto& [account, balance] : limited.accounts) {
    if (account.kind != AccountKind::model
        || !account.key.starts_with(sweep.key + "/")
        || std::ranges::find(wanted, account, &LimitSet::account)
             != wanted.end())
      continue;
    lifted.push_back({account,
                      {},
                      wanted.empty() ? "" : wanted.front().by,
                      "the manifest no longer names it"});
  }
  return lifted;
}

Outcome<Worked> do_work(const Context& context, Work work) {
  block_stop_signals();
  auto opened = Engine::open(engine_settings(context.settings, work));
  if (!opened)
    return give_up(opened.error(), "the workspace `"
                                     + context.settings.home.value
                                     + "` cannot be opened");
  auto& engine = **opened;
  tell_recovered(context, engine.recovered());
  if (engine.recovered().attempts > 0
      && work.on_unknown != sweeps::OnUnknown::reissue)
    return give_up(crash_pause(engine.recovered(), work.on_unknown));

  auto limits = settings_limits(context.settings, SystemClock{}.now_ms());
  limits.insert(limits.end(), work.limits.begin(), work.limits.end());
  if (work.job.account.kind == AccountKind::sweep)
    for (auto& lifted :
         lifted_models(work.job.account, work.limits, engine.balances({})))
      limits.push_back(std::move(lifted));
  work.job.limits = std::move(limits);

  Worked worked;
  {
    const auto longest_s = longest_call_s(context.settings);
    const bool play = work.header.play_money;
    SignalWatch signals{[&](int signal) {
      const bool interrupted = signal == SIGINT;
      context.console.problem(
        stopping_text(engine.snapshot(), longest_s, play));
      engine.stop(
        true, Error{Errc::stopped, interrupted ? "interrupt" : "terminate"});
    }};
    LiveDisplay display{context.console, work.header,
                        context.settings.log_format.value == "json",
                        [&engine] { return engine.snapshot(); }};
    display.note("start", work.start_note);
    std::optional<HumanTerminal> people;
    if (work.people.any)
      people.emplace(
        engine, context.console, display,
        HumanTerminal::Settings{work.people.attended, context.editor,
                                context.settings.home.value + "/forms"});
    worked.outcome = engine.execute(std::move(work.job));
    worked.last = engine.snapshot();
    worked.signal = signals.received();
    display.tell(worked.last);
    display.note("done", ended_text(worked, play));
  }
  if (auto flushed = engine.flush(); !flushed)
    return give_up(flushed.error(),
                   "everything is in the journal, but not all of it is in "
                   "tables and files");
  return worked;
}

} // namespace lab::tools
