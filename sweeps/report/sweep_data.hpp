#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/report/report_input.hpp"
#include "sweeps/statistics/effects.hpp"
#include "sweeps/statistics/observation.hpp"
#include "sweeps/statistics/variance_split.hpp"

namespace lab::sweeps::report {

/// A factor as the runs have it.
struct FactorData {
  std::string name;
  std::string label;
  std::string unit;
  statistics::TermRole role = statistics::TermRole::factor;
  /// Values in the manifest's order, else of first appearance (numbers
  /// ascending).
  std::vector<std::string> levels;
  /// All levels are numbers, these.
  std::vector<double> numbers;
  /// A few levels that the design crosses with others: effects by level can be
  /// told. Else a sampler drew its values.
  bool is_levelled = true;

  bool is_number() const { return !numbers.empty(); }
  std::string title() const {
    return unit.empty() ? label : label + ", " + unit;
  }
};

/// A point and its runs.
struct PointData {
  std::string name;
  std::string label; // "rule none, trust 0.7"
  /// Level of each factor; nothing where the point does not use it.
  std::vector<std::optional<std::size_t>> levels;
  std::vector<std::size_t> runs; // indices into the input
};

/// A metric that the report looks at.
struct Outcome {
  std::string name;
  std::string description;
  std::string unit;
  statistics::MetricKind kind;
  bool is_derived = false;
  std::string formula; // of a derived one
  /// One a run of the input: nothing for a run that has not ended.
  std::vector<std::optional<statistics::Observation>> runs;
  const std::vector<SeriesValue>* series = nullptr; // none: not kept

  std::string title() const {
    return unit.empty() ? name : name + " (" + unit + ")";
  }
};

/// The input in the shape that estimators take.
struct SweepData {
  std::vector<FactorData> factors;
  std::vector<PointData> points; // in order of first appearance
  std::vector<Outcome> outcomes;
  /// Runs of different points share their seeds.
  bool is_paired = true;

  std::vector<statistics::Observation> at(const PointData& point,
                                          const Outcome& outcome) const;
  /// Copies of a point counted once. Factors without a level at the point make
  /// it no row.
  std::vector<statistics::LevelRow>
  level_rows(const Outcome& outcome,
             const std::vector<std::size_t>& factors) const;
  /// Factors whose levels can be told apart, by index.
  std::vector<std::size_t> levelled() const;
};

/// @param input  must outlive the data
SweepData sweep_data(const ReportInput& input);

/// Whether a run ended, so that a missing number is a fact about it.
bool has_ended(RunStatus status);

} // namespace lab::sweeps::report
