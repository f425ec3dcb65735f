#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/metrics/pattern.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// Reads a scenario's metrics from a turn's texts; docs/adr/0056 tells the
/// rules. Patterns are compiled once. Not to be shared between threads.
class MetricReader {
public:
  /// @errors invalid_input: a pattern that does not compile, a participant
  ///         nobody knows, a metric for a model without a prompt
  static Result<MetricReader> compile(const ScenarioSpec& scenario);

  /// One value for each metric and subject, in the scenario's order of metrics
  /// and participants. A metric that found nothing says so, and so do those
  /// that a model or a person reads.
  std::vector<MetricValue> read(const TurnRecord& turn) const;

  /// The metrics that a model reads: one for each subject with a text in this
  /// turn.
  struct ForModel {
    std::size_t value = 0;  // place in what `read` gives
    std::size_t metric = 0; // place in `ScenarioSpec::metrics`
    std::string subject;    // participant id; "" for the world
  };
  std::vector<ForModel> for_model(const TurnRecord& turn) const;

private:
  struct Compiled {
    MetricSpec spec;
    std::vector<std::string> subjects; // participant ids; "" for the world
    std::vector<Pattern> patterns;     // of one kind, in the order to try
    /// Group i + 1 of a categorical metric's pattern is this category.
    std::vector<std::size_t> categories;
  };

  static Result<Compiled> compile(const MetricSpec& metric,
                                  const ScenarioSpec& scenario);
  static std::optional<MetricValue> read_text(const Compiled& metric,
                                              const std::string& text);

  std::vector<Compiled> metrics_;
};

} // namespace lab::actors
