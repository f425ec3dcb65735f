// Sweeps that stop as soon as their indices are tight enough. Looked at again
// and again without spending error, an interval would miss too often.

#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/adaptive/design_outcomes.hpp"
#include "sweeps/analysis/design_tables.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"

namespace lab::sweeps {
namespace {

constexpr double level = 0.95;
constexpr std::int64_t sweeps_played = 600;

/// 2 x + y + x y and noise of its own in every run: indices by hand.
/// V = 2.5² / 12 + 1.5² / 12 + 1 / 144.
double response(double x, double y) { return 2 * x + y + x * y; }

double normal(const Seed& seed) {
  return std::sqrt(-2 * std::log1p(-seed.unit(0)))
         * std::cos(2 * 3.14159265358979323846 * seed.unit(1));
}

std::unique_ptr<Manifest> manifest_of(std::uint64_t seed) {
  Findings findings;
  auto read =
    read_manifest("schema: sweep/1\nname: d\nscenario: s\nfactors:\n"
                  "  x: {path: params.x, range: [0, 1]}\n"
                  "  y: {path: params.y, range: [0, 1]}\n"
                  "design: {saltelli: {factors: [x, y], base: 256}, seed: "
                    + std::to_string(seed) + "}\n",
                  "x.yaml", findings);
  EXPECT_TRUE(read) << render(findings);
  return std::make_unique<Manifest>(std::move(*read));
}

struct Tally {
  std::int64_t stopped = 0;
  std::int64_t missed = 0;       // at the stop, by the rule's interval
  std::int64_t missed_naive = 0; // at some look, by an interval without care
};

/// Looks every 32 runs, as an engine would at most; stops when the interval of
/// x's total index is narrow.
void play(std::int64_t number, Tally& tally) {
  constexpr double noise = 0.1;
  const double variance = (2.5 * 2.5 + 1.5 * 1.5) / 12 + 1.0 / 144;
  const double with_noise = variance + noise * noise;
  const double truth =
    ((2.5 * 2.5) / 12 + 1.0 / 144 + noise * noise) / with_noise;
  const auto manifest = manifest_of(static_cast<std::uint64_t>(number) + 1);
  const DesignRules rules{
    manifest.get(), [](std::int32_t p) { return p; }, {"z"}};
  DesignOutcomes outcomes{rules};
  DesignPoints points{*manifest};
  DesignNumbers numbers{points};
  const auto group = groups_of(*manifest, LeafKind::saltelli).front();
  const RuleMetrics metrics;
  bool naive_missed = false;
  bool stopped = false;
  for (std::int32_t p = 0; p < manifest->design->size(); ++p) {
    const auto point = manifest->design->point(p);
    const auto value = response(std::stod(point.values[0]->text),
                                std::stod(point.values[1]->text))
                       + noise * normal(Seed{5}.child(number).child(p));
    EndedRun run;
    run.outcome.status = RunStatus::completed;
    run.metrics = {{"z", value}};
    outcomes.add(run, 1, p, metrics);
    statistics::Observation seen;
    seen.seed = 1;
    seen.value = value;
    numbers.add(points.find_or_add(p), seen);
    if ((p + 1) % 32 != 0)
      continue;
    outcomes.look(false);
    const auto widths = outcomes.sobol_half_widths("z", true, level, "x");
    if (!widths)
      continue;
    const auto result =
      statistics::sobol(saltelli_rows(group, numbers).table, {});
    const auto& total = result.total.front();
    naive_missed = naive_missed || !total.interval->contains(truth);
    if (stopped || widths->front() > 0.2)
      continue;
    stopped = true;
    ++tally.stopped;
    tally.missed += std::abs(total.value - truth) > widths->front() ? 1 : 0;
  }
  tally.missed_naive += naive_missed ? 1 : 0;
}

TEST(DesignCoverage, HoldsWhereARuleOnASobolIndexStopped) {
  Tally tally;
  for (std::int64_t i = 0; i < sweeps_played; ++i)
    play(i, tally);

  const auto n = static_cast<double>(sweeps_played);
  const auto slack = 3 * std::sqrt(level * (1 - level) / n);
  EXPECT_GT(static_cast<double>(tally.stopped) / n, 0.9)
    << "a rule that never stops covers anything";
  EXPECT_LE(static_cast<double>(tally.missed) / n, 1 - level + slack);
  EXPECT_GT(static_cast<double>(tally.missed_naive) / n, 1 - level + slack)
    << "there is something to guard against";
  RecordProperty("missed", std::to_string(tally.missed / n));
  RecordProperty("missed_naive", std::to_string(tally.missed_naive / n));
}

} // namespace
} // namespace lab::sweeps
