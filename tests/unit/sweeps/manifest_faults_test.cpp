#include <string>

#include <gtest/gtest.h>

#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps/manifest_fault.hpp"

// A faulty manifest a row: what is wrong, where, and how to mend it.

namespace lab::sweeps {
namespace {

class ManifestFault : public ::testing::TestWithParam<Fault> {};

TEST_P(ManifestFault, IsFoundWithItsLineAndHelp) { expect_found(GetParam()); }

const Fault faults[] = {
  {"no schema", "name: x\nscenario: s\n", "S103@1: the key `schema` is missing",
   ""},
  {"another schema", "schema: sweep/2\nname: x\nscenario: s\n",
   "S403@1: this version does not read `sweep/2`", "write `schema: sweep/1`"},
  {"no map", "- a\n- b\n",
   "S403@1: this file is no sweep manifest: it must be a map of keys, not a "
   "list",
   ""},
  {"no name", "schema: sweep/1\nscenario: s\n",
   "S103@1: the key `name` is missing", ""},
  {"no scenario", "schema: sweep/1\nname: x\n",
   "S103@1: the key `scenario` is missing", ""},
  {"a name with a space", "schema: sweep/1\nname: My Sweep\nscenario: s\n",
   "S404@2: a sweep cannot be named `My Sweep`", "1 to 64 of a-z"},
  {"a name that climbs", "schema: sweep/1\nname: ../up\nscenario: s\n",
   "S404@2: a sweep cannot be named `../up`", "1 to 64 of a-z"},
  {"a name that begins with a dash", "schema: sweep/1\nname: -x\nscenario: s\n",
   "S404@2: a sweep cannot be named `-x`", "letter or digit first"},
  {"a misspelt key", after("replicate: {count: 3}\n"),
   "S104@4: unknown key `replicate`", "did you mean `replicates`?"},
  {"a misspelt key of the budget", after("budget: {usdd: 5}\n"),
   "S104@4: unknown key `usdd` in `budget`", "did you mean `usd`?"},
  {"a misspelt key of a factor", factor("{paths: params.rule, values: [a]}"),
   "S104@5: unknown key `paths` in `factors.a`", "did you mean `path`?"},
  {"a server's address", after("base_url: http://127.0.0.1:9/v1\n"),
   "S402@4: a manifest cannot hold a provider's `base_url`",
   "scenario-lab.yaml"},
  {"a server's address among providers",
   after("providers:\n  bench:\n    base_url: http://127.0.0.1:9/v1\n"),
   "S402@6: a manifest cannot hold a provider's `base_url`",
   "providers.<name>.base_url"},
  {"a key among providers",
   after("providers:\n  openai:\n    key: env:OPENAI_API_KEY\n"),
   "S402@6: a manifest cannot hold a provider's `key`", "scenario-lab.yaml"},
  {"a key that is set", after("set:\n  providers.x.api_key: abc\n"),
   "S402@5: a manifest cannot hold a provider's `api_key`",
   "scenario-lab.yaml"},
  {"a set that is a list", after("set: [turns]\n"),
   "S101@4: `set` must be a map of paths and values, not a list", ""},
  {"a path with brackets", after("set:\n  actors.eu.goals[0]: x\n"),
   "S408@5: `actors.eu.goals[0]` is not a path", "dots"},
  {"a path that ends in a dot", factor("{path: params., values: [1]}"),
   "S408@5: the path `params.` has an empty part", "without a dot"},
  {"a plus in the middle of a path", after("set:\n  actors.eu.goals.+.x: y\n"),
   "S408@5: `+` must be the last part of the path `actors.eu.goals.+.x`",
   "appends"},
  {"factors as a list", after("factors: [rule]\n"),
   "S101@4: `factors` must be a map of names, not a list", ""},
  {"a factor without a path", factor("{values: [a, b]}"),
   "S103@5: `factors.a` lacks the key `path`", ""},
  {"a factor without values", factor("{path: params.a}"),
   "S405@5: the factor `a` needs `values`, `range`, `levels`, `files` or "
   "`draw`",
   ""},
  {"a factor with values and a range",
   factor("{path: params.a, values: [1], range: [0, 1]}"),
   "S405@5: the factor `a` needs one of `values` and `range`, not both", ""},
  {"an empty factor", factor("~"), "S405@5: the factor `a` is empty",
   "give it `path` and `values`"},
  {"no values", factor("{path: params.a, values: []}"),
   "S405@5: `values` must be a list of at least one value, not an empty one",
   "[none, voluntary, binding]"},
  {"one value without brackets", factor("{path: params.a, values: none}"),
   "S405@5: `values` must be a list of at least one value, not a text",
   "[none, voluntary, binding]"},
  {"an empty value", factor("{path: params.a, values: [a, ~]}"),
   "S405@5: a value of `a` is empty", "write \"\""},
  {"a value twice", factor("{path: params.a, values: [0.5, 0.50]}"),
   "S407@5: the value `0.50` of `a` stands twice", "replicates.count"},
  {"a step without a range", factor("{path: params.a, values: [1], step: 1}"),
   "S406@5: `step` goes with `range` only", ""},
  {"a range of one", factor("{path: params.a, range: [1], step: 1}"),
   "S406@5: `range` must be a list of two numbers, the lowest and the highest",
   "[0, 1]"},
  {"a range of words", factor("{path: params.a, range: [low, 1], step: 1}"),
   "S406@5: a range is made of plain decimal numbers, not `low`", "0.25"},
  {"a range in powers of ten",
   factor("{path: params.a, range: [0, 1e3], step: 1}"),
   "S406@5: a range is made of plain decimal numbers, not `1e3`", "0.25"},
  {"a range turned round", factor("{path: params.a, range: [1, 0], step: 0.1}"),
   "S406@5: the range of `a` ends at 0, not above its start 1",
   "lowest number first"},
  {"a step of zero", factor("{path: params.a, range: [0, 1], step: 0}"),
   "S406@5: `step` must be above zero", ""},
  {"too many steps", factor("{path: params.a, range: [0, 1], step: 0.0001}"),
   "S416@5: the factor `a` has 10001 values; at most 10000 can be planned", ""},
  {"a factor named label",
   after("factors:\n  label: {path: params.a, values: [1]}\n"),
   "S404@5: a factor cannot be named `label`", "their own name"},
  {"a factor with a dot in its name",
   after("factors:\n  a.b: {path: params.a, values: [1]}\n"),
   "S404@5: a factor cannot be named `a.b`", "1 to 64 letters"},
  {"factors without a design", with_factors(""),
   "S418@1: factors vary only when a design says how",
   "design: {grid: {factors: [rule, trust]}}"},
  {"an empty design", with_factors("design: {seed: 1}\n"),
   "S411@7: `design` needs exactly one kind of design", "cross"},
  {"two designs side by side",
   with_factors("design: {grid: {factors: [rule]}, list: [{trust: 0}]}\n"),
   "S411@7: `design` needs exactly one kind of design",
   "combine several under `cross`"},
  {"a misspelt design", with_factors("design: {gird: {factors: [rule]}}\n"),
   "S104@7: unknown key `gird` in `design`", "did you mean `grid`?"},
  {"a grid without factors", with_factors("design: {grid: {}}\n"),
   "S103@7: `design.grid` lacks the key `factors`", ""},
  {"a grid of nothing", with_factors("design: {grid: {factors: []}}\n"),
   "S411@7: this part of the design has no factors", ""},
  {"a factor nobody named",
   with_factors("design: {grid: {factors: [rules]}}\n"),
   "S409@7: there is no factor `rules`", "did you mean `rule`?"},
  {"a grid over an open range",
   with_factors("design: {grid: {factors: [trust]}}\n"),
   "S412@7: a grid needs to know which values of `trust` to visit",
   "add `step`"},
  {"a factor twice in a grid",
   with_factors("design: {grid: {factors: [rule, rule]}}\n"),
   "S414@7: the factor `rule` stands twice in this list", ""},
  {"an empty list", with_factors("design: {list: []}\n"),
   "S411@7: `list` must hold at least one point", "write a point like"},
  {"a point that is a text", with_factors("design: {list: [calm]}\n"),
   "S101@7: a point must be a map of factors and values, not a text", ""},
  {"a point with an unknown factor",
   with_factors("design:\n  list:\n    - {trsut: 0.5}\n"),
   "S409@9: there is no factor `trsut`", "did you mean `trust`?"},
  {"a point with an unknown value",
   with_factors("design:\n  list:\n    - {rule: bindin}\n"),
   "S413@9: `bindin` is not a value of `rule`", "did you mean `binding`?"},
  {"a point with a value that is like none",
   with_factors("design:\n  list:\n    - {rule: whatever}\n"),
   "S413@9: `whatever` is not a value of `rule`",
   "write one of its 2 values, as `none`"},
  {"a point outside the range",
   with_factors("design:\n  list:\n    - {trust: 1.5}\n"),
   "S413@9: `1.5` is not in the range of `trust`", ""},
  {"an empty cross", with_factors("design: {cross: []}\n"),
   "S411@7: `cross` must be a list of designs", ""},
  {"a factor in two parts of a cross",
   with_factors("design:\n"
                "  cross:\n"
                "    - grid: {factors: [rule]}\n"
                "    - list: [{rule: none}]\n"),
   "S414@10: the factor `rule` is in two parts of this cross", "one part only"},
  {"a seed inside a cross",
   with_factors("design:\n"
                "  cross:\n"
                "    - {grid: {factors: [rule]}, seed: 1}\n"),
   "S104@9: unknown key `seed` in `design.cross.0`", ""},
  {"two factors for one place",
   after("factors:\n"
         "  all: {path: actors.*.llm_model, values: [sim/a, sim/b]}\n"
         "  us: {path: actors.us.llm_model, values: [sim/a, sim/b]}\n"
         "design: {grid: {factors: [all, us]}}\n"),
   "S415@6: the factors `all` and `us` write the same place", "drop one"},
  {"a factor within another's place",
   after("factors:\n"
         "  goals: {path: actors.us.goals, values: [[a], [b]]}\n"
         "  goal: {path: actors.us.goals.0, values: [c, d]}\n"
         "design:\n"
         "  cross: [grid: {factors: [goals]}, grid: {factors: [goal]}]\n"),
   "S415@6: the factors `goals` and `goal` write the same place", "drop one"},
  {"too many points",
   after("factors:\n"
         "  a: {path: params.a, range: [1, 1001], step: 1}\n"
         "  b: {path: params.b, range: [1, 1001], step: 1}\n"
         "design: {grid: {factors: [a, b]}}\n"),
   "S416@7: this design has more than 1000000 points", "fewer factors"},
  {"too many points of a cross",
   after("factors:\n"
         "  a: {path: params.a, range: [1, 1001], step: 1}\n"
         "  b: {path: params.b, range: [1, 1001], step: 1}\n"
         "design:\n"
         "  cross: [grid: {factors: [a]}, grid: {factors: [b]}]\n"),
   "S416@8: this design has more than 1000000 points", "fewer factors"},
  {"too many runs",
   after("factors: {a: {path: params.a, range: [1, 1000], step: 1}}\n"
         "design: {grid: {factors: [a]}}\n"
         "replicates: {count: 1001}\n"),
   "S416@6: 1000 points x 1001 replicates are 1001000 runs; at most 1000000 "
   "can be planned",
   ""},
  {"a negative design seed", with_factors("design: {seed: -1}\n"),
   "S102@7: `seed` must be at least 0, not -1", ""},
  {"no replicates", after("replicates: {count: 0}\n"),
   "S102@4: `count` must be from 1 to 10000, not 0", ""},
  {"unknown seeds", after("replicates: {seeds: pared}\n"),
   "S105@4: `seeds` cannot be `pared`", "did you mean `paired`?"},
  {"a seed twice", after("replicates: {seeds: [7, 8, 7]}\n"),
   "S417@4: the seed 7 stands twice: the same run would count as two", ""},
  {"a seed that is a word", after("replicates: {seeds: [seven]}\n"),
   "S417@4: a seed must be a whole number from 0 on, not `seven`", ""},
  {"no seeds", after("replicates: {seeds: []}\n"),
   "S417@4: `seeds` must hold 1 to 10000 seeds", ""},
  {"a count that is not the seeds'",
   after("replicates: {count: 3, seeds: [7, 8]}\n"),
   "S417@4: `count` is 3, but there are 2 seeds", "remove `count`"},
  {"a model without a provider", after("models: {us: gpt-4o-mini}\n"),
   "S421@4: a model is named `provider/model`, not `gpt-4o-mini`",
   "sim/persona"},
  {"models as a list", after("models: [sim/persona]\n"),
   "S101@4: `models` must be a model or a map of participants and models, not "
   "a list",
   ""},
  {"metrics as a map", after("measure: {final: {a: b}}\n"),
   "S101@4: `final` must be a list of texts, not a map", ""},
  {"a negative budget", after("budget: {usd: -5}\n"),
   "S101@4: `usd` must be an amount in USD, not `-5`", "0.40"},
  {"a budget with a dollar sign", after("budget: {usd: $5}\n"),
   "S101@4: `usd` must be an amount in USD, not `$5`", "0.40"},
  {"tokens with an unknown suffix", after("budget: {tokens: 90m}\n"),
   "B503@4: `tokens` must be a count, not `90m`", "90M"},
  {"half a call", after("budget: {calls: 1.5}\n"),
   "B503@4: `calls` must be a count, not `1.5`", "400k"},
  {"no run at once", after("limits: {runs: 0}\n"),
   "S102@4: `runs` must be from 1 to 100000, not 0", ""},
  {"sharing that is neither on nor off", after("sharing: some\n"),
   "S101@4: `sharing` must be true or false, not a text", ""},
  {"an unknown way with unknown calls", after("on_unknown: reisue\n"),
   "S105@4: `on_unknown` cannot be `reisue`", "did you mean `reissue`?"},
};

INSTANTIATE_TEST_SUITE_P(Table, ManifestFault, ::testing::ValuesIn(faults));

TEST(ManifestFaults, AreReportedAllAtOnceInTheOrderOfTheFile) {
  Findings findings;

  read_manifest("schema: sweep/1\n"
                "name: Bad Name\n"
                "scenario: s\n"
                "factors:\n"
                "  a: {path: params.a, values: []}\n"
                "  b: {path: params.b, range: [1, 0]}\n"
                "design: {grid: {factors: [a, c]}}\n"
                "budget: {usd: lots, tokens: many}\n"
                "limit: {runs: 1}\n",
                "x.yaml", findings);

  std::vector<int> places;
  for (const auto& finding : findings.all())
    places.push_back(finding.line);
  EXPECT_EQ(places, (std::vector<int>{2, 5, 6, 7, 8, 8, 9}))
    << render(findings);
}

TEST(ManifestFaults, LookLikeThisInFull) {
  Findings findings;

  read_manifest("schema: sweep/1\n"
                "name: x\n"
                "scenario: s\n"
                "budget:\n"
                "  usd: 5\n"
                "  tokns: 90M\n",
                "sweeps/x.yaml", findings);

  EXPECT_EQ(render(findings),
            "error[S104]: unknown key `tokns` in `budget`\n"
            " --> sweeps/x.yaml:6:3\n"
            "  |\n"
            "6 |   tokns: 90M\n"
            "  |   ^^^^^ not a budget key\n"
            "  |\n"
            "  = help: did you mean `tokens`?\n"
            "  = note: keys of `budget`: usd, per_run_usd, calls, tokens, "
            "by_model, hold, warn_at, on_exhausted\n");
}

TEST(ManifestFaults, AFactorInNoPartOfTheDesignIsAWarning) {
  Findings findings;

  const auto manifest = read_manifest(
    with_factors("design: {grid: {factors: [rule]}}\n"), "x.yaml", findings);

  EXPECT_TRUE(manifest);
  EXPECT_EQ(lines_of(findings),
            (std::vector<std::string>{
              "S410@6: the factor `trust` is in no part of the design and "
              "varies nothing"}));
}

TEST(ManifestFaults, AStepThatMissesTheEndIsAWarning) {
  Findings findings;

  const auto manifest = read_manifest(
    factor("{path: params.a, range: [0, 1], step: 0.3}"), "x.yaml", findings);

  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->factors[0].levels.back().text, "0.9");
  EXPECT_EQ(lines_of(findings),
            (std::vector<std::string>{
              "S406@5: the last value of `a` is 0.9: 1 is no whole number of "
              "steps from 0"}));
}

TEST(ManifestFaults, ARunDearerThanTheSweepIsAWarning) {
  Findings findings;

  EXPECT_TRUE(read_manifest(after("budget: {usd: 1, per_run_usd: 2}\n"),
                            "x.yaml", findings));
  EXPECT_EQ(lines_of(findings),
            (std::vector<std::string>{
              "B504@4: one run may spend more than the whole sweep"}));
}

} // namespace
} // namespace lab::sweeps
