#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/model/run_source.hpp"
#include "sweeps/adaptive/adaptive_rules.hpp"
#include "sweeps/adaptive/design_outcomes.hpp"
#include "sweeps/adaptive/looks.hpp"
#include "sweeps/adaptive/model_holds.hpp"
#include "sweeps/adaptive/outcomes.hpp"

namespace lab::sweeps {

/// Where the controller has its runs from.
class Tickets {
public:
  virtual ~Tickets() = default;
  /// The next run of the plan's order, whether it is done already or not.
  virtual std::optional<RunTicket> next() = 0;
  /// One more run of a point. `replicate` counts from 1.
  virtual Result<RunTicket> another(std::int32_t point_index,
                                    std::int32_t replicate) = 0;
};

/// Decides which runs a sweep has. Pure.
///
/// Outcomes may come in any order; they are taken in the order of the plan, and
/// decisions are made at looks, when every run before the look has ended and
/// none behind it has begun. So decisions hang on replies alone. A command that
/// is repeated hands in what is known and comes to the same decisions.
///
///   while (auto run = controller.next()) start(*run);
///   if (controller.waits_for_records()) … // records_are_whole(), again
///   else if (controller.waits()) …      // controller.ended(outcome), again
///   else if (controller.stop()) …       // a rule ended it
class Controller {
public:
  /// @param known  runs that ended before this command, and count
  Controller(AdaptiveRules rules, Tickets& tickets,
             std::unordered_map<RunId, EndedRun> known);

  std::optional<RunTicket> next();
  bool waits() const { return !open_.empty(); }
  void ended(const EndedRun& run);
  /// A look needs what is recorded of attempts, which may lag behind.
  bool waits_for_records() const { return waits_for_records_; }
  void records_are_whole();
  /// Models whose runs wait, and why.
  const std::map<std::string, std::string>& held_models() const {
    return holds_.held();
  }
  const std::optional<SourceStop>& stop() const { return stop_; }
  /// Runs beyond the fixed design that were not known.
  std::int64_t added() const { return added_; }

private:
  struct Slot {
    RunTicket ticket;
    std::optional<EndedRun> run;
    bool is_fresh = true; // it ended in this command
  };
  struct PointRuns {
    explicit PointRuns(const RuleMetrics* metrics) : outcomes(metrics) {}
    Outcomes outcomes;
    std::int32_t replicates = 0; // given out
  };

  std::optional<RunTicket> next_ticket();
  bool must_wait_for_records();
  void look();
  /// @errors those of the records
  Result<void> absorb();
  void decide();
  void decide_pilot();
  void plan_more();
  bool is_loose(const PointRuns& point) const;
  void end(SourceStop::Then then, std::string because);
  void end_with_held_models();
  std::int64_t calls_of(std::int64_t runs) const;

  AdaptiveRules rules_;
  Tickets& tickets_;
  std::unordered_map<RunId, EndedRun> known_;
  Outcomes outcomes_;
  DesignOutcomes design_;                    // refers to rules_
  ModelHolds holds_;                         // refers to rules_
  std::map<std::int32_t, PointRuns> points_; // that may get more
  Looks looks_;
  std::deque<Slot> batch_; // since the last look, in order
  std::unordered_map<RunId, std::size_t> open_;
  std::optional<RunTicket> ahead_; // behind the look that is due
  std::deque<RunTicket> extra_;
  bool look_due_ = false;
  bool fixed_done_ = false; // every run of the plan was handed out
  bool done_ = false;
  bool is_fresh_ = false; // some run ended in this command
  bool pilot_decided_ = false;
  bool waits_for_records_ = false;
  bool records_are_whole_ = false;
  std::int64_t held_back_ = 0; // runs that were not handed out
  std::int64_t added_ = 0;
  std::optional<SourceStop> stop_;
};

} // namespace lab::sweeps
