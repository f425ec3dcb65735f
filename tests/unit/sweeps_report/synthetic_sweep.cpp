#include "tests/unit/sweeps_report/synthetic_sweep.hpp"

#include <cstdio>
#include <stdexcept>

#include "runtime/base/seed.hpp"

namespace lab::sweeps::report::testing {

namespace {

Manifest read(const std::string& text) {
  lab::Findings findings;
  auto manifest = read_manifest(text, "synthetic.yaml", findings);
  if (!manifest)
    throw std::invalid_argument(render(findings));
  return std::move(*manifest);
}

std::string point_name(std::int64_t index) {
  char text[32];
  std::snprintf(text, sizeof text, "p%03lld",
                static_cast<long long>(index + 1));
  return text;
}

} // namespace

double number(const std::map<std::string, std::string>& factors,
              const std::string& name) {
  return std::stod(factors.at(name));
}

double noise(std::int64_t place) {
  return 2 * Seed{1}.child("noise").child(place).unit(0) - 1;
}

const std::string grid_manifest = R"(schema: sweep/1
name: talks
about: Does a rule move the talks more than trust does?
scenario: ../ferry
factors:
  rule: {label: Rule, path: params.rule, values: [none, binding]}
  trust: {label: Trust, unit: share, path: params.trust, values: [0.1, 0.5, 0.9]}
design:
  grid: {factors: [rule, trust]}
  seed: 7
replicates: {count: 4, seeds: paired}
)";

std::optional<double> talks(const std::map<std::string, std::string>& factors,
                            std::int32_t replicate) {
  const double rule = factors.at("rule") == "binding" ? 2 : 0;
  const double trust = number(factors, "trust");
  const auto place =
    static_cast<std::int64_t>(rule * 1'000 + trust * 100) + replicate;
  return 3 + rule + trust * 1.25 + 0.4 * noise(place);
}

ReportInput synthetic(const std::string& text, const Response& response) {
  ReportInput input;
  input.program = "scenario-lab test";
  input.manifest = read(text);
  const auto& manifest = *input.manifest;
  input.manifest_text = text;
  input.id = "s-0000000000000001";
  input.name = manifest.name;
  input.about = manifest.about;
  input.scenario = "ferry";
  input.scenario_name = "Veddan Strait Ferry";
  input.first_start = 1'700'000'000'000;
  input.last_end = 1'700'000'060'000;
  for (const auto& factor : manifest.factors)
    input.factors.push_back(factor.name);
  input.points_planned = manifest.design->size();
  input.runs_planned = input.points_planned * manifest.replicates.count;
  ReportMetric metric;
  metric.name = "y";
  metric.description = "How well the talks go";
  metric.unit = "points";
  metric.kind.range = {0, 10};
  for (std::int64_t p = 0; p < manifest.design->size(); ++p) {
    const auto point = manifest.design->point(p);
    for (std::int32_t r = 1; r <= manifest.replicates.count; ++r) {
      ReportRun run;
      run.point = point_name(p);
      run.name = run.point + ".r" + std::to_string(r);
      run.seed = static_cast<std::uint64_t>(r);
      std::map<std::string, std::string> factors;
      for (std::size_t f = 0; f < point.values.size(); ++f)
        if (point.values[f]) {
          run.factors.emplace_back(manifest.factors[f].name,
                                   point.values[f]->text);
          factors[manifest.factors[f].name] = point.values[f]->text;
        }
      run.replies = Hasher{}.add(run.name).finish128();
      run.models = {"test/model"};
      run.last_phase = "decision";
      if (const auto value = response(factors, r)) {
        run.status = RunStatus::completed;
        run.code = "ok";
        run.values["y"] = *value;
        for (std::int32_t turn = 1; turn <= 3; ++turn)
          metric.series.push_back(
            {input.runs.size(), turn, *value * turn / 3.0});
      } else {
        run.status = RunStatus::failed;
        run.code = "provider_failed";
        run.reason = "no answer";
      }
      input.runs.push_back(std::move(run));
    }
  }
  input.metrics.push_back(std::move(metric));
  ReportCost cost;
  cost.settled = {Money{1'250'000'000'000}, 120, 45'000};
  cost.unknown = {Money{30'000'000'000}, 2, 0};
  cost.name = "test/model";
  input.by_model = {cost};
  cost.name = "decision";
  input.by_phase = {cost};
  input.attempts = {{"decision", 90}, {"world_update", 32}};
  input.prices = {{"test/model", "price-1",
                   "input $1, output $2 a million tokens; source: a page"}};
  input.models = {{"test/model", ""}};
  return input;
}

} // namespace lab::sweeps::report::testing
