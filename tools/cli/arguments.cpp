#include "tools/cli/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <CLI/CLI.hpp>

#include "runtime/base/text.hpp"

// CLI11 only splits the words: every value arrives as text and is read here,
// so that each refusal can say what would have been right. Settings files and
// variables have a reader of their own, because CLI11 would let a file win
// over the environment.

namespace lab::tools {

namespace {

constexpr std::string_view program = "scenario-lab";

const std::vector<std::string> costs_by_names{
  "actor", "phase", "model", "point", "run", "turn", "day", "user"};

/// Where CLI11 puts what it split, by command.
struct Words {
  std::vector<std::string> home, output, config, color, log_format;
  bool json = false, quiet = false, help = false, version = false;
  std::vector<std::string> target; // positionals
  std::vector<std::string> stratum;
  std::vector<std::string> to; // of `record`, `export`, `sweep report`
  bool diff = false;           // of `upgrade`
  std::vector<std::string> end_turn, limit, seed, model, resume, branch_from,
    branch_at_turn, pause_before, pause_after, first, jobs, by, sweep, format,
    human, ai, answers, table; // options
  bool dry_run = false, origin = false, no_wait = false;
};

/// What a command's help says beyond its options.
struct CommandPage {
  std::string usage; // after the command's name
  std::string about;
  std::vector<std::string> examples; // after the program's name
};

struct Tree {
  Words words;
  CLI::App root{"", std::string{program}};
  std::vector<std::pair<const CLI::App*, CommandPage>> pages;

