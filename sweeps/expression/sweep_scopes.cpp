#include "sweeps/expression/sweep_scopes.hpp"

#include <utility>

namespace lab::sweeps {

namespace {

Parameter metric() {
  Parameter made{"metric", Type::sample};
  made.by_name = true;
  return made;
}

Parameter optional(std::string name, Type type) {
  Parameter made{std::move(name), type};
  made.optional = true;
  return made;
}

Parameter level() { return optional("level", Type::number); }

/// What is said of the sweep as a whole.
void add_sweep_functions(Scope& scope) {
  const auto factor = optional("factor", Type::text);
  Parameter order{"order", Type::word};
  order.words = {"first", "total"};
  scope.add(
    {"sobol_ci", {metric(), order, level(), factor}, Type::sample, false, {}});
  scope.add({"morris_mu", {metric(), factor}, Type::sample, false, {}});
  scope.add(
    {"morris_ci", {metric(), level(), factor}, Type::sample, false, {}});
  scope.add({"provider.error_rate",
             {{"provider", Type::text},
              optional("within", Type::duration),
              optional("last", Type::number)},
             Type::number,
             false,
             {}});
}

/// Metrics as samples, and what is said of those.
Scope scope_of_samples() {
  Scope scope;
  add_number_functions(scope);
  add_sample_functions(scope);
  scope.add({"ci_halfwidth", {metric(), level()}, Type::number, false, {}});
  scope.open(Type::sample);
  return scope;
}

Scope scope_of_sweep() {
  auto scope = scope_of_samples();
  for (const auto* group : {"finished", "failed", "halted", "refused"})
    scope.add(group, Type::runs);
  scope.add("elapsed", Type::duration);
  for (const auto* sum : {"spent.usd", "spent.calls", "spent.tokens"})
    scope.add(sum, Type::number);
  return scope;
}

} // namespace

Scope derived_scope() {
  Scope scope;
  add_number_functions(scope);
  scope.open(Type::number);
  return scope;
}

Scope until_scope() {
  auto scope = scope_of_samples();
  scope.add("replicates", Type::number);
  add_sweep_functions(scope);
  return scope;
}

Scope stop_scope() {
  auto scope = scope_of_sweep();
  add_sweep_functions(scope);
  return scope;
}

Scope pilot_scope() {
  auto scope = scope_of_sweep();
  scope.add("forecast.end", Type::moment);
  scope.add("window.close", Type::moment);
  scope.add("forecast.time", Type::duration);
  for (const auto* sum : {"forecast.usd", "forecast.calls", "forecast.tokens"})
    scope.add(sum, Type::number);
  return scope;
}

const std::vector<std::string>& stop_actions() {
  static const std::vector<std::string> words{"pause", "finish", "stop",
                                              "pause-model"};
  return words;
}

const std::vector<std::string>& pilot_actions() {
  static const std::vector<std::string> words{"continue", "ask", "pause",
                                              "stop"};
  return words;
}

} // namespace lab::sweeps
