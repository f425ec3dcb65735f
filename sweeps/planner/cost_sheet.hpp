#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/prompt_size.hpp"

namespace lab::sweeps {

/// One question of the call graph.
struct Asked {
  CallKind kind = CallKind::decision;
  std::size_t index = 0;   // of the participant in the scenario
  std::string participant; // id; empty: the world and other helpers
  std::string model;
  bool stands_in = false; // for a person: nobody expects it
};

/// A question and its repair at their dearest.
struct Ceiling {
  Money usd;
  std::int64_t tokens = 0;
};

/// Sums `a` and `b`, and multiplies; both stop at the largest `Money`.
Money capped_sum(Money a, Money b);
Money capped_product(Money amount, std::int64_t count);

/// Adds what the call graph asks up to an estimate: means by place, ceilings
/// by line.
class CostSheet {
public:
  /// Both are kept by reference.
  CostSheet(const ScenarioSpec& scenario, const PriceLookup& price_of);

  const PromptSizes& usual() const { return usual_; }
  const PromptSizes& longest() const { return longest_; }

  /// Question and repair, in every breakdown.
  /// @param turns        in which they are asked
  /// @param usual, most  questions a turn
  void add(const Asked& asked, const TextSize& usual_prompt,
           const TextSize& longest_prompt, std::int64_t turns, double usual,
           std::int64_t most);
  /// The expectation alone.
  void add_usual(const Asked& asked, const TextSize& prompt, std::int64_t turns,
                 double calls_a_turn);
  /// Nothing where nobody is asked. Without a price the calls count alone.
  std::optional<Ceiling> ceiling_of(const Asked& asked, const TextSize& prompt);
  /// `count` questions at this ceiling, in one line.
  static void add_ceiling(EstimateLine& line, const Ceiling& ceiling,
                          std::int64_t count);
  /// For ceilings that differ from line to line.
  Estimate& lines() { return made_; }

  /// The means of those completed runs that fit replace the expectations.
  void take_over(const std::vector<PastRun>& past);
  Estimate finish();

  static std::string name_of(const Asked& asked);

private:
  /// Calls of one place of the call graph, as expected.
  struct Expectation {
    double calls = 0;
    double input_tokens = 0;
    double output_tokens = 0;
    Money usd;
    bool stands_in = false;
  };

  bool answers_alone(const Asked& asked) const;
  void add_calls(Expectation& sum, const std::string& model, double bytes,
                 double output, double calls);
  Expectation mean_of(const CallSite& site, const CallSum& sum, double share);
  const PriceRow* price_for(const std::string& model);

  const ScenarioSpec& scenario_;
  const PriceLookup& price_of_;
  PromptSizes usual_;
  PromptSizes longest_;
  std::map<CallSite, Expectation> expected_; // models with their parameters
  std::map<std::string, Result<PriceRow>> prices_;
  Estimate made_;
};

} // namespace lab::sweeps
