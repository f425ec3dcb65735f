#include "sweeps/designs/cube_leaf.hpp"

#include <utility>

#include "runtime/base/check.hpp"

namespace lab::sweeps {

namespace {

class Random final : public CubeLeaf {
public:
  Random(std::vector<Axis> axes, std::int64_t points, const Seed& seed)
    : CubeLeaf(std::move(axes)), points_(points) {
    for (const auto& axis : this->axes())
      seeds_.push_back(seed.child(axis.means.name));
  }

  LeafKind kind() const override { return LeafKind::random; }
  std::int64_t size() const override { return points_; }
  std::int64_t prefix_unit() const override { return 1; }

private:
  double coordinate(std::int64_t point, std::size_t position) const override {
    return seeds_[position].unit(static_cast<std::uint64_t>(point));
  }

  std::int64_t points_;
  std::vector<Seed> seeds_; // by position
};

} // namespace

CubeLeaf::CubeLeaf(std::vector<Axis> axes) : axes_(std::move(axes)) {
  for (const auto& axis : axes_)
    factors_.push_back(axis.factor);
}

std::optional<FactorValue> CubeLeaf::value(std::int64_t point,
                                           std::size_t position) const {
  LAB_CHECK(point >= 0 && point < size(), "point=" + std::to_string(point));
  return axes_.at(position).means.at(coordinate(point, position));
}

std::vector<double> CubeLeaf::unit(std::int64_t point) const {
  LAB_CHECK(point >= 0 && point < size(), "point=" + std::to_string(point));
  std::vector<double> made;
  for (std::size_t i = 0; i < axes_.size(); ++i)
    made.push_back(coordinate(point, i));
  return made;
}

std::vector<std::string> cell_notes(const std::vector<Axis>& axes,
                                    std::string_view leaf) {
  std::vector<std::string> notes;
  for (const auto& [factor, means] : axes)
    if (!means.levels.empty())
      notes.push_back(
        std::string{leaf} + ": the " + std::to_string(means.levels.size())
        + " values of `" + means.name + "` share the unit interval "
        + (means.shares.empty() ? "in equal cells" : "by their given shares"));
  return notes;
}

std::unique_ptr<Leaf> make_random(std::vector<Axis> axes, std::int64_t points,
                                  const Seed& seed) {
  return std::make_unique<Random>(std::move(axes), points, seed);
}

} // namespace lab::sweeps
