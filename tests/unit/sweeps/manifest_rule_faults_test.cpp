#include <string>

#include <gtest/gtest.h>

#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps/manifest_fault.hpp"

// Faulty measures, rules, ceilings and wordings, a row each.

namespace lab::sweeps {
namespace {

class RuleFault : public ::testing::TestWithParam<Fault> {};

TEST_P(RuleFault, IsFoundWithItsLineAndHelp) { expect_found(GetParam()); }

/// A design of two labelled points on lines 7 to 10; then a measure.
std::string measured(const std::string& analysis) {
  return with_factors("design:\n"
                      "  list:\n"
                      "    - {label: calm, rule: none}\n"
                      "    - {label: tense, rule: binding}\n"
                      "measure: {analyse: ["
                      + analysis + "]}\n");
}

const Fault measures[] = {
  {"derived metrics as a list", after("measure: {derived: [a]}\n"),
   "S101@4: `derived` must be a map of names and expressions, not a list", ""},
  {"a derived metric with a dash", after("measure: {derived: {a-b: \"1\"}}\n"),
   "S404@4: a derived metric cannot be named `a-b`", "letters, digits"},
  {"a derived metric that is never closed",
   after("measure:\n  derived:\n    gap: \"abs(a - b\"\n"),
   "S423@6: this parenthesis is never closed", ""},
  {"a derived metric of a text", after("measure: {derived: {gap: \"'a'\"}}\n"),
   "S423@4: a number should stand here, not a text", ""},
  {"a derived metric with an unknown function",
   after("measure: {derived: {gap: absolute(a)}}\n"),
   "S423@4: there is no function `absolute`", ""},
  {"a derived metric over runs", after("measure: {derived: {gap: mean(a)}}\n"),
   "S423@4: there is no function `mean`", ""},
  {"a derived metric made of itself",
   after("measure: {derived: {gap: gap + 1}}\n"),
   "S423@4: `gap` is made of itself", "name a metric"},
  {"derived metrics upside down",
   after("measure:\n  derived:\n    a: b + 1\n    b: trust * 2\n"),
   "S423@6: `b` is made further down", "write `b` above `a`"},
  {"a derived metric that is a list",
   after("measure: {derived: {gap: [a, b]}}\n"),
   "S423@4: an expression should stand here, not a list", ""},
  {"metrics over turns as a map", after("measure: {series: {a: b}}\n"),
   "S101@4: `series` must be a list of texts, not a map", ""},
  {"analyses as a map", after("measure: {analyse: {morris: a}}\n"),
   "S101@4: `analyse` must be a list, not a map", "[morris: {of: trust}]"},
  {"an unknown analysis", measured("anova: {of: trust}"),
   "S427@11: there is no analysis `anova`", "morris, sobol, compare"},
  {"an analysis without keys", measured("morris"),
   "S427@11: an analysis is one kind with its keys", "{of: trust}"},
  {"an analysis of nothing", measured("compare: {baseline: calm}"),
   "S103@11: `measure.analyse.0.compare` lacks the key `of`", ""},
  {"an analysis of an empty list", measured("compare: {of: []}"),
   "S427@11: `of` names no metric", ""},
  {"an analysis by an unknown factor", measured("compare: {of: a, by: ruel}"),
   "S409@11: there is no factor `ruel`", "did you mean `rule`?"},
  {"an analysis of an unknown block",
   measured("compare: {of: a, block: stories}"),
   "S427@11: the design has no block `stories`", ""},
  {"indices of points that give none", measured("morris: {of: a}"),
   "S427@11: `morris` needs points of a `morris` design, and there are none",
   "`effects` or `compare`"},
  {"Sobol indices of a list", measured("sobol: {of: a}"),
   "S427@11: `sobol` needs points of a `saltelli` design, and there are none",
   "`effects` or `compare`"},
  {"a baseline that is no point", measured("compare: {of: a, baseline: clam}"),
   "S427@11: no point is labelled `clam`", "did you mean `calm`?"},
  {"a baseline where there is none", measured("effects: {of: a, baseline: b}"),
   "S104@11: unknown key `baseline` in `measure.analyse.0.effects`", ""},
  {"a confidence above one", measured("compare: {of: a, confidence: 95}"),
   "S425@11: `confidence` must be a share above 50% and below 100%, not `95`",
   "0.95 or 95%"},
  {"a negative bootstrap", measured("compare: {of: a, bootstrap: -1}"),
   "S102@11: `bootstrap` must be from 0 to 100000, not -1", ""},
};

INSTANTIATE_TEST_SUITE_P(Measures, RuleFault, ::testing::ValuesIn(measures));

std::string rule(const std::string& rule) {
  return after("stop:\n  - " + rule + "\n");
}

std::string more(const std::string& more) {
  return after("replicates: {count: 3, more: {" + more + "}}\n");
}

const Fault rules[] = {
  {"rules as a map", after("stop: {when: a}\n"),
   "S101@4: `stop` must be a list of at most 100 rules, not a map",
   "[{when: share(failed) > 5%, then: pause}]"},
  {"a rule without a condition", rule("{then: pause}"),
   "S103@5: `stop.0` lacks the key `when`", ""},
  {"a rule without an action", rule("{when: elapsed > 2h}"),
   "S103@5: `stop.0` lacks the key `then`", ""},
  {"a rule with an unknown action", rule("{when: elapsed > 2h, then: pausse}"),
   "S105@5: `then` cannot be `pausse`", "did you mean `pause`?"},
  {"a rule with a misspelt key",
   rule("{when: elapsed > 2h, then: pause, becuase: slow}"),
   "S104@5: unknown key `becuase` in `stop.0`", "did you mean `because`?"},
  {"a rule that ends too early",
   rule("{when: share(failed) > 0.05 and, then: pause}"),
   "S423@5: the expression ends where a value should stand", ""},
  {"a rule over a group", rule("{when: failed > 3, then: pause}"),
   "S423@5: `>` cannot compare a group of runs and a number", "share(failed)"},
  {"a rule over a metric", rule("{when: trust < 3, then: pause}"),
   "S423@5: a condition should stand here, not a group of runs",
   "share(trust < 3)"},
  {"a rule with a misspelt function",
   rule("{when: meen(trust) < 3, then: pause}"),
   "S423@5: there is no function `meen`", "did you mean `mean`?"},
  {"a rule with an assignment", rule("{when: elapsed = 2h, then: pause}"),
   "S423@5: `=` compares nothing", "write `==`"},
  {"more without an end", more("at_most: 9"),
   "S103@4: `replicates.more` lacks the key `until`", ""},
  {"more without a most", more("until: replicates > 3"),
   "S103@4: `replicates.more` lacks the key `at_most`", ""},
  {"more that is no more", more("until: sd(trust) < 1, at_most: 3"),
   "S426@4: `at_most` leaves room for no more than the 3 replicates of "
   "`replicates`",
   "write more than 3"},
  {"more until a number", more("until: sd(trust), at_most: 9"),
   "S423@4: a condition should stand here, not a number", "compare it"},
  {"more of an unknown block",
   more("until: sd(trust) < 1, at_most: 9, only: stories"),
   "S427@4: the design has no block `stories`", ""},
  {"a pilot without runs", after("schedule: {pilot: {then: continue}}\n"),
   "S103@4: `schedule.pilot` lacks the key `runs`", ""},
  {"a pilot of no runs", after("schedule: {pilot: {runs: 0}}\n"),
   "S102@4: `runs` must be from 1 to 1000000, not 0", ""},
  {"a pilot with an unknown word",
   after("schedule: {pilot: {runs: 4, then: contiue}}\n"),
   "S423@4: there is no word `contiue` here", "did you mean `continue`?"},
  {"a pilot without an else",
   after("schedule: {pilot: {runs: 4, then: continue if elapsed < 2h}}\n"),
   "S423@4: this `if` has no `else`", "write it like"},
  {"an unknown order", after("schedule: {order: random}\n"),
   "S105@4: `order` cannot be `random`", ""},
};

INSTANTIATE_TEST_SUITE_P(Rules, RuleFault, ::testing::ValuesIn(rules));

const Fault ceilings[] = {
  {"a model without a provider in the budget",
   after("budget: {by_model: {gpt-4o: 5}}\n"),
   "S421@4: models are named `provider/model`, not `gpt-4o`",
   "\"openai/gpt-4o\""},
  {"several models under one ceiling",
   after("budget: {by_model: {\"openai/*\": 5}}\n"),
   "S421@4: a ceiling is for one model, and `openai/*` may be several",
   "a line for each model"},
  {"a ceiling of a model with parameters",
   after("budget: {by_model: {\"sim/persona?jitter=0\": 5}}\n"),
   "S421@4: a ceiling is for a model whatever its parameters",
   "write `sim/persona`"},
  {"a model's ceiling that is no money",
   after("budget: {by_model: {openai/gpt-4o: much}}\n"),
   "S101@4: `openai/gpt-4o` must be an amount in USD, not `much`", "0.40"},
  {"a warning beyond the budget", after("budget: {warn_at: [50%, 150%]}\n"),
   "B503@4: a share of the budget is above 0% and below 100%, not `150%`",
   "[50%, 80%, 95%]"},
  {"less than the worst case", after("budget: {hold: p95}\n"),
   "S401@4: this version holds the worst case of every call, and no less",
   "remove `hold`"},
  {"an unknown end of the money", after("budget: {on_exhausted: puase}\n"),
   "S105@4: `on_exhausted` cannot be `puase`", "did you mean `pause`?"},
  {"a time without a unit", after("limits: {run_time: 60}\n"),
   "S425@4: `run_time` must be a length of time, not `60`", "45m"},
  {"a time of years", after("limits: {sweep_time: 400d}\n"),
   "S425@4: `sweep_time` must be a length of time, not `400d`", "at most 366d"},
  {"a window without an end", after("limits: {window: {open: \"22:30\"}}\n"),
   "S103@4: `limits.window` lacks the key `close`", ""},
  {"an hour that no day has",
   after("limits: {window: {open: \"25:00\", close: \"07:30\"}}\n"),
   "S425@4: `open` must be a time of day, not `25:00`", "\"22:30\""},
  {"a window that never opens",
   after("limits: {window: {open: \"07:30\", close: \"07:30\"}}\n"),
   "S425@4: this window is never open", ""},
  {"an unknown way to close",
   after("limits: {window: {open: \"1:00\", close: \"07:30\"}}\n"),
   "S425@4: `open` must be a time of day, not `1:00`", "\"22:30\""},
  {"an unknown way to keep", after("output: {keep: all}\n"),
   "S105@4: `keep` cannot be `all`", ""},
  {"an unknown export", after("output: {export: [csv, parket]}\n"),
   "S105@4: `export` cannot be `parket`", "did you mean `parquet`?"},
  {"a report that is a name", after("output: {report: html}\n"),
   "S101@4: `report` must be true or false, not a text", ""},
  {"no attempt at all", after("retry_runs: {attempts: 0}\n"),
   "S102@4: `attempts` must be from 1 to 100, not 0", ""},
  {"a retry from nowhere", after("retry_runs: {attempts: 2, from: middle}\n"),
   "S105@4: `from` cannot be `middle`", ""},
  {"a sentinel that is on", after("sentinel: on\n"),
   "S101@4: `sentinel` must be a map of keys, not `on`", ""},
  {"a sentinel that never asks", after("sentinel: {every: 0}\n"),
   "S102@4: `every` must be from 1 to 1000000, not 0", ""},
  {"a canary that is asked once", after("sentinel: {repeats: 1}\n"),
   "S102@4: `repeats` must be from 2 to 50, not 1", ""},
  {"alarms that are sure", after("sentinel: {false_alarms: 1}\n"),
   "S425@4: `false_alarms` must be a share above 0% and below 100%, not `1`",
   ""},
  {"a sentinel with an unknown key", after("sentinel: {evry: 5}\n"),
   "S104@4: unknown key `evry` in `sentinel`", "did you mean `every`?"},
  {"a retry from the start", after("retry_runs: {attempts: 2, from: start}\n"),
   "S401@4: a run cannot be tried from its start: what it paid for is kept",
   "remove `from`"},
  {"providers as a list", after("providers: [openai]\n"),
   "S101@4: `providers` must be a map of names, not a list", ""},
  {"a provider with an unknown key", after("providers: {openai: {call: 4}}\n"),
   "S104@4: unknown key `call` in `providers.openai`", "did you mean `calls`?"},
  {"a rate that is no count",
   after("providers: {openai: {per_minute: {requests: lots}}}\n"),
   "S425@4: `requests` must be a count, not `lots`", "400k"},
  {"news of an unknown kind", after("notify: {on: [finishd]}\n"),
   "S105@4: `on` cannot be `finishd`", "did you mean `finished`?"},
};

INSTANTIATE_TEST_SUITE_P(Ceilings, RuleFault, ::testing::ValuesIn(ceilings));

const Fault wordings[] = {
  {"a single wording", after("wording: {as-written: {}}\n"),
   "S428@4: `wording` must be a map of 2 to 100 wordings, each with its paths "
   "and texts",
   "as-written"},
  {"a wording that is a text", after("wording: {a: {}, b: plain}\n"),
   "S101@4: a wording must be a map of paths and texts, not a text", "{}"},
  {"a wording that writes a list",
   after("wording:\n  a: {}\n  b: {system_prompt: [x]}\n"),
   "S428@6: a wording writes texts, not a list", "{file: prompts/plain.md}"},
  {"a wording of a file that is not there",
   after("wording:\n  a: {}\n  b: {system_prompt: {file: none.md}}\n"),
   "S432@6: there is no file `none.md`", ""},
  {"a wording with a broken path",
   after("wording:\n  a: {}\n  b: {system_prompt.: x}\n"),
   "S408@6: the path `system_prompt.` has an empty part", "without a dot"},
  {"two wordings that are one",
   after("wording:\n  a: {system_prompt: x}\n  b: {system_prompt: x}\n"),
   "S428@6: the wordings `a` and `b` write the same", "remove one"},
  {"a wording where a factor writes",
   after("factors: {a: {path: system_prompt, values: [x, y]}}\n"
         "design: {grid: {factors: [a]}}\n"
         "wording: {p: {}, q: {system_prompt: z}}\n"),
   "S415@6: the wording `q` and the factor `a` write the same place", ""},
};

INSTANTIATE_TEST_SUITE_P(Wordings, RuleFault, ::testing::ValuesIn(wordings));

std::vector<std::string> warnings_of(const std::string& text) {
  Findings findings;
  EXPECT_TRUE(read_manifest(text, "x.yaml", findings)) << render(findings);
  for (const auto& finding : findings.all())
    EXPECT_EQ(finding.severity, Severity::warning);
  return lines_of(findings);
}

TEST(ManifestWarnings, EveryKeyThatNothingActsOnIsNamed) {
  EXPECT_EQ(
    warnings_of(after("output: {keep: compact}\n"
                      "providers: {openai: {calls: 4}}\n"
                      "notify: {on: [finished], run: [notify-send, done]}\n")),
    (std::vector<std::string>{"S424@4: nothing acts on `keep` yet",
                              "S424@5: nothing acts on `providers` yet",
                              "S424@6: nothing acts on `notify` yet"}));
}

TEST(ManifestWarnings, CeilingsHoursAndRetriesAreNone) {
  EXPECT_EQ(warnings_of(after("budget:\n"
                              "  by_model: {openai/gpt-4o: 5}\n"
                              "  warn_at: 0.8\n"
                              "limits:\n"
                              "  run_time: 60m\n"
                              "  sweep_time: 8h\n"
                              "  window: {open: \"22:30\", close: \"07:30\"}\n"
                              "retry_runs: {attempts: 2}\n")),
            std::vector<std::string>{});
}

TEST(ManifestWarnings, AnAnalysisThatAsksForOtherIntervalsIsTold) {
  EXPECT_EQ(
    warnings_of(
      after("measure:\n"
            "  analyse:\n"
            "    - effects: {of: a, confidence: 0.9, bootstrap: 10}\n")),
    (std::vector<std::string>{"S424@6: nothing acts on `confidence` yet",
                              "S424@6: nothing acts on `bootstrap` yet"}));
}

TEST(ManifestWarnings, WhatHappensAnywayIsNoWarning) {
  EXPECT_EQ(warnings_of(after("budget: {hold: worst-case}\n"
                              "output: {keep: full}\n")),
            std::vector<std::string>{});
}

TEST(ManifestWarnings, WordingsThatAreNotHeardEquallyOften) {
  EXPECT_EQ(
    warnings_of(after("wording: {a: {}, b: {system_prompt: x}}\n"
                      "replicates: {count: 3}\n")),
    std::vector<std::string>{
      "S429@4: 2 wordings do not go into 3 replicates evenly: some are heard "
      "more often than others"});
}

TEST(ManifestWarnings, LookLikeThisInFull) {
  Findings findings;

  read_manifest(after("output:\n  keep: compact\n"), "sweeps/x.yaml", findings);

  EXPECT_EQ(render(findings), "warning[S424]: nothing acts on `keep` yet\n"
                              " --> sweeps/x.yaml:5:3\n"
                              "  |\n"
                              "5 |   keep: compact\n"
                              "  |   ^^^^ without effect\n"
                              "  |\n"
                              "  = help: everything is kept; remove `keep`\n");
}

} // namespace
} // namespace lab::sweeps
