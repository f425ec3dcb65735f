// How long a sweep of a million points takes to its first run, and what it
// weighs.

#include "sweeps/planner/plan.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/report.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::bench {
namespace {

constexpr auto bench_name = "plan";

struct Planned {
  double first_run = 0;     // seconds until the first run can ask its call
  double first_run_cpu = 0; // the same of the processor, whoever else has it
  double next_runs = 0;     // seconds for each of the thousand behind it
  std::int64_t points = 0;
};

/// As `sweep run` does: reads, checks, estimates, and makes the first run.
Planned plan_it(const std::string& design) {
  const auto start = std::chrono::steady_clock::now();
  const auto cpu_before = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  const auto seconds = [&start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now()
                                         - start)
      .count();
  };
  Findings findings;
  auto manifest = sweeps::read_manifest(
    "schema: sweep/1\nname: bench\nscenario: scenarios/river-compact\n"
    "factors:\n"
    "  rule: {path: params.metering, values: [none, voluntary, binding]}\n"
    "  trust: {path: params.trust_start, range: [0, 1]}\n"
    "  step: {path: params.trust_start, range: [0.001, 1], step: 0.001}\n"
    "  turns: {path: turns, range: [1, 1000], int: true, step: 1}\n"
    "  end: {path: turns, range: [1, 40], int: true}\n"
      + design,
    "bench.yaml", findings);
  auto scenario = scenarios::open_scenario("scenarios/river-compact", findings);
  if (!manifest || !scenario) {
    std::fprintf(stderr, "%s", render(findings).c_str());
    std::exit(1);
  }
  const auto plan =
    sweeps::make_plan(std::move(*manifest), **scenario, {}, findings);
  if (!plan) {
    std::fprintf(stderr, "%s", render(findings).c_str());
    std::exit(1);
  }
  const auto price = [](const std::string&) -> Result<PriceRow> {
    return PriceRow{};
  };
  const auto estimate = sweeps::estimate_plan(**plan, {}, price);
  const auto source = (*plan)->missing({});
  const auto ticket = source->next();
  if (!estimate || !ticket || !source->resolve(*ticket)) {
    std::fprintf(stderr, "no first run\n");
    std::exit(1);
  }
  Planned planned;
  planned.first_run = seconds();
  planned.first_run_cpu =
    static_cast<double>(std::clock()) / CLOCKS_PER_SEC - cpu_before;
  planned.points = (*plan)->point_count();
  constexpr int more = 1'000;
  int made = 0;
  for (; made < more; ++made)
    if (const auto next = source->next(); !next || !source->resolve(*next))
      break;
  if (made > 0)
    planned.next_runs = (seconds() - planned.first_run) / made;
  return planned;
}

/// In a process of its own, so that its memory is its own.
void measure(const std::string& name, const std::string& design, bool aimed) {
  int pipes[2];
  if (pipe(pipes) != 0)
    std::exit(1);
  const auto child = fork();
  if (child == 0) {
    const auto planned = plan_it(design);
    const bool told =
      write(pipes[1], &planned, sizeof planned) == sizeof planned;
    _exit(told ? 0 : 1);
  }
  close(pipes[1]);
  Planned planned;
  const bool heard = read(pipes[0], &planned, sizeof planned) == sizeof planned;
  close(pipes[0]);
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  if (!heard || status != 0)
    std::exit(1);
  const auto points = name + ", " + std::to_string(planned.points) + " points";
  const auto mib = static_cast<double>(used.ru_maxrss) / 1024.0;
  report(bench_name,
         {points + ", to the first run", planned.first_run, "s",
          aimed ? "under 2" : "",
          aimed ? std::optional{planned.first_run < 2.0} : std::nullopt});
  report(bench_name, {points + ", processor time of that",
                      planned.first_run_cpu, "s", "", std::nullopt});
  report(bench_name,
         {points + ", peak memory", mib, "MiB", aimed ? "under 95" : "",
          aimed ? std::optional{mib < 95.0} : std::nullopt});
  report(bench_name, {points + ", each further run", planned.next_runs * 1e6,
                      "us", "", std::nullopt});
}

} // namespace
} // namespace lab::bench

int main() {
  using lab::bench::measure;
  // The other side of the measurement: three points, and a plan that is just
  // too long to be listed.
  measure("listed grid", "design: {grid: {factors: [rule]}}\n", false);
  measure("walked grid", "design: {grid: {factors: [rule, step]}}\n", false);
  measure("walked grid", "design: {grid: {factors: [step, turns]}}\n", true);
  measure("walked sobol",
          "design: {sobol: {factors: [trust, end], points: 1000000}}\n", true);
}
