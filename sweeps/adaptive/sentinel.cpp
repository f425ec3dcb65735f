#include "sweeps/adaptive/sentinel.hpp"

#include <algorithm>

namespace lab::sweeps {

namespace {

/// The model's word for itself in the first reply that has one.
std::string served_in(const CanaryCheck& check) {
  for (const auto& canary : check.replies)
    for (const auto& reply : canary)
      if (!reply.served.empty())
        return reply.served;
  return {};
}

bool says_nothing(const CanaryCheck& check) {
  return std::ranges::all_of(check.replies,
                             [](const auto& canary) { return canary.empty(); });
}

} // namespace

Sentinel::Known Sentinel::learnt(const CanaryCheck& check,
                                 std::int32_t stratum) {
  Known known;
  known.stratum = stratum;
  known.served = served_in(check);
  for (const auto& replies : check.replies) {
    auto& canary = known.canaries.emplace_back();
    const bool equal = std::ranges::all_of(replies, [&](const auto& reply) {
      return reply.text == replies.front().text;
    });
    if (!replies.empty() && equal)
      canary.steady = replies.front().text;
  }
  return known;
}

/// What is another than it was; empty when nothing is.
std::string Sentinel::change(Known& known, const CanaryCheck& check) {
  if (const auto served = served_in(check);
      !served.empty() && served != known.served) {
    if (!known.served.empty())
      return "it calls itself " + served + " in place of " + known.served;
    known.served = served; // it said nothing before
  }
  std::size_t others = 0;
  std::size_t judged = 0;
  for (std::size_t i = 0;
       i < std::min(known.canaries.size(), check.replies.size()); ++i) {
    auto& canary = known.canaries[i];
    const auto& replies = check.replies[i];
    if (!canary.steady || replies.empty())
      continue;
    ++judged;
    const auto same = std::ranges::count_if(
      replies, [&](const auto& reply) { return reply.text == *canary.steady; });
    if (same == 0)
      ++others;
    else if (same < std::ssize(replies))
      canary.steady.reset();
  }
  if (others == 0)
    return {};
  return std::to_string(others) + " of " + std::to_string(judged)
         + " canaries got another reply than before";
}

Drift Sentinel::take(const std::string& model, const CanaryCheck& check) {
  if (says_nothing(check))
    return {stratum(model), false, {}};
  const auto found = models_.find(model);
  if (found == models_.end()) {
    models_.emplace(model, learnt(check, 1));
    return {};
  }
  auto& known = found->second;
  const auto why = change(known, check);
  if (why.empty())
    return {known.stratum, false, {}};
  known = learnt(check, known.stratum + 1);
  return {known.stratum, true, why};
}

std::int32_t Sentinel::stratum(const std::string& model) const {
  const auto found = models_.find(model);
  return found == models_.end() ? 1 : found->second.stratum;
}

} // namespace lab::sweeps
