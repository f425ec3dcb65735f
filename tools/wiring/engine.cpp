#include "tools/wiring/engine.hpp"

#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

#include "actors/people/human_desk.hpp"
#include "actors/phase_factory.hpp"
#include "llm/gateway.hpp"
#include "llm/http/asio_host.hpp"
#include "llm/http/http_transport.hpp"
#include "llm/sim/sim_transport.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/log.hpp"
#include "runtime/credit/credit_limit.hpp"
#include "runtime/engine/event_hub.hpp"
#include "runtime/engine/sentinel.hpp"
#include "runtime/engine/supervisor.hpp"
#include "runtime/model/human_model.hpp"
#include "runtime/protocol/system.hpp"
#include "storage/journal_actor.hpp"
#include "storage/projector_actor.hpp"
#include "storage/workspace.hpp"

namespace lab::tools {

namespace {

/// Each call in flight takes a file descriptor; the soft limit is often 1,024.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/// A vanished reader and a file-size limit shall be errors, not deaths.
void ignore_write_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

/// PROJECTOR on a thread of lower priority: nobody waits for tables and files,
/// while every call waits for the others.
storage::ProjectorImpl::behavior_type background_projector(
  storage::ProjectorImpl::stateful_pointer<storage::ProjectorState> self,
  std::shared_ptr<storage::Projections> projections) {
  constexpr int niceness = 10;
  // Refused by some containers; it is a courtesy, not a need.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
  return storage::projector_actor(self, std::move(projections));
}

/// The journal read back: what each part knows of the past.
struct Past {
  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  std::shared_ptr<runtime::CreditLedger> ledger =
    std::make_shared<runtime::CreditLedger>(permits);
  std::shared_ptr<llm::ReplyIndex> index = std::make_shared<llm::ReplyIndex>();
  std::shared_ptr<runtime::RunHistory> history =
    std::make_shared<runtime::RunHistory>();

  Result<void> apply(const Fact& fact) {
    LAB_CHECKED(ledger->apply(fact));
    index->apply(fact);
    history->apply(fact);
    return {};
  }
};

/// Reservations that a crash left open become unknown, once and for all.
Result<Recovered> close_open_reservations(storage::Journal& journal,
                                          Past& past) {
  constexpr std::size_t batch_max = 256;
  Recovered found;
  auto ends = past.ledger->open_as_unknown();
  for (std::size_t at = 0; at < ends.size(); at += batch_max) {
    CommitFacts batch;
    for (std::size_t i = at; i < std::min(at + batch_max, ends.size()); ++i) {
      LAB_CHECKED(past.apply(ends[i]));
      ++found.attempts;
      found.unknown += ends[i].charge.usd;
      batch.facts.emplace_back(ends[i]);
    }
    LAB_CHECKED(journal.commit(std::move(batch)));
  }
  if (found.attempts > 0)
    LAB_CHECKED(journal.commit({{found}, {}}));
  return found;
}

} // namespace

struct Engine::Parts {
  Parts(storage::Workspace taken, std::size_t threads)
    : workspace(std::move(taken)), config(threads), system(config) {}

  Result<void> spawn(const EngineSettings& settings);
  Result<std::unique_ptr<llm::Transport>>
  transport_of(const llm::ProviderSettings& provider);
  void stop();

  template <class Answer, class Handle, class Message>
  Result<Answer> ask(const Handle& actor, Message message) {
    caf::scoped_actor self{system};
    Result<Answer> result = fail(Errc::internal, "no answer");
    self->request(actor, caf::infinite, std::move(message))
      .receive(
        [&](Answer& answer) { result = std::move(answer); },
        [&](caf::error& why) { result = tl::unexpected(from_caf(why)); });
    return result;
  }

  // Destroyed from the bottom up: the host's thread ends after the actors it
  // hosts, the actor system after every handle, the workspace last of all.
  storage::Workspace workspace;
  std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
  std::shared_ptr<storage::Journal> journal_file;
  std::shared_ptr<storage::Projections> projections;
  Past past;
  Recovered recovered;
  std::shared_ptr<const llm::PriceBook> prices;
  SystemConfig config;
  caf::actor_system system;
  std::optional<llm::AsioHost> host;
  ProjectorActor projector;
  JournalActor journal;
  EventHubActor events;
  CreditLimitActor credit;
  std::map<std::string, LaneActor> lanes;
  HumanDeskActor desk; // the lane of people
  GatewayActor gateway;

