#include <bit>
#include <utility>

#include "runtime/base/check.hpp"
#include "sweeps/designs/cube_leaf.hpp"
#include "sweeps/planner/permutation.hpp"

namespace lab::sweeps {

namespace {

/// A place in the unit interval: a cell of the coarsest division, and how far
/// inside it in 2^-64.
struct Spot {
  std::uint64_t cell = 0;
  std::uint64_t inside = 0;
};

/// One coordinate of all points. Level 0 has n cells for n points; each level
/// after it doubles both.
class NestedColumn {
public:
  NestedColumn(const Seed& seed, std::uint64_t points)
    : draws_(seed.child("inside")) {
    const auto doublings = static_cast<std::uint64_t>(std::countr_zero(points));
    coarse_ = points >> doublings;
    orders_.emplace_back(coarse_, seed.child("level").child(0));
    for (std::uint64_t level = 1; level <= doublings; ++level)
      orders_.emplace_back(
        coarse_ << (level - 1),
        seed.child("level").child(static_cast<std::int64_t>(level)));
  }

  double at(std::uint64_t point) const {
    const auto spot = spot_of(point);
    constexpr double unit = 0x1.0p-53;
    return (static_cast<double>(spot.cell)
            + static_cast<double>(spot.inside >> 11U) * unit)
           / static_cast<double>(coarse_);
  }

private:
  Spot spot_of(std::uint64_t point) const {
    if (point < coarse_)
      return {orders_[0].at(point), draws_.bits(point)};
    // Born when so many points were there; beside which of them?
    const auto level = static_cast<unsigned>(std::bit_width(point / coarse_));
    const auto before = coarse_ << (level - 1);
    const auto beside = spot_of(orders_[level].at(point - before));
    const auto shift = 64U - level;
    const auto half = (beside.inside >> shift) ^ 1U; // the free one
    const auto finer = (draws_.bits(point) << level) >> level;
    return {beside.cell, (half << shift) | finer};
  }

  std::uint64_t coarse_ = 1;
  Seed draws_;
  std::vector<Permutation> orders_; // by level
};

class LatinHypercube final : public CubeLeaf {
public:
  LatinHypercube(std::vector<Axis> axes, std::int64_t points, const Seed& seed)
    : CubeLeaf(std::move(axes)), points_(points) {
    for (const auto& axis : this->axes())
      columns_.emplace_back(seed.child(axis.means.name),
                            static_cast<std::uint64_t>(points));
  }

  LeafKind kind() const override { return LeafKind::latin_hypercube; }
  std::int64_t size() const override { return points_; }
  std::int64_t prefix_unit() const override { return 1; }

private:
  double coordinate(std::int64_t point, std::size_t position) const override {
    return columns_[position].at(static_cast<std::uint64_t>(point));
  }

  std::int64_t points_;
  std::vector<NestedColumn> columns_; // by position
};

} // namespace

std::unique_ptr<Leaf> make_latin_hypercube(std::vector<Axis> axes,
                                           std::int64_t points,
                                           const Seed& seed) {
  LAB_CHECK(points >= 1, "points=" + std::to_string(points));
  return std::make_unique<LatinHypercube>(std::move(axes), points, seed);
}

} // namespace lab::sweeps
