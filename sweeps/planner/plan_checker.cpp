#include "sweeps/planner/plan_checker.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/measure_check.hpp"

namespace lab::sweeps {

namespace {

/// Of one factor, that many levels are made; of more, evenly spaced ones.
constexpr std::size_t levels_checked_max = 2'000;

std::string models_text(const ScenarioSpec& scenario) {
  const auto models = models_of(scenario);
  return join({models.begin(), models.end()}, " ");
}

} // namespace

PlanChecker::PlanChecker(const Manifest& manifest, const PointMaker& maker,
                         Findings& findings)
  : manifest_(manifest), maker_(maker), findings_(findings) {}

Result<std::vector<CheckedPoint>> PlanChecker::check_all() {
  std::vector<CheckedPoint> points;
  std::map<Digest256, std::int64_t> contents; // first point with it
  for (std::int64_t i = 0; i < manifest_.design->size(); ++i) {
    LAB_TRY(const auto scenario, make(manifest_.design->point(i)));
    if (!scenario)
      continue;
    const auto [first, fresh] = contents.emplace(scenario->content, i);
    if (fresh) {
      CheckedPoint checked{i, {scenario->content}, models_text(*scenario)};
      for (std::int32_t wording = 1; wording < maker_.wordings(); ++wording) {
        LAB_TRY(const auto reworded, make(manifest_.design->point(i), wording));
        if (reworded)
          checked.contents.push_back(reworded->content);
      }
      points.push_back(std::move(checked));
      continue;
    }
    ++duplicates_.count;
    if (duplicates_.examples.size() < duplicates_shown_max)
      duplicates_.examples.push_back(at(i) + " is the same as "
                                     + at(first->second));
  }
  LAB_CHECKED(verdict());
  report_duplicates();
  return points;
}

Result<void> PlanChecker::check_levels(const std::vector<std::int64_t>& whole) {
  // A point that uses the factor, by factor.
  std::vector<std::optional<DesignPoint>> bases(manifest_.factors.size());
  for (const auto index : whole) {
    const auto point = manifest_.design->point(index);
    LAB_TRY(const auto scenario, make(point));
    for (std::int32_t wording = 1; wording < maker_.wordings(); ++wording)
      LAB_CHECKED(make(point, wording));
    for (std::size_t f = 0; scenario && f < bases.size(); ++f)
      if (point.values[f] && !bases[f])
        bases[f] = point;
  }
  for (std::size_t f = 0; f < bases.size(); ++f)
    if (bases[f])
      LAB_CHECKED(check_factor(f, *bases[f]));
  return verdict();
}

Result<void> PlanChecker::check_factor(std::size_t factor,
                                       const DesignPoint& base) {
  const auto& varied = manifest_.factors[factor];
  auto levels = varied.levels;
  if (levels.empty() && varied.distribution && varied.has_ends())
    levels = {varied.at(0), varied.at(1)};
  const auto count = std::min(levels.size(), levels_checked_max);
  auto point = base;
  for (std::size_t i = 0; i < count; ++i) {
    const auto level = count < 2 ? 0 : i * (levels.size() - 1) / (count - 1);
    point.values[factor] = levels[level];
    LAB_CHECKED(make(point));
  }
  return {};
}

/// Nothing when the point is faulty and the findings say why.
Result<std::optional<ScenarioSpec>> PlanChecker::make(const DesignPoint& point,
                                                      std::int32_t replicate) {
  Findings found;
  auto scenario = maker_.make(point, replicate, found);
  take_new(found, point);
  if (!scenario) {
    ++failed_;
    // An error that nobody explained is not the user's to mend.
    if (!found.has_errors())
      return tl::unexpected(scenario.error());
    return std::nullopt;
  }
  turns_.most = std::max(turns_.most, scenario->turns);
  turns_.least = scenario_id_.empty() ? scenario->turns
                                      : std::min(turns_.least, scenario->turns);
  if (scenario_id_.empty()) {
    scenario_id_ = scenario->id;
    check_measure(*scenario);
  }
  simulated_ = simulated_ || uses_simulation(*scenario);
  return std::move(*scenario);
}

Result<void> PlanChecker::verdict() const {
  if (failed_ > 0)
    return fail(Errc::invalid_input,
                "sweep=" + manifest_.name
                  + " faulty_points=" + std::to_string(failed_));
  return {};
}

/// The same slip shows at many points, with other numbers in its words, and is
/// one finding.
void PlanChecker::take_new(const Findings& found, const DesignPoint& point) {
  for (auto finding : found.all()) {
    if (!seen_
           .emplace(finding.file, finding.line, finding.column,
                    finding.code + " " + finding.path)
           .second)
      continue;
    const auto text = spoken(manifest_, point);
    if (finding.file == manifest_.file && !text.empty())
      finding.notes.push_back("first met at the point " + text);
    findings_.add(std::move(finding));
  }
}

void PlanChecker::check_measure(const ScenarioSpec& scenario) {
  std::vector<std::string> known;
  for (const auto& metric : scenario.metrics)
    known.push_back(metric.name);
  if (!check_metrics(manifest_, known, findings_))
    failed_ = 1;
}

void PlanChecker::report_duplicates() {
  if (duplicates_.count > 0)
    findings_.add(duplicates_finding(manifest_, duplicates_));
}

std::string PlanChecker::at(std::int64_t index) const {
  return "(" + spoken(manifest_, manifest_.design->point(index)) + ")";
}

} // namespace lab::sweeps
