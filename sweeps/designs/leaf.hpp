#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sweeps/designs/factor.hpp"

namespace lab::sweeps {

enum class LeafKind : std::uint8_t {
  grid,
  list,
  zip,
  random,
  latin_hypercube,
  sobol,
  saltelli,
  morris,
  one_at_a_time,
};

/// As a manifest writes it: "latin-hypercube".
std::string_view name_of(LeafKind kind);

/// Where a point stands in a Morris sample: trajectories of k + 1 points, of
/// which each differs from the one before in one factor.
struct MorrisPlace {
  std::int32_t trajectory = 0; // from 0
  std::int32_t step = 0;       // 0 to k
  std::int32_t moved = -1;     // position in Leaf::factors(); -1 at step 0
  double delta = 0;            // of the unit coordinate, signed; 0 at step 0

  friend bool operator==(const MorrisPlace&, const MorrisPlace&) = default;
};

/// Rows of a Saltelli sample: A and B are independent; AB is A with one column
/// from B, BA is B with one column from A.
enum class SaltelliRow : std::uint8_t { a, b, ab, ba };

struct SaltelliPlace {
  std::int32_t sample = 0; // 0 to N - 1
  SaltelliRow row = SaltelliRow::a;
  std::int32_t swapped = -1; // position in Leaf::factors(); -1 in A and B
  /// Which of the independently scrambled sequences the sample is of; -1: of
  /// one that is not scrambled.
  std::int32_t batch = -1;

  friend bool operator==(const SaltelliPlace&, const SaltelliPlace&) = default;
};

/// The baseline, or which one factor is away from it.
struct OneAtATimePlace {
  std::int32_t moved = -1; // position in Leaf::factors(); -1: the baseline

  friend bool operator==(const OneAtATimePlace&,
                         const OneAtATimePlace&) = default;
};

using LeafPlace =
  std::variant<std::monostate, MorrisPlace, SaltelliPlace, OneAtATimePlace>;

/// Points over some of the factors, made when they are asked for. Immutable:
/// any thread may ask.
class Leaf {
public:
  virtual ~Leaf() = default;

  virtual LeafKind kind() const = 0;
  virtual std::int64_t size() const = 0;
  /// The factors that it varies: indices in the manifest's order, in the order
  /// in which the leaf names them.
  virtual const std::vector<std::size_t>& factors() const = 0;

  /// The value of one of `factors()` at a point; nothing where a hand-made
  /// point does not name the factor.
  virtual std::optional<FactorValue> value(std::int64_t point,
                                           std::size_t position) const = 0;
  /// Of a hand-made point; else empty.
  virtual std::string label(std::int64_t /*point*/) const { return {}; }

  /// Coordinates in the unit cube, one for each of `factors()`, before values
  /// are made of them. Empty for grid, list, zip and one-at-a-time, which
  /// choose among levels.
  virtual std::vector<double> unit(std::int64_t /*point*/) const { return {}; }
  /// The part a point plays for the estimator that belongs to the leaf.
  virtual LeafPlace place(std::int64_t /*point*/) const { return {}; }

  /// Every prefix of a multiple of so many points is a sample of the same
  /// kind, so they are best run in order: 1 for random, Latin hypercube and
  /// Sobol, k + 1 for Morris, the points of one sample for Saltelli. 0: the
  /// order means nothing.
  virtual std::int64_t prefix_unit() const { return 0; }

  /// What people should know before they pay: "`rule` has 3 values, which
  /// share the unit interval in equal cells".
  virtual std::vector<std::string> notes() const { return {}; }
};

} // namespace lab::sweeps
