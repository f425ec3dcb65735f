#include <string>
#include <utility>

#include "runtime/base/check.hpp"
#include "sweeps/designs/cube_leaf.hpp"

namespace lab::sweeps {

namespace {

/// Draws are by trajectory and factor, so that more trajectories keep the
/// earlier ones.
class Morris final : public CubeLeaf {
public:
  Morris(std::vector<Axis> axes, std::int64_t trajectories, std::int64_t levels,
         const Seed& seed)
    : CubeLeaf(std::move(axes)), trajectories_(trajectories), levels_(levels) {
    for (const auto& axis : this->axes()) {
      starts_.push_back(seed.child("start").child(axis.means.name));
      turns_.push_back(seed.child("turn").child(axis.means.name));
    }
  }

  LeafKind kind() const override { return LeafKind::morris; }
  std::int64_t size() const override { return trajectories_ * steps(); }
  std::int64_t prefix_unit() const override { return steps(); }

  LeafPlace place(std::int64_t point) const override {
    LAB_CHECK(point >= 0 && point < size(), "point=" + std::to_string(point));
    MorrisPlace place;
    place.trajectory = static_cast<std::int32_t>(point / steps());
    place.step = static_cast<std::int32_t>(point % steps());
    if (place.step == 0)
      return place;
    for (std::size_t i = 0; i < axes().size(); ++i)
      if (turn_of(place.trajectory, i) == place.step) {
        place.moved = static_cast<std::int32_t>(i);
        const auto upward = start_of(place.trajectory, i) < levels_ / 2;
        place.delta = (upward ? 1 : -1) * level(levels_ / 2);
      }
    return place;
  }

  std::vector<std::string> notes() const override {
    return cell_notes(axes(), name_of(kind()));
  }

private:
  std::int64_t steps() const {
    return static_cast<std::int64_t>(axes().size()) + 1;
  }

  double level(std::int64_t number) const {
    return static_cast<double>(number) / static_cast<double>(levels_ - 1);
  }

  /// Any level; from the lower half the way is up, from the upper half down.
  std::int64_t start_of(std::int64_t trajectory, std::size_t position) const {
    return static_cast<std::int64_t>(
      starts_[position].below(static_cast<std::uint64_t>(trajectory),
                              static_cast<std::uint64_t>(levels_)));
  }

  /// The step at which a factor moves: its rank, from 1, among random keys.
  std::int32_t turn_of(std::int64_t trajectory, std::size_t position) const {
    const auto key = [&](std::size_t i) {
      return std::pair{turns_[i].bits(static_cast<std::uint64_t>(trajectory)),
                       i};
    };
    const auto own = key(position);
    std::int32_t rank = 1;
    for (std::size_t i = 0; i < axes().size(); ++i)
      rank += int{key(i) < own};
    return rank;
  }

  double coordinate(std::int64_t point, std::size_t position) const override {
    const auto trajectory = point / steps();
    auto number = start_of(trajectory, position);
    if (turn_of(trajectory, position) <= point % steps())
      number += number < levels_ / 2 ? levels_ / 2 : -(levels_ / 2);
    return level(number);
  }

  std::int64_t trajectories_;
  std::int64_t levels_;
  std::vector<Seed> starts_; // by position
  std::vector<Seed> turns_;
};

} // namespace

std::unique_ptr<Leaf> make_morris(std::vector<Axis> axes,
                                  std::int64_t trajectories,
                                  std::int64_t levels, const Seed& seed) {
  LAB_CHECK(levels >= 2 && levels % 2 == 0, "levels=" + std::to_string(levels));
  return std::make_unique<Morris>(std::move(axes), trajectories, levels, seed);
}

} // namespace lab::sweeps
