#include "sweeps/planner/design.hpp"

#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

class Grid final : public Design {
public:
  Grid(std::size_t factors, std::vector<GridAxis> axes)
    : factors_(factors), axes_(std::move(axes)) {
    for (const auto& axis : axes_)
      size_ *= static_cast<std::int64_t>(axis.values.size());
  }

  std::int64_t size() const override { return size_; }

  DesignPoint point(std::int64_t i) const override {
    LAB_CHECK(i >= 0 && i < size_, "point=" + std::to_string(i));
    DesignPoint made;
    made.values.resize(factors_);
    // The last axis is the lowest digit.
    for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
      const auto levels = static_cast<std::int64_t>(axis->values.size());
      made.values[axis->factor] =
        axis->values[static_cast<std::size_t>(i % levels)];
      i /= levels;
    }
    return made;
  }

  std::string outline() const override {
    return std::to_string(size_) + " grid";
  }

private:
  std::size_t factors_;
  std::vector<GridAxis> axes_;
  std::int64_t size_ = 1;
};

class PointList final : public Design {
public:
  explicit PointList(std::vector<DesignPoint> points)
    : points_(std::move(points)) {}

  std::int64_t size() const override {
    return static_cast<std::int64_t>(points_.size());
  }

  DesignPoint point(std::int64_t i) const override {
    LAB_CHECK(i >= 0 && i < size(), "point=" + std::to_string(i));
    return points_[static_cast<std::size_t>(i)];
  }

  std::string outline() const override {
    return std::to_string(points_.size()) + " list";
  }

private:
  std::vector<DesignPoint> points_;
};

class Cross final : public Design {
public:
  explicit Cross(std::vector<std::unique_ptr<Design>> parts)
    : parts_(std::move(parts)) {
    LAB_CHECK(!parts_.empty(), "a cross without parts");
    for (const auto& part : parts_)
      size_ *= part->size();
  }

  std::int64_t size() const override { return size_; }

  DesignPoint point(std::int64_t i) const override {
    LAB_CHECK(i >= 0 && i < size_, "point=" + std::to_string(i));
    std::vector<DesignPoint> chosen(parts_.size());
    for (std::size_t k = parts_.size(); k-- > 0;) {
      chosen[k] = parts_[k]->point(i % parts_[k]->size());
      i /= parts_[k]->size();
    }
    return merged(std::move(chosen));
  }

  std::string outline() const override {
    std::vector<std::string> texts;
    for (const auto& part : parts_)
      texts.push_back(part->outline());
    return join(texts, " x ");
  }

private:
  static DesignPoint merged(std::vector<DesignPoint> chosen) {
    DesignPoint made = std::move(chosen.front());
    for (std::size_t k = 1; k < chosen.size(); ++k) {
      for (std::size_t f = 0; f < made.values.size(); ++f)
        if (chosen[k].values[f])
          made.values[f] = std::move(chosen[k].values[f]);
      if (!made.label.empty() && !chosen[k].label.empty())
        made.label += ", ";
      made.label += chosen[k].label;
    }
    return made;
  }

  std::vector<std::unique_ptr<Design>> parts_;
  std::int64_t size_ = 1;
};

} // namespace

std::unique_ptr<Design> make_grid(std::size_t factors,
                                  std::vector<GridAxis> axes) {
  return std::make_unique<Grid>(factors, std::move(axes));
}

std::unique_ptr<Design> make_list(std::vector<DesignPoint> points) {
  return std::make_unique<PointList>(std::move(points));
}

std::unique_ptr<Design> make_cross(std::vector<std::unique_ptr<Design>> parts) {
  return std::make_unique<Cross>(std::move(parts));
}

} // namespace lab::sweeps
