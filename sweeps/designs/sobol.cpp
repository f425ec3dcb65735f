#include <string>
#include <utility>
#include <vector>

#include "runtime/base/check.hpp"
#include "sweeps/designs/cube_leaf.hpp"
#include "sweeps/designs/sobol_sequence.hpp"

namespace lab::sweeps {

namespace {

SobolSequence sequence_of(const std::vector<std::string>& names, bool scramble,
                          const Seed& seed) {
  return scramble ? SobolSequence{names, seed.child("scramble")}
                  : SobolSequence{names.size()};
}

std::vector<std::string> names_of(const std::vector<Axis>& axes) {
  std::vector<std::string> names;
  for (const auto& axis : axes)
    names.push_back(axis.means.name);
  return names;
}

/// The halves of a point: first all of A, then all of B.
std::vector<std::string> doubled(std::vector<std::string> names) {
  const auto count = names.size();
  for (std::size_t i = 0; i < count; ++i)
    names.push_back(names[i] + ".b");
  return names;
}

class Sobol final : public CubeLeaf {
public:
  Sobol(std::vector<Axis> axes, std::int64_t points, bool scramble,
        const Seed& seed)
    : CubeLeaf(std::move(axes)), points_(points),
      sequence_(sequence_of(names_of(this->axes()), scramble, seed)) {}

  LeafKind kind() const override { return LeafKind::sobol; }
  std::int64_t size() const override { return points_; }
  std::int64_t prefix_unit() const override { return 1; }

private:
  double coordinate(std::int64_t point, std::size_t position) const override {
    return sequence_.at(static_cast<std::uint64_t>(point), position);
  }

  std::int64_t points_;
  SobolSequence sequence_;
};

/// Samples of one scrambled sequence are not independent, so that intervals
/// made from them alone are wrong (docs/statistics.md). The base is shared out
/// among this many sequences, each with a scramble of its own, and intervals
/// come from the spread between them. Samples go round, so that a sweep that
/// ends early has as many of each, and a larger base keeps the samples it had.
constexpr std::int64_t batches = 16;

class Saltelli final : public CubeLeaf {
public:
  Saltelli(std::vector<Axis> axes, std::int64_t base, bool second_order,
           bool scramble, const Seed& seed)
    : CubeLeaf(std::move(axes)), base_(base), second_order_(second_order),
      scrambled_(scramble) {
    const auto names = doubled(names_of(this->axes()));
    const auto count = scramble ? batches : 1;
    for (std::int64_t i = 0; i < count; ++i)
      sequences_.push_back(sequence_of(
        names, scramble, seed.child("batch").child(std::to_string(i))));
  }

  LeafKind kind() const override { return LeafKind::saltelli; }
  std::int64_t size() const override { return base_ * rows(); }
  std::int64_t prefix_unit() const override { return rows(); }

  LeafPlace place(std::int64_t point) const override {
    LAB_CHECK(point >= 0 && point < size(), "point=" + std::to_string(point));
    SaltelliPlace place;
    place.sample = static_cast<std::int32_t>(point / rows());
    if (scrambled_)
      place.batch = static_cast<std::int32_t>(sequence_index(place.sample));
    const auto row = point % rows();
    const auto factors = static_cast<std::int64_t>(axes().size());
    if (row == 1) {
      place.row = SaltelliRow::b;
    } else if (row > 1) {
      place.row = row < 2 + factors ? SaltelliRow::ab : SaltelliRow::ba;
      place.swapped = static_cast<std::int32_t>((row - 2) % factors);
    }
    return place;
  }

  std::vector<std::string> notes() const override {
    return cell_notes(axes(), name_of(kind()));
  }

private:
  std::int64_t rows() const {
    const auto factors = static_cast<std::int64_t>(axes().size());
    return (second_order_ ? 2 * factors : factors) + 2;
  }

  double coordinate(std::int64_t point, std::size_t position) const override {
    const auto at = std::get<SaltelliPlace>(place(point));
    const bool swapped = at.swapped == static_cast<std::int32_t>(position);
    const bool from_b = at.row == SaltelliRow::b
                        || (at.row == SaltelliRow::ab && swapped)
                        || (at.row == SaltelliRow::ba && !swapped);
    const auto turn = static_cast<std::size_t>(at.sample) / sequences_.size();
    // The zero point of a sequence that is not scrambled is left out.
    return sequences_[sequence_index(at.sample)].at(
      scrambled_ ? turn : turn + 1,
      from_b ? position + axes().size() : position);
  }

  std::size_t sequence_index(std::int32_t sample) const {
    return static_cast<std::size_t>(sample) % sequences_.size();
  }

  std::int64_t base_;
  bool second_order_;
  bool scrambled_;
  std::vector<SobolSequence> sequences_;
};

} // namespace

std::unique_ptr<Leaf> make_sobol(std::vector<Axis> axes, std::int64_t points,
                                 bool scramble, const Seed& seed) {
  return std::make_unique<Sobol>(std::move(axes), points, scramble, seed);
}

std::unique_ptr<Leaf> make_saltelli(std::vector<Axis> axes, std::int64_t base,
                                    bool second_order, bool scramble,
                                    const Seed& seed) {
  return std::make_unique<Saltelli>(std::move(axes), base, second_order,
                                    scramble, seed);
}

} // namespace lab::sweeps
