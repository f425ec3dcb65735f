#include "tests/sim/sim_lab.hpp"

#include "actors/phase_factory.hpp"
#include "llm/sim/sim_transport.hpp"
#include "runtime/engine/event_hub.hpp"
#include "storage/queries.hpp"

namespace lab::testing {

namespace {

/// A LANE on CAF's scheduler instead of the Asio thread. `Done` fires the next
/// timer, inside the actor, as its promises demand.
SimLaneActor::behavior_type sim_lane(SimLaneActor::pointer self,
                                     std::shared_ptr<llm::Lane> lane,
                                     SimTimer* timer) {
  self->set_exit_handler([self, lane](caf::exit_msg& m) {
    lane->close();
    self->quit(m.reason);
  });
  return {
    [self, lane](const AcquireSlot& m) -> caf::result<Done> {
      auto promise = self->make_response_promise<Done>();
      lane->acquire(m, [promise](Result<Done> granted) mutable {
        if (granted)
          promise.deliver(*granted);
        else
          promise.deliver(to_caf(granted.error()));
      });
      return promise;
    },
    [lane](const ReleaseSlot& m) { lane->release(m.attempt); },
    [self, lane](const SendCall& m) -> caf::result<CallOutcome> {
      auto promise = self->make_response_promise<CallOutcome>();
      lane->send(m, [promise](CallOutcome outcome) mutable {
        promise.deliver(std::move(outcome));
      });
      return promise;
    },
    [lane](const AbortCall& m) { lane->abort(m.attempt); },
    [](const IdentifyModel&) { return ModelIdentity{}; },
    [lane](const GetLaneStatus&) { return lane->status(); },
    [timer](const Done&) { timer->fire(); },
  };
}

class SimRuns : public RunSource {
public:
  SimRuns(const SimSweep& sweep, std::string output)
    : sweep_(sweep), scenario_(share(sim_scenario(sweep.model, sweep.turns))),
      output_(std::move(output)) {}

