#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "llm/price_book.hpp"
#include "runtime/model/overlay.hpp"
#include "storage/queries.hpp"
#include "storage/workspace.hpp"
#include "sweeps/planner/estimate.hpp"
#include "tools/cli/console.hpp"
#include "tools/cli/failure.hpp"
#include "tools/cli/plan_report.hpp"
#include "tools/cli/settings.hpp"

namespace lab::tools {

/// What every command is given.
struct Context {
  const Settings& settings;
  Console& console;
  bool json = false;
  /// `--output` of this command line; the setting of that name is a folder
  /// under which each run gets its own.
  std::optional<std::string> output;
  std::string program; // as it was called, for advice that can be pasted
  /// Somebody sits at this terminal, and likes this editor.
  bool attended = false;
  std::string editor;

  storage::WorkspacePaths workspace() const {
    return storage::WorkspacePaths{settings.home.value};
  }
  /// Prints the form that was asked for.
  void result(const std::string& text, const std::string& document) const {
    console.result(json ? document : text);
  }
};

/// Hands a failure on as another outcome's.
template <class T>
tl::unexpected<Failure> pass_on(tl::expected<T, Failure>& outcome) {
  return tl::unexpected<Failure>(std::move(outcome.error()));
}

/// The workspace's tables. @errors exit 4 when nothing ran there yet
Outcome<storage::Queries> open_tables(const Context& context);

/// As `open_tables`; nothing when nothing ran there yet.
Outcome<std::optional<storage::Queries>> tables_if_any(const Context& context);

/// What a metric's pattern must pass: the room that searches decides.
Result<void> check_pattern(const std::string& pattern);

/// Reads a scenario's files. Warnings go to the console at once.
Outcome<std::unique_ptr<ScenarioSource>> open_source(const Context& context,
                                                     const std::string& folder);

/// The scenario with everything applied. Warnings go to the console.
Outcome<ScenarioSpec> resolve_scenario(const Context& context,
                                       const ScenarioSource& source,
                                       const std::vector<Assignment>& with);

/// Shows warnings; turns errors into a failure.
Outcome<void> settle_findings(const Context& context, Findings findings);

/// Prices of this process's providers.
llm::PriceBook price_book(const Settings& settings);
sweeps::PriceLookup price_lookup(const llm::PriceBook& book);

/// Where each model of the estimate leads.
std::vector<RouteLine> routes_of(const sweeps::Estimate& estimate,
                                 const llm::PriceBook& book);

/// Refuses work with a model that has no price, no room or no key.
/// @errors exit 3 or 6; nothing was sent
Outcome<void> check_models(const sweeps::Estimate& estimate,
                           const llm::PriceBook& book);

} // namespace lab::tools
