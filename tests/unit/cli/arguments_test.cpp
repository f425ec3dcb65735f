#include <gtest/gtest.h>

#include "tools/cli/arguments.hpp"

namespace lab::tools {
namespace {

/// The error text of a command line that must not be understood.
std::string refusal(const std::vector<std::string>& words) {
  const auto arguments = parse_arguments(words);
  return arguments ? "understood" : render(arguments.error());
}

template <class T>
T command(const std::vector<std::string>& words) {
  auto arguments = parse_arguments(words);
  EXPECT_TRUE(arguments) << (arguments ? "" : render(arguments.error()));
  const auto* found = arguments ? std::get_if<T>(&arguments->command) : nullptr;
  EXPECT_NE(found, nullptr);
  return found == nullptr ? T{} : *found;
}

TEST(Arguments, AMistypedSubcommandIsNamedWithTheNearestOne) {
  EXPECT_EQ(refusal({"sweep", "rum", "sweeps/demo.yaml"}),
            "error[U010]: `sweep` has no command `rum`; did you mean `run`?\n"
            "   commands: plan, run, list, report          "
            "help: scenario-lab sweep --help\n");
}

TEST(Arguments, AWordThatResemblesNoCommandGetsTheListAlone) {
  EXPECT_EQ(refusal({"frobnicate"}),
            "error[U010]: there is no command `frobnicate`\n"
            "   commands: run, sweep, status, costs, runs, show, validate, "
            "estimate, upgrade, record, export, paths, verify, config, demo, "
            "explain"
            "          "
            "help: scenario-lab --help\n");
}

TEST(Arguments, AnExportIsOfAllTablesAsCsvUnlessToldOtherwise) {
  const auto plain = command<ExportCommand>({"export", "demo"});
  EXPECT_EQ(plain.id, "demo");
  EXPECT_EQ(plain.form, storage::ExportForm::csv);
  EXPECT_EQ(plain.tables.size(), 3U);
  EXPECT_TRUE(plain.folder.empty());

  const auto some = command<ExportCommand>(
    {"export", "demo", "--format", "parquet", "--table", "calls", "--table",
     "runs", "--table", "calls", "--to", "data"});
  EXPECT_EQ(some.form, storage::ExportForm::parquet);
  EXPECT_EQ(some.tables,
            (std::vector{storage::TidyTable::calls, storage::TidyTable::runs}));
  EXPECT_EQ(some.folder, "data");

  EXPECT_EQ(refusal({"export", "demo", "--format", "xlsx"}),
            "error[U013]: `--format` takes csv, jsonl, parquet, not `xlsx`\n"
            "   help: scenario-lab export --help\n");
}

TEST(Arguments, AReportIsOfASweepByFileOrName) {
  const auto report = command<ReportCommand>(
    {"sweep", "report", "sweeps/demo.yaml", "--to", "x"});
  EXPECT_EQ(report.sweep, "sweeps/demo.yaml");
  EXPECT_EQ(report.folder, "x");
}

TEST(Arguments, AMistypedOptionIsNamedWithTheNearestOne) {
  EXPECT_EQ(refusal({"run", "--sed", "5", "x"}),
            "error[U011]: `run` has no option `--sed`; did you mean "
            "`--seed`?\n   help: scenario-lab run --help\n");
}

TEST(Arguments, AnOptionAtTheEndWithoutItsValueIsRefused) {
  EXPECT_EQ(refusal({"run", "x", "--seed"}),
            "error[U012]: `--seed` needs a value\n"
            "   help: scenario-lab run --help\n");
}

TEST(Arguments, AnOptionNeverTakesTheNextOptionAsItsValue) {
  EXPECT_EQ(refusal({"run", "x", "--seed", "--json"}),
            "error[U012]: `--seed` needs a value\n"
            "   help: scenario-lab run --help\n");
}

TEST(Arguments, ANumberOutOfRangeSaysTheRange) {
  EXPECT_EQ(refusal({"run", "x", "--end-turn", "0"}),
            "error[U013]: `--end-turn` takes a whole number from 1 to "
            "1000000, not `0`\n   help: scenario-lab run --help\n");
  EXPECT_EQ(refusal({"run", "x", "--seed", "-5"}),
            "error[U013]: `--seed` takes a whole number from 0 to "
            "18446744073709551615, not `-5`\n"
            "   help: scenario-lab run --help\n");
}

TEST(Arguments, AnAmountThatIsNoPlainDecimalIsRefused) {
  EXPECT_EQ(refusal({"run", "x", "--credit-limit", "1e3"}),
            "error[U013]: `--credit-limit` takes an amount in US dollars such "
            "as 0.50, not `1e3`\n   help: scenario-lab run --help\n");
}

TEST(Arguments, AMissingNameIsAskedFor) {
  EXPECT_EQ(refusal({"sweep", "run"}),
            "error[U014]: `sweep run` needs MANIFEST\n"
            "   help: scenario-lab sweep run --help\n");
  EXPECT_EQ(refusal({"sweep"}), "error[U014]: `sweep` needs a command\n"
                                "   commands: plan, run, list, report          "
                                "help: scenario-lab sweep --help\n");
}

TEST(Arguments, OneNameTooManyIsRefused) {
  EXPECT_EQ(refusal({"run", "a", "b"}), "error[U015]: `run` does not take `b`\n"
                                        "   help: scenario-lab run --help\n");
  EXPECT_EQ(refusal({"verify", "a"}),
            "error[U015]: `verify` does not take `a`\n"
            "   usage: scenario-lab verify           "
            "help: scenario-lab verify --help\n");
}

TEST(Arguments, OptionsThatContradictEachOtherAreRefused) {
  EXPECT_EQ(refusal({"run", "--resume", "a", "--branch-from", "b",
                     "--branch-at-turn", "2"}),
            "error[U016]: `--resume` and `--branch-from` exclude each other\n"
            "   help: scenario-lab run --help\n");
  EXPECT_EQ(refusal({"run", "--branch-from", "b"}),
            "error[U016]: `--branch-from` and `--branch-at-turn` belong "
            "together\n   help: scenario-lab run --help\n");
  EXPECT_EQ(refusal({"run", "--resume", "a", "--seed", "4"}),
            "error[U016]: a resumed run keeps its seed and models; "
            "`--branch-from` makes another run\n"
            "   help: scenario-lab run --help\n");
  EXPECT_EQ(refusal({"run", "--branch-from", "b", "--branch-at-turn", "2",
                     "--model", "sim/persona"}),
            "error[U016]: a branch keeps its parent's models: the turns it "
            "shares were bought from them\n"
            "   help: scenario-lab run --help\n");
}

TEST(Arguments, PausesNameAPhaseAndPerhapsATurn) {
  const auto run = command<RunCommand>(
    {"run", "x", "--pause-before", "decision", "--pause-after", "metrics@12",
     "--pause-before", "persistence@1"});

  ASSERT_EQ(run.pauses.size(), 3U);
  EXPECT_EQ(run.pauses[0].phase, "decision");
  EXPECT_TRUE(run.pauses[0].before);
  EXPECT_EQ(run.pauses[0].turn, 0);
  EXPECT_EQ(run.pauses[1].phase, "persistence");
  EXPECT_EQ(run.pauses[1].turn, 1);
  EXPECT_EQ(run.pauses[2].phase, "metrics");
  EXPECT_FALSE(run.pauses[2].before);
  EXPECT_EQ(run.pauses[2].turn, 12);
}

TEST(Arguments, APauseThatIsNoPlaceIsRefused) {
  for (const std::string word : {"@3", "decision@", "decision@0",
                                 "decision@two", "decision@-1", "decision@3@4"})
    EXPECT_EQ(refusal({"run", "x", "--pause-before", word}),
              "error[U013]: `--pause-before` takes a phase, or one of a turn "
              "such as decision@3, not `"
                + word + "`\n   help: scenario-lab run --help\n");
}

TEST(Arguments, ControlCharactersOfAWordNeverReachTheTerminal) {
  EXPECT_EQ(refusal({"\x1b[2Jx"}).find('\x1b'), std::string::npos);
}

TEST(Arguments, GlobalOptionsStandBeforeOrAfterTheCommand) {
  const auto before = parse_arguments({"--json", "--home", "h", "status"});
  const auto after = parse_arguments({"status", "--json", "--home", "h"});

  ASSERT_TRUE(before && after);
  EXPECT_TRUE(before->global.json && after->global.json);
  EXPECT_EQ(before->global.home, "h");
  EXPECT_EQ(after->global.home, "h");
}

TEST(Arguments, ARunTakesEveryOptionInOnePass) {
  const auto run = command<RunCommand>(
    {"run", "scenarios/x", "--end-turn", "3", "--credit-limit", "0.50",
     "--seed=18446744073709551615", "--model", "eu=openai/gpt-4o-mini",
     "--model", "sim/persona?jitter=0.2", "--dry-run"});

  EXPECT_EQ(run.scenario, "scenarios/x");
  EXPECT_EQ(run.end_turn, 3);
  EXPECT_EQ(run.credit_limit, parse_usd("0.5").value());
  EXPECT_EQ(run.seed, 18446744073709551615U);
  EXPECT_TRUE(run.dry_run);
  const std::vector<ModelChoice> models{{"eu", "openai/gpt-4o-mini"},
                                        {"", "sim/persona?jitter=0.2"}};
  EXPECT_EQ(run.models, models);
}

TEST(Arguments, TheLastOfARepeatedOptionCounts) {
  EXPECT_EQ(
    command<RunCommand>({"run", "x", "--seed", "1", "--seed", "2"}).seed, 2U);
}

TEST(Arguments, AModelNeedsItsProvider) {
  EXPECT_EQ(refusal({"run", "x", "--model", "gpt"}),
            "error[U013]: `--model` takes provider/model or "
            "ACTOR=provider/model, not `gpt`\n"
            "   help: scenario-lab run --help\n");
}

TEST(Arguments, AResumedRunNeedsNoScenario) {
  const auto run = command<RunCommand>({"run", "--resume", "r-1"});

  EXPECT_EQ(run.resume, "r-1");
  EXPECT_TRUE(run.scenario.empty());
}

TEST(Arguments, ThePlanOfASweepTakesTheSameWordsAsItsRun) {
  const auto plan =
    command<SweepCommand>({"sweep", "plan", "m.yaml", "--first", "3"});
  const auto run = command<SweepCommand>(
    {"sweep", "run", "m.yaml", "--first", "3", "--usd", "2"});

  EXPECT_FALSE(plan.execute);
  EXPECT_TRUE(run.execute);
  EXPECT_EQ(plan.first, 3);
  EXPECT_EQ(run.budget, parse_usd("2").value());
}

TEST(Arguments, CostsTakeOneOrTwoDimensions) {
  const std::vector both{storage::CostBy::model, storage::CostBy::phase};
  EXPECT_EQ(command<CostsCommand>({"costs", "--by", "model,phase"}).by, both);
  EXPECT_EQ(refusal({"costs", "--by", "modl"}),
            "error[U013]: `--by` takes actor, phase, model, point, run, turn, "
            "day, user, not `modl`; did you mean `model`?\n"
            "   help: scenario-lab costs --help\n");
}

TEST(Arguments, HelpIsGivenEvenWhenTheRestIsWrong) {
  const auto help =
    command<PrintCommand>({"sweep", "run", "--nonsense", "--help"}).text;

  EXPECT_EQ(help.rfind("Do what is missing", 0), 0U) << help;
  EXPECT_NE(help.find("usage: scenario-lab sweep run MANIFEST"),
            std::string::npos);
  EXPECT_LT(help.find("examples:"), help.find("usage:"));
}

TEST(Arguments, EveryCommandHasExamplesThatItUnderstandsItself) {
  const auto root = command<PrintCommand>({"--help"}).text;
  const auto begin = root.find("commands:\n") + 10;
  std::size_t commands = 0;
  for (auto at = begin; root.substr(at, 2) == "  ";
       at = root.find('\n', at) + 1, ++commands) {
    const auto name = root.substr(at + 2, root.find(' ', at + 2) - at - 2);
    const auto help = command<PrintCommand>({name, "--help"}).text;
    const std::string lead = "  scenario-lab ";
    for (auto line = help.find(lead); line != std::string::npos;
         line = help.find(lead, line + 1)) {
      std::vector<std::string> words;
      auto text = help.substr(line + lead.size(),
                              help.find('\n', line) - line - lead.size());
      for (std::size_t from = 0; from <= text.size();) {
        const auto to = std::min(text.find(' ', from), text.size());
        words.push_back(text.substr(from, to - from));
        from = to + 1;
      }
      EXPECT_EQ(refusal(words), "understood") << text;
    }
  }
  EXPECT_EQ(commands, 16U);
}

TEST(Arguments, PeopleAndModelsAreNamedAsOftenAsNeeded) {
  const auto run =
    command<RunCommand>({"run", "x", "--human", "eu", "--human", "us", "--ai",
                         "cn", "--answers", "a.yaml", "--no-wait"});

  EXPECT_EQ(run.human, (std::vector<std::string>{"eu", "us"}));
  EXPECT_EQ(run.ai, std::vector<std::string>{"cn"});
  EXPECT_EQ(run.answers, "a.yaml");
  EXPECT_TRUE(run.no_wait);
  EXPECT_EQ(
    command<SweepCommand>({"sweep", "run", "x", "--answers", "a.yaml"}).answers,
    "a.yaml");
}

TEST(Arguments, NobodyIsAPersonAndAModelAtOnce) {
  EXPECT_EQ(refusal({"run", "x", "--human", "eu", "--ai", "eu"}),
            "error[U016]: `--human` and `--ai` both name `eu`\n"
            "   help: scenario-lab run --help\n");
}

TEST(Arguments, APersonNeedsAName) {
  EXPECT_EQ(refusal({"run", "x", "--human", "--no-wait"}),
            "error[U012]: `--human` needs a value\n"
            "   help: scenario-lab run --help\n");
}

} // namespace
} // namespace lab::tools
