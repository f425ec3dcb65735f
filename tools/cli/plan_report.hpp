#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/model/account.hpp"
#include "sweeps/planner/cap_chance.hpp"
#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/forecast.hpp"
#include "sweeps/planner/manifest.hpp"
#include "tools/cli/plan_limits.hpp"

namespace lab::tools {

/// Where a model of the plan leads.
struct RouteLine {
  std::string model;    // as the scenario names it
  std::string provider; // that bills; empty when refused
  std::string wire_model;
};

/// Which of the models in use are simulated.
struct Simulation {
  bool any = false;
  bool all = false;
};
Simulation simulation_of(const sweeps::Estimate& estimate);

/// The runs that come first, and what is decided then.
struct PilotView {
  std::int64_t runs = 0;
  std::vector<std::string> names; // of a listed plan, in order
  std::string then;               // expression; empty: the sweep goes on
};

/// What `sweep plan` says before anything is spent.
struct PlanView {
  std::string name;
  std::string manifest; // file
  std::string scenario; // id
  std::string folder;
  std::size_t participants = 0;
  std::size_t events = 0;
  std::int32_t turns_min = 0, turns_max = 0; // over the points
  std::string outline;                       // of the design
  std::vector<std::string> design_notes;     // what it does with some factors
  std::int64_t designed = 0;                 // points of the design
  std::int64_t points = 0;                   // that are different
  bool listed = true;                        // see SweepPlan
  sweeps::RunOrder order = sweeps::RunOrder::blocks;
  std::int32_t replicates = 1;
  sweeps::SeedMode seeds = sweeps::SeedMode::paired;
  std::int64_t runs = 0; // of the plan, after --first
  std::int64_t existing = 0;
  std::int64_t halted = 0;        // by their own checks; not run again
  sweeps::SweepEstimate estimate; // of the runs to do
  sweeps::TimeForecast forecast;
  Simulation simulation; // of all runs
  Limit budget;
  sweeps::CapChances chances; // of passing it
  std::optional<Money> per_run;
  PlanLimits limits;
  std::optional<PilotView> pilot;
  std::vector<RouteLine> routes;
  std::int32_t runs_in_flight = 0;
  std::string output;
};

std::string plan_text(const PlanView& view);
std::string plan_json(const PlanView& view);

/// What `estimate` and `run --dry-run` say of a single run.
struct EstimateView {
  std::string scenario;
  std::string folder;
  std::int32_t turns = 0;
  std::vector<std::string> actors; // ids in scenario order
  std::vector<std::string> phases; // in the order of a turn
  sweeps::Estimate estimate;
  std::vector<RouteLine> routes;
  /// The command that does it, without a limit; empty: not to be shown.
  std::string next;
};

/// Without routes and next command.
EstimateView estimate_view(const ScenarioSpec& scenario,
                           const std::string& folder,
                           sweeps::Estimate estimate);

/// A word of a command as a shell needs it.
std::string shell_quoted(const std::string& word);

std::string estimate_text(const EstimateView& view);
std::string estimate_json(const EstimateView& view);

} // namespace lab::tools
