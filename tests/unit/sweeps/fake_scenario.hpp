#pragma once

#include <string>
#include <vector>

#include "runtime/model/overlay.hpp"

namespace lab::sweeps {

/// A scenario of two participants that knows a handful of paths: `turns`,
/// `params.rule`, `params.start`, `params.trust`, `system_prompt`,
/// `world_state_model`, `actors.<eu|us>.llm_model`. Its content is the hash of
/// everything that can be set.
class FakeScenario final : public ScenarioSource {
public:
  /// Writing this path changes nothing, as a value does that another
  /// overrides.
  std::string ignored;

  Result<ScenarioSpec> resolve(const std::vector<Assignment>& assignments,
                               Findings& findings,
                               const yaml::Document* manifest) const override;
  std::vector<SettablePath> paths() const override;
  const std::string& folder() const override { return folder_; }

  /// How often a scenario was made.
  int resolved() const { return resolved_; }

private:
  std::string folder_ = "scenarios/fake";
  mutable int resolved_ = 0;
};

/// The error findings of a manifest as "code@line: message", in order.
std::vector<std::string> lines_of(const Findings& findings);

} // namespace lab::sweeps
