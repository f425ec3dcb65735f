#include "sweeps/adaptive/adaptive_runs.hpp"

#include <set>
#include <utility>

#include "runtime/base/log.hpp"
#include "sweeps/adaptive/controller.hpp"

namespace lab::sweeps {

namespace {

/// A plan's runs, done or not, and further replicates of its points.
class PlanTickets final : public Tickets {
public:
  explicit PlanTickets(const SweepPlan& plan)
    : plan_(plan), runs_(plan.every_run()) {}

  std::optional<RunTicket> next() override { return runs_->next(); }

  Result<RunTicket> another(std::int32_t point_index,
                            std::int32_t replicate) override {
    return plan_.extra_run(point_index, replicate);
  }

private:
  const SweepPlan& plan_;
  std::unique_ptr<RunSource> runs_;
};

class AdaptiveRuns final : public RunSource {
public:
  AdaptiveRuns(const SweepPlan& plan, AdaptiveRules rules,
               std::unordered_map<RunId, EndedRun> known)
    : plan_(plan), tickets_(plan),
      controller_(std::move(rules), tickets_, std::move(known)) {}

  std::optional<RunTicket> next() override {
    auto ticket = controller_.next();
    tell_held_models();
    return ticket;
  }
  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    return plan_.resolve(ticket);
  }
  bool waits() const override { return controller_.waits(); }
  void ended(const EndedRun& run) override { controller_.ended(run); }
  bool wants_charges() const override { return true; }
  bool waits_for_tables() const override {
    return controller_.waits_for_records();
  }
  void tables_caught_up() override { controller_.records_are_whole(); }
  std::optional<SourceStop> stop() const override { return controller_.stop(); }
  std::int64_t added() const override { return controller_.added(); }

private:
  void tell_held_models() {
    for (const auto& [model, because] : controller_.held_models())
      if (told_.insert(model).second)
        log_warning("model-held-back",
                    {{"model", model}, {"because", because}});
  }

  const SweepPlan& plan_;
  PlanTickets tickets_;
  Controller controller_;
  std::set<std::string> told_; // models
};

} // namespace

std::unique_ptr<RunSource>
adaptive_runs(const SweepPlan& plan, AdaptiveRules rules,
              std::unordered_map<RunId, EndedRun> known) {
  return std::make_unique<AdaptiveRuns>(plan, std::move(rules),
                                        std::move(known));
}

} // namespace lab::sweeps
