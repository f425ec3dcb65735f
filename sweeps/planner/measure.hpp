#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/yaml.hpp"
#include "sweeps/expression/expression.hpp"

namespace lab::sweeps {

/// A number that is made of a run's metrics: `gap: abs(eu - us)`.
struct DerivedMetric {
  std::string name;
  /// Of type `number`, in `derived_scope`. Names that are not declared are
  /// metrics as `expression_name` writes them, or derived metrics that stand
  /// before this one.
  Expression value;
  yaml::Node place;
};

enum class AnalysisKind : std::uint8_t {
  morris,  // mu*, sigma of each factor
  sobol,   // first and total order index of each factor
  compare, // every point against a baseline, under common seeds
  effects, // one factor at a time against the baseline
};

/// An entry of `measure.analyse`.
struct Analysis {
  AnalysisKind kind = AnalysisKind::compare;
  std::vector<std::string> of; // metrics or derived ones; at least one
  /// The factor whose values are analysed apart; empty: none.
  std::string by;
  /// A named block of the design; empty: all of it.
  std::string block;
  /// Label of the point that others are compared with (`compare`); empty: the
  /// first point.
  std::string baseline;
  double confidence = 0.95;      // above 0.5, below 1
  std::int32_t resamples = 1000; // of the bootstrap; 0: none
  yaml::Node place;              // for findings
};

/// As the manifest writes it.
std::string_view analysis_word(AnalysisKind kind);

/// What a sweep looks at: `measure`.
struct Measure {
  /// Metrics at the end of a run that tables show; empty: all. Derived ones
  /// are named like others.
  std::vector<std::string> final_metrics;
  /// Metrics over turns that tables and plots show; empty: the final ones.
  std::vector<std::string> series;
  std::vector<DerivedMetric> derived;
  std::vector<Analysis> analyses;
};

} // namespace lab::sweeps
