#include "sweeps/adaptive/design_outcomes.hpp"

#include <algorithm>
#include <utility>

#include "sweeps/analysis/design_tables.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"

namespace lab::sweeps {

namespace {

/// Runs between looks: a quarter of those at the look before.
constexpr std::int64_t look_growth = 4;

using Numbers = std::optional<std::vector<double>>;

/// The positions of the factors that are asked for; none when the part does
/// not have it.
std::vector<std::size_t> wanted(const DesignGroup& group,
                                const std::string& factor) {
  std::vector<std::size_t> positions;
  const auto names = group.names();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (factor.empty() || names[i] == factor)
      positions.push_back(i);
  return positions;
}

/// One number a factor and group, or nothing when one is missing.
template <class Of>
Numbers collect(const Manifest& manifest, LeafKind kind,
                const std::string& factor, const Of& of) {
  std::vector<double> all;
  for (const auto& group : groups_of(manifest, kind)) {
    const auto positions = wanted(group, factor);
    if (positions.empty())
      continue;
    const auto numbers = of(group, positions);
    if (!numbers)
      return std::nullopt;
    all.insert(all.end(), numbers->begin(), numbers->end());
  }
  return all.empty() ? std::nullopt : Numbers{std::move(all)};
}

/// Trajectories in which every factor has an effect.
std::size_t whole_trajectories(const statistics::MorrisResult& result) {
  std::int64_t fewest = 0;
  for (const auto& effect : result.effects)
    fewest = &effect == &result.effects.front()
               ? effect.effects
               : std::min(fewest, effect.effects);
  return static_cast<std::size_t>(fewest);
}

} // namespace

DesignOutcomes::DesignOutcomes(const DesignRules& rules) : rules_(rules) {
  if (rules.manifest == nullptr)
    return;
  points_ = std::make_unique<DesignPoints>(*rules.manifest);
  for (const auto& metric : rules.metrics)
    numbers_.emplace(metric, DesignNumbers{*points_});
}

void DesignOutcomes::add(const EndedRun& run, std::uint64_t seed,
                         std::int32_t point, const RuleMetrics& metrics) {
  if (!points_)
    return;
  ++runs_;
  const auto id = points_->find_or_add(rules_.index_of(point));
  const auto own = numbers_of_run(run, metrics);
  for (auto& [metric, numbers] : numbers_) {
    statistics::Observation seen;
    seen.seed = seed;
    if (const auto found = own.find(metric); found != own.end())
      seen.value = found->second;
    seen.replies = run.replies;
    numbers.add(id, std::move(seen));
  }
}

void DesignOutcomes::look(bool last) {
  if (!points_)
    return;
  is_look_ = runs_ > runs_at_look_
             && (last || looks_ == 0
                 || runs_ >= runs_at_look_ + runs_at_look_ / look_growth);
  if (!is_look_)
    return;
  ++looks_;
  runs_at_look_ = runs_;
}

const DesignNumbers*
DesignOutcomes::numbers_of(const std::string& metric) const {
  const auto found = numbers_.find(expression_name(metric));
  return found == numbers_.end() || !is_look_ ? nullptr : &found->second;
}

double DesignOutcomes::confidence_now(double level) const {
  return 1 - statistics::alpha_of_look(1 - level, looks_);
}

Numbers DesignOutcomes::sobol_half_widths(const std::string& metric, bool total,
                                          double level,
                                          const std::string& factor) const {
  const auto* numbers = numbers_of(metric);
  if (numbers == nullptr || !(level > 0 && level < 1))
    return std::nullopt;
  statistics::SobolOptions options;
  options.bootstrap.confidence = confidence_now(level);
  return collect(
    *rules_.manifest, LeafKind::saltelli, factor,
    [&](const DesignGroup& group, const std::vector<std::size_t>& positions) {
      const auto result =
        statistics::sobol(saltelli_rows(group, *numbers).table, options);
      const auto& indices = total ? result.total : result.first;
      Numbers widths{std::vector<double>{}};
      for (const auto i : positions) {
        if (result.used < samples_least || i >= indices.size()
            || !indices[i].interval)
          return Numbers{};
        widths->push_back(indices[i].interval->half_width());
      }
      return widths;
    });
}

Numbers DesignOutcomes::morris_means(const std::string& metric,
                                     const std::string& factor) const {
  const auto* numbers = numbers_of(metric);
  if (numbers == nullptr)
    return std::nullopt;
  return collect(
    *rules_.manifest, LeafKind::morris, factor,
    [&](const DesignGroup& group, const std::vector<std::size_t>& positions) {
      const auto result =
        statistics::morris(morris_rows(group, *numbers).table);
      Numbers means{std::vector<double>{}};
      for (const auto i : positions) {
        if (whole_trajectories(result) < trajectories_least
            || !result.effects[i].mu_star)
          return Numbers{};
        means->push_back(result.effects[i].mu_star->value);
      }
      return means;
    });
}

Numbers DesignOutcomes::morris_half_widths(const std::string& metric,
                                           double level,
                                           const std::string& factor) const {
  const auto* numbers = numbers_of(metric);
  if (numbers == nullptr || !(level > 0 && level < 1))
    return std::nullopt;
  return collect(
    *rules_.manifest, LeafKind::morris, factor,
    [&](const DesignGroup& group, const std::vector<std::size_t>& positions) {
      const auto result = statistics::morris(morris_rows(group, *numbers).table,
                                             confidence_now(level));
      Numbers widths{std::vector<double>{}};
      for (const auto i : positions) {
        const auto& mu_star = result.effects[i].mu_star;
        if (whole_trajectories(result) < trajectories_least || !mu_star
            || !mu_star->interval)
          return Numbers{};
        // Its lower end is cut at zero, so the upper one tells the width.
        widths->push_back(mu_star->interval->high - mu_star->value);
      }
      return widths;
    });
}

} // namespace lab::sweeps
