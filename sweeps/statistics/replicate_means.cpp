#include "sweeps/statistics/replicate_means.hpp"

#include <algorithm>

namespace lab::sweeps::statistics {

namespace {

using Row = std::span<const std::optional<double>>;

struct SeedEffects {
  std::vector<double> effects;
  double rows = 0; // complete
};

SeedEffects seed_effects(Row values, std::size_t replicates) {
  SeedEffects made{std::vector<double>(replicates), 0};
  for (std::size_t at = 0; at < values.size(); at += replicates) {
    const auto row = values.subspan(at, replicates);
    if (std::count(row.begin(), row.end(), std::nullopt) > 0)
      continue;
    double sum = 0;
    for (const auto& y : row)
      sum += *y;
    made.rows += 1;
    for (std::size_t r = 0; r < replicates; ++r)
      made.effects[r] += *row[r] - sum / static_cast<double>(replicates);
  }
  for (auto& effect : made.effects)
    effect = made.rows > 0 ? effect / made.rows : 0;
  return made;
}

} // namespace

ReplicateMeans replicate_means(Row values, std::size_t replicates) {
  const auto seeds = seed_effects(values, replicates);
  const auto rows = values.size() / replicates;
  ReplicateMeans made{std::vector<double>(rows), std::vector<double>(rows), 0,
                      std::nullopt};
  double squares = 0;
  double freedom = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto mine = values.subspan(row * replicates, replicates);
    auto& mean = made.means[row];
    auto& n = made.counts[row];
    for (std::size_t r = 0; r < replicates; ++r) {
      if (!mine[r]) {
        ++made.missing;
        continue;
      }
      // Welford's update: mean and squares in one pass.
      const double y = *mine[r] - seeds.effects[r];
      n += 1;
      const double off = y - mean;
      mean += off / n;
      squares += off * (y - mean);
    }
    freedom += std::max(0.0, n - 1);
  }
  if (freedom > 0)
    made.noise =
      squares / freedom * (seeds.rows > 1 ? seeds.rows / (seeds.rows - 1) : 1);
  return made;
}

} // namespace lab::sweeps::statistics
