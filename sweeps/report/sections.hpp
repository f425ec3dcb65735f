#pragma once

#include "sweeps/report/analysis.hpp"
#include "sweeps/report/document.hpp"

// The parts of a report, in the order in which they stand. Each adds to the
// document what there is to say, and nothing when there is nothing.

namespace lab::sweeps::report {

struct Findings {
  const ReportInput& input;
  const SweepData& data;
  const Analysis& analysis;
};

inline constexpr const char* models_title = "Did the models stay the same?";

void add_opening(Document& document, const Findings& findings);
void add_drift_notice(Document& document, const Findings& findings);
void add_headlines(Document& document, const Findings& findings);

// Of one outcome, by its index.
void add_effects(Document& document, const Findings& findings,
                 std::size_t outcome);
void add_curves(Document& document, const Findings& findings,
                std::size_t outcome);
void add_series(Document& document, const Findings& findings,
                std::size_t outcome);
void add_distributions(Document& document, const Findings& findings,
                       std::size_t outcome);
void add_comparisons(Document& document, const Findings& findings,
                     std::size_t outcome);
void add_morris(Document& document, const Findings& findings,
                std::size_t outcome);
void add_sobol(Document& document, const Findings& findings,
               std::size_t outcome);
void add_variance(Document& document, const Findings& findings,
                  std::size_t outcome);
void add_missing_bounds(Document& document, const Findings& findings,
                        std::size_t outcome);

void add_multiplicity(Document& document, const Findings& findings);
void add_models(Document& document, const Findings& findings);
void add_failures(Document& document, const Findings& findings);
void add_rules(Document& document, const Findings& findings);
void add_costs(Document& document, const Findings& findings);
void add_methods(Document& document, const Findings& findings);

} // namespace lab::sweeps::report