  Tree();
  CLI::App& command(CLI::App& parent, const std::string& name,
                    CommandPage page);
  CLI::Option& option(CLI::App& app, const std::string& names,
                      std::vector<std::string>& into, const std::string& value,
                      const std::string& about);
  void positional(CLI::App& app, const std::string& name);
  void model_option(CLI::App& app);
  void budget_option(CLI::App& app);
  void answers_option(CLI::App& app);
  const CommandPage& page_of(const CLI::App& app) const;
};

CLI::Option& Tree::option(CLI::App& app, const std::string& names,
                          std::vector<std::string>& into,
                          const std::string& value, const std::string& about) {
  auto* added = app.add_option(names, into, about);
  added->type_name(value)->allow_extra_args(false);
  return *added;
}

void Tree::positional(CLI::App& app, const std::string& name) {
  app.add_option(name, words.target)->type_name("");
}

CLI::App& Tree::command(CLI::App& parent, const std::string& name,
                        CommandPage page) {
  auto* app = parent.add_subcommand(name, page.about);
  app->set_help_flag();
  app->fallthrough();
  app->require_subcommand(0, 1);
  app->allow_extras();
  pages.emplace_back(app, std::move(page));
  return *app;
}

void Tree::model_option(CLI::App& app) {
  option(app, "--model", words.model, "[ACTOR=]ID",
         "use this model for everybody, or for one actor; may be repeated");
}

void Tree::budget_option(CLI::App& app) {
  option(app, "--budget-usd,--usd", words.limit, "USD",
         "ceiling of the whole sweep, in place of the manifest's");
}

void Tree::answers_option(CLI::App& app) {
  option(app, "--answers", words.answers, "FILE",
         "what people answer, by place; YAML or JSON lines");
}

Tree::Tree() {
  root.set_help_flag();
  root.require_subcommand(0, 1);
  root.allow_extras();
  pages.emplace_back(
    &root,
    CommandPage{
      "COMMAND [options]",
      "Simulates what language models, people and rules decide in a scenario, "
      "one run\nor a sweep of thousands, and never spends more than you allow.",
      {"demo", "run scenarios/river-compact --model sim/persona --seed 7",
       "sweep plan sweeps/demo.yaml", "sweep run sweeps/demo.yaml", "status"}});
  option(root, "--home", words.home, "DIR",
         "the workspace (default .scenario-lab)");
  option(root, "--output", words.output, "DIR", "where artefacts go");
  option(root, "--config", words.config, "FILE",
         "settings, in place of scenario-lab.yaml");
  option(root, "--color", words.color, "WHEN", "auto, always or never");
  option(root, "--log-format", words.log_format, "FORM",
         "progress lines as text or json");
  root.add_flag("--json", words.json, "one JSON document on stdout");
  root.add_flag("--quiet,-q", words.quiet, "no progress, no advice");
  root.add_flag("--help,-h", words.help, "this page");
  root.add_flag("--version", words.version, "the version");

  auto& run = command(
    root, "run",
    {"SCENARIO [options]",
     "Run one scenario. Its id comes from what determines it, so the same "
     "scenario\nand seed read every reply back and buy nothing again.",
     {"run scenarios/river-compact --model sim/persona --seed 7",
      "run scenarios/river-compact --model ollama/llama3.1:8b "
      "--credit-limit 1",
      "run --resume r-0f2c9e1122334455 --credit-limit 2",
      "run --branch-from r-0f2c9e1122334455 --branch-at-turn 3"}});
  positional(run, "SCENARIO");
  option(run, "--end-turn", words.end_turn, "N",
         "number of turns; with --resume: stop after this one");
  option(run, "--credit-limit", words.limit, "USD",
         "no call is sent that could exceed it");
  option(run, "--seed", words.seed, "N", "root of all chance (default: fresh)");
  model_option(run);
  option(run, "--resume", words.resume, "RUN", "go on with a run");
  option(run, "--branch-from", words.branch_from, "RUN",
         "a new run that shares this run's first turns");
  option(run, "--branch-at-turn", words.branch_at_turn, "K",
         "the last shared turn");
  option(run, "--human", words.human, "ACTOR",
         "a person plays this actor; with --resume: from the next turn on");
  option(run, "--ai", words.ai, "ACTOR",
         "the actor's model plays it; with --resume: from the next turn on");
  answers_option(run);
  run.add_flag("--no-wait", words.no_wait,
               "end, resumable, where a person is asked");
  option(run, "--pause-before", words.pause_before, "PHASE[@TURN]",
         "stand still before this phase, of one turn or of each; may be "
         "repeated");
  option(run, "--pause-after", words.pause_after, "PHASE[@TURN]",
         "the same after it");
  run.add_flag("--dry-run", words.dry_run, "check and estimate; send nothing");

  auto& sweep = command(root, "sweep",
                        {"plan|run|list [options]",
                         "Run a manifest: many points, many replicates.",
                         {"sweep plan sweeps/demo.yaml",
                          "sweep run sweeps/demo.yaml", "sweep list"}});
  auto& plan =
    command(sweep, "plan",
            {"MANIFEST [options]",
             "Say what a sweep would do and cost. Spends nothing.",
             {"sweep plan sweeps/demo.yaml",
              "sweep plan sweeps/demo.yaml --model openai/gpt-4o-mini"}});
  positional(plan, "MANIFEST");
  auto& execute =
    command(sweep, "run",
            {"MANIFEST [options]",
             "Do what is missing of a sweep and nothing else: the same command "
             "starts,\nresumes and retries.",
             {"sweep run sweeps/demo.yaml",
              "sweep run sweeps/demo.yaml --first 10 --budget-usd 3"}});
  positional(execute, "MANIFEST");
  for (auto* app : {&plan, &execute}) {
    option(*app, "--first", words.first, "N",
           "only the first N runs of the order");
    budget_option(*app);
    model_option(*app);
  }
  option(execute, "--jobs", words.jobs, "N", "runs in flight at once");
  answers_option(execute);
  command(sweep, "list",
          {"", "List the sweeps of the workspace.", {"sweep list"}});
  auto& report =
    command(sweep, "report",
            {"MANIFEST|ID [--to DIR] [--stratum N]",
             "Write what a sweep found, finished or not, as report.md and "
             "report.html.",
             {"sweep report sweeps/demo.yaml",
              "sweep report s-4c1e07aabbccdd00 --to reports"}});
  positional(report, "SWEEP");
  option(report, "--to", words.to, "DIR",
         "the folder (default: the sweep's output folder)");
  option(report, "--stratum", words.stratum, "N",
         "only the runs that one model answered, when the sentinel saw another "
         "take its place");

  positional(
    command(root, "status",
            {"[ID]",
             "Say how sweeps and runs stand, live engine or not.",
             {"status", "status s-4c1e07aabbccdd00", "status --json"}}),
    "ID");
  auto& costs = command(root, "costs",
                        {"[ID] [--by WHAT]",
                         "Show money, calls and tokens of a sweep or a run.",
                         {"costs", "costs s-4c1e07aabbccdd00 --by phase",
                          "costs --by model,phase"}});
  positional(costs, "ID");
  option(costs, "--by", words.by, "WHAT",
         "actor, phase, model (default), point, run, turn, day, user; or two");
  auto& runs = command(root, "runs",
                       {"[--sweep ID]",
                        "List the runs of the workspace.",
                        {"runs", "runs --sweep s-4c1e07aabbccdd00"}});
  option(runs, "--sweep", words.sweep, "ID", "only this sweep's");
  positional(command(root, "show",
                     {"RUN",
                      "Tell a run's story: world, decisions, metrics by turn.",
                      {"show p006.r1", "show r-0f2c9e1122334455"}}),
             "RUN");
  auto& validate =
    command(root, "validate",
            {"PATH...",
             "Check scenarios and manifests; all problems of a file at once.",
             {"validate scenarios/river-compact", "validate sweeps/*.yaml"}});
  positional(validate, "PATH");
  option(validate, "--format", words.format, "FORM", "full (default) or json");
  auto& estimate =
    command(root, "estimate",
            {"SCENARIO [options]",
             "Say what one run would take: calls, tokens, money.",
             {"estimate scenarios/river-compact --model "
              "openai/gpt-4o-mini"}});
  positional(estimate, "SCENARIO");
  model_option(estimate);
  auto& upgrade = command(
    root, "upgrade",
    {"SCENARIO [--diff]",
     "Bring a scenario's files to the form of today. Comments and order "
     "stay, and so\ndoes its meaning; the old files are kept beside "
     "the new ones. A batch file becomes a sweep.",
     {"upgrade scenarios/old-summit --diff", "upgrade scenarios/old-summit",
      "upgrade batch-config.yaml"}});
  positional(upgrade, "SCENARIO");
  upgrade.add_flag("--diff", words.diff,
                   "show what would change (exit 1), write nothing");
  auto& record =
    command(root, "record",
            {"RUN --to FILE",
             "Write the replies of a run into a script, which plays it again "
             "without any model.",
             {"record r-0f2c9e1122334455 --to replies.yaml",
              "record latest --to replies.jsonl"}});
  positional(record, "RUN");
  option(record, "--to", words.to, "FILE",
         "the script: YAML, or with .jsonl one JSON object a line");
  auto& exporting =
    command(root, "export",
            {"ID [options]",
             "Write a sweep's or a run's data as tidy tables: runs, metrics by "
             "turn, calls.",
             {"export demo --format parquet --to data",
              "export latest --table metrics"}});
  positional(exporting, "ID");
  option(exporting, "--format", words.format, "FORM",
         "csv (default), jsonl or parquet");
  option(exporting, "--table", words.table, "TABLE",
         "runs, metrics or calls (default: all); may be repeated");
  option(exporting, "--to", words.to, "DIR",
         "the folder (default: `export` in the output folder)");
  positional(command(root, "paths",
                     {"SCENARIO",
                      "List every path of a scenario that a sweep can set.",
                      {"paths scenarios/river-compact"}}),
             "SCENARIO");
  command(root, "verify",
          {"",
           "Check the journal: its chain, its replies, its balances.",
           {"verify"}});
  auto& config = command(root, "config",
                         {"show [--origin]",
                          "Show the settings in force.",
                          {"config show", "config show --origin"}});
  auto& show = command(config, "show",
                       {"[--origin]",
                        "Show the settings in force. Keys are never shown.",
                        {"config show", "config show --origin"}});
  show.add_flag("--origin", words.origin, "with the place each comes from");
  command(root, "demo",
          {"",
           "Run the demonstration sweep on the built-in simulated model.",
           {"demo"}});
  positional(command(root, "explain",
                     {"CODE",
                      "Explain an error: cause, example, what to do.",
                      {"explain P101"}}),
             "CODE");
}

const CommandPage& Tree::page_of(const CLI::App& app) const {
  for (const auto& [known, page] : pages)
    if (known == &app)
      return page;
  return pages.front().second;
}

/// The command that was named, the root when none was.
const CLI::App& named_command(const CLI::App& root) {
  const auto* app = &root;
  while (!app->get_subcommands().empty())
    app = app->get_subcommands().front();
  return *app;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* sub :
       app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

/// "sweep run"; empty for the root.
std::string full_name(const CLI::App& app) {
  if (app.get_parent() == nullptr)
    return {};
  const auto parent = full_name(*app.get_parent());
  return parent.empty() ? app.get_name() : parent + " " + app.get_name();
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ')
                             : text + " ";
}

void append_options(std::string& out, const CLI::App& app) {
  for (const auto* option : app.get_options()) {
    if (option->get_positional())
      continue;
    auto names = option->get_name(false, true);
    std::replace(names.begin(), names.end(), ',', ' ');
    if (option->get_expected_max() > 0 && !option->get_type_name().empty())
      names += " " + option->get_type_name();
    out += "  " + padded(names, 28) + option->get_description() + "\n";
  }
}

std::string help_text(const Tree& tree, const CLI::App& app) {
  const auto& page = tree.page_of(app);
  const auto name = full_name(app);
  std::string out = page.about + "\n\nexamples:\n";
  for (const auto& example : page.examples)
    out += "  " + std::string{program} + " " + example + "\n";
  out += "\nusage: " + std::string{program} + (name.empty() ? "" : " ") + name
         + (page.usage.empty() ? "" : " ") + page.usage + "\n";
  if (const auto names = command_names(app); !names.empty()) {
    out += "\ncommands:\n";
    for (const auto* sub :
         app.get_subcommands([](const CLI::App*) { return true; })) {
      auto about = sub->get_description();
      std::replace(about.begin(), about.end(), '\n', ' ');
      out += "  " + padded(sub->get_name(), 12)
             + about.substr(0, about.find(". ")) + "\n";
    }
  }
  std::string options;
  if (&app != &tree.root)
    append_options(options, app);
  if (!options.empty())
    out += "\noptions:\n" + options;
  out += "\noptions of every command, before or after it:\n";
  append_options(out, tree.root);
  if (&app == &tree.root)
    out += "\nscenario-lab COMMAND --help tells more. Exit codes, settings and "
           "variables:\ndocs/cli.md\n";
  return out;
}

using Refusal = tl::unexpected<UsageError>;

Refusal refuse(std::string code, std::string message, std::string hint) {
  return Refusal(
    UsageError{std::move(code), std::move(message), std::move(hint)});
}

std::string help_hint(const CLI::App& app) {
  const auto name = full_name(app);
  return "help: " + std::string{program} + (name.empty() ? "" : " ") + name
         + " --help";
}

std::string did_you_mean(const std::string& word,
                         const std::vector<std::string>& candidates) {
  const auto near = closest(word, candidates);
  return near ? "; did you mean `" + *near + "`?" : "";
}

std::string ticked(const std::string& word) {
  return "`" + printable(word) + "`";
}

std::vector<std::string> option_names(const Tree& tree, const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* source : {&app, static_cast<const CLI::App*>(&tree.root)})
    for (const auto* option : source->get_options())
      for (const auto& name : option->get_lnames())
        names.push_back("--" + name);
  return names;
}

Refusal refuse_command(const Tree& tree, const CLI::App& app,
                       const std::string& word) {
  const auto names = command_names(app);
  const auto subject = &app == &tree.root
                         ? "there is no command "
                         : ticked(full_name(app)) + " has no command ";
  return refuse("U010", subject + ticked(word) + did_you_mean(word, names),
                "commands: " + join(names, ", ") + "          "
                  + help_hint(app));
}

/// Words that CLI11 could not place: a command, a flag or one name too many.
Refusal refuse_extra(const Tree& tree, const CLI::App& app,
                     const std::string& word) {
  if (word.size() > 1 && word.front() == '-') {
    const auto flag = word.substr(0, word.find('='));
    const auto name = full_name(app);
    return refuse(
      "U011",
      (name.empty() ? "there is no option " : ticked(name) + " has no option ")
        + ticked(flag) + did_you_mean(flag, option_names(tree, app)),
      help_hint(app));
  }
  if (!command_names(app).empty())
    return refuse_command(tree, app, word);
  return refuse("U015",
                ticked(full_name(app)) + " does not take " + ticked(word),
                "usage: " + std::string{program} + " " + full_name(app) + " "
                  + tree.page_of(app).usage + "          " + help_hint(app));
}

/// Reads the values of one command line; the first refusal wins.
class ValueReader {
public:
  explicit ValueReader(const CLI::App& app) : app_(app) {}

