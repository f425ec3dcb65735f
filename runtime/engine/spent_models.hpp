#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/model/scenario_spec.hpp"

namespace lab::runtime {

/// Which runs of a sweep need not begin because the money of a model is out.
/// Pure.
///
/// It is not told which model a refused run lacked. So a run is held back only
/// when it asks every limited model that some refused run asked: whatever that
/// one lacked, this one lacks, too.
class SpentModels {
public:
  using Models = std::set<std::string>;

  /// @param limited  models with a ceiling of their own, without parameters
  explicit SpentModels(Models limited = {}) : limited_(std::move(limited)) {}

  /// The limited models that a run of the scenario may ask.
  Models asked_by(const ScenarioSpec& scenario) const;
  /// A run that asks these ended because one of them may not be asked any more.
  void refused(Models asked);
  bool holds_back(const Models& asked) const;

private:
  Models limited_;
  std::vector<Models> refused_; // none holds another
};

} // namespace lab::runtime
