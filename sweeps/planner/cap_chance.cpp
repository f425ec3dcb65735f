#include "sweeps/planner/cap_chance.hpp"

#include <cmath>

#include "runtime/credit/pricing.hpp"
#include "sweeps/statistics/distributions.hpp"
#include "sweeps/statistics/summary.hpp"

namespace lab::sweeps {

namespace {

/// Of a 95 % interval's half width.
constexpr double normal_975 = 1.96;

double variation(const std::vector<double>& values) {
  const auto middle = statistics::mean(values);
  return middle > 0 ? std::sqrt(statistics::variance(values)) / middle : 0;
}

/// P(T >= t).
double upper_tail(double t, double freedom) {
  const auto both = statistics::t_two_sided(t, freedom);
  return t >= 0 ? both / 2 : 1 - both / 2;
}

class Chance {
public:
  explicit Chance(const SweepEstimate& estimate)
    : runs_(static_cast<double>(estimate.runs)),
      past_(static_cast<double>(estimate.spread.runs)) {}

  double above(double expected, double left, double run_variation,
               double sample_error) const {
    const auto of_sample = sample_error / normal_975;
    const auto sd =
      expected
      * std::sqrt(run_variation * run_variation * (1 / runs_ + 1 / past_)
                  + of_sample * of_sample);
    if (!(sd > 0))
      return expected > left ? 1 : 0;
    return upper_tail((left - expected) / sd, past_ - 1);
  }

private:
  double runs_;
  double past_;
};

} // namespace

RunSpread run_spread(const std::vector<PastRun>& past,
                     const PriceLookup& price_of) {
  std::vector<double> calls;
  std::vector<double> tokens;
  std::vector<double> usd;
  for (const auto& run : past) {
    if (run.turns < 1)
      continue;
    const auto turns = static_cast<double>(run.turns);
    double own_calls = 0;
    double own_tokens = 0;
    double own_usd = 0;
    for (const auto& [site, sum] : run.sites) {
      const auto& used = sum.usage;
      own_calls += static_cast<double>(sum.calls);
      own_tokens += static_cast<double>(used.input + used.cached_input
                                        + used.cache_write + used.output);
      if (const auto price = price_of(site.model))
        if (const auto bill = runtime::cost_of(*price, used))
          own_usd += static_cast<double>(bill->pico_usd);
    }
    calls.push_back(own_calls / turns);
    tokens.push_back(own_tokens / turns);
    usd.push_back(own_usd / turns);
  }
  RunSpread spread;
  spread.runs = std::ssize(calls);
  if (spread.runs < 2)
    return spread;
  spread.calls = variation(calls);
  spread.tokens = variation(tokens);
  spread.usd = variation(usd);
  return spread;
}

CapChances cap_chances(const SweepEstimate& estimate, const Limit& caps,
                       const Charge& spent) {
  CapChances chances;
  if (estimate.runs == 0 || estimate.spread.runs < 2
      || estimate.runs_from_history < estimate.runs)
    return chances;
  const Chance chance{estimate};
  const auto& total = estimate.all.total;
  if (caps.usd)
    chances.usd =
      chance.above(static_cast<double>(total.expected.pico_usd),
                   static_cast<double>(caps.usd->pico_usd - spent.usd.pico_usd),
                   estimate.spread.usd, estimate.error.usd);
  if (caps.calls)
    chances.calls = chance.above(static_cast<double>(total.calls),
                                 static_cast<double>(*caps.calls - spent.calls),
                                 estimate.spread.calls, estimate.error.calls);
  if (caps.tokens)
    chances.tokens = chance.above(
      static_cast<double>(total.input_tokens + total.output_tokens),
      static_cast<double>(*caps.tokens - spent.tokens), estimate.spread.tokens,
      estimate.error.tokens);
  return chances;
}

} // namespace lab::sweeps