  std::optional<std::string> text(const std::vector<std::string>& given,
                                  const std::string& flag) {
    if (given.empty())
      return std::nullopt;
    const auto& value = given.back();
    if (value.empty() || value.substr(0, 2) == "--") {
      refuse_value("U012", ticked(flag) + " needs a value");
      return std::nullopt;
    }
    return value;
  }

  template <class T>
  std::optional<T> integer(const std::vector<std::string>& given,
                           const std::string& flag, T min, T max) {
    const auto word = text(given, flag);
    if (!word)
      return std::nullopt;
    T value{};
    const auto* end = word->data() + word->size();
    const auto read = std::from_chars(word->data(), end, value);
    if (read.ec == std::errc{} && read.ptr == end && value >= min
        && value <= max)
      return value;
    refuse_value("U013", ticked(flag) + " takes a whole number from "
                           + std::to_string(min) + " to " + std::to_string(max)
                           + ", not " + ticked(*word));
    return std::nullopt;
  }

  std::optional<Money> usd(const std::vector<std::string>& given,
                           const std::string& flag) {
    const auto word = text(given, flag);
    if (!word)
      return std::nullopt;
    if (auto value = parse_usd(*word))
      return *value;
    refuse_value("U013", ticked(flag)
                           + " takes an amount in US dollars such as 0.50, not "
                           + ticked(*word));
    return std::nullopt;
  }

