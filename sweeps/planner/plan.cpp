#include "sweeps/planner/plan.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/run_layout.hpp"

namespace lab::sweeps {

namespace {

/// What stays of a point once it was checked.
struct CheckedPoint {
  std::int64_t index = 0; // in the design
  Digest256 content{};
  std::int32_t turns = 0;
  std::string models; // of everybody, as one text
};

std::string models_text(const ScenarioSpec& scenario) {
  const auto models = models_of(scenario);
  return join({models.begin(), models.end()}, " ");
}

std::vector<std::pair<std::string, std::string>>
factors_at(const Manifest& manifest, const DesignPoint& point) {
  std::vector<std::pair<std::string, std::string>> named;
  for (std::size_t i = 0; i < point.values.size(); ++i)
    if (point.values[i])
      named.emplace_back(manifest.factors[i].name, point.values[i]->text);
  return named;
}

/// "calm doves", or "rule=none, start=calm".
std::string spoken(const Manifest& manifest, const DesignPoint& point) {
  if (!point.label.empty())
    return point.label;
  std::vector<std::string> parts;
  for (const auto& [name, value] : factors_at(manifest, point))
    parts.push_back(name + "=" + value);
  return join(parts, ", ");
}

/// Everything that makes a point's scenario out of the user's: what the
/// manifest sets, its models, the factors, and the command line on top.
class PointMaker {
public:
  PointMaker(const Manifest& manifest, const ScenarioSource& scenario,
             const std::vector<ModelOverride>& models)
    : manifest_(manifest), scenario_(scenario), base_(manifest.set),
      top_(model_assignments(models, scenario)) {
    for (const auto& model : manifest.models)
      for (auto& assignment : model_assignments({model}, scenario)) {
        take_place(assignment.value, model.first);
        base_.push_back(std::move(assignment));
      }
  }

  Result<ScenarioSpec> make(const DesignPoint& point,
                            Findings& findings) const {
    auto assignments = base_;
    for (std::size_t i = 0; i < point.values.size(); ++i)
      if (point.values[i])
        for (auto& assignment :
             assignments_of(manifest_.factors[i], *point.values[i]))
          assignments.push_back(std::move(assignment));
    assignments.insert(assignments.end(), top_.begin(), top_.end());
    return scenario_.resolve(assignments, findings, manifest_.document.get());
  }

private:
  /// Gives a value made from `models` the place where it stands.
  void take_place(yaml::Node& value, const std::string& whom) const {
    const auto* written = manifest_.document->root.find("models");
    if (written != nullptr && written->kind == yaml::Kind::map)
      written = written->find(whom.empty() ? "*" : whom);
    if (written == nullptr)
      return;
    value.mark = written->mark;
    value.end = written->end;
  }

  const Manifest& manifest_;
  const ScenarioSource& scenario_;
  std::vector<Assignment> base_;
  std::vector<Assignment> top_;
};

/// Resolves every point once and keeps what a plan needs of it.
class PlanChecker {
public:
  PlanChecker(const Manifest& manifest, const PointMaker& maker,
              Findings& findings)
    : manifest_(manifest), maker_(maker), findings_(findings) {}

  /// @errors invalid_input
  Result<std::vector<CheckedPoint>> check() {
    for (std::int64_t i = 0; i < manifest_.design->size(); ++i)
      LAB_CHECKED(check_point(i));
    if (failed_ > 0)
      return fail(Errc::invalid_input,
                  "sweep=" + manifest_.name
                    + " faulty_points=" + std::to_string(failed_));
    report_duplicates();
    return std::move(points_);
  }

