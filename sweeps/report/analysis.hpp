#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/report/sweep_data.hpp"
#include "sweeps/statistics/censoring.hpp"
#include "sweeps/statistics/comparison.hpp"
#include "sweeps/statistics/effects.hpp"
#include "sweeps/statistics/missingness.hpp"
#include "sweeps/statistics/morris.hpp"
#include "sweeps/statistics/multiplicity.hpp"
#include "sweeps/statistics/sobol.hpp"
#include "sweeps/statistics/summary.hpp"
#include "sweeps/statistics/variance_split.hpp"

namespace lab::sweeps::report {

/// How a number that a sampler drew bends the outcome.
struct FactorCurve {
  std::size_t factor = 0; // index
  std::vector<statistics::CurveBin> bins;
};

/// Morris indices of one group of a leaf.
struct MorrisFinding {
  std::string group;                // "model a"; empty: the only one
  std::vector<std::string> factors; // their labels
  statistics::MorrisResult result;
  std::int64_t absent = 0; // rows that no run stands for yet
};

struct SobolFinding {
  std::string group;
  std::vector<std::string> factors;
  statistics::SobolResult result;
  std::int64_t absent = 0;
};

/// Points held against a baseline.
struct ComparedPoint {
  std::string label;
  statistics::Comparison against;
  std::optional<double> adjusted_p; // Holm
};

struct CompareFinding {
  std::string baseline;
  std::vector<ComparedPoint> points;
};

/// Everything that is computed of one outcome.
struct OutcomeAnalysis {
  std::vector<statistics::Summary> points; // one a point of the data
  std::int64_t n = 0;                      // runs with a number
  std::int64_t effective_n = 0;            // copies within a point once
  /// Standard deviation between replicates of a point, pooled; nothing when no
  /// point has two distinct ones.
  std::optional<double> seed_noise;
  std::int64_t noise_freedom = 0;
  std::vector<std::size_t> levelled; // the factors of `effects`
  statistics::MainEffects effects;
  /// One a factor of `effects`; adjusted by Holm over all tests of the report.
  std::vector<std::optional<double>> adjusted_p;
  std::vector<FactorCurve> curves;
  std::optional<statistics::VarianceSplit> split;
  statistics::CensoredMean censored;
  std::vector<MorrisFinding> morris;
  std::vector<SobolFinding> sobol;
  std::vector<CompareFinding> compared;
};

struct Analysis {
  std::vector<OutcomeAnalysis> outcomes; // one an outcome of the data
  std::vector<statistics::Missingness> missing_by_factor;
  statistics::MultiplicityNote multiplicity;
};

/// Computes all of it. Chance comes from the sweep's id: the same journal gives
/// the same numbers.
Analysis analyse(const ReportInput& input, const SweepData& data);

/// The parts that belong to a design: Morris, Sobol, comparisons.
void analyse_design(const ReportInput& input, const SweepData& data,
                    const Outcome& outcome, OutcomeAnalysis& into);

/// Root of all chance in a report.
Seed report_seed(const ReportInput& input);

} // namespace lab::sweeps::report
