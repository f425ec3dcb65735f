#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sweeps/planner/manifest.hpp"
#include "sweeps/statistics/observation.hpp"

namespace lab::sweeps {

/// Finds points of a design among those that have runs. A point is known by the
/// values of its factors, because points that came out alike share their runs.
class DesignPoints {
public:
  using Factors = std::vector<std::pair<std::string, std::string>>;

  /// The manifest is kept by reference.
  explicit DesignPoints(const Manifest& manifest) : manifest_(manifest) {}

  /// Calls a point `id`. What is no factor of the manifest, as the wording of
  /// a run, does not count. The first of several alike is kept.
  void add(const Factors& factors, std::size_t id);
  /// The id of a point of the design, by its index there; nothing when no run
  /// of it is known.
  std::optional<std::size_t> find(std::int64_t index) const;
  /// The same; a new point gets the next number.
  std::size_t find_or_add(std::int64_t index);

private:
  std::string key_at(std::int64_t index) const;

  const Manifest& manifest_;
  std::map<std::string, std::size_t> points_;
};

/// The numbers of one outcome as estimators that belong to a design take them.
class PointNumbers {
public:
  virtual ~PointNumbers() = default;
  /// Slots of a point.
  virtual std::size_t replicates() const = 0;
  /// Fills in the numbers of a point of the design, by its index there. False:
  /// no run of it is known.
  /// @param slots  `replicates()` of them
  virtual bool fill(std::int64_t index, std::optional<double>* slots) const = 0;
};

/// A slot a seed, in the order in which seeds were first seen.
class DesignNumbers final : public PointNumbers {
public:
  /// The points are kept by reference.
  explicit DesignNumbers(const DesignPoints& points) : points_(points) {}

  /// A seed that some run has, whether it ended or not.
  void add_seed(std::uint64_t seed);
  /// A run that ended, of the point that `DesignPoints` calls `id`.
  void add(std::size_t id, statistics::Observation run);

  std::size_t replicates() const override { return seeds_.size(); }
  /// Copies of one reply count once.
  bool fill(std::int64_t index, std::optional<double>* slots) const override;

private:
  const DesignPoints& points_;
  std::map<std::size_t, std::vector<statistics::Observation>> runs_; // by id
  std::map<std::uint64_t, std::size_t> seeds_;
};

} // namespace lab::sweeps
