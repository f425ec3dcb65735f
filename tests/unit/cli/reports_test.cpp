#include <gtest/gtest.h>

#include "tools/cli/costs_report.hpp"
#include "tools/cli/outcome_report.hpp"
#include "tools/cli/plan_report.hpp"
#include "tools/cli/status_report.hpp"
#include "tools/cli/story_report.hpp"

namespace lab::tools {
namespace {

Money usd(const char* text) { return parse_usd(text).value(); }

/// JSON in one form, whatever its layout; words keep their blanks.
std::string without_blanks(const std::string& json) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"' && (i == 0 || json[i - 1] != '\\'))
      quoted = !quoted;
    if (quoted || (json[i] != ' ' && json[i] != '\n'))
      out += json[i];
  }
  return out;
}

// --- plan
// ---------------------------------------------------------------------

PlanView a_plan() {
  PlanView view;
  view.name = "summit-screening";
  view.manifest = "sweeps/summit-screening.yaml";
  view.scenario = "ai-summit";
  view.folder = "scenarios/ai-summit";
  view.participants = 4;
  view.events = 3;
  view.turns_min = view.turns_max = 8;
  view.outline = "45 morris x 2 grid";
  view.designed = view.points = 90;
  view.replicates = 3;
  view.runs = 270;
  view.existing = 20;
  auto& all = view.estimate.all;
  all.total = {14'000, 16'900, 60'000'000, 16'000'000, usd("48.90"), usd("95")};
  all.by_model["openai/gpt-4o-mini"] = all.total;
  all.smallest_limit = usd("0.046");
  view.estimate.run_expected_max = usd("0.118");
  view.estimate.run_worst_max = usd("0.31");
  view.estimate.shared_calls = 1'200;
  view.forecast = {26'400, 22'000, 31'000, 2, 20, {}};
  view.budget.usd = usd("60");
  view.per_run = usd("0.40");
  view.routes = {{"openai/gpt-4o-mini", "openrouter", "openai/gpt-4o-mini"}};
  view.runs_in_flight = 64;
  view.output = "output/summit-screening";
  return view;
}

TEST(PlanReport, APaidSweepSaysWhatItMayComeTo) {
  EXPECT_EQ(
    plan_text(a_plan()),
    "summit-screening                                     "
    "sweeps/summit-screening.yaml, valid\n"
    "  scenario   ai-summit (4 actors, 8 turns, 3 events)  "
    "scenarios/ai-summit\n"
    "  points     45 morris x 2 grid = 90\n"
    "  runs       90 points x 3 paired seeds = 270        "
    "20 already in the database, 250 to do\n"
    "  calls      about 14,000, at most 16,900 with repairs  "
    "at least 1,200 of them shared, paid once\n"
    "  tokens     about 60.0M in, 16.0M out\n"
    "  money      about $48.90, at most $95.00            cap $60.00\n"
    "  a run      about $0.12, at most $0.31              cap $0.40\n"
    "  limit      no smaller one than $0.05 lets the largest call through\n"
    "  time       about 7 h 20 min (6 h 7 min to 8 h 37 min)  "
    "at 2 calls at once, as 20 earlier runs\n"
    "  models     openai/gpt-4o-mini through openrouter as "
    "openai/gpt-4o-mini  14,000 calls, about $48.90, at most $95.00\n"
    "  order      every point once in random order, then every point again\n"
    "  at once    64 runs\n"
    "  output     output/summit-screening\n");
}

TEST(PlanReport, ACapSaysHowLikelyItIsReached) {
  auto view = a_plan();
  view.budget.calls = 20'000;
  view.budget.tokens = 90'000'000;
  view.chances.usd = 0.084;
  view.chances.calls = 0.0001;
  view.chances.tokens = 0.9999;
  EXPECT_NE(plan_text(view).find(
              "cap $60.00 (8 % chance to reach it), 20,000 calls (under 1 % "
              "chance to reach it), 90.0M tokens (over 99 % chance to reach "
              "it)\n"),
            std::string::npos)
    << plan_text(view);
  EXPECT_NE(plan_json(view).find(R"("cap_chances":{"usd":0.084,)"),
            std::string::npos);
}

TEST(PlanReport, APilotSaysWhatRunsFirstAndWhatIsDecidedThen) {
  auto view = a_plan();
  view.pilot = PilotView{
    6,
    {"p007.r1", "p002.r1", "p011.r1", "p004.r1", "p001.r1", "p009.r1"},
    "continue if forecast.usd <= 60, else ask"};
  EXPECT_NE(plan_text(view).find(
              "  first      6 pilot runs: p007.r1, p002.r1, p011.r1, p004.r1, "
              "...\n"
              "             then continue if forecast.usd <= 60, else ask\n"),
            std::string::npos)
    << plan_text(view);
  view.pilot = PilotView{1, {}, ""};
  EXPECT_NE(plan_text(view).find("  first      1 pilot run\n"
                                 "             then all the others\n"),
            std::string::npos)
    << plan_text(view);
}

TEST(PlanReport, ModelsThatNotAllRunsAskSayHowManyDo) {
  auto view = a_plan();
  view.estimate.runs = 250;
  view.estimate.runs_by_model = {{"ollama/llama3.1:8b", 125},
                                 {"ollama/qwen2.5:14b", 125},
                                 {"sim/persona", 250}};
  EXPECT_NE(plan_text(view).find("  by model   ollama/llama3.1:8b 125 runs\n"
                                 "             ollama/qwen2.5:14b 125 runs\n"
                                 "             sim/persona 250 runs\n"),
            std::string::npos)
    << plan_text(view);
}

TEST(PlanReport, ALongSweepSaysWhatItIsEstimatedFrom) {
  auto view = a_plan();
  view.outline = "1000000 sobol";
  view.designed = view.points = 1'000'000;
  view.replicates = 1;
  view.runs = 1'000'000;
  view.listed = false;
  view.estimate.shared_calls.reset();
  view.estimate.points_sampled = 400;
  view.estimate.error = {0.0212, 0.018, 0.02};

  const auto text = plan_text(view);

  EXPECT_NE(text.find("about 20 already in the database, 999,980 to do"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("how many are shared is not known beforehand"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("from 400 of 1,000,000 points, drawn at random  calls "
                      "±2.2 %, tokens ±1.8 %, money ±2.0 % (95 %)"),
            std::string::npos)
    << text;
}

TEST(PlanReport, WhatADesignDoesWithAFactorStandsBelowItsPoints) {
  auto view = a_plan();
  view.design_notes = {"morris: the 3 values of `rule` share the unit interval "
                       "in equal cells"};

  EXPECT_NE(plan_text(view).find(
              "  points     45 morris x 2 grid = 90\n"
              "             morris: the 3 values of `rule` share the unit "
              "interval in equal cells\n"),
            std::string::npos)
    << plan_text(view);
}

TEST(PlanReport, ATimeThatNobodyCanKnowIsNotInvented) {
  auto view = a_plan();
  view.forecast = {};
  view.forecast.unknown = {"ollama/llama3.1:8b", "human/eu"};

  EXPECT_NE(plan_text(view).find("time       not known yet: no call of "
                                 "ollama/llama3.1:8b, human/eu was timed here"),
            std::string::npos);
  EXPECT_NE(plan_json(view).find(R"("time":{"seconds":null,"low":null)"),
            std::string::npos);
}

TEST(PlanReport, PointsThatAreOneScenarioAreToldApart) {
  auto view = a_plan();
  view.points = 80;

  EXPECT_NE(plan_text(view).find("45 morris x 2 grid = 90, 80 of them "
                                 "different\n"),
            std::string::npos);
}

TEST(PlanReport, ASimulatedSweepSaysSoAndNamesNoDollars) {
  auto view = a_plan();
  view.simulation = {true, true};
  view.routes = {{"sim/persona", "sim", "persona"}};

  const auto text = plan_text(view);

  EXPECT_NE(text.find("\n  SIMULATED: no language model was called."),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("sim/persona: built in"), std::string::npos) << text;
  EXPECT_EQ(text.find('$'), std::string::npos) << text;
}

TEST(PlanReport, ItsJsonNamesItsSchemaAndWritesMoneyAsText) {
  const auto json = plan_json(a_plan());

  EXPECT_EQ(json.rfind(R"({"schema":"scenario-lab/plan/1",)", 0), 0U) << json;
  EXPECT_NE(json.find(R"("runs":{"planned":270,"completed":20,"missing":250})"),
            std::string::npos)
    << json;
  EXPECT_NE(json.find(R"("expected_usd":"48.9","worst_usd":"95")"),
            std::string::npos)
    << json;
}

// --- estimate
// ---------------------------------------------------------------

EstimateView an_estimate() {
  EstimateView view;
  view.scenario = "ai-summit";
  view.folder = "scenarios/ai-summit";
  view.turns = 8;
  view.actors = {"us", "eu"};
  view.phases = {"summary", "decision", "world_update"};
  view.next = "scenario-lab run scenarios/ai-summit";
  auto& made = view.estimate;
  const sweeps::EstimateLine decision{16,          32,         120'000, 8'000,
                                      usd("0.16"), usd("0.9"), 300'000};
  const sweeps::EstimateLine world{8,           16,           30'000, 5'000,
                                   usd("0.05"), usd("0.301"), 90'000};
  for (auto* sum : {&made.total, &made.by_model["openai/gpt-4o-mini"]}) {
    sum->add(decision, 1);
    sum->add(world, 1);
  }
  made.by_phase = {{"decision", decision}, {"world_update", world}};
  made.by_participant = {{"eu", decision}, {"us", decision}, {"world", world}};
  made.smallest_limit = usd("0.03");
  view.routes = {{"openai/gpt-4o-mini", "openrouter", "openai/gpt-4o-mini"}};
  return view;
}

TEST(EstimateReport, SaysWhatARunMayComeToAndHowToStartIt) {
  EXPECT_EQ(
    estimate_text(an_estimate()),
    "ai-summit, one run of 8 turns   scenarios/ai-summit\n"
    "  calls      about 24, at most 48 with repairs\n"
    "  tokens     about 150.0k in, 13.0k out\n"
    "  money      about $0.21, at most $1.20\n"
    "             expected from the texts; no run of it fits here yet\n"
    "  limit      no smaller one than $0.03 lets the largest call through\n"
    "  models     openai/gpt-4o-mini through openrouter as "
    "openai/gpt-4o-mini  24 calls\n"
    "\n"
    "  BY PHASE            CALLS  TOKENS IN  TOKENS OUT  EXPECTED  AT MOST\n"
    "  decision               16     120.0k        8.0k     $0.16    $0.90\n"
    "  world_update            8      30.0k        5.0k     $0.05    $0.30\n"
    "\n"
    "  BY ACTOR            CALLS  TOKENS IN  TOKENS OUT  EXPECTED  AT MOST\n"
    "  us                     16     120.0k        8.0k     $0.16    $0.90\n"
    "  eu                     16     120.0k        8.0k     $0.16    $0.90\n"
    "  world                   8      30.0k        5.0k     $0.05    $0.30\n"
    "\n"
    "  BY MODEL            CALLS  TOKENS IN  TOKENS OUT  EXPECTED  AT MOST\n"
    "  openai/gpt-4o-mini     24     150.0k       13.0k     $0.21    $1.20\n"
    "\n"
    "\"At most\" is what is set aside if all that can happen happens: each "
    "line's own ceiling.\n"
    "\n"
    "Next: scenario-lab run scenarios/ai-summit --credit-limit 1.21\n"
    "No lower limit is sure to reach the last turn; with less, what is done by "
    "then is kept.\n");
}

TEST(EstimateReport, SaysWhenItComesFromEarlierRuns) {
  auto view = an_estimate();
  view.estimate.history_runs = 12;

  EXPECT_NE(estimate_text(view).find("expected as in 12 completed runs\n"),
            std::string::npos);
  EXPECT_NE(estimate_json(view).find(R"("history_runs":12)"),
            std::string::npos);
}

TEST(EstimateReport, AModelThatCannotBeCalledHasNoNextCommand) {
  auto view = an_estimate();
  view.estimate.refused.emplace("openai/gpt-4o-mini",
                                Error{Errc::model_not_priced, ""});

  EXPECT_EQ(estimate_text(view).find("Next:"), std::string::npos);
}

TEST(EstimateReport, WordsOfACommandAreQuotedWhereAShellNeedsIt) {
  EXPECT_EQ(shell_quoted("scenarios/ai-summit"), "scenarios/ai-summit");
  EXPECT_EQ(shell_quoted("my scenario"), "'my scenario'");
  EXPECT_EQ(shell_quoted("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_quoted("sim/persona?jitter=0.2"), "'sim/persona?jitter=0.2'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(PlanReport, OneRealModelAmongSimulatedOnesIsNotAllSimulated) {
  sweeps::Estimate estimate;
  estimate.by_model["sim/persona"] = {};
  estimate.by_model["openai/gpt-4o-mini"] = {};

  const auto simulation = simulation_of(estimate);

  EXPECT_TRUE(simulation.any);
  EXPECT_FALSE(simulation.all);
}

// --- status
// -------------------------------------------------------------------

StatusView a_workspace() {
  storage::SweepRow sweep;
  sweep.id = SweepId{0x4c1e07aabbccdd00};
  sweep.name = "summit-screening";
  sweep.status = "running";
  sweep.runs = {{RunStatus::completed, 166},
                {RunStatus::running, 6},
                {RunStatus::planned, 94},
                {RunStatus::failed, 4}};
  sweep.spend.settled = {usd("19.43"), 7072, 47'600'000};
  sweep.spend.reserved = {usd("0.68"), 24, 100'000};
  storage::RunRow run;
  run.id = RunId{0x0f2c9e1122334455};
  run.name = to_string(run.id);
  run.scenario = "ai-summit";
  run.status = RunStatus::halted;
  run.reason = "credit_limit";
  run.turns_planned = 10;
  run.turns_completed = 4;
  run.seed = 7;
  run.simulated = true;
  run.spend.settled.usd = usd("0.5");
  StatusView view;
  view.at = 1'763'762'400'000;
  view.engine = storage::WorkspaceOwner{17146, true};
  view.sweeps = {sweep};
  view.runs = {run};
  return view;
}

TEST(StatusReport, OneLineASweepAndARun) {
  EXPECT_EQ(
    status_text(a_workspace()),
    "An engine works here, pid 17146.\n\n"
    "SWEEP               NAME              STATE           RUNS  FAILED  "
    "TOKENS  SETTLED  UNKNOWN  RESERVED\n"
    "s-4c1e07aabbccdd00  summit-screening  running  166/270 61%       4   "
    "47.6M   $19.43    $0.00     $0.68\n"
    "\n"
    "RUN                 NAME  SCENARIO   STATE   TURN  SEED    SETTLED    "
    "UNKNOWN   RESERVED\n"
    "r-0f2c9e1122334455        ai-summit  halted  4/10     7  0.50 play  "
    "0.00 play  0.00 play  simulated; credit_limit\n");
}

TEST(StatusReport, WhatACrashLeftIsNotCalledRunning) {
  auto view = a_workspace();
  view.engine = {};

  EXPECT_NE(status_text(view).find("interrupted"), std::string::npos);
  EXPECT_NE(status_json(view).find(R"("status":"interrupted")"),
            std::string::npos);
}

TEST(StatusReport, AnEmptyWorkspaceSaysSo) {
  EXPECT_EQ(status_text({}), "Nothing ran in this workspace yet.\n");
  EXPECT_EQ(status_json({}),
            R"({"schema":"scenario-lab/status/1",)"
            R"("as_of":"1970-01-01T00:00:00.000Z","engine_pid":null,)"
            R"("sweeps":[],"runs":[]})"
            "\n");
}

TEST(StatusReport, ItsJsonKeepsTheThreeAmountsApart) {
  EXPECT_NE(status_json(a_workspace())
              .find(R"("cost":{"settled":"19.43","unknown":"0",)"
                    R"("reserved":"0.68"})"),
            std::string::npos)
    << status_json(a_workspace());
}

// --- costs
// --------------------------------------------------------------------

storage::CostRow cost(std::vector<std::string> keys, const char* settled,
                      std::int64_t calls) {
  storage::CostRow row;
  row.keys = std::move(keys);
  row.spend.settled = {usd(settled), calls, calls * 1000};
  return row;
}

TEST(CostsReport, PlayMoneyIsNeverAddedToDollars) {
  const auto view =
    costs_view("everything", {storage::CostBy::phase},
               {cost({"decision", "openai/gpt-4o-mini"}, "3", 30),
                cost({"decision", "anthropic/claude-haiku-4-5"}, "2", 20),
                cost({"decision", "sim/persona"}, "7", 70),
                cost({"world_update", "openai/gpt-4o-mini"}, "1", 10)});

  EXPECT_EQ(costs_text(view),
            "everything\n"
            "by phase          CALLS  TOKENS    SETTLED    UNKNOWN   RESERVED\n"
            "decision             50   50.0k      $5.00      $0.00      $0.00\n"
            "decision             70   70.0k  7.00 play  0.00 play  0.00 play\n"
            "world_update         10   10.0k      $1.00      $0.00      $0.00\n"
            "total                60   60.0k      $6.00      $0.00      $0.00\n"
            "total, simulated     70   70.0k  7.00 play  0.00 play  "
            "0.00 play\n");
}

TEST(CostsReport, CallsThatCameToNothingHaveNoRow) {
  storage::CostRow nothing;
  nothing.keys = {"decision", "human/eu"};

  const auto view =
    costs_view("everything", {storage::CostBy::phase}, {nothing});

  EXPECT_TRUE(view.rows.empty());
}

TEST(CostsReport, TwoDimensionsMakeATable) {
  const auto view =
    costs_view("s-1", {storage::CostBy::model, storage::CostBy::phase},
               {cost({"a/b", "decision", "a/b"}, "8.94", 10),
                cost({"c/d", "decision", "c/d"}, "1.88", 5),
                cost({"a/b", "metrics", "a/b"}, "0.74", 2)});

  EXPECT_EQ(costs_text(view),
            "s-1\n"
            "settled, by model and phase  decision  metrics  total\n"
            "a/b                             $8.94    $0.74  $9.68\n"
            "c/d                             $1.88    $0.00  $1.88\n"
            "total: $11.56 settled, $0.00 unknown, $0.00 reserved; 17 calls, "
            "17.0k tokens\n");
}

TEST(CostsReport, ItsJsonHasOneRowAKey) {
  const auto json =
    costs_json(costs_view("s-1", {storage::CostBy::phase},
                          {cost({"decision", "sim/persona"}, "7", 70)}));

  EXPECT_EQ(json, R"({"schema":"scenario-lab/costs/1","subject":"s-1",)"
                  R"("by":["phase"],"rows":[{"keys":{"phase":"decision"},)"
                  R"("simulated":true,"calls":70,"tokens":70000,)"
                  R"("cost":{"settled":"7","unknown":"0","reserved":"0"}}],)"
                  R"("total":{"settled":"0","unknown":"0","reserved":"0"},)"
                  R"("total_simulated":)"
                  R"({"settled":"7","unknown":"0","reserved":"0"}})"
                  "\n");
}

// --- outcomes
// -----------------------------------------------------------------

storage::MetricRow outcome(const char* rule, const char* start, int replicate,
                           double number) {
  storage::MetricRow row;
  row.values = {rule, start};
  row.replicate = replicate;
  row.number = number;
  row.data = true;
  return row;
}

OutcomeView demo_outcomes() {
  storage::MetricTable rows;
  rows.factors = {"rule", "trust"};
  rows.rows = {
    outcome("none", "0.7", 1, 4.0),    outcome("none", "0.7", 2, 5.0),
    outcome("none", "0.2", 1, 3.0),    outcome("none", "0.2", 2, 3.0),
    outcome("binding", "0.7", 1, 7.0), outcome("binding", "0.7", 2, 7.0),
    outcome("binding", "0.2", 1, 6.0), outcome("binding", "0.2", 2, 6.0)};
  OutcomeView view;
  view.metric = "cooperation_level";
  view.range = std::pair{0.0, 10.0};
  view.replicates = 2;
  view.simulated = true;
  view.table = tabulate(rows);
  view.labels = {{"rule", "Rule for meters"}, {"trust", "Trust"}};
  return view;
}

TEST(OutcomeReport, TwoFactorsMakeATableAndASentence) {
  EXPECT_EQ(outcome_text(demo_outcomes()),
            "  Simulated outcome: final cooperation_level (0 to 10), mean of 2 "
            "seeds and its standard error\n"
            "                     by Trust\n"
            "    Rule for meters  0.7       0.2\n"
            "    none             4.5 ±0.5  3.0 ±0.0\n"
            "    binding          7.0 ±0.0  6.0 ±0.0\n"
            "  Rule for meters moves it most (range 2.8), then Trust (1.2); "
            "seed noise is 0.4.\n");
}

TEST(OutcomeReport, ARunWithoutDataIsCountedAndLeftOut) {
  storage::MetricTable rows;
  rows.factors = {"rule"};
  auto good = outcome("none", "", 1, 4.0);
  good.values = {"none"};
  auto bad = good;
  bad.replicate = 2;
  bad.data = false; // its number is out of range, or the run failed
  rows.rows = {good, bad};
  OutcomeView view;
  view.metric = "tension";
  view.replicates = 2;
  view.table = tabulate(rows);

  const auto text = outcome_text(view);

  EXPECT_NE(text.find("    none  4.0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("1 run without a value, left out."), std::string::npos)
    << text;
}

// --- a run's story
// ------------------------------------------------------------

TEST(StoryReport, ModelTextCannotActOnTheTerminal) {
  storage::RunDetail run;
  run.row.id = RunId{1};
  run.row.scenario = "river";
  TurnRecord turn;
  turn.turn = 1;
  turn.world = "calm\x1b[2J water\xE2\x80\xAE";
  Decision decision;
  decision.participant = "farmers";
  decision.action = "\x1b]0;title\x07 open the gate";
  turn.decisions = {decision};
  run.turns = {turn};

  const auto text = story_text(run);

  EXPECT_NE(text.find("calm[2J water\n"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
}

TEST(StoryReport, AStoryTellsEachTurn) {
  storage::RunDetail run;
  run.row.id = RunId{1};
  run.row.name = "p006.r1";
  run.row.scenario = "river";
  run.row.scenario_name = "The river";
  run.row.status = RunStatus::completed;
  run.row.turns_planned = run.row.turns_completed = 1;
  run.row.seed = 7;
  run.row.simulated = true;
  run.row.factors = {{"rule", "binding"}};
  TurnRecord start;
  start.world = "Low water.";
  TurnRecord first;
  first.turn = 1;
  first.world = "Lower still.\nThe town waits.";
  Message message;
  message.channel = "bilateral";
  message.sender = "farmers";
  message.recipients = {"town"};
  message.text = "Share?";
  first.messages = {message};
  Decision decision;
  decision.participant = "farmers";
  decision.action = "Open the gate.";
  first.decisions = {decision};
  MetricValue metric;
  metric.metric = "tension";
  metric.status = MetricStatus::value;
  metric.number = 4.5;
  first.metrics = {metric};
  run.turns = {start, first};

  EXPECT_EQ(story_text(run),
            "SIMULATED: the words below come from built-in rules, not from a "
            "language model.\n"
            "Do not cite.\n"
            "The river   r-0000000000000001   p006.r1\n"
            "completed, turn 1 of 1, seed 7\n"
            "  rule = binding\n"
            "\n== Turn 0 ==\n"
            "\n  World\n    Low water.\n"
            "\n== Turn 1 ==\n"
            "\n  farmers to town (bilateral)\n    Share?\n"
            "\n  farmers decides\n    Open the gate.\n"
            "\n  World\n    Lower still.\n    The town waits.\n"
            "\n  Metrics: tension 4.5\n");
}

TEST(StoryReport, AStoryTellsTalksCoalitionsPeopleEventsAndChecks) {
  storage::RunDetail run;
  run.row.id = RunId{1};
  run.row.scenario = "river";
  run.row.status = RunStatus::halted;
  TurnRecord turn;
  turn.turn = 1;
  turn.world = "Low.";
  turn.events = {{"Storm", "The strait is closed.", EventType::random}};
  turn.messages = {{"bilateral", "farmers", {"town"}, "Share?"}};
  Talk unanswered;
  unanswered.initiator = "farmers";
  unanswered.target = "town";
  unanswered.message = "Share?";
  turn.talks = {unanswered, Talk{}};
  CoalitionProposal refused;
  refused.proposer = "town";
  refused.members = {"farmers", "mill"};
  refused.answers = {{"farmers", true, "", "", ""},
                     {"mill", false, "", "", ""}};
  turn.coalitions = {refused, CoalitionProposal{}};
  Decision decision;
  decision.participant = "town";
  decision.action = "(no move)";
  decision.by = Control::human;
  decision.timed_out = true;
  turn.decisions = {decision};
  MetricValue metric;
  metric.metric = "tension";
  metric.status = MetricStatus::value;
  metric.number = 9;
  metric.level = MetricLevel::critical;
  turn.metrics = {metric};
  CheckResult passed;
  passed.verdict = CheckVerdict::passed;
  CheckResult failed;
  failed.kind = CheckKind::decision_consistency;
  failed.participant = "town";
  failed.verdict = CheckVerdict::failed;
  failed.severity = IssueSeverity::high;
  failed.issues = {"It forgets its mill"};
  turn.checks = {passed, failed};
  turn.halt = "validation: 1 critical issue";
  run.turns = {turn};

  EXPECT_EQ(story_text(run),
            "river   r-0000000000000001\n"
            "halted, turn 0 of 0, seed 0\n"
            "\n== Turn 1 ==\n"
            "\n  Event: Storm (random)\n    The strait is closed.\n"
            "\n  farmers to town (bilateral)\n    Share?\n"
            "\n  town gives no answer to farmers\n"
            "\n  town proposes a coalition with farmers, mill: not formed\n"
            "    farmers accepts\n    mill refuses\n"
            "\n  town decides (human) (nobody answered in time)\n"
            "    (no move)\n"
            "\n  World\n    Low.\n"
            "\n  Metrics: tension 9 (critical)\n"
            "\n  Check: decision_consistency of town failed (high)\n"
            "    It forgets its mill\n"
            "\n  Halted: validation: 1 critical issue\n");

  const auto json = story_json(run);
  for (const auto* text :
       {R"("target":"town")", R"("accepted":false)", R"("timed_out":true)",
        R"("level":"critical")", R"("verdict":"failed")",
        R"("halt":"validation: 1 critical issue")", R"("type":"random")"})
    EXPECT_NE(without_blanks(json).find(text), std::string::npos) << text;
}

TEST(PlanReport, RunsThatTheirOwnChecksHaltedAreNotToDo) {
  auto plan = a_plan();
  plan.halted = 3;

  EXPECT_NE(
    plan_text(plan).find("20 already in the database, 3 halted by their "
                         "own checks, 247 to do"),
    std::string::npos)
    << plan_text(plan);
}

} // namespace
} // namespace lab::tools
