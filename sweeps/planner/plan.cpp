#include "sweeps/planner/plan.hpp"

#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/plan_base.hpp"
#include "sweeps/planner/run_layout.hpp"

namespace lab::sweeps {

PlanBase::PlanBase(Manifest manifest, const ScenarioSource& scenario,
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

Result<RunSpec> PlanBase::resolve(const RunTicket& ticket) const {
  std::int32_t wording = 0;
  LAB_TRY(auto scenario, scenario_of_run(ticket, wording));
  RunSpec run;
  run.id = ticket.run;
  run.name = ticket.name;
  run.sweep = id_;
  run.point = ticket.point;
  run.replicate = ticket.replicate;
  run.seed = ticket.seed;
  run.user = user_;
  run.scope = scope_of(ticket);
  run.factors = factors_at(manifest_, design_point(ticket.point_index));
  if (const auto& variants = manifest_.wording.variants; !variants.empty())
    run.factors.emplace_back("wording",
                             variants[static_cast<std::size_t>(wording)].name);
  run.output = (std::filesystem::path{output_} / ticket.name).string();
  run.simulated = uses_simulation(*scenario);
  run.scenario = Shared<ScenarioSpec>{std::move(scenario)};
  return run;
}

/// A name that was given earlier may have another number than the replicate
/// has now, so the wordings are tried in turn.
Result<std::shared_ptr<const ScenarioSpec>>
PlanBase::scenario_of_run(const RunTicket& ticket,
                          std::int32_t& wording) const {
  for (std::int32_t i = 0; i < maker_.wordings(); ++i) {
    wording = maker_.wording_of(ticket.replicate - 1 + i);
    LAB_TRY(auto scenario, shared_scenario(ticket.point_index, wording));
    if (run_id_of(scenario->content, ticket.seed) == ticket.run)
      return scenario;
  }
  return fail(Errc::internal,
              "scenario changed since it was planned, run=" + ticket.name);
}

Result<RunTicket> PlanBase::unnamed_extra_run(std::int64_t point,
                                              std::int32_t replicate) const {
  // Another replicate may speak in another wording, and its seed hangs on what
  // it says.
  LAB_TRY(const auto scenario, scenario_of(point, replicate - 1));
  auto replicates = manifest_.replicates;
  if (replicates.mode == SeedMode::listed) // which ends
    replicates.mode = SeedMode::paired;
  RunTicket ticket;
  ticket.seed =
    seed_of(replicates, manifest_.seed, scenario.content, replicate - 1);
  ticket.run = run_id_of(scenario.content, ticket.seed);
  ticket.point_index = static_cast<std::int32_t>(point);
  return ticket;
}

SweepPlanned PlanBase::fact_of(const std::string& scenario,
                               bool simulated) const {
  SweepPlanned fact;
  fact.sweep = id_;
  fact.name = manifest_.name;
  fact.about = manifest_.about;
  fact.scenario = scenario;
  fact.manifest = join(manifest_.document->lines, "\n") + "\n";
  fact.points = static_cast<std::int32_t>(point_count());
  fact.replicates = manifest_.replicates.count;
  for (const auto& factor : manifest_.factors)
    fact.factors.push_back(factor.name);
  fact.output = output_;
  fact.simulated = simulated;
  return fact;
}

/// Only equal seeds of one sweep share: replicates stay independent.
Digest128 PlanBase::scope_of(const RunTicket& ticket) const {
  Hasher hasher;
  if (manifest_.sharing)
    hasher.add("sweep-seed")
      .add(static_cast<std::int64_t>(id_.value))
      .add(static_cast<std::int64_t>(ticket.seed));
  else
    hasher.add("run").add(static_cast<std::int64_t>(ticket.run.value));
  return hasher.finish128();
}

Diagnostic duplicates_finding(const Manifest& manifest,
                              const Duplicates& duplicates) {
  const auto& document = *manifest.document;
  auto finding =
    yaml::at(document, *document.root.find("design"), "S419",
             duplicates.count == 1
               ? "a point is the same scenario as another and runs once"
               : std::to_string(duplicates.count)
                   + " points are the same scenario as others and run once");
  finding.path = "design";
  finding.severity = Severity::warning;
  finding.notes = duplicates.examples;
  finding.help.emplace_back("a factor that another value overrides, or a "
                            "`--model` for everybody, varies nothing");
  return finding;
}

bool is_listed(const Manifest& manifest) {
  const auto points = manifest.design->size();
  return points <= points_listed_max
         && points * manifest.replicates.count <= runs_listed_max;
}

Result<std::unique_ptr<SweepPlan>> make_plan(Manifest manifest,
                                             const ScenarioSource& scenario,
                                             const PlanContext& context,
                                             Findings& findings) {
  auto plan = is_listed(manifest)
                ? make_listed_plan(std::move(manifest), scenario, context)
                : make_walked_plan(std::move(manifest), scenario, context);
  LAB_CHECKED(plan->fill(context, findings));
  return plan;
}

} // namespace lab::sweeps
