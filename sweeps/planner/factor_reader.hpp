#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sweeps/planner/decimal.hpp"
#include "sweeps/planner/manifest.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// A factor and what the rest of a manifest is checked against.
struct FactorEntry {
  Factor factor;
  const yaml::Entry* place = nullptr; // in the document
  /// Bounds of a `range`; hand-made points may name any number in between.
  std::optional<std::pair<Decimal, Decimal>> range;
  bool used = false; // by the design
};

/// Most levels of one factor.
inline constexpr std::size_t levels_max = 10'000;

/// Reads `factors`. Every problem becomes a finding; a factor that could not
/// be read whole is kept with what was, so that its name is known.
std::vector<FactorEntry> read_factors(const yaml::Document& document,
                                      const yaml::Node& factors,
                                      Findings& findings);

/// The value as the design compares it: numbers lose what does not matter
/// ("0.50" is "0.5"), everything else is its text.
std::string comparable(const yaml::Node& value);

/// Reports a path that no scenario can have.
bool check_path(const yaml::Document& document, const yaml::Node& place,
                const std::string& path, const std::string& dotted,
                Findings& findings);

/// True when writing the one can overwrite what the other wrote: equal paths,
/// a path within another, a `*` that meets a name.
bool overlap(const std::string& a, const std::string& b);

} // namespace lab::sweeps
