#pragma once

#include "sweeps/report/document.hpp"
#include "sweeps/report/report_input.hpp"

namespace lab::sweeps::report {

/// Tells a sweep, finished or not: question, findings, effects with intervals
/// and seed noise, curves, distributions, indices of the design, failures and
/// what they share, costs, methods. The same input gives the same document.
Document report(const ReportInput& input);

} // namespace lab::sweeps::report
