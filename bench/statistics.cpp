// Do the intervals of a sweep's statistics hold the truth as often as they say,
// and what does stopping by precision save? Figures of 10,000 trials each.

#include <string>

#include "bench/report.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"
#include "tests/property/ishigami.hpp"
#include "tests/property/synthetic_sweeps.hpp"

namespace lab::bench {
namespace {

using namespace sweeps::statistics;

constexpr auto bench_name = "statistics";

void indices(const std::string& what, const IshigamiTrial& trial, int trials,
             bool judged) {
  const auto made = coverage_of(trial, trials);
  const auto one = [&](const std::string& index, double coverage) {
    Figure figure{what + ", " + index + " held", 100 * coverage, "%", "", {}};
    if (judged) {
      figure.aim = "93 to 97";
      figure.met = coverage >= 0.93 && coverage <= 0.97;
    }
    report(bench_name, figure);
  };
  for (std::size_t i = 0; i < 3; ++i)
    one("S" + std::to_string(i + 1), made.first[i]);
  for (std::size_t i = 0; i < 3; ++i)
    one("ST" + std::to_string(i + 1), made.total[i]);
  report(bench_name, {what + ", mean half-width", made.half_width, "", "", {}});
}

void ishigami() {
  constexpr int many = 10000;
  IshigamiTrial trial;
  indices("Ishigami, random, N 1024, delta", trial, many, true);
  trial.replicates = 2;
  trial.seed_sd = 2;
  indices("Ishigami, random, N 1024, 2 common seeds, delta", trial, many, true);
  trial.failing = 0.05;
  indices("Ishigami, the same, 5 % of runs failed", trial, many, true);
  trial.failing = 0;
  trial.batches = 16;
  indices("Ishigami, 16 shifted Sobol' sequences of 64", trial, many, true);
  trial.batches = 8;
  trial.base = 128;
  indices("Ishigami, 8 shifted Sobol' sequences of 16", trial, many, false);
  trial.batches = 0;
  indices("Ishigami, random, N 128, 2 common seeds, delta", trial, many, false);
  trial.base = 512;
  trial.options.bootstrap.resamples = 1000;
  for (const auto method : {Method::delta, Method::percentile, Method::bca}) {
    trial.options.method = method;
    indices("Ishigami, random, N 512, 2 common seeds, "
              + std::string{to_string(method)},
            trial, 1000, false);
  }
}

void stopping() {
  constexpr std::int64_t sweeps = 10000;
  for (const auto& metric : synthetic_metrics()) {
    const auto made = stop_valid(metric, sweeps);
    const auto subject = "stopping, " + metric.name;
    report(bench_name,
           {subject + ", interval held at the stop", 100 * (1 - made.missed),
            "%", "at least 95", made.missed <= 0.05});
    Figure all{subject + ", held at all looks",
               100 * (1 - made.ever_missed),
               "%",
               "",
               {}};
    // Skewed values without a range: only the stop is claimed, in the long run.
    if (metric.holds_at_all_looks) {
      all.aim = "at least 95";
      all.met = made.ever_missed <= 0.05;
    }
    report(bench_name, all);
    report(bench_name, {subject + ", held with a t interval at every look",
                        100 * (1 - stop_by_t(metric, sweeps).missed),
                        "%",
                        "",
                        {}});
    report(bench_name,
           {subject + ", runs at the stop", made.runs, "runs", "", {}});
    const auto careful = static_cast<double>(careful_size(metric));
    report(bench_name,
           {subject + ", calls saved of a design of fixed size that is sure",
            100 * (1 - made.runs / careful),
            "%",
            "",
            {}});
    report(bench_name,
           {subject + ", runs of a fixed design that knows the spread",
            static_cast<double>(fixed_size(metric.half_width, metric.sd, 0.95)),
            "runs",
            "",
            {}});
  }
}

} // namespace
} // namespace lab::bench

int main() {
  lab::bench::ishigami();
  lab::bench::stopping();
}
