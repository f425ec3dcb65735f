#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llm/price_book.hpp"
#include "llm/provider_settings.hpp"
#include "runtime/base/money.hpp"
#include "tools/cli/arguments.hpp"
#include "tools/cli/failure.hpp"

namespace lab::tools {

/// A value and the place that set it: "--home", "SCENARIO_LAB_HOME",
/// "scenario-lab.yaml:3", "default".
template <class T>
struct Setting {
  T value{};
  std::string origin = "default";
};

/// What holds for every command, from five places in this order: a flag, a
/// SCENARIO_LAB_ variable, the project's scenario-lab.yaml (looked for in the
/// folder and those above it) or `--config FILE`, the user's config.yaml,
/// the default. See docs/cli.md.
struct Settings {
  Setting<std::string> home{".scenario-lab", "default"};
  /// Empty: `output/<scenario>` or what a manifest says.
  Setting<std::string> output;
  Setting<std::string> color{"auto", "default"};
  Setting<std::string> log_format{"text", "default"};
  /// Whose accounts the calls are charged to.
  Setting<std::string> user{"local", "default"};
  Setting<std::int32_t> jobs{64, "default"};   // runs in flight
  Setting<std::int32_t> threads{2, "default"}; // actor system's workers
  /// Ceiling of a single run that names none.
  Setting<std::optional<Money>> credit_limit;
  /// Ceilings over everything in the workspace, ever; over a user; over a
  /// user's UTC day and ISO week.
  Setting<std::optional<Money>> total_limit;
  Setting<std::optional<Money>> user_limit;
  Setting<std::optional<Money>> user_day_limit;
  Setting<std::optional<Money>> user_week_limit;

  /// Built in and configured, keys filled in from the environment.
  std::vector<llm::ProviderSettings> providers;
  std::vector<std::string> files; // that were read, strongest first
};

/// What settings are read from; tests hand in all of it.
struct SettingsInput {
  GlobalFlags flags;
  llm::Environment environment;
  std::string directory; // the current one, absolute
};

/// @errors (exit 3) every problem of every file at once; (exit 4) `--config`
///         names no file
Outcome<Settings> load_settings(const SettingsInput& input);

/// One line of `config show`.
struct SettingLine {
  std::string key;
  std::string value;
  std::string origin;
};

/// Every setting as text, providers too; of keys only where they come from.
std::vector<SettingLine> setting_lines(const Settings& settings);

} // namespace lab::tools
