#include "sweeps/designs/factor.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"

namespace lab::sweeps {

namespace {

/// A cell holds its lower end. Morris steps land on ends, and 7 / 25 x 25 must
/// not fall below 7 by a rounding.
constexpr double rounding = 1e-12;

std::size_t cell_of(double u, const std::vector<double>& shares,
                    std::size_t levels) {
  auto cell =
    static_cast<std::size_t>(u * static_cast<double>(levels) + rounding);
  if (!shares.empty()) {
    cell = 0;
    for (double until = shares[0]; cell + 1 < levels && u + rounding >= until;)
      until += shares[++cell];
  }
  return std::min(cell, levels - 1);
}

} // namespace

FactorValue Factor::at(double u) const {
  if (!levels.empty())
    return levels[cell_of(u, shares, levels.size())];
  LAB_CHECK(distribution.has_value(), "factor=" + name);
  auto text = to_string(distribution->quantile(u));
  auto value = yaml::Node::plain(text);
  value.mark = mark;
  value.end = end;
  return {std::move(value), std::move(text)};
}

bool Factor::has_ends() const {
  return !levels.empty() || (distribution && distribution->has_ends());
}

std::vector<Assignment> assignments_of(const Factor& factor,
                                       const FactorValue& value) {
  std::vector<Assignment> made;
  if (factor.bundle) {
    for (const auto& entry : value.value.entries)
      made.push_back({entry.key, entry.value});
    return made;
  }
  for (const auto& path : factor.paths)
    made.push_back({path, value.value});
  return made;
}

} // namespace lab::sweeps
