#include "sweeps/planner/plan.hpp"
#include "tools/cli/commands.hpp"

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
  EstimateView view;
  view.scenario = scenario->id;
  view.folder = command.scenario;
  view.turns = scenario->turns;
  view.estimate = sweeps::estimate(*scenario, price_lookup(book));
  view.routes = routes_of(view.estimate, book);
  context.result(estimate_text(view), estimate_json(view));
  // Numbers first: they hold for the models that have a price.
  if (auto callable = check_models(view.estimate, book); !callable)
    return pass_on(callable);
  return ExitCode::done;
}

} // namespace lab::tools
