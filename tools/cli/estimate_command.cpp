#include "sweeps/planner/plan.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/past_runs.hpp"

namespace lab::tools {

Outcome<ExitCode> estimate_command(const EstimateCommand& command,
                                   const Context& context) {
  auto source = open_source(context, command.scenario);
  if (!source)
    return pass_on(source);
  auto scenario = resolve_scenario(
    context, **source, sweeps::model_assignments(command.models, **source));
  if (!scenario)
    return pass_on(scenario);
  const auto book = price_book(context.settings);
  auto view = estimate_view(*scenario, command.scenario,
                            sweeps::estimate(*scenario, price_lookup(book),
                                             past_runs(context, scenario->id)));
  view.routes = routes_of(view.estimate, book);
  view.next = "scenario-lab run " + shell_quoted(command.scenario);
  for (const auto& model : command.models)
    view.next += " --model " + shell_quoted(model);
  context.result(estimate_text(view), estimate_json(view));
  // Numbers first: they hold for the models that have a price.
  if (auto callable = check_models(view.estimate, book); !callable)
    return pass_on(callable);
  return ExitCode::done;
}

} // namespace lab::tools
