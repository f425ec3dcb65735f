#pragma once

#include <memory>
#include <string>

#include "sweeps/planner/plan.hpp"
#include "sweeps/planner/point_maker.hpp"

namespace lab::sweeps {

/// What listed and walked plans share. Internal to this folder.
class PlanBase : public SweepPlan {
public:
  PlanBase(Manifest manifest, const ScenarioSource& scenario,
           const PlanContext& context);

  const Manifest& manifest() const override { return manifest_; }
  SweepId id() const override { return id_; }
  const Limit& budget() const override { return budget_; }
  const std::string& output() const override { return output_; }
  const Duplicates& duplicates() const override { return duplicates_; }
  Result<RunSpec> resolve(const RunTicket& ticket) const override;

  /// Checks and lays out; the plan is complete when this has no error.
  virtual Result<void> fill(const PlanContext& context, Findings& findings) = 0;

protected:
  virtual DesignPoint design_point(std::int64_t index) const = 0;
  /// One copy for all runs of a point that live at the same time.
  virtual Result<std::shared_ptr<const ScenarioSpec>>
  shared_scenario(std::int64_t index, std::int32_t replicate) const = 0;

  /// Id and seed of `extra_run`, without names.
  Result<RunTicket> unnamed_extra_run(std::int64_t point,
                                      std::int32_t replicate) const;

  const PointMaker& maker() const { return maker_; }
  /// Without points and runs.
  SweepPlanned fact_of(const std::string& scenario, bool simulated) const;
  void set_duplicates(Duplicates found) const {
    duplicates_ = std::move(found);
  }

private:
  Result<std::shared_ptr<const ScenarioSpec>>
  scenario_of_run(const RunTicket& ticket, std::int32_t& wording) const;
  Digest128 scope_of(const RunTicket& ticket) const;

  Manifest manifest_;
  SweepId id_;
  std::string user_;
  Limit budget_;
  std::string output_;
  PointMaker maker_; // refers to manifest_
  mutable Duplicates duplicates_;
};

std::unique_ptr<PlanBase> make_listed_plan(Manifest manifest,
                                           const ScenarioSource& scenario,
                                           const PlanContext& context);
std::unique_ptr<PlanBase> make_walked_plan(Manifest manifest,
                                           const ScenarioSource& scenario,
                                           const PlanContext& context);

} // namespace lab::sweeps