  std::optional<RunTicket> next() override {
    if (given_ == sweep_.runs)
      return std::nullopt;
    RunTicket ticket;
    ticket.seed = static_cast<std::uint64_t>(++given_);
    ticket.name = "r" + std::to_string(given_);
    ticket.run = run_id_of(scenario_->content, ticket.seed);
    return ticket;
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    return sim_run(ticket, scenario_, output_);
  }

private:
  SimSweep sweep_;
  Shared<ScenarioSpec> scenario_;
  std::string output_;
  std::int32_t given_ = 0;
};

} // namespace

ScenarioSpec sim_scenario(const std::string& model, std::int32_t turns) {
  ScenarioSpec scenario;
  scenario.id = "sim";
  scenario.name = "Sim";
  scenario.turns = turns;
  scenario.initial_world_state = "Talks open.\n\n- Cooperation level: 4.0";
  scenario.world_state_model = model;
  scenario.phases = {"decision", "world_update", "metrics", "persistence"};
  for (const std::string id : {"east", "west"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = "The " + id;
    participant.model = model;
    participant.goals = {"Keep the bridge"};
    scenario.participants.push_back(participant);
  }
  MetricSpec metric;
  metric.name = "cooperation_level";
  metric.patterns = {R"(Cooperation level:\s*(\d+(?:\.\d+)?))"};
  metric.range = {{0, 10}};
  scenario.metrics = {metric};
  scenario.content = Hasher{}.add("sim").add(model).add(turns).finish256();
  return scenario;
}

std::unique_ptr<RunSource> sim_runs(const SimSweep& sweep, std::string output) {
  return std::make_unique<SimRuns>(sweep, std::move(output));
}

RunSpec sim_run(const RunTicket& ticket, const Shared<ScenarioSpec>& scenario,
                const std::string& output) {
  RunSpec spec;
  spec.id = ticket.run;
  spec.name = ticket.name;
  spec.seed = ticket.seed;
  spec.user = "sim";
  spec.scope = Hasher{}.add(static_cast<std::int64_t>(ticket.seed)).finish128();
  spec.output = output + "/" + ticket.name;
  spec.simulated = true;
  spec.scenario = scenario;
  return spec;
}

std::string tables_of(const std::filesystem::path& database) {
  auto queries = storage::Queries::open(database.string());
  if (!queries)
    return to_string(queries.error());
  std::string text;
  for (const std::string table : {"decisions", "metrics", "turns"}) {
    const auto rows =
      queries->sql("SELECT * FROM " + table + " ORDER BY 1, 2, 3, 4", 10'000);
    if (!rows)
      return to_string(rows.error());
    for (const auto& row : rows->rows) {
      text += table;
      for (std::size_t i = 0; i < row.size(); ++i)
        if (rows->columns[i].find("_at") == std::string::npos)
          text += "|" + row[i].value_or("NULL");
      text += "\n";
    }
  }
  return text;
}

void SimTimer::fire() {
  auto first = due_.extract(due_.begin());
  now_ = std::max(now_, first.key());
  first.mapped()();
}

SimLab::SimLab(const std::filesystem::path& folder, std::uint64_t seed)
  : folder_(folder), random_(seed),
    scheduler_(
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
  std::filesystem::create_directories(folder_);
  journal_file_ =
    storage::Journal::open((folder_ / "ledger.db").string(), {}, clock_)
      .value();
  projections_ =
    storage::Projections::open((folder_ / "scenario-lab.db").string()).value();
}

SimLab::~SimLab() {
  for (auto actor = actors_.rbegin(); actor != actors_.rend(); ++actor) {
    caf::anon_send_exit(*actor, caf::exit_reason::user_shutdown);
    settle_down();
  }
}

bool SimLab::step() {
  auto& jobs = scheduler_.jobs;
  if (jobs.empty()) {
    // Both clocks wait: the seed says which comes first.
    const bool alarm = scheduler_.clock().has_pending_timeout();
    if (!timer_.empty() && (!alarm || random_() % 2 == 0)) {
      pass_until(timer_.next());
      caf::anon_send(lane_, Done{});
      return true;
    }
    const bool due = scheduler_.clock().trigger_timeout();
    pass_until(scheduler_.clock().now().time_since_epoch());
    return due;
  }
  std::swap(jobs.front(), jobs[random_() % jobs.size()]);
  scheduler_.run_once();
  return true;
}

void SimLab::pass_until(std::chrono::nanoseconds at) {
  if (at <= passed_)
    return;
  clock_->advance(
    std::chrono::duration_cast<std::chrono::milliseconds>(at)
    - std::chrono::duration_cast<std::chrono::milliseconds>(passed_));
  passed_ = at;
}

void SimLab::settle_down() {
  while (!scheduler_.jobs.empty())
    scheduler_.run_once();
}

SweepOutcome SimLab::run(const SimSweep& sweep) {
  const auto keep = [this](auto handle) {
    actors_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  };
  const AccountId everything{AccountKind::global, ""};
  ledger_->set_limit({everything, sweep.limit, "sim", "test"});
  auto sim = *llm::builtin_provider(
    "sim", [](const char*) { return std::optional<std::string>{}; });
  sim.max_in_flight = sweep.slots;
  auto prices = std::make_shared<const llm::PriceBook>(
    std::vector<llm::ProviderSettings>{sim});
  ProjectorActor projector =
    keep(system_.spawn(storage::projector_actor, projections_));
  JournalActor journal =
    keep(system_.spawn(storage::journal_actor, journal_file_, projector));
  EventHubActor events = keep(system_.spawn(runtime::event_hub, clock_));
  CreditLimitActor credit = keep(
    system_.spawn(runtime::credit_limit,
                  runtime::CreditLimitParts{ledger_, journal, events, clock_}));
  lane_ = keep(system_.spawn(
    sim_lane,
    std::make_shared<llm::Lane>(
      llm::lane_settings_of(sim),
      std::make_unique<llm::SimTransport>(*permits_, timer_), timer_, clock_),
    &timer_));
  GatewayActor gateway = keep(system_.spawn(
    llm::gateway, llm::GatewayParts{journal,
                                    credit,
                                    {{"sim", lane_}},
                                    events,
                                    prices,
                                    std::make_shared<llm::ReplyIndex>(),
                                    clock_}));
  runtime::SupervisorParts parts;
  parts.run = {journal, gateway, events, actors::make_phase_factory(gateway)};
  parts.credit = credit;
  parts.projector = projector;
  parts.clock = clock_;
  parts.history = std::make_shared<runtime::RunHistory>();
  const auto output = (folder_ / "output").string();
  parts.source = sweep.source ? sweep.source(output) : sim_runs(sweep, output);
  parts.counts.planned = sweep.runs;
  parts.runs_in_flight = sweep.runs_in_flight;
  SupervisorActor supervisor =
    keep(system_.spawn(runtime::supervisor, std::move(parts)));
  Answer<SweepOutcome> answer;
  const auto start = [=](caf::event_based_actor* asker, StartSweep message) {
    asker->request(supervisor, caf::infinite, message)
      .then(
        [=](const SweepOutcome& value) { answer.put(value); },
        [=](caf::error& why) { answer.put(tl::unexpected(from_caf(why))); });
  };
  system_.spawn(start, StartSweep{});
  while (!answer.came() && step())
    committed_max_ =
      std::max(committed_max_, ledger_->balance(everything).committed().usd);
  settle_down();
  return answer.value();
}

Balance SimLab::balance() const {
  return ledger_->balance({AccountKind::global, ""});
}

} // namespace lab::testing
