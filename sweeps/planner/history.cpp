#include "sweeps/planner/history.hpp"

#include <algorithm>

namespace lab::sweeps {

History::History(const std::vector<PastRun>& runs,
                 const std::set<CallSite>& sites, std::int32_t turns) {
  const auto fits = [&](const PastRun& run) {
    return run.turns > 0 && !run.sites.empty()
           && std::ranges::all_of(run.sites, [&](const auto& entry) {
                return sites.contains(entry.first);
              });
  };
  const bool same_length = std::ranges::any_of(
    runs, [&](const auto& run) { return run.turns == turns && fits(run); });
  for (const auto& run : runs) {
    if ((same_length && run.turns != turns) || !fits(run))
      continue;
    ++runs_;
    turns_ += run.turns;
    for (const auto& [site, sum] : run.sites) {
      auto& known = sums_[site];
      known.calls += sum.calls;
      known.usage.input += sum.usage.input;
      known.usage.cached_input += sum.usage.cached_input;
      known.usage.cache_write += sum.usage.cache_write;
      known.usage.output += sum.usage.output;
    }
  }
}

CallSum History::at(const CallSite& site) const {
  const auto found = sums_.find(site);
  return found == sums_.end() ? CallSum{} : found->second;
}

} // namespace lab::sweeps
