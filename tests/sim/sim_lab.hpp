#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>

#include <caf/scheduler/test_coordinator.hpp>

#include "llm/gateway.hpp"
#include "llm/lane.hpp"
#include "llm/timer.hpp"
#include "runtime/credit/credit_limit.hpp"
#include "runtime/engine/supervisor.hpp"
#include "storage/journal_actor.hpp"
#include "storage/projector_actor.hpp"
#include "tests/support/lab_test.hpp"
#include "tests/support/process.hpp"

namespace lab::testing {

/// Timers that come due when nobody else has anything to do: time passes only
/// while the whole system waits for it.
class SimTimer final : public llm::Timer {
public:
  void after(std::chrono::nanoseconds wait,
             std::function<void()> then) override {
    due_.emplace(now_ + wait, std::move(then));
  }
  bool empty() const { return due_.empty(); }
  std::chrono::nanoseconds next() const { return due_.begin()->first; }
  /// Calls the next callback and moves time to it.
  void fire();
  std::chrono::nanoseconds now() const { return now_; }

private:
  std::chrono::nanoseconds now_{};
  std::multimap<std::chrono::nanoseconds, std::function<void()>> due_;
};

using SimLaneActor = LaneActor::extend<caf::reacts_to<Done>>;

/// What a simulated sweep shall do.
struct SimSweep {
  std::string model = "sim/persona";
  std::int32_t runs = 6;
  std::int32_t turns = 2;
  std::int32_t runs_in_flight = 4;
  std::int64_t slots = 8;
  Limit limit; // of everything
  /// Hands out the runs in place of `sim_runs`; gets the folder for output.
  std::function<std::unique_ptr<RunSource>(std::string)> source;
};

/// The product's real actors on one thread, in an order that a seed chooses:
/// whoever could run next on any machine may run next here.
class SimLab {
public:
  SimLab(const std::filesystem::path& folder, std::uint64_t seed);
  ~SimLab();

  SweepOutcome run(const SimSweep& sweep);
  Balance balance() const;
  std::size_t open_permits() const { return permits_->open(); }
  /// The highest settled + unknown + reserved that was ever seen.
  Money committed_max() const { return committed_max_; }

private:
  /// One message of one actor, chosen by the seed; else the next timer.
  bool step();
  /// What everybody's clock shows follows the timers.
  void pass_until(std::chrono::nanoseconds at);
  void settle_down();

  std::filesystem::path folder_;
  std::mt19937_64 random_;
  TestConfig config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_;
  SimTimer timer_;
  std::chrono::nanoseconds passed_{};
  SimLaneActor lane_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::shared_ptr<PermitRegister> permits_ = std::make_shared<PermitRegister>();
  std::shared_ptr<runtime::CreditLedger> ledger_ =
    std::make_shared<runtime::CreditLedger>(permits_);
  std::shared_ptr<storage::Journal> journal_file_;
  std::shared_ptr<storage::Projections> projections_;
  std::vector<caf::actor> actors_; // in the order they were made
  Money committed_max_;
};

/// The scenario that simulated sweeps play: two participants, one metric.
ScenarioSpec sim_scenario(const std::string& model, std::int32_t turns);

/// Its runs, each with a seed of its own.
std::unique_ptr<RunSource> sim_runs(const SimSweep& sweep, std::string output);

/// The whole run of a ticket of `sim_runs`.
RunSpec sim_run(const RunTicket& ticket, const Shared<ScenarioSpec>& scenario,
                const std::string& output);

/// Everything that tables say of runs, except when it happened.
std::string tables_of(const std::filesystem::path& database);

} // namespace lab::testing
