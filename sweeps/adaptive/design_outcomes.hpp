#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sweeps/adaptive/outcomes.hpp"
#include "sweeps/analysis/design_numbers.hpp"

namespace lab::sweeps {

/// What rules may ask of the estimators that belong to a design.
struct DesignRules {
  /// Must outlive whoever asks; null: no rule asks.
  const Manifest* manifest = nullptr;
  /// The index in the design of a point of the plan.
  std::function<std::int64_t(std::int32_t)> index_of;
  /// The metrics that rules ask for, as expressions name them.
  std::set<std::string> metrics;
};

/// Sobol' and Morris indices as rules ask for them while a sweep runs: the
/// estimators of the report, on the runs that were told so far.
///
/// No sequence is known whose interval would hold such an index at all looks,
/// so the error is spent over looks: at the k-th of them an interval has the
/// level 1 - 6 a / (pi² k²), and all of them hold together with 1 - a. Looks
/// are scarce for that reason: one comes when there are a quarter more runs
/// than at the one before. In between nothing is known.
/// @source statistics::alpha_of_look; docs/statistics.md
class DesignOutcomes {
public:
  /// Below so many sample indices, or trajectories, no interval is given: the
  /// theory behind it is of large samples.
  static constexpr std::int64_t samples_least = 16;
  static constexpr std::size_t trajectories_least = 4;

  /// The rules must outlive it.
  explicit DesignOutcomes(const DesignRules& rules);

  /// A run that ended, in the order of the plan.
  void add(const EndedRun& run, std::uint64_t seed, std::int32_t point,
           const RuleMetrics& metrics);
  /// A look at the runs so far. `last`: no run will come behind it unless a
  /// rule wants it.
  void look(bool last);

  /// Half widths of the indices of one metric, of every factor in every group
  /// of every Saltelli part. Nothing while any of them is not known.
  /// @param factor  only this one's; empty: all
  std::optional<std::vector<double>>
  sobol_half_widths(const std::string& metric, bool total, double level,
                    const std::string& factor) const;
  /// mu* of every factor in every group of every Morris part, as estimated.
  std::optional<std::vector<double>>
  morris_means(const std::string& metric, const std::string& factor) const;
  /// Half widths of mu*.
  std::optional<std::vector<double>>
  morris_half_widths(const std::string& metric, double level,
                     const std::string& factor) const;

private:
  const DesignNumbers* numbers_of(const std::string& metric) const;
  double confidence_now(double level) const;

  const DesignRules& rules_;
  std::unique_ptr<DesignPoints> points_;
  std::map<std::string, DesignNumbers> numbers_; // by metric
  std::int64_t runs_ = 0;
  std::int64_t runs_at_look_ = 0;
  std::int64_t looks_ = 0;
  bool is_look_ = false;
};

} // namespace lab::sweeps
