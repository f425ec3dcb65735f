#include "sweeps/adaptive/model_sentinel.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sweeps/adaptive/canaries.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"
#include "sweeps/statistics/exact_test.hpp"

namespace lab::sweeps {

namespace {

std::int64_t total(const std::map<Digest128, std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const auto& [text, count] : counts)
    sum += count;
  return sum;
}

std::int64_t count_of(const std::map<Digest128, std::int64_t>& counts,
                      const Digest128& text) {
  const auto found = counts.find(text);
  return found == counts.end() ? 0 : found->second;
}

/// The commonest of both together, so that it says nothing of either.
Digest128 commonest(std::map<Digest128, std::int64_t> both,
                    const std::map<Digest128, std::int64_t>& more) {
  for (const auto& [text, count] : more)
    both[text] += count;
  return std::ranges::max_element(both, {},
                                  [](const auto& x) { return x.second; })
    ->first;
}

std::string percent(double p) {
  constexpr double per_million = 1e6;
  return p * per_million < 1 ? "below one in a million"
                             : "about "
                                 + std::to_string(static_cast<std::int64_t>(
                                   p * per_million + 0.5))
                                 + " in a million";
}

} // namespace

ModelSentinel::ModelSentinel(SentinelRules rules,
                             std::vector<std::string> models)
  : rules_(std::move(rules)) {
  for (auto& model : models)
    known_[std::move(model)];
}

std::vector<WatchedModel> ModelSentinel::models() const {
  std::vector<WatchedModel> all;
  for (const auto& [model, known] : known_)
    all.push_back({model, known.checks, canaries_for(model)});
  return all;
}

void ModelSentinel::learn(Known& known, const ModelCheck& check) {
  if (!check.digest.empty())
    known.digest = check.digest;
  known.canaries.resize(std::max(known.canaries.size(), check.replies.size()));
  for (std::size_t i = 0; i < check.replies.size(); ++i)
    for (const auto& reply : check.replies[i]) {
      ++known.canaries[i][reply.text];
      if (!reply.served.empty())
        known.served.insert(reply.served);
    }
}

Drift ModelSentinel::judge(const ModelCheck& check) {
  auto& known = known_[check.model];
  known.checks = std::max(known.checks, check.number);
  const auto why = change(known, check);
  if (!why.empty()) {
    Known anew;
    anew.checks = known.checks;
    anew.stratum = known.stratum + 1;
    known = std::move(anew);
  }
  learn(known, check);
  return {known.stratum, !why.empty(), why};
}

/// What is another than it was; empty when nothing is.
std::string ModelSentinel::change(Known& known, const ModelCheck& check) const {
  if (!check.digest.empty() && !known.digest.empty()
      && check.digest != known.digest)
    return "its digest is " + check.digest + " in place of " + known.digest;
  if (!known.served.empty())
    for (const auto& canary : check.replies)
      for (const auto& reply : canary)
        if (!reply.served.empty() && !known.served.contains(reply.served))
          return "it calls itself " + reply.served + " in place of "
                 + *known.served.begin();
  return other_replies(known, check);
}

std::string ModelSentinel::other_replies(Known& known,
                                         const ModelCheck& check) const {
  std::vector<double> ps;
  std::size_t moved = 0;
  for (std::size_t i = 0;
       i < std::min(known.canaries.size(), check.replies.size()); ++i) {
    Counts now;
    for (const auto& reply : check.replies[i])
      ++now[reply.text];
    const auto& before = known.canaries[i];
    if (now.empty() || before.empty())
      continue;
    const auto text = commonest(before, now);
    statistics::GroupCounts counts;
    counts.add(count_of(now, text), total(now));
    counts.add(count_of(before, text), total(before));
    ps.push_back(statistics::exact_p(counts));
    moved += std::ranges::none_of(
               now, [&](const auto& x) { return before.contains(x.first); })
               ? 1
               : 0;
  }
  if (ps.empty())
    return {};
  const auto p = statistics::combined_p(ps);
  if (p > statistics::alpha_of_look(rules_.false_alarms, ++known.comparisons))
    return {};
  return "it answers " + std::to_string(moved) + " of "
         + std::to_string(ps.size())
         + " canaries as it never did before (chance without a change: "
         + percent(p) + ")";
}

} // namespace lab::sweeps
