#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/base/yaml.hpp"
#include "runtime/model/scenario_spec.hpp"

namespace lab {

/// "Set this place of the scenario to this value." Paths use dots only:
/// "params.caution", "actors.eu.goals.0", "actors.*.llm_model", "turns",
/// "events.leak.probability", "metrics.tension.range", "actors.eu.goals.+".
struct Assignment {
  std::string path;
  yaml::Node value; // carries its place in the manifest
};

/// A place a sweep can set.
struct SettablePath {
  std::string path;
  std::string type;  // "text", "number", "list", …
  std::string value; // as it stands
  std::string file;
  int line = 0;
};

/// One scenario as written, from which variants are made without copies of
/// files: every variant is an overlay on the same immutable documents.
class ScenarioSource {
public:
  virtual ~ScenarioSource() = default;

  /// The scenario with `assignments` applied in order, decoded and checked.
  /// @errors invalid_input; `findings` says what and where. A finding about an
  ///         assignment has the place of its value in the manifest, when
  ///         `manifest` is given.
  virtual Result<ScenarioSpec>
  resolve(const std::vector<Assignment>& assignments, Findings& findings,
          const yaml::Document* manifest = nullptr) const = 0;

  /// Every path that can be set, in file order.
  virtual std::vector<SettablePath> paths() const = 0;

  /// The folder as the user named it.
  virtual const std::string& folder() const = 0;
};

} // namespace lab
