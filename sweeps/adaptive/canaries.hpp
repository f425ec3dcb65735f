#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/model/chat.hpp"
#include "sweeps/planner/estimate.hpp"

namespace lab::sweeps {

/// The canaries, as requests to `model`: short questions with many good
/// answers, at temperature 0, so that one model says one thing and another
/// model another.
std::vector<ChatRequest> canaries_for(const std::string& model);

/// The models of a sweep that the sentinel can ask, as scenarios name them:
/// those that answer over a network.
std::vector<std::string> watched_models(const SweepEstimate& estimate);

/// Adds the sentinel's calls to what the sweep's runs come to: a check before
/// the first run, one after every `every` runs, and one behind the last.
void add_canaries(const SentinelRules& rules, const PriceLookup& price_of,
                  SweepEstimate& estimate);

/// Warns of a sentinel that has nobody to ask (S440).
void check_sentinel(const Manifest& manifest, const SweepEstimate& estimate,
                    Findings& findings);

} // namespace lab::sweeps
