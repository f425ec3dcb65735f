#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/base/digest.hpp"
#include "sweeps/planner/plan.hpp"
#include "sweeps/planner/point_maker.hpp"

namespace lab::sweeps {

/// What stays of a point once it was checked.
struct CheckedPoint {
  std::int64_t index = 0;          // in the design
  std::vector<Digest256> contents; // one a wording
  std::string models;              // of everybody, as one text
};

/// Makes points to see whether the scenario takes them, and turns what it says
/// into findings of the manifest: each once, with the point it was first met
/// at.
class PlanChecker {
public:
  /// All are kept by reference.
  PlanChecker(const Manifest& manifest, const PointMaker& maker,
              Findings& findings);

  /// Makes every point of the design. Those that are the same scenario as an
  /// earlier one are left out, and are a warning.
  /// @errors invalid_input
  Result<std::vector<CheckedPoint>> check_all();

  /// Makes the points `whole`, and besides every level of every factor once, on
  /// a point of `whole` that uses the factor.
  /// @errors invalid_input
  Result<void> check_levels(const std::vector<std::int64_t>& whole);

  /// Of the first point; every point has the same.
  const std::string& scenario_id() const { return scenario_id_; }
  bool simulated() const { return simulated_; }
  /// Fewest and most turns of the points that were made.
  TurnRange turns() const { return turns_; }
  const Duplicates& duplicates() const { return duplicates_; }

private:
  Result<std::optional<ScenarioSpec>> make(const DesignPoint& point,
                                           std::int32_t replicate = 0);
  Result<void> check_factor(std::size_t factor, const DesignPoint& base);
  Result<void> verdict() const;
  void take_new(const Findings& found, const DesignPoint& point);
  void check_measure(const ScenarioSpec& scenario);
  void report_duplicates();
  std::string at(std::int64_t index) const;

  const Manifest& manifest_;
  const PointMaker& maker_;
  Findings& findings_;
  std::set<std::tuple<std::string, int, int, std::string>> seen_;
  Duplicates duplicates_;
  std::string scenario_id_;
  std::int64_t failed_ = 0;
  bool simulated_ = false;
  TurnRange turns_;
};

/// How many examples of duplicates are told.
inline constexpr std::size_t duplicates_shown_max = 5;

} // namespace lab::sweeps