  std::optional<std::string> one_of(const std::vector<std::string>& given,
                                    const std::string& flag,
                                    const std::vector<std::string>& allowed) {
    const auto word = text(given, flag);
    if (!word)
      return std::nullopt;
    if (std::find(allowed.begin(), allowed.end(), *word) != allowed.end())
      return word;
    refuse_value("U013", ticked(flag) + " takes " + join(allowed, ", ")
                           + ", not " + ticked(*word)
                           + did_you_mean(*word, allowed));
    return std::nullopt;
  }

  std::vector<ModelChoice> models(const std::vector<std::string>& given) {
    std::vector<ModelChoice> choices;
    for (const auto& word : given) {
      if (!text({word}, "--model"))
        break;
      // The id of a simulated model may hold "=" too, but only behind "/".
      const auto equals = word.find('=');
      const bool for_one = equals < word.find('/');
      auto who = for_one ? word.substr(0, equals) : "";
      auto model = for_one ? word.substr(equals + 1) : word;
      if (model.find('/') == std::string::npos || (for_one && who.empty()))
        refuse_value("U013", "`--model` takes provider/model or "
                             "ACTOR=provider/model, not "
                               + ticked(word));
      choices.emplace_back(std::move(who), std::move(model));
    }
    return choices;
  }

  std::vector<std::string> actors(const std::vector<std::string>& given,
                                  const std::string& flag) {
    for (const auto& word : given)
      if (!text({word}, flag))
        break;
    return given;
  }