  /// Of the first point; every point has the same.
  const std::string& scenario_id() const { return scenario_id_; }
  bool simulated() const { return simulated_; }

private:
  Result<void> check_point(std::int64_t index) {
    const auto point = manifest_.design->point(index);
    Findings found;
    const auto scenario = maker_.make(point, found);
    take_new(found, point);
    if (!scenario) {
      ++failed_;
      // An error that nobody explained is not the user's to mend.
      if (!found.has_errors())
        return tl::unexpected(scenario.error());
      return {};
    }
    if (scenario_id_.empty()) {
      scenario_id_ = scenario->id;
      check_measure(*scenario);
    }
    simulated_ = simulated_ || uses_simulation(*scenario);
    const auto [first, fresh] = contents_.emplace(scenario->content, index);
    if (fresh)
      points_.push_back(
        {index, scenario->content, scenario->turns, models_text(*scenario)});
    else
      duplicates_.emplace_back(index, first->second);
    return {};
  }

  /// The same slip shows at many points, and is one finding.
  void take_new(const Findings& found, const DesignPoint& point) {
    for (auto finding : found.all()) {
      if (!seen_
             .emplace(finding.file, finding.line, finding.column,
                      finding.message)
             .second)
        continue;
      const auto text = spoken(manifest_, point);
      if (finding.file == manifest_.file && !text.empty())
        finding.notes.push_back("first met at the point " + text);
      findings_.add(std::move(finding));
    }
  }

  void check_measure(const ScenarioSpec& scenario) {
    std::vector<std::string> known;
    for (const auto& metric : scenario.metrics)
      known.push_back(metric.name);
    for (std::size_t i = 0; i < manifest_.measure.final_metrics.size(); ++i) {
      const auto& name = manifest_.measure.final_metrics[i];
      if (std::ranges::find(known, name) != known.end())
        continue;
      const auto* place =
        manifest_.document->root.find("measure")->find("final");
      auto& finding = error_at(
        *manifest_.document,
        place->kind == yaml::Kind::list ? place->items[i] : *place, findings_,
        "S420", "the scenario has no metric `" + name + "`", "measure.final");
      if (const auto near = closest(name, known))
        finding.help.push_back("did you mean `" + *near + "`?");
      finding.notes.push_back(known.empty()
                                ? "it has no metrics at all"
                                : "its metrics: " + join(known, ", "));
      failed_ = 1;
    }
  }

  void report_duplicates() {
    constexpr std::size_t shown_max = 5;
    if (duplicates_.empty())
      return;
    const auto count = duplicates_.size();
    auto& finding = error_at(
      *manifest_.document, *manifest_.document->root.find("design"), findings_,
      "S419",
      count == 1 ? "a point is the same scenario as another and runs once"
                 : std::to_string(count)
                     + " points are the same scenario as others and run once",
      "design");
    finding.severity = Severity::warning;
    for (std::size_t i = 0; i < std::min(count, shown_max); ++i)
      finding.notes.push_back(at(duplicates_[i].first) + " is the same as "
                              + at(duplicates_[i].second));
    finding.help.emplace_back("a factor that another value overrides, or a "
                              "`--model` for everybody, varies nothing");
  }

  std::string at(std::int64_t index) const {
    return "(" + spoken(manifest_, manifest_.design->point(index)) + ")";
  }

  const Manifest& manifest_;
  const PointMaker& maker_;
  Findings& findings_;
  std::set<std::tuple<std::string, int, int, std::string>> seen_;
  std::map<Digest256, std::int64_t> contents_; // first point with it
  std::vector<std::pair<std::int64_t, std::int64_t>> duplicates_;
  std::vector<CheckedPoint> points_;
  std::string scenario_id_;
  std::int64_t failed_ = 0;
  bool simulated_ = false;
};

/// The tickets that are not done, in order.
class MissingRuns final : public RunSource {
public:
  MissingRuns(const SweepPlan& plan, const std::set<RunId>& completed)
    : plan_(plan) {
    const auto& tickets = plan.tickets();
    for (std::size_t i = 0; i < tickets.size(); ++i)
      if (!completed.contains(tickets[i].run))
        missing_.push_back(i);
  }

