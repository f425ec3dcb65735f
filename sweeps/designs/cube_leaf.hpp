#pragma once

#include <memory>

#include "runtime/base/seed.hpp"
#include "sweeps/designs/leaf.hpp"

// Leaves that fill the unit cube of their factors.

namespace lab::sweeps {

/// A factor of a leaf.
struct Axis {
  std::size_t factor = 0; // index in the manifest's order
  Factor means;
};

/// A leaf whose points are coordinates in the unit cube first. Derived classes
/// say where; values come of it by `Factor::at`.
class CubeLeaf : public Leaf {
public:
  explicit CubeLeaf(std::vector<Axis> axes);

  const std::vector<std::size_t>& factors() const final { return factors_; }
  std::optional<FactorValue> value(std::int64_t point,
                                   std::size_t position) const final;
  std::vector<double> unit(std::int64_t point) const final;

protected:
  /// In [0, 1].
  virtual double coordinate(std::int64_t point, std::size_t position) const = 0;
  const std::vector<Axis>& axes() const { return axes_; }

private:
  std::vector<Axis> axes_;
  std::vector<std::size_t> factors_;
};

/// A line for each factor with levels, which step where a number would move.
std::vector<std::string> cell_notes(const std::vector<Axis>& axes,
                                    std::string_view leaf);

/// Independent uniform coordinates. Each hangs on the seed, the factor's name
/// and the point's number: more points keep the earlier ones.
std::unique_ptr<Leaf> make_random(std::vector<Axis> axes, std::int64_t points,
                                  const Seed& seed);

/// Latin hypercube: in every coordinate, each of N equal cells holds one point
/// (McKay, Beckman and Conover, Technometrics 21, 1979), at a random place.
///
/// It is nested: with N = n 2^m, n odd, the first n 2^i points are a Latin
/// hypercube, too, because each doubling puts the new points into the halves
/// of cells that are free, in random order for each factor (Sallaberry, Helton
/// and Hora, Reliability Engineering & System Safety 93, 2008). So doubling
/// `points` keeps the earlier ones.
std::unique_ptr<Leaf> make_latin_hypercube(std::vector<Axis> axes,
                                           std::int64_t points,
                                           const Seed& seed);

/// More points than this are not improved: the time grows with their square.
inline constexpr std::int64_t maximin_points_max = 1'000;

/// A Latin hypercube whose points keep away from each other: exchanges of two
/// points' coordinates in one factor, kept when they lower
/// phi = (sum over pairs of distance^-p)^(1/p), p = 16 (Morris and Mitchell,
/// Journal of Statistical Planning and Inference 43, 1995). The order of its
/// points means nothing.
/// @param points  2 to `maximin_points_max`
std::unique_ptr<Leaf> make_maximin(std::vector<Axis> axes, std::int64_t points,
                                   const Seed& seed);

/// Sobol's sequence with the direction numbers of Joe and Kuo, see
/// `SobolSequence`. More points keep the earlier ones.
std::unique_ptr<Leaf> make_sobol(std::vector<Axis> axes, std::int64_t points,
                                 bool scramble, const Seed& seed);

/// Saltelli's rows for variance-based indices: for each of N samples A, B, then
/// AB_i for each factor (A with column i from B), and with `second_order` BA_i:
/// N(k + 2) or N(2k + 2) points. A and B are the two halves of a Sobol point of
/// 2k dimensions. Not scrambled, the first point of the sequence, where A and B
/// are the same, is left out.
/// @source Saltelli, Computer Physics Communications 145, 2002; Saltelli et
///         al., Computer Physics Communications 181, 2010
std::unique_ptr<Leaf> make_saltelli(std::vector<Axis> axes, std::int64_t base,
                                    bool second_order, bool scramble,
                                    const Seed& seed);

/// Morris trajectories on a grid of p levels, p even: from a random start each
/// of the k factors moves once, in random order, by p / (2(p - 1)) up or down.
/// r(k + 1) points.
/// @source Morris, Technometrics 33, 1991
std::unique_ptr<Leaf> make_morris(std::vector<Axis> axes,
                                  std::int64_t trajectories,
                                  std::int64_t levels, const Seed& seed);

} // namespace lab::sweeps
