#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"
#include "sweeps/designs/cube_leaf.hpp"

namespace lab::sweeps {

namespace {

/// distance^-16 of a squared distance: the terms of phi^p with p = 16, which
/// needs no power function, so that every machine rounds alike.
double nearness(double squared) {
  constexpr double least = 1e-18; // points on top of each other
  const double once = 1.0 / std::max(squared, least);
  const double twice = once * once;
  const double four = twice * twice;
  return four * four;
}

/// A cloud of points that is pushed apart.
class Spreader {
public:
  explicit Spreader(std::vector<std::vector<double>> columns)
    : columns_(std::move(columns)), points_(columns_.front().size()),
      squared_(points_ * points_) {
    for (std::size_t a = 0; a < points_; ++a)
      for (std::size_t b = 0; b < points_; ++b)
        for (const auto& column : columns_)
          squared_[a * points_ + b] += square(column[a] - column[b]);
  }

  /// Exchanges the coordinates of two points if that makes phi smaller.
  void try_exchange(std::size_t factor, std::size_t a, std::size_t b) {
    auto& column = columns_[factor];
    double change = 0;
    for (std::size_t other = 0; other < points_; ++other) {
      if (other == a || other == b)
        continue;
      const double shift =
        square(column[b] - column[other]) - square(column[a] - column[other]);
      const double from_a = squared_[a * points_ + other];
      const double from_b = squared_[b * points_ + other];
      change += nearness(from_a + shift) - nearness(from_a)
                + nearness(from_b - shift) - nearness(from_b);
    }
    if (change >= 0)
      return;
    for (std::size_t other = 0; other < points_; ++other) {
      if (other == a || other == b)
        continue;
      const double shift =
        square(column[b] - column[other]) - square(column[a] - column[other]);
      put(a, other, squared_[a * points_ + other] + shift);
      put(b, other, squared_[b * points_ + other] - shift);
    }
    std::swap(column[a], column[b]);
  }

  std::vector<std::vector<double>> take() { return std::move(columns_); }

private:
  static double square(double number) { return number * number; }

  void put(std::size_t a, std::size_t b, double squared) {
    squared_[a * points_ + b] = squared;
    squared_[b * points_ + a] = squared;
  }

  std::vector<std::vector<double>> columns_; // by factor, then point
  std::size_t points_;
  std::vector<double> squared_; // distances, point by point
};

class Maximin final : public CubeLeaf {
public:
  Maximin(std::vector<Axis> axes, std::int64_t points, const Seed& seed)
    : CubeLeaf(axes), points_(points) {
    const auto start = make_latin_hypercube(std::move(axes), points, seed);
    columns_.resize(this->axes().size());
    for (std::int64_t i = 0; i < points; ++i) {
      const auto unit = start->unit(i);
      for (std::size_t k = 0; k < unit.size(); ++k)
        columns_[k].push_back(unit[k]);
    }
    spread(seed.child("maximin"));
  }

  LeafKind kind() const override { return LeafKind::latin_hypercube; }
  std::int64_t size() const override { return points_; }

private:
  void spread(const Seed& seed) {
    // One factor has but one set of places, whatever their order.
    if (columns_.size() < 2)
      return;
    constexpr std::int64_t tries_each = 200;
    constexpr std::int64_t tries_max = 50'000;
    const auto points = static_cast<std::uint64_t>(points_);
    Spreader spreader{std::move(columns_)};
    const auto tries = std::min(tries_each * points_, tries_max);
    for (std::int64_t i = 0; i < tries; ++i) {
      const auto draw = static_cast<std::uint64_t>(i) * 3;
      const auto a = seed.below(draw, points);
      const auto b = (a + 1 + seed.below(draw + 1, points - 1)) % points;
      spreader.try_exchange(seed.below(draw + 2, axes().size()), a, b);
    }
    columns_ = spreader.take();
  }

  double coordinate(std::int64_t point, std::size_t position) const override {
    return columns_[position][static_cast<std::size_t>(point)];
  }

  std::int64_t points_;
  std::vector<std::vector<double>> columns_; // by position, then point
};

} // namespace

std::unique_ptr<Leaf> make_maximin(std::vector<Axis> axes, std::int64_t points,
                                   const Seed& seed) {
  LAB_CHECK(points >= 2 && points <= maximin_points_max,
            "points=" + std::to_string(points));
  return std::make_unique<Maximin>(std::move(axes), points, seed);
}

} // namespace lab::sweeps