  std::mutex guard; // of what `stop` and `snapshot` read from other threads
  SupervisorActor supervisor;
  AccountId account; // of the job that is running
};

Result<void> Engine::Parts::spawn(const EngineSettings& settings) {
  host.emplace(system);
  projector = system.spawn<caf::detached>(background_projector, projections);
  journal = system.spawn<caf::detached>(storage::journal_actor, journal_file,
                                        projector);
  events = system.spawn(runtime::event_hub, clock);
  credit = system.spawn(
    runtime::credit_limit,
    runtime::CreditLimitParts{past.ledger, journal, events, clock});
  desk = system.spawn(actors::human_desk,
                      actors::HumanDeskParts{past.permits, events, clock,
                                             settings.ready_answers,
                                             settings.people_attended});
  lanes.emplace(std::string{human_provider}, desk);
  for (const auto& provider : settings.providers) {
    if (provider.dialect == llm::Dialect::human)
      continue; // the desk
    LAB_TRY(auto transport, transport_of(provider));
    lanes.emplace(provider.name,
                  host->host_lane(llm::lane_settings_of(provider),
                                  std::move(transport), clock));
  }
  gateway =
    system.spawn(llm::gateway, llm::GatewayParts{journal, credit, lanes, events,
                                                 prices, past.index, clock});
  return {};
}

Result<std::unique_ptr<llm::Transport>>
Engine::Parts::transport_of(const llm::ProviderSettings& provider) {
  if (provider.dialect == llm::Dialect::sim)
    return std::make_unique<llm::SimTransport>(*past.permits, host->timer());
  LAB_TRY(auto http, llm::HttpTransport::open(*host, provider, prices,
                                              *past.permits, clock));
  return std::unique_ptr<llm::Transport>{std::move(http)};
}

void Engine::Parts::stop() {
  caf::scoped_actor self{system};
  const auto end = [&self](auto& handle) {
    if (!handle)
      return;
    self->send_exit(handle, caf::exit_reason::user_shutdown);
    self->wait_for(handle);
    handle = std::decay_t<decltype(handle)>();
  };
  end(supervisor);
  end(gateway);
  lanes.clear();
  end(desk);
  if (host)
    host->stop();
  end(credit);
  end(events);
  end(journal);
  end(projector);
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() {
  parts_->stop();
  log_info("engine-stopped");
  stop_log();
}

Result<std::unique_ptr<Engine>> Engine::open(EngineSettings settings) {
  raise_file_limit();
  ignore_write_signals();
  LAB_TRY(auto workspace, storage::Workspace::open(settings.home));
  LAB_CHECKED(start_log(workspace.paths().log, LogLevel::info));
  // From here on an early return stops whatever was started.
  std::unique_ptr<Engine> engine{new Engine{
    std::make_unique<Parts>(std::move(workspace), settings.threads)}};
  auto& parts = engine->parts_;
  const auto& paths = parts->workspace.paths();
  LAB_TRY(parts->journal_file,
          storage::Journal::open(
            paths.ledger,
            [&past = parts->past](const JournalledFact& fact) {
              return past.apply(fact.fact);
            },
            parts->clock));
  LAB_TRY(parts->recovered,
          close_open_reservations(*parts->journal_file, parts->past));
  LAB_TRY(parts->projections, storage::Projections::open(paths.analytics));
  LAB_CHECKED(parts->projections->catch_up(*parts->journal_file));
  parts->prices = std::make_shared<const llm::PriceBook>(settings.providers);
  LAB_CHECKED(parts->spawn(settings));
  log_info("engine-started",
           {{"home", settings.home},
            {"facts", std::to_string(parts->journal_file->last_seq())},
            {"recovered", std::to_string(parts->recovered.attempts)}});
  return engine;
}

const Recovered& Engine::recovered() const { return parts_->recovered; }

SweepOutcome Engine::execute(Job job) {
  const auto refused = [&job](const Error& why) {
    SweepOutcome outcome;
    outcome.status = "halted";
    outcome.code = why.code;
    outcome.reason = why.context;
    outcome.runs = job.counts;
    return outcome;
  };
  if (!job.limits.empty())
    if (auto set =
          parts_->ask<Done>(parts_->credit, SetLimits{std::move(job.limits)});
        !set)
      return refused(set.error());
  if (!job.planned_anew.empty()) {
    CommitFacts plans;
    for (auto& spec : job.planned_anew)
      plans.facts.emplace_back(RunPlanned{std::move(spec)});
    if (auto recorded =
          parts_->ask<Committed>(parts_->journal, std::move(plans));
        !recorded)
      return refused(recorded.error());
  }
  runtime::SupervisorParts parts;
  parts.run = {parts_->journal, parts_->gateway, parts_->events,
               actors::make_phase_factory(parts_->gateway)};
  parts.credit = parts_->credit;
  parts.projector = parts_->projector;
  parts.clock = parts_->clock;
  parts.history = parts_->past.history;
  parts.source = std::move(job.runs);
  parts.sweep = job.sweep.sweep;
  parts.counts = job.counts;
  parts.turns_planned = job.turns_planned;
  parts.runs_in_flight = job.runs_in_flight;
  parts.per_run = job.per_run;
  parts.exhausted_ends_running = job.exhausted_ends_running;
  parts.time = job.time;
  parts.tries_max = job.tries_max;
  parts.limited_models = std::move(job.limited_models);
  parts.exhausted_ends_sweep = job.exhausted_ends_sweep;
  if (job.sweep.sweep)
    parts.plan = job.sweep;
  if (job.watch) {
    parts.sentinel = parts_->system.spawn(
      runtime::sentinel,
      runtime::SentinelParts{parts_->gateway, parts_->journal, parts_->events,
                             parts_->clock, std::move(job.watch),
                             job.sweep.sweep, job.user});
    parts.check_every = job.check_every;
  }
  SupervisorActor supervisor =
    parts_->system.spawn(runtime::supervisor, std::move(parts));
  {
    std::lock_guard lock{parts_->guard};
    parts_->supervisor = supervisor;
    parts_->account = job.account;
  }
  auto outcome = parts_->ask<SweepOutcome>(supervisor, StartSweep{});
  return outcome ? std::move(*outcome) : refused(outcome.error());
}

void Engine::stop(bool now, Error why) {
  std::lock_guard lock{parts_->guard};
  if (!parts_->supervisor)
    return;
  caf::anon_send(parts_->supervisor, StopSweep{now, why});
  if (!now)
    return;
  // What is not on the wire yet shall not be sent any more, and nobody waits
  // for people.
  caf::anon_send(parts_->credit, CloseAdmissions{why});
  caf::anon_send(parts_->desk, CloseDesk{std::move(why)});
}

Snapshot Engine::snapshot() {
  Snapshot shot;
  SupervisorActor supervisor;
  AccountId account;
  {
    std::lock_guard lock{parts_->guard};
    supervisor = parts_->supervisor;
    account = parts_->account;
  }
  if (supervisor)
    if (auto progress = parts_->ask<SweepProgress>(supervisor, GetProgress{}))
      shot.progress = *progress;
  if (auto counts = parts_->ask<CallCounts>(parts_->gateway, GetCallCounts{}))
    shot.calls = *counts;
  if (auto found =
        parts_->ask<Balances>(parts_->credit, GetBalances{{account}})) {
    shot.balance = found->accounts.front().balance;
    shot.waiting_for_money = found->queued;
    shot.warnings = std::move(found->warnings);
  }
  for (const auto& [name, lane] : parts_->lanes)
    if (auto status = parts_->ask<LaneStatus>(lane, GetLaneStatus{}))
      shot.lanes.push_back(std::move(*status));
  return shot;
}

GatewayActor Engine::gateway() const { return parts_->gateway; }

Questions Engine::questions() {
  return parts_->ask<Questions>(parts_->desk, GetQuestions{})
    .value_or(Questions{});
}

AnswerVerdict Engine::answer(AttemptId question, std::string text) {
  auto verdict = parts_->ask<AnswerVerdict>(
    parts_->desk, AnswerQuestion{question, std::move(text)});
  if (verdict)
    return std::move(*verdict);
  return {AnswerVerdict::State::closed, {to_string(verdict.error())}};
}

Balances Engine::balances(std::vector<AccountId> accounts) {
  return parts_->ask<Balances>(parts_->credit, GetBalances{std::move(accounts)})
    .value_or(Balances{});
}

Result<void> Engine::flush() {
  LAB_TRY([[maybe_unused]] auto done,
          parts_->ask<Done>(parts_->projector, FlushProjections{}));
  return {};
}

} // namespace lab::tools
