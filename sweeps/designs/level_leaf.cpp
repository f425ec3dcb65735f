#include "sweeps/designs/level_leaf.hpp"

#include <utility>

#include "runtime/base/check.hpp"

namespace lab::sweeps {

namespace {

/// Derived classes say which level of an axis a point has.
class LevelLeaf : public Leaf {
public:
  explicit LevelLeaf(std::vector<LevelAxis> axes) : axes_(std::move(axes)) {
    for (const auto& axis : axes_)
      factors_.push_back(axis.factor);
  }

  const std::vector<std::size_t>& factors() const final { return factors_; }

  std::optional<FactorValue> value(std::int64_t point,
                                   std::size_t position) const final {
    LAB_CHECK(point >= 0 && point < size(), "point=" + std::to_string(point));
    return axes_.at(position).levels[level(point, position)];
  }

protected:
  virtual std::size_t level(std::int64_t point, std::size_t position) const = 0;

  const std::vector<LevelAxis>& axes() const { return axes_; }
  std::int64_t levels(std::size_t position) const {
    return static_cast<std::int64_t>(axes_[position].levels.size());
  }

private:
  std::vector<LevelAxis> axes_;
  std::vector<std::size_t> factors_;
};

class Grid final : public LevelLeaf {
public:
  explicit Grid(std::vector<LevelAxis> axes) : LevelLeaf(std::move(axes)) {
    strides_.resize(this->axes().size());
    // The last axis is the lowest digit.
    for (std::size_t i = strides_.size(); i-- > 0;) {
      strides_[i] = size_;
      size_ *= levels(i);
    }
  }

  LeafKind kind() const override { return LeafKind::grid; }
  std::int64_t size() const override { return size_; }

private:
  std::size_t level(std::int64_t point, std::size_t position) const override {
    return static_cast<std::size_t>(point / strides_[position]
                                    % levels(position));
  }

  std::vector<std::int64_t> strides_;
  std::int64_t size_ = 1;
};

class Zip final : public LevelLeaf {
public:
  using LevelLeaf::LevelLeaf;

  LeafKind kind() const override { return LeafKind::zip; }
  std::int64_t size() const override { return levels(0); }

private:
  std::size_t level(std::int64_t point, std::size_t) const override {
    return static_cast<std::size_t>(point);
  }
};

class OneAtATime final : public LevelLeaf {
public:
  OneAtATime(std::vector<LevelAxis> axes, std::vector<std::size_t> baseline)
    : LevelLeaf(std::move(axes)), baseline_(std::move(baseline)) {
    for (std::size_t i = 0; i < this->axes().size(); ++i) {
      starts_.push_back(size_);
      size_ += levels(i) - 1;
    }
  }

  LeafKind kind() const override { return LeafKind::one_at_a_time; }
  std::int64_t size() const override { return size_; }

  LeafPlace place(std::int64_t point) const override {
    LAB_CHECK(point >= 0 && point < size_, "point=" + std::to_string(point));
    for (std::size_t i = 0; i < starts_.size(); ++i)
      if (is_moved(point, i))
        return OneAtATimePlace{static_cast<std::int32_t>(i)};
    return OneAtATimePlace{};
  }

private:
  bool is_moved(std::int64_t point, std::size_t position) const {
    const auto from = starts_[position];
    return point >= from && point < from + levels(position) - 1;
  }

  std::size_t level(std::int64_t point, std::size_t position) const override {
    if (!is_moved(point, position))
      return baseline_[position];
    const auto other = static_cast<std::size_t>(point - starts_[position]);
    return other < baseline_[position] ? other : other + 1;
  }

  std::vector<std::size_t> baseline_; // level by position
  std::vector<std::int64_t> starts_;  // first moved point by position
  std::int64_t size_ = 1;
};

class PointList final : public Leaf {
public:
  PointList(std::vector<std::size_t> factors, std::vector<ListedPoint> points)
    : factors_(std::move(factors)), points_(std::move(points)) {}

  LeafKind kind() const override { return LeafKind::list; }
  std::int64_t size() const override {
    return static_cast<std::int64_t>(points_.size());
  }
  const std::vector<std::size_t>& factors() const override { return factors_; }

  std::optional<FactorValue> value(std::int64_t point,
                                   std::size_t position) const override {
    return at(point).values.at(position);
  }
  std::string label(std::int64_t point) const override {
    return at(point).label;
  }

private:
  const ListedPoint& at(std::int64_t point) const {
    return points_.at(static_cast<std::size_t>(point));
  }

  std::vector<std::size_t> factors_;
  std::vector<ListedPoint> points_;
};

} // namespace

std::unique_ptr<Leaf> make_grid_leaf(std::vector<LevelAxis> axes) {
  return std::make_unique<Grid>(std::move(axes));
}

std::unique_ptr<Leaf> make_zip_leaf(std::vector<LevelAxis> axes) {
  LAB_CHECK(!axes.empty(), "a zip of nothing");
  return std::make_unique<Zip>(std::move(axes));
}

std::unique_ptr<Leaf>
make_one_at_a_time_leaf(std::vector<LevelAxis> axes,
                        std::vector<std::size_t> baseline) {
  LAB_CHECK(axes.size() == baseline.size(), "a baseline of another leaf");
  return std::make_unique<OneAtATime>(std::move(axes), std::move(baseline));
}

std::unique_ptr<Leaf> make_list_leaf(std::vector<std::size_t> factors,
                                     std::vector<ListedPoint> points) {
  return std::make_unique<PointList>(std::move(factors), std::move(points));
}

} // namespace lab::sweeps