  std::optional<RunTicket> next() override {
    if (next_ == missing_.size())
      return std::nullopt;
    return plan_.tickets()[missing_[next_++]];
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    return plan_.resolve(ticket);
  }

private:
  const SweepPlan& plan_;
  std::vector<std::size_t> missing_; // indices into the plan's tickets
  std::size_t next_ = 0;
};

class CheckedPlan final : public SweepPlan {
public:
  CheckedPlan(Manifest manifest, const ScenarioSource& scenario,
              const PlanContext& context)
    : manifest_(std::move(manifest)), id_(sweep_id_of(manifest_.name)),
      user_(context.user), budget_(manifest_.budget),
      maker_(manifest_, scenario, context.models) {
    if (context.usd)
      budget_.usd = context.usd;
    const auto under = [this](const std::string& base) {
      return (std::filesystem::path{base} / manifest_.name).string();
    };
    if (context.output)
      output_ = under(*context.output);
    else if (!manifest_.output_dir.empty())
      output_ = manifest_.output_dir;
    else
      output_ = under("output");
  }

  /// Checks and lays out; the plan is complete when this has no error.
  Result<void> fill(const PlanContext& context, Findings& findings) {
    PlanChecker checker{manifest_, maker_, findings};
    LAB_TRY(points_, checker.check());
    lay_out(context);
    fact_ = make_fact(checker, context);
    if (context.first) {
      const auto wanted =
        static_cast<std::size_t>(std::max<std::int64_t>(*context.first, 0));
      tickets_.resize(std::min(tickets_.size(), wanted));
    }
    return {};
  }

  const Manifest& manifest() const override { return manifest_; }
  SweepId id() const override { return id_; }
  SweepPlanned sweep_fact() const override { return fact_; }
  std::size_t point_count() const override { return points_.size(); }

  PlannedPoint point(std::size_t index) const override {
    auto point = design_point(index);
    return {point_name(numbers_.at(index)), point.label,
            factors_at(manifest_, point)};
  }

  std::int32_t turns_of(std::size_t index) const override {
    return points_.at(index).turns;
  }

  Result<ScenarioSpec> scenario_of(std::size_t index) const override {
    Findings unused; // the same as when the point was checked
    LAB_TRY(auto scenario, maker_.make(design_point(index), unused));
    if (scenario.content != points_[index].content)
      return fail(Errc::internal,
                  "scenario changed since it was planned, point="
                    + point_name(numbers_[index]));
    return scenario;
  }

  const std::vector<RunTicket>& tickets() const override { return tickets_; }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    const auto index = static_cast<std::size_t>(ticket.point_index);
    LAB_TRY(auto scenario, shared_scenario(index));
    RunSpec run;
    run.id = ticket.run;
    run.name = ticket.name;
    run.sweep = id_;
    run.point = ticket.point;
    run.replicate = ticket.replicate;
    run.seed = ticket.seed;
    run.user = user_;
    run.scope = scope_of(ticket);
    run.factors = factors_at(manifest_, design_point(index));
    run.output = (std::filesystem::path{output_} / ticket.name).string();
    run.simulated = uses_simulation(*scenario);
    run.scenario = Shared<ScenarioSpec>{std::move(scenario)};
    return run;
  }

  const Limit& budget() const override { return budget_; }
  const std::string& output() const override { return output_; }

  std::unique_ptr<RunSource>
  missing(const std::set<RunId>& completed) const override {
    return std::make_unique<MissingRuns>(*this, completed);
  }

private:
  DesignPoint design_point(std::size_t index) const {
    return manifest_.design->point(points_.at(index).index);
  }

  void lay_out(const PlanContext& context) {
    std::vector<std::vector<RunId>> runs;
    std::vector<std::vector<std::uint64_t>> seeds;
    std::vector<std::string> models;
    for (const auto& point : points_) {
      seeds.push_back(
        seeds_of(manifest_.replicates, manifest_.seed, point.content));
      auto& ids = runs.emplace_back();
      for (const auto seed : seeds.back())
        ids.push_back(run_id_of(point.content, seed));
      models.push_back(point.models);
    }
    const auto named = name_runs(runs, context.names);
    for (const auto& point : named)
      numbers_.push_back(point.front().point);
    for (const auto& [point, replicate] :
         execution_order(runs, models, manifest_.order, manifest_.seed)) {
      const auto p = static_cast<std::size_t>(point);
      const auto r = static_cast<std::size_t>(replicate);
      const auto& run = named[p][r];
      tickets_.push_back({run.run, run_name(run.point, run.replicate),
                          point_name(run.point), point, run.replicate,
                          seeds[p][r]});
    }
  }