  /// "decision" or "decision@3".
  void pauses(const std::vector<std::string>& given, const std::string& flag,
              bool before, std::vector<PauseSpec>& into) {
    for (const auto& word : given) {
      if (!text({word}, flag))
        return;
      const auto at = word.find('@');
      PauseSpec pause;
      pause.phase = word.substr(0, at);
      pause.before = before;
      const auto turn = at == std::string::npos ? "" : word.substr(at + 1);
      const auto* end = turn.data() + turn.size();
      const auto read = std::from_chars(turn.data(), end, pause.turn);
      const bool wrong =
        at != std::string::npos
        && (read.ec != std::errc{} || read.ptr != end || pause.turn < 1);
      if (pause.phase.empty() || wrong)
        refuse_value("U013", ticked(flag)
                               + " takes a phase, or one of a turn such as "
                                 "decision@3, not "
                               + ticked(word));
      into.push_back(std::move(pause));
    }
  }

  /// The only positional of a command.
  std::string target(const std::vector<std::string>& given,
                     const std::string& name, bool required = true) {
    if (given.size() > 1)
      refuse_value("U015", ticked(full_name(app_)) + " does not take "
                             + ticked(given[1]));
    if (given.empty() && required)
      refuse_value("U014", ticked(full_name(app_)) + " needs " + name);
    return given.empty() ? "" : given.front();
  }

