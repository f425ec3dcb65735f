#include "llm/model_guard.hpp"

#include <algorithm>

namespace lab::llm {

Result<void> ModelGuard::admit(const ModelKey& model, TimePoint now) {
  if (const auto bad = quarantined_.find(model); bad != quarantined_.end())
    return fail(Errc::provider_refused, bad->second);
  const auto entry = doubts_.find(model);
  if (entry == doubts_.end() || !entry->second.rests_until)
    return {};
  auto& doubts = entry->second;
  if (now < *doubts.rests_until || doubts.probing)
    return fail(Errc::provider_unknown,
                model.first + "/" + model.second + " rests after "
                  + std::to_string(doubts.in_row)
                  + " attempts in a row whose end is unknown");
  doubts.probing = true;
  return {};
}

void ModelGuard::withdrawn(const ModelKey& model) {
  if (const auto entry = doubts_.find(model); entry != doubts_.end())
    entry->second.probing = false;
}

void ModelGuard::ended(const ModelKey& model, Resolution resolution,
                       TimePoint now) {
  if (resolution != Resolution::unknown) {
    doubts_.erase(model);
    return;
  }
  auto& doubts = doubts_[model];
  ++doubts.in_row;
  if (doubts.in_row < doubts_max)
    return;
  // Those that were on the wire already when the rest began do not prolong it.
  if (doubts.rests_until && !doubts.probing)
    return;
  if (doubts.rests_until)
    doubts.rest = std::min(doubts.rest * 2, rest_max);
  doubts.rests_until = now + doubts.rest;
  doubts.probing = false;
}

void ModelGuard::quarantine(const ModelKey& model, std::string why) {
  quarantined_.try_emplace(model, std::move(why));
}

} // namespace lab::llm
