#include "sweeps/adaptive/canaries.hpp"

#include <algorithm>
#include <array>

#include "runtime/credit/pricing.hpp"
#include "runtime/model/human_model.hpp"
#include "runtime/model/model_check.hpp"
#include "sweeps/planner/cost_sheet.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/text_size.hpp"

namespace lab::sweeps {

namespace {

constexpr std::array<const char*, 4> questions{
  "Write one sentence about a harbour at dawn.",
  "In one sentence: why do rivers bend?",
  "Continue with five more words, no explanation: lantern, quarry, vinegar,",
  "Describe the number seventeen in one sentence, without using digits."};

/// Enough for a sentence; a longer reply is cut, the same way every time.
constexpr std::int64_t reply_tokens_max = 48;
constexpr std::int64_t reply_tokens_usual = 24;

std::int64_t checks_of(const SentinelRules& rules, std::int64_t runs) {
  // The one that comes behind the last run may be due by its number, too.
  return runs == 0 ? 0 : 1 + (runs + rules.every - 1) / rules.every;
}

} // namespace

std::vector<ChatRequest> canaries_for(const std::string& model) {
  std::vector<ChatRequest> all;
  for (const auto* question : questions) {
    ChatRequest request;
    request.model = model;
    request.messages.push_back({ChatRole::user, question});
    request.output_cap = reply_tokens_max;
    request.temperature = "0";
    all.push_back(std::move(request));
  }
  return all;
}

std::vector<std::string> watched_models(const SweepEstimate& estimate) {
  std::vector<std::string> models;
  for (const auto& [model, line] : estimate.all.by_model) {
    const auto provider = provider_of(model);
    if (provider != "sim" && provider != human_provider)
      models.push_back(model);
  }
  return models;
}

void add_canaries(const SentinelRules& rules, const PriceLookup& price_of,
                  SweepEstimate& estimate) {
  const auto checks = checks_of(rules, estimate.runs);
  for (const auto& model : watched_models(estimate)) {
    const auto price = price_of(model);
    EstimateLine check;
    for (const auto& request : canaries_for(model)) {
      EstimateLine one;
      one.calls = one.calls_max = 1;
      one.input_tokens = static_cast<std::int64_t>(
        static_cast<double>(request.messages.front().text.size())
        / bytes_per_token);
      one.output_tokens = reply_tokens_usual;
      if (price) {
        one.expected =
          runtime::cost_of(*price, {one.input_tokens, 0, 0, one.output_tokens})
            .value_or(Money{});
        const auto worst = runtime::worst_case(*price, request);
        one.worst = worst ? worst->usd : Money{};
        one.worst_tokens = worst ? worst->tokens : 0;
      }
      check.add(one, rules.repeats);
    }
    for (auto* line :
         {&estimate.all.total, &estimate.all.by_participant[world_name],
          &estimate.all.by_phase[canary_phase], &estimate.all.by_model[model]})
      line->add(check, checks);
  }
}

void check_sentinel(const Manifest& manifest, const SweepEstimate& estimate,
                    Findings& findings) {
  if (!manifest.sentinel || estimate.runs == 0
      || !watched_models(estimate).empty())
    return;
  auto& finding =
    error_at(*manifest.document, manifest.sentinel->place, findings, "S440",
             "no model of this sweep answers over a network, so the sentinel "
             "asks nobody",
             "sentinel");
  finding.severity = Severity::warning;
  finding.help.emplace_back("remove `sentinel`; rules do not drift");
}

} // namespace lab::sweeps
