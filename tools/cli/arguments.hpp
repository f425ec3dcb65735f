#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/base/money.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "storage/export/tidy_tables.hpp"
#include "storage/queries.hpp"

namespace lab::tools {

/// A model and whom it is for: a participant's short name, "world", or
/// everybody (empty).
using ModelChoice = std::pair<std::string, std::string>;

/// Flags of every command. An absent one leaves the word to the settings.
struct GlobalFlags {
  std::optional<std::string> home;
  std::optional<std::string> output;
  std::optional<std::string> config;
  std::optional<std::string> color;      // auto | always | never
  std::optional<std::string> log_format; // text | json
  bool json = false;
  bool quiet = false;
};

struct RunCommand {
  std::string scenario; // empty with `resume` and `branch_from`
  std::optional<std::int32_t> end_turn;
  std::optional<Money> credit_limit;
  std::optional<std::uint64_t> seed;
  std::vector<ModelChoice> models;
  std::string resume;      // a run's id or name
  std::string branch_from; // a run's id or name
  std::int32_t branch_at_turn = 0;
  /// Beside the scenario's own; for this command alone.
  std::vector<PauseSpec> pauses;
  bool dry_run = false;
  std::vector<std::string> human; // ids of those whom a person shall play
  std::vector<std::string> ai;    // and a model
  std::string answers;            // file; empty: none
  bool no_wait = false;           // end rather than wait for a person
};

/// `sweep plan` and `sweep run` take the same words: a plan is what the run
/// would do.
struct SweepCommand {
  bool execute = false;
  std::string manifest;
  std::optional<std::int64_t> first;
  std::optional<Money> budget;
  std::vector<ModelChoice> models;
  std::optional<std::int32_t> runs_in_flight;
  std::string answers; // file with what people say; empty: none
};

struct SweepListCommand {};

struct StatusCommand {
  std::string id; // empty: everything
};

struct CostsCommand {
  std::string id; // empty: everything
  /// One dimension, or two for a table of both.
  std::vector<storage::CostBy> by{storage::CostBy::model};
};

struct RunsCommand {
  std::string sweep; // empty: all
};

struct ShowCommand {
  std::string run;
};

struct ValidateCommand {
  std::vector<std::string> paths;
  bool as_json = false;
};

struct EstimateCommand {
  std::string scenario;
  std::vector<ModelChoice> models;
};

/// Old files to the native form.
struct UpgradeCommand {
  std::string scenario;
  bool diff = false; // show, and write nothing
};

/// A run's replies as a script.
struct RecordCommand {
  std::string run;
  std::string file;
};

/// Tidy tables of a sweep or a run.
struct ExportCommand {
  std::string id;
  storage::ExportForm form = storage::ExportForm::csv;
  std::vector<storage::TidyTable> tables; // never empty
  std::string folder;                     // empty: beside the artefacts
};

/// A sweep told to people: Markdown and one HTML file.
struct ReportCommand {
  std::string sweep;  // a manifest's file, an id or a name
  std::string folder; // empty: beside the artefacts
  /// Runs of this stratum alone; see `stratum_of`.
  std::optional<std::int32_t> stratum;
};

struct VerifyCommand {};
struct ConfigShowCommand {
  bool origin = false;
};
struct DemoCommand {};

struct PathsCommand {
  std::string scenario;
};

struct ExplainCommand {
  std::string code;
};

/// `--help` and `--version`: nothing is done but this.
struct PrintCommand {
  std::string text;
};

using Command =
  std::variant<RunCommand, SweepCommand, SweepListCommand, StatusCommand,
               CostsCommand, RunsCommand, ShowCommand, ValidateCommand,
               EstimateCommand, VerifyCommand, ConfigShowCommand, DemoCommand,
               PathsCommand, ExplainCommand, UpgradeCommand, RecordCommand,
               ExportCommand, ReportCommand, PrintCommand>;

struct Arguments {
  GlobalFlags global;
  Command command;
};

/// A command line that cannot be understood: exit 2.
struct UsageError {
  std::string code; // "U010"
  std::string message;
  std::string hint; // what would be right
};

/// "error[U010]: …" and the hint, ending with a newline.
std::string render(const UsageError& error);
std::string to_json(const UsageError& error);

/// Reads the words after the program's name. Flags of every command may stand
/// before or after it.
tl::expected<Arguments, UsageError>
parse_arguments(const std::vector<std::string>& words);

} // namespace lab::tools
