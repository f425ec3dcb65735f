#pragma once

#include <string>
#include <vector>

#include "runtime/base/yaml.hpp"
#include "sweeps/designs/factor.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// A factor and what the rest of a manifest is checked against.
struct FactorEntry {
  Factor factor;
  const yaml::Entry* place = nullptr; // in the document
  bool sound = false;                 // its values were read whole
  bool used = false;                  // by the design
};

/// Reads `factors`. Every problem becomes a finding; a factor that could not
/// be read whole is kept with what was, so that its name is known.
std::vector<FactorEntry> read_factors(const yaml::Document& document,
                                      const yaml::Node& factors,
                                      Findings& findings);

/// The key of an entry as a node, for findings at it.
yaml::Node key_node(const yaml::Entry& entry);

/// Reports a path that no scenario can have.
bool check_path(const yaml::Document& document, const yaml::Node& place,
                const std::string& path, const std::string& dotted,
                Findings& findings);

/// True when writing the one can overwrite what the other wrote: equal paths,
/// a path within another, a `*` that meets a name.
bool overlap(const std::string& a, const std::string& b);

} // namespace lab::sweeps
