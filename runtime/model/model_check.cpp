#include "runtime/model/model_check.hpp"

#include <algorithm>

namespace lab {

bool ModelCheck::silent() const {
  return std::ranges::all_of(replies,
                             [](const auto& canary) { return canary.empty(); });
}

std::optional<std::int32_t> stratum_of(const std::vector<ModelChange>& changes,
                                       const std::vector<std::string>& models,
                                       UnixMs from, UnixMs to) {
  std::int32_t stratum = 1;
  for (const auto& change : changes) {
    if (std::ranges::find(models, change.model) == models.end()
        || to <= change.after)
      continue;
    if (from < change.before)
      return std::nullopt;
    ++stratum;
  }
  return stratum;
}

RunId canary_run_of(SweepId sweep, std::string_view model) {
  return RunId{Hasher{}
                 .add("canary")
                 .add(static_cast<std::int64_t>(sweep.value))
                 .add(model)
                 .finish128()
                 .high};
}

} // namespace lab