  void refuse_value(std::string code, std::string message) {
    if (!error_)
      error_ = UsageError{std::move(code), std::move(message), help_hint(app_)};
  }

  const std::optional<UsageError>& error() const { return error_; }

private:
  const CLI::App& app_;
  std::optional<UsageError> error_;
};

constexpr std::int32_t count_max = 1'000'000;

GlobalFlags read_global(const Words& w, ValueReader& read) {
  GlobalFlags flags;
  flags.home = read.text(w.home, "--home");
  flags.output = read.text(w.output, "--output");
  flags.config = read.text(w.config, "--config");
  flags.color = read.one_of(w.color, "--color", {"auto", "always", "never"});
  flags.log_format =
    read.one_of(w.log_format, "--log-format", {"text", "json"});
  flags.json = w.json;
  flags.quiet = w.quiet;
  return flags;
}

RunCommand read_run(const Words& w, ValueReader& read) {
  RunCommand command;
  command.resume = read.text(w.resume, "--resume").value_or("");
  command.branch_from = read.text(w.branch_from, "--branch-from").value_or("");
  const bool continues =
    !command.resume.empty() || !command.branch_from.empty();
  command.scenario = read.target(w.target, "SCENARIO", !continues);
  command.end_turn =
    read.integer<std::int32_t>(w.end_turn, "--end-turn", 1, count_max);
  command.credit_limit = read.usd(w.limit, "--credit-limit");
  command.seed = read.integer<std::uint64_t>(
    w.seed, "--seed", 0, std::numeric_limits<std::uint64_t>::max());
  command.models = read.models(w.model);
  const auto branch_turn = read.integer<std::int32_t>(
    w.branch_at_turn, "--branch-at-turn", 1, count_max);
  command.branch_at_turn = branch_turn.value_or(0);
  read.pauses(w.pause_before, "--pause-before", true, command.pauses);
  read.pauses(w.pause_after, "--pause-after", false, command.pauses);
  command.dry_run = w.dry_run;
  command.human = read.actors(w.human, "--human");
  command.ai = read.actors(w.ai, "--ai");
  command.answers = read.text(w.answers, "--answers").value_or("");
  command.no_wait = w.no_wait;
  for (const auto& actor : command.human)
    if (std::find(command.ai.begin(), command.ai.end(), actor)
        != command.ai.end())
      read.refuse_value("U016",
                        "`--human` and `--ai` both name " + ticked(actor));
  if (!command.resume.empty() && !command.branch_from.empty())
    read.refuse_value("U016",
                      "`--resume` and `--branch-from` exclude each other");
  if (branch_turn.has_value() == command.branch_from.empty())
    read.refuse_value("U016",
                      "`--branch-from` and `--branch-at-turn` belong together");
  if (continues && !command.scenario.empty())
    read.refuse_value("U016",
                      "a run that goes on brings its scenario; leave out "
                        + ticked(command.scenario));
  if (!command.resume.empty() && (command.seed || !command.models.empty()))
    read.refuse_value("U016", "a resumed run keeps its seed and models; "
                              "`--branch-from` makes another run");
  if (!command.branch_from.empty() && !command.models.empty())
    read.refuse_value("U016",
                      "a branch keeps its parent's models: the turns it "
                      "shares were bought from them");
  return command;
}

SweepCommand read_sweep(const Words& w, ValueReader& read, bool execute) {
  SweepCommand command;
  command.execute = execute;
  command.manifest = read.target(w.target, "MANIFEST");
  command.first = read.integer<std::int64_t>(w.first, "--first", 1, count_max);
  command.budget = read.usd(w.limit, "--budget-usd");
  command.models = read.models(w.model);
  command.runs_in_flight =
    read.integer<std::int32_t>(w.jobs, "--jobs", 1, 100'000);
  command.answers = read.text(w.answers, "--answers").value_or("");
  return command;
}

CostsCommand read_costs(const Words& w, ValueReader& read) {
  CostsCommand command;
  command.id = read.target(w.target, "ID", false);
  const auto wanted = read.text(w.by, "--by");
  if (!wanted)
    return command;
  command.by.clear();
  for (const auto& name : split(*wanted, ',')) {
    if (!read.one_of({name}, "--by", costs_by_names))
      return command;
    command.by.push_back(*storage::cost_by_from(name));
  }
  if (command.by.size() > 2)
    read.refuse_value("U013",
                      "`--by` takes one or two words, not " + ticked(*wanted));
  return command;
}

template <class E>
E enumerator_of(const std::string& name, const std::vector<E>& all) {
  return *std::ranges::find_if(
    all, [&](E each) { return storage::to_string(each) == name; });
}

ExportCommand read_export(const Words& w, ValueReader& read) {
  using storage::ExportForm;
  using storage::TidyTable;
  const std::vector forms{ExportForm::csv, ExportForm::jsonl,
                          ExportForm::parquet};
  const std::vector tables{TidyTable::runs, TidyTable::metrics,
                           TidyTable::calls};
  ExportCommand command;
  command.id = read.target(w.target, "ID");
  if (const auto form =
        read.one_of(w.format, "--format", {"csv", "jsonl", "parquet"}))
    command.form = enumerator_of(*form, forms);
  for (const auto& word : w.table)
    if (const auto name =
          read.one_of({word}, "--table", {"runs", "metrics", "calls"})) {
      const auto table = enumerator_of(*name, tables);
      if (std::ranges::find(command.tables, table) == command.tables.end())
        command.tables.push_back(table);
    }
  if (command.tables.empty())
    command.tables = tables;
  command.folder = read.text(w.to, "--to").value_or("");
  return command;
}

Command read_command(const Words& w, const std::string& name,
                     ValueReader& read) {
  if (name == "run")
    return read_run(w, read);
  if (name == "sweep plan" || name == "sweep run")
    return read_sweep(w, read, name == "sweep run");
  if (name == "sweep list")
    return SweepListCommand{};
  if (name == "sweep report")
    return ReportCommand{
      read.target(w.target, "MANIFEST or ID"),
      read.text(w.to, "--to").value_or(""),
      read.integer<std::int32_t>(w.stratum, "--stratum", 1, count_max)};
  if (name == "export")
    return read_export(w, read);
  if (name == "status")
    return StatusCommand{read.target(w.target, "ID", false)};
  if (name == "costs")
    return read_costs(w, read);
  if (name == "runs")
    return RunsCommand{read.text(w.sweep, "--sweep").value_or("")};
  if (name == "show")
    return ShowCommand{read.target(w.target, "RUN")};
  if (name == "validate") {
    if (w.target.empty())
      read.refuse_value("U014", "`validate` needs PATH");
    const auto format = read.one_of(w.format, "--format", {"full", "json"});
    return ValidateCommand{w.target, format == "json"};
  }
  if (name == "estimate")
    return EstimateCommand{read.target(w.target, "SCENARIO"),
                           read.models(w.model)};
  if (name == "upgrade")
    return UpgradeCommand{read.target(w.target, "SCENARIO"), w.diff};
  if (name == "record") {
    RecordCommand command{read.target(w.target, "RUN"),
                          read.text(w.to, "--to").value_or("")};
    if (command.file.empty())
      read.refuse_value("U014", "`record` needs --to FILE");
    return command;
  }
  if (name == "verify")
    return VerifyCommand{};
  if (name == "config show")
    return ConfigShowCommand{w.origin};
  if (name == "demo")
    return DemoCommand{};
  if (name == "paths")
    return PathsCommand{read.target(w.target, "SCENARIO")};
  return ExplainCommand{read.target(w.target, "CODE")};
}

bool asks_for_help(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const auto& word) {
    return word == "--help" || word == "-h";
  });
}

} // namespace

