#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/model/run_source.hpp"
#include "sweeps/adaptive/attempts.hpp"
#include "sweeps/expression/expression.hpp"
#include "sweeps/planner/measure.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps {

/// The metrics that rules may ask for: what the scenario says of each, and
/// those that are made of others.
struct RuleMetrics {
  /// By the name that expressions use.
  std::map<std::string, statistics::MetricKind> kinds;
  std::vector<DerivedMetric> derived;
};

class DesignOutcomes;

/// The run's metrics as expressions name them, and what is made of them. None
/// of a run that did not complete.
std::map<std::string, double> numbers_of_run(const EndedRun& run,
                                             const RuleMetrics& metrics);

/// Runs that ended, in the order in which they are told. Whoever decides by
/// them tells them in the order of the plan, so that nothing hangs on which
/// run happened to end first.
class Outcomes {
public:
  /// @param model  whose attempts count, without its parameters; empty: all
  explicit Outcomes(const RuleMetrics* metrics, std::string model = {})
    : metrics_(metrics), model_(std::move(model)) {}

  void add(const EndedRun& run, std::uint64_t seed,
           const RunAttempts& attempts = {});

  std::int64_t ended() const { return ended_; }
  std::int64_t finished() const { return finished_; }
  std::int64_t failed() const { return failed_; }
  std::int64_t halted() const { return halted_; }
  /// Of those that failed, or ended for another reason: a model declined.
  std::int64_t refused() const { return refused_; }
  const Charge& spent() const { return spent_; }
  std::int64_t elapsed_us() const { return elapsed_us_; }
  UnixMs at() const { return at_; }

  /// Every number of the metric, copies included; empty for an unknown one.
  const std::vector<double>& numbers(const std::string& metric) const;
  /// Half the interval of the metric's mean, valid at every look; copies count
  /// once. Nothing while too little is known.
  /// @source statistics::sequential_mean
  std::optional<double> half_width(const std::string& metric,
                                   double confidence) const;
  /// The share of failed attempts at a provider. Nothing without an attempt.
  /// @param last  only those of the latest so many runs that made one
  std::optional<double> error_rate(const std::string& provider,
                                   std::optional<double> last) const;

private:
  void take(const std::string& name, double number, std::uint64_t seed,
            const std::optional<Digest128>& replies);

  const RuleMetrics* metrics_;
  std::string model_;
  std::int64_t ended_ = 0;
  std::int64_t finished_ = 0;
  std::int64_t failed_ = 0;
  std::int64_t halted_ = 0;
  std::int64_t refused_ = 0;
  Charge spent_;
  std::int64_t elapsed_us_ = 0;
  UnixMs at_ = 0;
  std::map<std::string, std::vector<double>> numbers_;
  std::map<std::string, std::vector<statistics::Observation>> seen_;
  /// Of each run that made one, by provider.
  std::map<std::string, std::vector<AttemptCounts>> attempts_;
};

/// What expressions of `stop_scope` learn of outcomes. What
/// it does not know it says is not known, and no rule fires by that.
class OutcomeWords : public Environment {
public:
  /// @param design  the indices of the whole sweep; null: they are not known
  explicit OutcomeWords(const Outcomes& outcomes,
                        const DesignOutcomes* design = nullptr)
    : outcomes_(outcomes), design_(design) {}

  Value name(const std::string& name) const override;
  Value call(const std::string& function,
             const std::vector<Value>& arguments) const override;

private:
  const Outcomes& outcomes_;
  const DesignOutcomes* design_;
};

/// What expressions of `until_scope` learn: outcomes of one point, its number
/// of replicates, and what is said of the sweep as a whole.
class PointWords final : public OutcomeWords {
public:
  PointWords(const Outcomes& point, std::int64_t replicates,
             const Outcomes& sweep, const DesignOutcomes& design)
    : OutcomeWords(point, &design), replicates_(replicates),
      sweep_(sweep, &design) {}

  Value name(const std::string& name) const override;
  Value call(const std::string& function,
             const std::vector<Value>& arguments) const override;

private:
  std::int64_t replicates_;
  OutcomeWords sweep_;
};

/// The whole sweep as its pilot makes it look.
struct Forecast {
  std::int64_t runs_planned = 0;
  std::optional<Moment> window_close; // the next one, if there is a window
};

/// What expressions of `pilot_scope` learn: outcomes, and the sums over the
/// pilot's runs taken as many times as runs are planned.
class PilotWords final : public OutcomeWords {
public:
  PilotWords(const Outcomes& outcomes, const Forecast& forecast)
    : OutcomeWords(outcomes), outcomes_(outcomes), forecast_(forecast) {}

  Value name(const std::string& name) const override;

private:
  const Outcomes& outcomes_;
  Forecast forecast_;
};

} // namespace lab::sweeps
