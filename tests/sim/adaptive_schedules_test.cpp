// A sweep that decides by its outcomes, on real actors under orders that a seed
// chooses.

#include <gtest/gtest.h>

#include "sweeps/adaptive/controller.hpp"
#include "sweeps/expression/sweep_scopes.hpp"
#include "tests/sim/sim_lab.hpp"
#include "tests/support/seeds.hpp"

namespace lab::testing {
namespace {

constexpr std::int32_t points = 4;
constexpr std::int32_t replicates = 12;

/// Points are seeds of their own: blocks of four runs.
class Blocks final : public sweeps::Tickets {
public:
  explicit Blocks(Shared<ScenarioSpec> scenario)
    : scenario_(std::move(scenario)) {}

  std::optional<RunTicket> next() override {
    if (given_ == points * replicates)
      return std::nullopt;
    const auto at = given_++;
    return *another(at % points, at / points + 1);
  }
  Result<RunTicket> another(std::int32_t point,
                            std::int32_t replicate) override {
    RunTicket ticket;
    ticket.point_index = point;
    ticket.replicate = replicate;
    ticket.seed = static_cast<std::uint64_t>(point * 1000 + replicate);
    ticket.name =
      "p" + std::to_string(point) + ".r" + std::to_string(replicate);
    ticket.run = run_id_of(scenario_->content, ticket.seed);
    return ticket;
  }

private:
  Shared<ScenarioSpec> scenario_;
  std::int32_t given_ = 0;
};

class RuledRuns final : public RunSource {
public:
  RuledRuns(sweeps::AdaptiveRules rules, const std::string& model,
            std::string output)
    : scenario_(share(sim_scenario(model, 1))), output_(std::move(output)),
      tickets_(scenario_), controller_(std::move(rules), tickets_, {}) {}

  std::optional<RunTicket> next() override { return controller_.next(); }
  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    return sim_run(ticket, scenario_, output_);
  }
  bool waits() const override { return controller_.waits(); }
  void ended(const EndedRun& run) override { controller_.ended(run); }
  bool wants_charges() const override { return true; }
  std::optional<SourceStop> stop() const override { return controller_.stop(); }
  std::int64_t added() const override { return controller_.added(); }

private:
  Shared<ScenarioSpec> scenario_;
  std::string output_;
  Blocks tickets_;
  sweeps::Controller controller_;
};

sweeps::Expression condition(std::string_view text,
                             const sweeps::Scope& scope) {
  return *sweeps::Expression::parse(text, scope, {sweeps::Type::truth, {}});
}

struct Case {
  const char* name;
  const char* stop;
  const char* more; // empty: none
};

class AdaptiveSchedules : public ::testing::TestWithParam<Case> {};

TEST_P(AdaptiveSchedules, TheSameRunsAndTheSameEndInWhateverOrder) {
  sweeps::AdaptiveRules rules;
  rules.forecast.runs_planned = points * replicates;
  rules.metrics.kinds["cooperation_level"].range = {0, 10};
  rules.may_grow = [](std::int32_t point) { return point % 2 == 0; };
  rules.stop.push_back({condition(GetParam().stop, sweeps::stop_scope()),
                        sweeps::StopAction::finish,
                        "the rule",
                        {}});
  if (*GetParam().more != '\0')
    rules.more =
      sweeps::MoreReplicates{condition(GetParam().more, sweeps::until_scope()),
                             "",
                             replicates + 6,
                             {}};
  SimSweep sweep;
  sweep.model = "sim/faulty?refusal=0.3&fail=0.05&latency_ms=20&jitter=0.5";
  sweep.source = [&](std::string output) {
    return std::make_unique<RuledRuns>(rules, sweep.model, std::move(output));
  };

  std::optional<SweepOutcome> first;
  std::string first_tables;
  for (const auto seed : seeds(15)) {
    SCOPED_TRACE(replay_hint(seed));
    TempFolder folder{TempFolder::On::memory};
    sweep.runs_in_flight = 1 + static_cast<std::int32_t>(seed % 40);
    SweepOutcome outcome;
    {
      SimLab sim{folder.path(), seed};
      outcome = sim.run(sweep);
    }
    const auto tables = tables_of(folder.path() / "scenario-lab.db");
    ASSERT_TRUE(outcome.ruled) << outcome.status << " " << outcome.reason;
    if (!first) {
      first = outcome;
      first_tables = tables;
    }
    ASSERT_EQ(outcome.ruled->because, first->ruled->because);
    ASSERT_EQ(outcome.ruled->runs_saved, first->ruled->runs_saved);
    ASSERT_EQ(outcome.ruled->calls_saved, first->ruled->calls_saved);
    ASSERT_EQ(outcome.runs.completed, first->runs.completed);
    ASSERT_EQ(outcome.runs.failed, first->runs.failed);
    ASSERT_EQ(tables, first_tables);
  }
}

INSTANTIATE_TEST_SUITE_P(
  Rules, AdaptiveSchedules,
  ::testing::Values(
    Case{"finish", "ci_halfwidth(cooperation_level) <= 2.5", ""},
    Case{"failures", "share(failed) > 0.01 and count(finished) >= 20", ""},
    Case{"more", "count(finished) < 0", "replicates >= 16"}),
  [](const auto& given) { return std::string{given.param.name}; });

} // namespace
} // namespace lab::testing