tl::expected<Arguments, UsageError>
parse_arguments(const std::vector<std::string>& words) {
  Tree tree;
  std::string misread;
  try {
    // CLI11 takes the words from the back.
    tree.root.parse(std::vector<std::string>{words.rbegin(), words.rend()});
  } catch (const CLI::ParseError& e) {
    misread = e.what();
  }
  const auto& app = named_command(tree.root);
  const auto& w = tree.words;
  if (w.help || asks_for_help(words))
    return Arguments{{}, PrintCommand{help_text(tree, app)}};
  if (w.version)
    return Arguments{{}, PrintCommand{"scenario-lab " LAB_VERSION "\n"}};
  // With texts alone, the one thing CLI11 can miss is the last flag's value.
  if (!misread.empty())
    return refuse("U012", ticked(words.back()) + " needs a value",
                  help_hint(app));
  if (const auto extra = tree.root.remaining(true); !extra.empty())
    return refuse_extra(tree, app, extra.front());
  if (!command_names(app).empty())
    return words.empty()
             ? tl::expected<Arguments, UsageError>{Arguments{
               {}, PrintCommand{help_text(tree, app)}}}
             : refuse("U014",
                      (&app == &tree.root
                         ? "a command is missing"
                         : ticked(full_name(app)) + " needs a command"),
                      "commands: " + join(command_names(app), ", ")
                        + "          " + help_hint(app));
  ValueReader read{app};
  Arguments arguments;
  arguments.global = read_global(w, read);
  arguments.command = read_command(w, full_name(app), read);
  if (read.error())
    return Refusal(*read.error());
  return arguments;
}

std::string render(const UsageError& error) {
  return "error[" + error.code + "]: " + error.message + "\n   " + error.hint
         + "\n";
}

std::string to_json(const UsageError& error) {
  return R"({"schema":"scenario-lab/error/1","exit":2,"findings":[{"code":)"
         + json_quote(error.code) + R"(,"severity":"error","message":)"
         + json_quote(error.message) + R"(,"help":[)" + json_quote(error.hint)
         + "]}]}";
}

} // namespace lab::tools
