#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sweeps/statistics/additive_model.hpp"
#include "sweeps/statistics/variance_split.hpp"

namespace lab::sweeps::statistics {

/// Takes the effect that a seed has on all points alike off every run: least
/// squares on y = point + seed, seeds summing to zero.
class SeedEffects {
public:
  SeedEffects(const std::vector<std::size_t>& point_of_row,
              const std::vector<std::size_t>& seed_of_row, std::size_t points,
              std::size_t seeds);
  ~SeedEffects();
  SeedEffects(SeedEffects&&) noexcept;
  SeedEffects& operator=(SeedEffects&&) noexcept;

  /// False when seeds and points overlap so that neither can be told.
  bool is_unique() const { return unique_; }
  std::vector<double> fit(std::span<const double> y) const;
  /// Sum of the effects' variances where y has unit variance.
  double trace() const { return trace_; }

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  bool unique_ = false;
  double trace_ = 0;
};

/// What the sums need that does not depend on the outcomes.
struct SplitLayout {
  std::vector<std::size_t> point_of_row;
  std::vector<std::size_t> seed_of_row; // empty unless paired
  std::vector<double> sizes;            // runs of each point
  std::vector<std::size_t> levels;      // points x terms
  std::vector<std::size_t> counts;      // levels seen of each term
  std::size_t seeds = 0;
  LevelsAre levels_are = LevelsAre::all;
  std::unique_ptr<AdditiveModel> model; // of points
  std::optional<SeedEffects> seed_effects;
  double noise_freedom = 0;
  double fit_freedom = 0; // points less parameters

  bool has_noise() const { return noise_freedom > 0; }
  std::size_t terms() const { return counts.size(); }
};

SplitLayout split_layout(std::span<const LevelRow> rows, std::size_t terms,
                         const SplitOptions& options);

/// Variances as estimated, with what the bootstrap needs to make new outcomes.
struct SplitSums {
  std::vector<double> terms;
  double interaction = 0;
  double noise = 0;         // seeds' part included
  double own_noise = 0;     // without the seeds' part
  double seed_variance = 0; // may be below zero
  std::vector<double> seed_effect;
  std::vector<double> lack_of_fit; // point means less the additive fit
  std::vector<double> residuals;   // runs less their point and seed
  AdditiveModel::Fit fit;
};

void split_sums(const SplitLayout& layout, std::span<const double> y,
                SplitSums& out);

} // namespace lab::sweeps::statistics
