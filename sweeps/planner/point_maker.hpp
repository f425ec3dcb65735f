#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/model/overlay.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::sweeps {

/// Everything that makes a point's scenario out of the user's: what the
/// manifest sets, its models, the wording of the replicate, the factors, and
/// the command line on top.
class PointMaker {
public:
  /// Manifest and scenario are kept by reference.
  /// @param models  the command line's
  PointMaker(const Manifest& manifest, const ScenarioSource& scenario,
             const std::vector<ModelOverride>& models);

  /// @param replicate  index
  /// @errors those of `ScenarioSource::resolve`
  Result<ScenarioSpec> make(const DesignPoint& point, std::int32_t replicate,
                            Findings& findings) const;

  /// How many scenarios the replicates of a point have: one a wording.
  std::int32_t wordings() const;
  /// Which of them a replicate has; replicates take turns.
  std::int32_t wording_of(std::int32_t replicate) const {
    return replicate % wordings();
  }

private:
  void take_place(yaml::Node& value, const std::string& whom) const;

  const Manifest& manifest_;
  const ScenarioSource& scenario_;
  std::vector<Assignment> base_;
  std::vector<Assignment> top_;
};

/// Factor -> value as text, in the manifest's order; only factors in use.
std::vector<std::pair<std::string, std::string>>
factors_at(const Manifest& manifest, const DesignPoint& point);

/// "calm doves", or "rule=none, start=calm".
std::string spoken(const Manifest& manifest, const DesignPoint& point);

/// The assignments that put `models` into a scenario. For everybody that is
/// every participant, the world and each metric that names a model of its own.
std::vector<Assignment>
model_assignments(const std::vector<ModelOverride>& models,
                  const ScenarioSource& scenario);

} // namespace lab::sweeps
