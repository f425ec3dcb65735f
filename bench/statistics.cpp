// Do the intervals of a sweep's statistics hold the truth as often as they say,
// and what does stopping by precision save? Figures of 10,000 trials each.

#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "bench/report.hpp"
#include "sweeps/statistics/bootstrap.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/draws.hpp"
#include "sweeps/statistics/morris.hpp"
#include "sweeps/statistics/summary.hpp"
#include "sweeps/statistics/variance_split.hpp"
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
  trial.batches = 1;
  trial.tells_batches = false;
  indices("Ishigami, one shifted Sobol' sequence taken as independent rows",
          trial, many, false);
  trial.tells_batches = true;
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

/// How often intervals held, of so many trials.
class Tally {
public:
  explicit Tally(int trials) : trials_(trials) {}
  void count(const std::optional<Interval>& interval, double truth) {
    held_ += interval && interval->contains(truth) ? 1 : 0;
  }
  void tell(const std::string& what) const {
    report(bench_name, {what + " held", 100.0 * held_ / trials_, "%", "", {}});
  }

private:
  int trials_;
  int held_ = 0;
};

/// Ten trajectories over y = x1 + noise, so that effects are normal with a
/// known mean and spread.
void morris_intervals() {
  constexpr int trials = 10000;
  constexpr std::size_t trajectories = 10;
  constexpr double step = 0.6;
  constexpr double sd = 0.5;
  Tally mu{trials};
  Tally mu_star{trials};
  Tally sigma{trials};
  const double spread = sd * std::sqrt(2) / step;
  const double folded = spread * std::sqrt(2 / std::numbers::pi)
                          * std::exp(-1 / (2 * spread * spread))
                        + 1 - 2 * normal_cdf(-1 / spread);
  for (int t = 0; t < trials; ++t) {
    const Draws noise{Seed{2026}.child("morris").child(t)};
    MorrisTable table;
    table.factors = 1;
    table.trajectory_rows = 2;
    for (std::size_t r = 0; r < trajectories; ++r) {
      table.coordinates.insert(table.coordinates.end(), {0.2, 0.2 + step});
      table.values.emplace_back(0.2 + sd * noise.normal(2 * r));
      table.values.emplace_back(0.2 + step + sd * noise.normal(2 * r + 1));
    }
    const auto made = morris(table).effects.front();
    mu.count(made.mu->interval, 1);
    mu_star.count(made.mu_star->interval, folded);
    sigma.count(made.sigma->interval, spread);
  }
  mu.tell("Morris, 10 trajectories, mu");
  mu_star.tell("Morris, 10 trajectories, mu*");
  sigma.tell("Morris, 10 trajectories, sigma");
}

/// A 3 x 2 grid of five replicates each; variances 8/3, 9/4, noise 4.
void split_intervals(bool paired) {
  constexpr int trials = 1000;
  const std::vector<double> truth{(8.0 / 3) / (8.0 / 3 + 2.25 + 4),
                                  2.25 / (8.0 / 3 + 2.25 + 4), 0,
                                  4 / (8.0 / 3 + 2.25 + 4)};
  const std::vector<SplitTerm> terms{{"a", TermRole::factor, 3},
                                     {"b", TermRole::model, 2}};
  std::vector<Tally> tallies(4, Tally{trials});
  for (int t = 0; t < trials; ++t) {
    const Draws noise{Seed{2026}.child("split").child(t)};
    std::vector<LevelRow> rows;
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 2; ++b)
        for (std::uint64_t r = 0; r < 5; ++r)
          rows.push_back({{a, b},
                          2.0 * static_cast<double>(a)
                            + 3.0 * static_cast<double>(b)
                            + (paired ? std::sqrt(3) * noise.normal(1000 + r)
                                          + noise.normal(rows.size())
                                      : 2 * noise.normal(rows.size())),
                          r,
                          2 * a + b});
    SplitOptions options;
    options.paired = paired;
    options.bootstrap.resamples = 500;
    options.bootstrap.seed = Seed{1}.child(t);
    const auto made = split_variance(rows, terms, options);
    for (std::size_t i = 0; i < 4; ++i)
      tallies[i].count(made.parts[i].share.interval, truth[i]);
  }
  const std::string what = paired ? "variance split, 5 common seeds, "
                                  : "variance split, 5 replicates, ";
  tallies[0].tell(what + "factor of 3 levels");
  tallies[1].tell(what + "factor of 2 levels");
  tallies[2].tell(what + "interaction of zero");
  tallies[3].tell(what + "noise");
}

/// Six by five sampled levels, three replicates; all variances are 1.
void sampled_split_intervals() {
  constexpr int trials = 1000;
  const std::vector<SplitTerm> terms{{"a", TermRole::wording, 6},
                                     {"b", TermRole::model, 5}};
  std::vector<Tally> tallies(4, Tally{trials});
  for (int t = 0; t < trials; ++t) {
    const Draws draw{Seed{2026}.child("sampled").child(t)};
    std::vector<LevelRow> rows;
    for (std::size_t a = 0; a < 6; ++a)
      for (std::size_t b = 0; b < 5; ++b)
        for (std::uint64_t r = 0; r < 3; ++r)
          rows.push_back({{a, b},
                          draw.normal(a) + draw.normal(10 + b)
                            + draw.normal(20 + 5 * a + b)
                            + draw.normal(100 + rows.size()),
                          r,
                          5 * a + b});
    SplitOptions options;
    options.levels = LevelsAre::sampled;
    options.bootstrap.resamples = 500;
    options.bootstrap.seed = Seed{1}.child(t);
    const auto made = split_variance(rows, terms, options);
    for (std::size_t i = 0; i < 4; ++i)
      tallies[i].count(made.parts[i].share.interval, 0.25);
  }
  tallies[0].tell("variance split, sampled, term of 6 levels");
  tallies[1].tell("variance split, sampled, term of 5 levels");
  tallies[2].tell("variance split, sampled, interaction");
  tallies[3].tell("variance split, sampled, noise");
}

/// Ten skewed values.
void mean_intervals() {
  constexpr int trials = 4000;
  Tally by_t{trials};
  Tally by_percentile{trials};
  Tally by_bca{trials};
  for (int t = 0; t < trials; ++t) {
    const Draws draws{Seed{2026}.child("mean").child(t)};
    std::vector<double> values;
    for (std::uint64_t i = 0; i < 10; ++i)
      values.push_back(-std::log1p(-draws.unit(i)));
    by_t.count(t_interval(values, 0.95), 1);
    BootstrapOptions options{Seed{1}.child(t), 1000, 0.95, Method::percentile};
    by_percentile.count(bootstrap_mean(values, {}, options).estimate.interval,
                        1);
    options.method = Method::bca;
    by_bca.count(bootstrap_mean(values, {}, options).estimate.interval, 1);
  }
  by_t.tell("mean of 10 exponential values, t");
  by_percentile.tell("mean of 10 exponential values, percentile bootstrap");
  by_bca.tell("mean of 10 exponential values, BCa bootstrap");
}

} // namespace
} // namespace lab::bench

int main() {
  lab::bench::morris_intervals();
  lab::bench::split_intervals(false);
  lab::bench::split_intervals(true);
  lab::bench::sampled_split_intervals();
  lab::bench::mean_intervals();
  lab::bench::ishigami();
  lab::bench::stopping();
}
