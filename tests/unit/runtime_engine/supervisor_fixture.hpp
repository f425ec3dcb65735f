#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/engine/supervisor.hpp"
#include "tests/support/lab_test.hpp"

// SUPERVISOR on fake parts: runs of one phase that takes time of the test's
// clock and ends as a script says.

namespace lab::runtime {

/// What the fake parts saw, and how they shall behave.
struct Script {
  std::vector<Fact> facts;
  std::vector<SetLimits> limits;
  std::map<std::uint64_t, Error> fail_runs; // by run id: its phase's error
  /// By run id: which of its phases fail, from 1 over all tries; absent: all.
  std::map<std::uint64_t, std::set<std::int64_t>> fail_plays;
  std::vector<std::uint64_t> begun; // run ids, one a phase that was played
  std::chrono::seconds phase_takes{1};
  std::int64_t in_flight = 0;
  std::int64_t in_flight_max = 0;
  int flushes = 0;
  bool projector_fails = false;
  bool journal_fails = false;
  bool phase_dies = false;
  std::map<std::uint64_t, TurnRecord> add; // by run id: to its phase's turn
  std::vector<Event> events;
  std::vector<std::size_t> runs_at_checks; // of models; runs that had begun
  bool sentinel_fails = false;
  bool canaries_wait = false; // until they are taken back
  caf::typed_response_promise<ModelsChecked> check;

  std::size_t started() const {
    return static_cast<std::size_t>(
      std::ranges::count_if(facts, [](const Fact& fact) {
        return std::holds_alternative<RunStarted>(fact);
      }));
  }
};

inline JournalActor::behavior_type journal(JournalActor::pointer,
                                           std::shared_ptr<Script> script) {
  return {
    [script](const CommitFacts& m) -> caf::result<Committed> {
      if (script->journal_fails)
        return to_caf({Errc::disk_failed, "no space"});
      for (const auto& fact : m.facts)
        script->facts.push_back(fact);
      return Committed{};
    },
    [](const ReadReply&) -> caf::result<StoredReply> {
      return to_caf({Errc::not_found, ""});
    },
  };
}

inline ProjectorActor::behavior_type projector(ProjectorActor::pointer,
                                               std::shared_ptr<Script> script) {
  return {
    [](const ProjectFacts&) {},
    [script](const FlushProjections&) -> caf::result<Done> {
      ++script->flushes;
      if (script->projector_fails)
        return to_caf({Errc::disk_failed, "no space"});
      return Done{};
    },
  };
}

inline CreditLimitActor::behavior_type credit(CreditLimitActor::pointer,
                                              std::shared_ptr<Script> script) {
  return {
    [](const ReserveCredit&) -> caf::result<ReserveAnswer> {
      return to_caf({Errc::internal, "not asked in this test"});
    },
    [](const WithdrawRequest&) {},
    [](const ResolveCall&) { return Done{}; },
    [script](const SetLimits& m) {
      script->limits.push_back(m);
      return Done{};
    },
    [](const CloseAdmissions&) {},
    [](const GetBalances&) { return Balances{}; },
  };
}

inline GatewayActor::behavior_type gateway(GatewayActor::pointer, int) {
  return {
    [](const IssueCall&) -> caf::result<CallAnswer> {
      return to_caf({Errc::internal, "not asked in this test"});
    },
    [](const CancelRun&) {},
    [](const CreditGranted&) {},
    [](const CreditRefused&) {},
    [](const IdentifyModel&) { return ModelIdentity{}; },
    [](const GetCallCounts&) { return CallCounts{}; },
  };
}

inline EventHubActor::behavior_type hub(EventHubActor::pointer,
                                        std::shared_ptr<Script> script) {
  return {[script](const Event& event) { script->events.push_back(event); },
          [](const Subscribe&) {}};
}

/// A phase that takes one second of the test's clock.
using SlowPhase = PhaseActor::extend<caf::reacts_to<Done>>;

struct SlowPhaseState {
  static inline const char* name = "slow-phase";
  explicit SlowPhaseState(SlowPhase::pointer) {}
  caf::typed_response_promise<PhaseDone> caller;
  Shared<TurnState> state;
};

/// The turn with what the script adds to this run's.
inline Shared<TurnState> played(const Shared<TurnState>& state,
                                const Script& script, RunId run) {
  const auto add = script.add.find(run.value);
  if (add == script.add.end())
    return state;
  TurnState next = *state;
  next.current.messages = add->second.messages;
  next.current.metrics = add->second.metrics;
  next.current.checks = add->second.checks;
  next.current.halt = add->second.halt;
  return share(next);
}

inline SlowPhase::behavior_type
slow_phase(SlowPhase::stateful_pointer<SlowPhaseState> self,
           std::shared_ptr<Script> script, RunId run) {
  harden(self);
  return {
    [self, script, run](const RunPhase& m) -> caf::result<PhaseDone> {
      script->begun.push_back(run.value);
      script->in_flight_max =
        std::max(script->in_flight_max, ++script->in_flight);
      self->state.caller = self->make_response_promise<PhaseDone>();
      self->state.state = m.state;
      self->delayed_send(self, script->phase_takes, Done{});
      return self->state.caller;
    },
    [self, script, run](const Done&) {
      --script->in_flight;
      if (script->phase_dies)
        throw std::runtime_error{"a bug in a phase"};
      const auto error = script->fail_runs.find(run.value);
      const auto plays = script->fail_plays.find(run.value);
      const bool spared = plays != script->fail_plays.end()
                          && !plays->second.contains(
                            std::ranges::count(script->begun, run.value));
      if (error != script->fail_runs.end() && !spared)
        self->state.caller.deliver(to_caf(error->second));
      else
        self->state.caller.deliver(
          PhaseDone{played(self->state.state, *script, run), {10, 10}});
    },
  };
}

/// `count` runs of `turns` turns.
class Tickets : public RunSource {
public:
  explicit Tickets(std::uint64_t count, RunSpec pattern = {},
                   std::int32_t turns = 1)
    : count_(count), pattern_(std::move(pattern)), turns_(turns) {}