  SweepPlanned make_fact(const PlanChecker& checker,
                         const PlanContext& context) const {
    SweepPlanned fact;
    fact.sweep = id_;
    fact.name = manifest_.name;
    fact.about = manifest_.about;
    fact.scenario = checker.scenario_id();
    fact.manifest = join(manifest_.document->lines, "\n") + "\n";
    fact.points = static_cast<std::int32_t>(points_.size());
    fact.replicates = manifest_.replicates.count;
    for (const auto& factor : manifest_.factors)
      fact.factors.push_back(factor.name);
    fact.output = output_;
    fact.simulated = checker.simulated();
    for (const auto& ticket : tickets_)
      if (!context.names.contains(ticket.run))
        fact.runs.push_back(ticket);
    return fact;
  }

  /// Only equal seeds of one sweep share: replicates stay independent.
  Digest128 scope_of(const RunTicket& ticket) const {
    Hasher hasher;
    if (manifest_.sharing)
      hasher.add("sweep-seed")
        .add(static_cast<std::int64_t>(id_.value))
        .add(static_cast<std::int64_t>(ticket.seed));
    else
      hasher.add("run").add(static_cast<std::int64_t>(ticket.run.value));
    return hasher.finish128();
  }

  /// One copy for all runs of a point that live at the same time.
  Result<std::shared_ptr<const ScenarioSpec>>
  shared_scenario(std::size_t index) const {
    auto& kept = living_[index];
    if (auto scenario = kept.lock())
      return scenario;
    LAB_TRY(auto made, scenario_of(index));
    auto scenario = std::make_shared<const ScenarioSpec>(std::move(made));
    kept = scenario;
    return scenario;
  }

  Manifest manifest_;
  SweepId id_;
  std::string user_;
  Limit budget_;
  std::string output_;
  PointMaker maker_; // refers to manifest_
  std::vector<CheckedPoint> points_;
  std::vector<std::int32_t> numbers_; // of the points' names
  std::vector<RunTicket> tickets_;
  SweepPlanned fact_;
  mutable std::unordered_map<std::size_t, std::weak_ptr<const ScenarioSpec>>
    living_;
};

/// Places besides participants and the world where a scenario names a model.
bool is_other_model(const std::string& path) {
  return path == "summary_model" || path == "validation.validation_model"
         || path == "features.context_management.summarization_model"
         || (path.starts_with("metrics.")
             && (path.ends_with(".model") || path.ends_with(".llm_model")));
}

} // namespace

Result<std::unique_ptr<SweepPlan>> make_plan(Manifest manifest,
                                             const ScenarioSource& scenario,
                                             const PlanContext& context,
                                             Findings& findings) {
  auto plan =
    std::make_unique<CheckedPlan>(std::move(manifest), scenario, context);
  LAB_CHECKED(plan->fill(context, findings));
  return plan;
}

std::vector<Assignment>
model_assignments(const std::vector<ModelOverride>& models,
                  const ScenarioSource& scenario) {
  std::vector<Assignment> made;
  for (const auto& [whom, model] : models) {
    const auto value = yaml::Node::text(model);
    if (whom == "world") {
      made.push_back({"world_state_model", value});
    } else if (!whom.empty()) {
      made.push_back({"actors." + whom + ".llm_model", value});
    } else {
      made.push_back({"actors.*.llm_model", value});
      made.push_back({"world_state_model", value});
      for (const auto& place : scenario.paths())
        if (is_other_model(place.path))
          made.push_back({place.path, value});
    }
  }
  return made;
}

} // namespace lab::sweeps
