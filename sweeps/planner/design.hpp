#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/yaml.hpp"

namespace lab::sweeps {

/// A value that a factor can take: what is written into the scenario (with its
/// place in the manifest) and how people see it.
struct FactorValue {
  yaml::Node value;
  std::string text; // "0.3", "binding", "[0, 10]"
};

/// One combination of values.
struct DesignPoint {
  std::string label; // of a hand-made point; else empty
  /// One entry a factor, in the manifest's order; nothing where the design
  /// does not use the factor and the scenario's own value holds.
  std::vector<std::optional<FactorValue>> values;
};

/// Which combinations a sweep visits. Points are made when they are asked for:
/// a design of a million points costs no more memory than one of ten.
class Design {
public:
  virtual ~Design() = default;
  virtual std::int64_t size() const = 0;
  /// The i-th combination, `0 <= i < size()`; the same for the same i, always.
  virtual DesignPoint point(std::int64_t i) const = 0;
  /// For people: "6 grid", "45 list x 2 grid".
  virtual std::string outline() const = 0;
};

/// The values that one factor takes in a grid.
struct GridAxis {
  std::size_t factor = 0; // index in the manifest's order
  std::vector<FactorValue> values;
};

/// Every combination of the axes' values; the first axis varies slowest.
/// @param factors  number of factors in the manifest
std::unique_ptr<Design> make_grid(std::size_t factors,
                                  std::vector<GridAxis> axes);

/// The points as given.
std::unique_ptr<Design> make_list(std::vector<DesignPoint> points);

/// Every point of the first part with every point of the second, and so on;
/// the first part varies slowest. No factor may be in two parts. Labels are
/// joined with ", ".
std::unique_ptr<Design> make_cross(std::vector<std::unique_ptr<Design>> parts);

} // namespace lab::sweeps
