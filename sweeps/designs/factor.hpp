#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/yaml.hpp"
#include "runtime/model/overlay.hpp"
#include "sweeps/designs/distribution.hpp"

namespace lab::sweeps {

/// A value that a factor can take: what is written into the scenario (with its
/// place in the manifest) and how people see it.
struct FactorValue {
  /// Of a bundle: a map of path -> value, perhaps empty.
  yaml::Node value;
  std::string text; // "0.3", "binding", "hawks", "openings/calm.md"
};

/// Something that varies: a name, the places of the scenario it writes, and
/// the values it can take.
struct Factor {
  std::string name;
  /// Written together. Of a bundle: every place that some level writes.
  std::vector<std::string> paths;
  std::string label; // for tables; the name unless given
  std::string unit;
  /// The levels in order: of `values`, `levels`, `files`, `choice`, a `range`
  /// with `step` and a short one of whole numbers. Empty for what has no list.
  std::vector<FactorValue> levels;
  /// How numbers spread; nothing when the factor has levels only.
  std::optional<Distribution> distribution;
  /// The share of each level, adding up to one; empty: all alike.
  std::vector<double> shares;
  /// `levels` in the manifest: a level says itself which places it writes.
  bool bundle = false;
  /// Where in the manifest the values stand, for numbers that are drawn.
  yaml::Mark mark;
  yaml::Mark end;

  /// The value at a place of the unit interval, 0 <= u <= 1. Levels have cells
  /// in their order, as wide as their shares; numbers are the quantile.
  FactorValue at(double u) const;
  /// False for numbers without a lowest and a highest one.
  bool has_ends() const;
};

/// What a value writes, in order.
std::vector<Assignment> assignments_of(const Factor& factor,
                                       const FactorValue& value);

} // namespace lab::sweeps