  std::optional<RunTicket> next() override {
    if (given_ == count_)
      return std::nullopt;
    RunTicket ticket;
    ticket.run = RunId{++given_};
    return ticket;
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    ScenarioSpec scenario;
    scenario.turns = turns_;
    if (const auto model = models.find(ticket.run.value); model != models.end())
      scenario.world_state_model = model->second;
    auto spec = pattern_;
    spec.id = ticket.run;
    spec.scenario = share(scenario);
    return spec;
  }

  std::map<std::uint64_t, std::string> models; // by run id: of the world

private:
  std::uint64_t count_;
  RunSpec pattern_;
  std::int32_t turns_;
  std::uint64_t given_ = 0;
};

inline SentinelActor::behavior_type sentinel(SentinelActor::pointer self,
                                             std::shared_ptr<Script> script) {
  return {
    [self, script](const CheckModels&) -> caf::result<ModelsChecked> {
      script->runs_at_checks.push_back(script->started());
      if (script->sentinel_fails)
        return to_caf({Errc::disk_failed, "no space"});
      if (script->canaries_wait) {
        script->check = self->make_response_promise<ModelsChecked>();
        return script->check;
      }
      return ModelsChecked{
        {"check " + std::to_string(script->runs_at_checks.size())}};
    },
    [script](const StopRun&) {
      if (script->check.pending())
        script->check.deliver(ModelsChecked{});
    },
  };
}

class SupervisorTest : public testing::LabTest {
protected:
  SupervisorActor supervise(std::uint64_t runs, std::int32_t in_flight,
                            Limit per_run = {}) {
    SupervisorParts parts;
    parts.run.journal = spawn(journal, script);
    parts.run.gateway = spawn(gateway, 0);
    parts.run.events = spawn(hub, script);
    parts.run.make_phases =
      [this](caf::scheduled_actor* run,
             const Shared<RunSpec>& spec) -> Result<std::vector<NamedPhase>> {
      auto phase = system.spawn(slow_phase, script, spec->id);
      run->link_to(phase);
      return std::vector<NamedPhase>{{"decision", phase}};
    };
    parts.credit = spawn(credit, script);
    parts.projector = spawn(projector, script);
    parts.clock = clock;
    parts.time = time;
    parts.tries_max = tries_max;
    parts.limited_models = limited_models;
    parts.history = history;
    parts.source =
      source ? source : std::make_shared<Tickets>(runs, pattern, turns);
    parts.exhausted_ends_running = exhausted_ends_running;
    parts.exhausted_ends_sweep = exhausted_ends_sweep;
    parts.sweep = sweep;
    parts.plan = plan;
    parts.counts.planned = static_cast<std::int64_t>(runs);
    parts.runs_in_flight = in_flight;
    parts.per_run = per_run;
    if (check_every > 0) {
      parts.sentinel = spawn(sentinel, script);
      parts.check_every = check_every;
    }
    return spawn(supervisor, parts);
  }

  /// Lets seconds pass until the answer is there, at most `seconds`.
  SweepOutcome finish(const testing::Answer<SweepOutcome>& answer,
                      int seconds) {
    run();
    for (int i = 0; i < seconds && !answer.came(); ++i)
      pass(std::chrono::seconds{1});
    return answer.value();
  }

  /// Both clocks go on.
  void pass(std::chrono::seconds time_passed) {
    clock->advance(time_passed);
    advance(time_passed);
  }

  template <class T>
  std::size_t count_facts() const {
    std::size_t count = 0;
    for (const auto& fact : script->facts)
      count += std::holds_alternative<T>(fact) ? 1 : 0;
    return count;
  }

  std::vector<EventKind> kinds() const {
    std::vector<EventKind> found;
    for (const auto& event : script->events)
      found.push_back(event.kind);
    return found;
  }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::shared_ptr<RunHistory> history = std::make_shared<RunHistory>();
  RunSpec pattern; // of every run
  std::int32_t turns = 1;
  bool exhausted_ends_running = true;
  bool exhausted_ends_sweep = false;
  std::optional<SweepPlanned> plan;
  std::shared_ptr<RunSource> source; // in place of tickets
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::int64_t check_every = 0; // 0: without a sentinel
  TimeRules time;
  std::int32_t tries_max = 1;
  SpentModels::Models limited_models;
  SweepId sweep;
};

} // namespace lab::runtime
