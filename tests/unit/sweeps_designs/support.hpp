#pragma once

#include <string>
#include <vector>

#include "sweeps/designs/cube_leaf.hpp"
#include "sweeps/planner/design.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::sweeps {

Decimal dec(const std::string& text);

FactorValue value(const std::string& text);

/// Numbers from 0 to 1.
Axis number_axis(std::size_t factor, const std::string& name);
Axis level_axis(std::size_t factor, const std::string& name,
                const std::vector<std::string>& levels);
/// `count` of `number_axis`, named a, b, …
std::vector<Axis> number_axes(std::size_t count);

/// The unit coordinates of all points.
std::vector<std::vector<double>> units(const Leaf& leaf);

/// The texts of all points of a design, a dash where a factor is not used, and
/// a space between factors.
std::vector<std::string> shown(const Design& design);
/// The same of a leaf's factors.
std::vector<std::string> shown(const Leaf& leaf);

/// Centred L2 discrepancy: how far the shares of points in boxes are from the
/// boxes' volumes.
/// @source Hickernell, Mathematics of Computation 67, 1998, as
///         scipy.stats.qmc.discrepancy
double centred_discrepancy(const std::vector<std::vector<double>>& points);

/// The words of the lines of a table beside the tests, without its comment.
std::vector<std::vector<std::string>> table(const std::string& name);

/// Three good lines, and `more` from line 4 on.
std::string manifest_text(const std::string& more);

/// The manifest; a failed test and nothing when a finding is an error.
std::optional<Manifest> read(const std::string& more);

} // namespace lab::sweeps
