#include "sweeps/report/report.hpp"

#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

Document report(const ReportInput& input) {
  const auto data = sweep_data(input);
  const auto analysis = analyse(input, data);
  const Findings findings{input, data, analysis};
  Document document;
  document.title = input.name;
  add_opening(document, findings);
  add_drift_notice(document, findings);
  add_headlines(document, findings);
  for (std::size_t i = 0; i < data.outcomes.size(); ++i) {
    const auto& outcome = data.outcomes[i];
    document.add(Heading{2, outcome.title()});
    if (!outcome.description.empty())
      document.add(Paragraph{outcome.description + "."});
    add_effects(document, findings, i);
    add_curves(document, findings, i);
    add_comparisons(document, findings, i);
    add_morris(document, findings, i);
    add_sobol(document, findings, i);
    add_variance(document, findings, i);
    add_series(document, findings, i);
    add_distributions(document, findings, i);
    add_missing_bounds(document, findings, i);
  }
  add_multiplicity(document, findings);
  add_models(document, findings);
  add_failures(document, findings);
  add_rules(document, findings);
  add_costs(document, findings);
  add_methods(document, findings);
  return document;
}

} // namespace lab::sweeps::report
