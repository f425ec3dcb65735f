#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/base/yaml_reader.hpp"
#include "sweeps/designs/cube_leaf.hpp"
#include "sweeps/designs/level_leaf.hpp"
#include "sweeps/planner/factor_reader.hpp"

// What the readers of a design's parts share. Internal to this folder.

namespace lab::sweeps {

/// Indices of factors, in the manifest's order.
using FactorSet = std::set<std::size_t>;

/// Finds the factors that a design names.
class FactorBook {
public:
  FactorBook(const std::vector<FactorEntry>& factors, Findings& findings);

  const FactorEntry& at(std::size_t index) const { return factors_[index]; }
  std::size_t size() const { return factors_.size(); }

  /// Nothing, and a finding (S409), when there is none of this name.
  /// @param unknown  the finding's place and message
  std::optional<std::size_t> find(const std::string& name, Diagnostic unknown,
                                  std::string path) const;

  /// Reads `factors` of a leaf: the names, each once. Nothing after an error.
  std::optional<std::vector<std::size_t>>
  read_names(yaml::MapReader& reader) const;

private:
  const std::vector<FactorEntry>& factors_;
  Findings& findings_;
  std::vector<std::string> names_;
};

/// A hand-made value: a level, or a number within the bounds. Nothing, and a
/// finding (S413), when the factor cannot be that.
std::optional<FactorValue> chosen_value(const yaml::Document& document,
                                        const FactorEntry& entry,
                                        const yaml::Node& value,
                                        const std::string& path,
                                        Findings& findings);

/// Which level a hand-made value is; nothing, and a finding, when none.
std::optional<std::size_t> chosen_level(const yaml::Document& document,
                                        const FactorEntry& entry,
                                        const yaml::Node& value,
                                        const std::string& path,
                                        Findings& findings);

} // namespace lab::sweeps
