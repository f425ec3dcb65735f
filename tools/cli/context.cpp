#include "tools/cli/context.hpp"

#include <utility>

#include "actors/metrics/pattern.hpp"
#include "runtime/base/log.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "storage/catch_up.hpp"

namespace lab::tools {

Result<void> check_pattern(const std::string& pattern) {
  auto compiled = actors::Pattern::compile(pattern);
  if (!compiled)
    return tl::unexpected(std::move(compiled.error()));
  return {};
}

Outcome<std::optional<storage::Queries>> tables_if_any(const Context& context) {
  // What an engine that was killed left out. A failure is the next engine's to
  // tell: old tables are better than none.
  if (const auto caught = storage::catch_up_tables(context.settings.home.value);
      !caught && caught.error().code != Errc::held_elsewhere)
    log_warning("tables-not-caught-up", {{"why", to_string(caught.error())}});
  auto tables = storage::Queries::open(context.workspace().analytics);
  if (tables)
    return std::optional{std::move(*tables)};
  if (tables.error().code == Errc::not_found)
    return std::optional<storage::Queries>{};
  return give_up(tables.error(), "the workspace `" + context.settings.home.value
                                   + "` cannot be read");
}

Outcome<storage::Queries> open_tables(const Context& context) {
  auto tables = tables_if_any(context);
  if (!tables)
    return pass_on(tables);
  if (*tables)
    return std::move(**tables);
  return give_up(Error{Errc::not_found, "`" + context.settings.home.value
                                          + "` (from "
                                          + context.settings.home.origin + ")"},
                 "nothing ran in this workspace yet");
}

Outcome<void> settle_findings(const Context& context, Findings findings) {
  if (findings.has_errors())
    return give_up(failure_of(std::move(findings)));
  findings.sort();
  if (!findings.empty())
    context.console.problem(render(findings));
  return {};
}

Outcome<std::unique_ptr<ScenarioSource>>
open_source(const Context& context, const std::string& folder) {
  Findings findings;
  auto source = scenarios::open_scenario(folder, findings, check_pattern);
  if (!source) {
    if (!findings.has_errors())
      return give_up(source.error(), "");
    auto failure = failure_of(std::move(findings));
    failure.exit = exit_code_of(source.error().code);
    return give_up(std::move(failure));
  }
  if (auto settled = settle_findings(context, std::move(findings)); !settled)
    return pass_on(settled);
  return std::move(*source);
}

Outcome<ScenarioSpec> resolve_scenario(const Context& context,
                                       const ScenarioSource& source,
                                       const std::vector<Assignment>& with) {
  Findings findings;
  auto spec = source.resolve(with, findings);
  if (!spec && !findings.has_errors())
    return give_up(spec.error(), "`" + source.folder() + "`");
  if (auto settled = settle_findings(context, std::move(findings)); !settled)
    return pass_on(settled);
  return std::move(*spec);
}

llm::PriceBook price_book(const Settings& settings) {
  return llm::PriceBook{settings.providers};
}

sweeps::PriceLookup price_lookup(const llm::PriceBook& book) {
  return [&book](const std::string& model) -> Result<PriceRow> {
    LAB_TRY(auto route, book.route(model));
    return route.price;
  };
}

std::vector<RouteLine> routes_of(const sweeps::Estimate& estimate,
                                 const llm::PriceBook& book) {
  std::vector<RouteLine> lines;
  for (const auto& [model, part] : estimate.by_model) {
    RouteLine line;
    line.model = model;
    if (const auto route = book.route(model)) {
      line.provider = route->provider;
      line.wire_model = route->wire_model;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Outcome<void> check_models(const sweeps::Estimate& estimate,
                           const llm::PriceBook& book) {
  Failure failure;
  failure.consequence = "nothing was run, nothing was spent";
  for (const auto& [model, error] : estimate.refused) {
    const auto one = failure_of(error, "");
    failure.findings.append(one.findings);
    failure.exit = one.exit;
  }
  if (failure.findings.has_errors())
    return give_up(std::move(failure));
  for (const auto& line : routes_of(estimate, book)) {
    const auto* provider = book.provider(line.provider);
    if (provider == nullptr)
      continue;
    if (const auto missing = llm::missing_key(*provider)) {
      const auto one = failure_of(*missing, "`" + line.model + "`");
      failure.findings.append(one.findings);
      failure.exit = one.exit;
    }
  }
  if (failure.findings.has_errors())
    return give_up(std::move(failure));
  return {};
}

} // namespace lab::tools
