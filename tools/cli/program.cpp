#include "tools/cli/program.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/log.hpp"
#include "tools/cli/arguments.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/editor.hpp"
#include "tools/cli/record_command.hpp"
#include "tools/cli/upgrade_command.hpp"

namespace lab::tools {

namespace {

/// Keys of all providers, for the console's last net.
std::vector<std::string> keys_of(const Settings& settings) {
  std::vector<std::string> keys;
  for (const auto& provider : settings.providers)
    if (!provider.api_key.empty())
      keys.push_back(provider.api_key);
  return keys;
}

/// One line a kind of command; `std::visit` finds the one that was given.
struct Dispatch {
  const Context& context;

  Outcome<ExitCode> operator()(const RunCommand& c) const {
    return run_command(c, context);
  }
  Outcome<ExitCode> operator()(const SweepCommand& c) const {
    return sweep_command(c, context);
  }
  Outcome<ExitCode> operator()(const SweepListCommand&) const {
    return sweep_list_command(context);
  }
  Outcome<ExitCode> operator()(const StatusCommand& c) const {
    return status_command(c, context);
  }
  Outcome<ExitCode> operator()(const CostsCommand& c) const {
    return costs_command(c, context);
  }
  Outcome<ExitCode> operator()(const RunsCommand& c) const {
    return runs_command(c, context);
  }
  Outcome<ExitCode> operator()(const ShowCommand& c) const {
    return show_command(c, context);
  }
  Outcome<ExitCode> operator()(const ValidateCommand& c) const {
    return validate_command(c, context);
  }
  Outcome<ExitCode> operator()(const EstimateCommand& c) const {
    return estimate_command(c, context);
  }
  Outcome<ExitCode> operator()(const VerifyCommand&) const {
    return verify_command(context);
  }
  Outcome<ExitCode> operator()(const ConfigShowCommand& c) const {
    return config_show_command(c, context);
  }
  Outcome<ExitCode> operator()(const DemoCommand&) const {
    return demo_command(context);
  }
  Outcome<ExitCode> operator()(const PathsCommand& c) const {
    return paths_command(c, context);
  }
  Outcome<ExitCode> operator()(const ExplainCommand& c) const {
    return explain_command(c, context);
  }
  Outcome<ExitCode> operator()(const UpgradeCommand& c) const {
    return upgrade_command(c, context);
  }
  Outcome<ExitCode> operator()(const RecordCommand& c) const {
    return record_command(c, context);
  }
  Outcome<ExitCode> operator()(const ExportCommand& c) const {
    return export_command(c, context);
  }
  Outcome<ExitCode> operator()(const ReportCommand& c) const {
    return report_command(c, context);
  }
  Outcome<ExitCode> operator()(const PrintCommand&) const {
    return ExitCode::done; // printed before settings were read
  }
};

ExitCode report(Console& console, const Failure& failure, bool json) {
  console.problem(render(failure));
  if (json)
    console.result(to_json(failure) + "\n");
  return failure.exit;
}

/// A word that could not be understood may stand before the one that asks for
/// JSON, so the words themselves are looked at.
bool asks_for_json(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

} // namespace

ExitCode run_program(const std::vector<std::string>& words,
                     const Surroundings& around) {
  const std::vector<std::string> given{words.begin() + 1, words.end()};
  const auto arguments = parse_arguments(given);
  const auto when =
    arguments ? arguments->global.color.value_or("auto") : std::string{"auto"};
  Console console{around.out, around.err,
                  style_for(when, around.streams, around.environment),
                  arguments && arguments->global.quiet};
  if (!arguments) {
    console.problem(render(arguments.error()));
    if (asks_for_json(given))
      console.result(to_json(arguments.error()) + "\n");
    return ExitCode::usage;
  }
  // Help needs no settings, and helps when they are wrong.
  if (const auto* print = std::get_if<PrintCommand>(&arguments->command)) {
    console.result(print->text);
    return ExitCode::done;
  }
  const auto& flags = arguments->global;
  const auto settings =
    load_settings({flags, around.environment, around.directory});
  if (!settings)
    return report(console, settings.error(), flags.json);
  console.hide(keys_of(*settings));
  console.restyle(
    style_for(settings->color.value, around.streams, around.environment));
  const Context context{*settings,
                        console,
                        flags.json,
                        flags.output,
                        words.front(),
                        around.streams.in_is_terminal
                          && around.streams.err_is_terminal,
                        editor_of(around.environment)};
  const auto outcome = std::visit(Dispatch{context}, arguments->command);
  stop_log();
  return outcome ? *outcome : report(console, outcome.error(), flags.json);
}

} // namespace lab::tools
