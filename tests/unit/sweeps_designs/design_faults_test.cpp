#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

// A faulty factor or design a row: what is wrong, where, and how to mend it.

namespace lab::sweeps {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

struct Fault {
  const char* name;
  std::string text;
  std::string line; // "code@line: message"
  std::string help; // within some help
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

/// One factor on line 5 and a design of it.
std::string factor(const std::string& text) {
  return "factors:\n  a: " + text
         + "\ndesign: {random: {factors: [a], points: 4}}\n";
}

/// Factors on lines 5 to 9; the design is on line 10.
std::string design(const std::string& text) {
  return "factors:\n"
         "  rule: {path: params.rule, values: [none, voluntary, binding]}\n"
         "  trust: {path: params.trust, range: [0, 1]}\n"
         "  gauss: {path: params.gauss, draw: {normal: {mean: 0, sd: 1}}}\n"
         "  pair: {levels: {low: {params.x: 1}, high: {params.x: 2}}}\n"
         "  step: {path: params.step, range: [0, 1], step: 0.5}\n"
         "design: "
         + text + "\n";
}

class DesignFault : public ::testing::TestWithParam<Fault> {};

TEST_P(DesignFault, IsFoundWithItsLineAndHelp) {
  Findings findings;

  const auto manifest =
    read_manifest(manifest_text(GetParam().text), "sweeps/x.yaml", findings);

  EXPECT_FALSE(manifest);
  EXPECT_THAT(lines_of(findings), Contains(GetParam().line))
    << render(findings);
  std::vector<std::string> help;
  for (const auto& finding : findings.all())
    help.insert(help.end(), finding.help.begin(), finding.help.end());
  EXPECT_THAT(help, Contains(HasSubstr(GetParam().help))) << render(findings);
}

const Fault faults[] = {
  // Values of factors.
  {"no kind of values", factor("{path: params.a}"),
   "S405@5: the factor `a` needs `values`, `range`, `levels`, `files` or "
   "`draw`",
   "values: [none, binding]"},
  {"two kinds of values",
   factor("{path: params.a, values: [1], draw: {normal: {mean: 0, sd: 1}}}"),
   "S405@5: the factor `a` needs one of `values` and `draw`, not both",
   "keep the one"},
  {"a step with values", factor("{path: params.a, values: [1], step: 1}"),
   "S406@5: `step` goes with `range` only", "remove it"},
  {"int with values", factor("{path: params.a, values: [1], int: true}"),
   "S406@5: `int` goes with `range` and `draw` only", "remove it"},
  {"a scale with a draw",
   factor("{path: params.a, draw: {normal: {mean: 0, sd: 1}}, scale: log}"),
   "S406@5: `scale` goes with `range` only", "remove it"},
  {"an unknown scale", factor("{path: params.a, range: [1, 2], scale: logg}"),
   "S105@5: `scale` cannot be `logg`", "did you mean `log`?"},
  {"int that is a word", factor("{path: params.a, range: [1, 2], int: maybe}"),
   "S101@5: `int` must be true or false, not a text", "write true"},
  {"half numbers that are whole",
   factor("{path: params.a, range: [1, 2.5], int: true}"),
   "S406@5: with `int: true` a range is made of whole numbers, not `2.5`",
   "remove `int`"},
  {"half steps that are whole",
   factor("{path: params.a, range: [1, 4], step: 0.5, int: true}"),
   "S406@5: with `int: true` a range is made of whole numbers, not `0.5`",
   "remove `int`"},
  {"a logarithm of zero", factor("{path: params.a, range: [0, 1], scale: log}"),
   "S406@5: a logarithmic range must begin above zero, not at 0",
   "begin above zero"},
  {"steps on a logarithmic scale",
   factor("{path: params.a, range: [1, 9], scale: log, step: 2}"),
   "S406@5: `step` does not go with `scale: log`", "values: [1, 10, 100]"},
  {"levels as a list", factor("{levels: [low, high]}"),
   "S405@5: `levels` must be a map of names to what each sets, not a list",
   "as-written: {}"},
  {"no levels", factor("{levels: {}}"),
   "S405@5: `levels` must be a map of names to what each sets, not an empty "
   "one",
   "as-written: {}"},
  {"a level that is a word", factor("{levels: {low: 0.2}}"),
   "S405@5: the level `low` must be a map of paths and values, not the "
   "number `0.2`",
   "{params.caution: 0.1}"},
  {"levels with a path", factor("{path: params.a, levels: {low: {p.x: 1}}}"),
   "S408@5: `path` does not go with `levels`", "each level says"},
  {"levels that set nothing", factor("{levels: {low: {}, high: {}}}"),
   "S408@5: the factor `a` writes no place", "at least one level"},
  {"a level with brackets in a path", factor("{levels: {low: {'p.x[0]': 1}}}"),
   "S408@5: `p.x[0]` is not a path", "dots"},
  {"a level with an empty value", factor("{levels: {low: {p.x: ~}}}"),
   "S405@5: a value of `a` is empty", "write \"\""},
  {"files as a word", factor("{path: params.a, files: calm.md}"),
   "S405@5: `files` must be a list of at least one value, not a text",
   "[openings/calm.md"},
  {"no files", factor("{path: params.a, files: []}"),
   "S405@5: `files` must be a list of at least one value, not an empty one",
   "[openings/calm.md"},
  {"a file that is a list", factor("{path: params.a, files: [[x.md]]}"),
   "S432@5: a file is named by a text, not a list", "openings/calm.md"},
  {"a file that is not there", factor("{path: params.a, files: [nope.md]}"),
   "S432@5: there is no file `nope.md`", "from the manifest's folder"},
  {"a file elsewhere", factor("{path: params.a, files: [../../x.md]}"),
   "S432@5: `../../x.md` lies outside the manifest's folder", "stranger"},
  {"a draw that is a word", factor("{path: params.a, draw: normal}"),
   "S430@5: `draw` must be a map of one distribution", "{normal: {mean"},
  {"two draws",
   factor("{path: params.a, draw: {uniform: {min: 0, max: 1}, choice: {x: "
          "1}}}"),
   "S430@5: `draw` must be a map of one distribution", "{normal: {mean"},
  {"an unknown distribution",
   factor("{path: params.a, draw: {norml: {mean: 0, sd: 1}}}"),
   "S430@5: there is no distribution `norml`", "did you mean `normal`?"},
  {"a normal without a spread",
   factor("{path: params.a, draw: {normal: {mean: 0}}}"),
   "S103@5: `factors.a.draw.normal` lacks the key `sd`", "add `sd`"},
  {"a normal of no spread",
   factor("{path: params.a, draw: {normal: {mean: 0, sd: 0}}}"),
   "S430@5: `sd` must be above zero, not 0", "use `values`"},
  {"a misspelt parameter",
   factor("{path: params.a, draw: {normal: {mean: 0, sdd: 1}}}"),
   "S104@5: unknown key `sdd` in `factors.a.draw.normal`",
   "did you mean `sd`?"},
  {"a parameter that is a word",
   factor("{path: params.a, draw: {normal: {mean: high, sd: 1}}}"),
   "S406@5: a distribution is made of plain decimal numbers, not `high`",
   "0.25"},
  {"a normal cut the wrong way round",
   factor("{path: params.a, draw: {normal: {mean: 0, sd: 1, min: 2, max: "
          "1}}}"),
   "S430@5: `max` is 1, not above `min`, 2", "lowest number"},
  {"a normal cut far out",
   factor("{path: params.a, draw: {normal: {mean: 0, sd: 1, min: 9}}}"),
   "S430@5: `min` is more than 8 standard deviations from the mean and leaves "
   "nothing to draw",
   "check `mean`"},
  {"a triangle without its corner",
   factor("{path: params.a, draw: {triangular: {min: 0, max: 1}}}"),
   "S103@5: `factors.a.draw.triangular` lacks the key `mode`", "add `mode`"},
  {"a triangle with its corner outside",
   factor("{path: params.a, draw: {triangular: {min: 0, mode: 2, max: 1}}}"),
   "S430@5: `mode` is 2, not between 0 and 1", "likeliest"},
  {"a beta without a shape",
   factor("{path: params.a, draw: {beta: {alpha: 0, beta: 1}}}"),
   "S430@5: `alpha` must be above zero, not 0", "shapes"},
  {"a whole draw with half a bound",
   factor("{path: params.a, draw: {uniform: {min: 0.5, max: 3}}, int: true}"),
   "S430@5: with `int: true` the bound `min` must be whole, not 0.5",
   "remove `int`"},
  {"a choice that is a list",
   factor("{path: params.a, draw: {choice: [x, y]}}"),
   "S430@5: `choice` must be a map of values and their shares",
   "{none: 0.7, binding: 0.3}"},
  {"shares that are not one",
   factor("{path: params.a, draw: {choice: {x: 0.5, y: 0.4}}}"),
   "S430@5: the shares add up to 0.9, not to 1", "together they are 1"},
  {"a share of nothing",
   factor("{path: params.a, draw: {choice: {x: 1, y: 0}}}"),
   "S430@5: the share of `y` must be above 0 and at most 1, not 0",
   "never happens"},
  {"a share that is a word",
   factor("{path: params.a, draw: {choice: {x: half, y: 0.5}}}"),
   "S406@5: a share is made of plain decimal numbers, not `half`", "0.25"},
  {"a choice of whole numbers",
   factor("{path: params.a, draw: {choice: {1: 0.5, 2: 0.5}}, int: true}"),
   "S406@5: `int` does not go with `choice`", "remove it"},

  // Designs.
  {"a misspelt kind", design("{sobl: {factors: [trust], points: 4}}"),
   "S104@10: unknown key `sobl` in `design`", "did you mean `sobol`?"},
  {"two kinds",
   design("{grid: {factors: [rule]}, sobol: {factors: [trust], points: 4}}"),
   "S411@10: `design` needs exactly one kind of design", "under `cross`"},
  {"a sampler as a list", design("{random: [trust]}"),
   "S101@10: `design.random` must be a map of keys, not a list",
   "{factors: [trust]"},
  {"a sampler without factors", design("{random: {points: 4}}"),
   "S103@10: `design.random` lacks the key `factors`", "add `factors`"},
  {"a sampler of nothing", design("{random: {factors: [], points: 4}}"),
   "S411@10: this part of the design has no factors", "factors: [trust]"},
  {"a sampler without points", design("{sobol: {factors: [trust]}}"),
   "S103@10: `design.sobol` lacks the key `points`", "add `points`"},
  {"no points", design("{random: {factors: [trust], points: 0}}"),
   "S102@10: `points` must be from 1 to 10000000, not 0", "points: 64"},
  {"points that are a word",
   design("{random: {factors: [trust], points: many}}"),
   "S101@10: `points` must be a whole number, not a text", "points: 64"},
  {"too many points", design("{random: {factors: [trust], points: 2000000}}"),
   "S416@10: this design has more than 1000000 points", "fewer factors"},
  {"a factor nobody named", design("{random: {factors: [trsut], points: 4}}"),
   "S409@10: there is no factor `trsut`", "did you mean `trust`?"},
  {"a factor twice", design("{random: {factors: [trust, trust], points: 4}}"),
   "S414@10: the factor `trust` stands twice in this list", "name it once"},
  {"a misspelt key of a sampler",
   design("{sobol: {factors: [trust], points: 4, scrambel: true}}"),
   "S104@10: unknown key `scrambel` in `design.sobol`",
   "did you mean `scramble`?"},
  {"a scramble that is a word",
   design("{sobol: {factors: [trust], points: 4, scramble: maybe}}"),
   "S101@10: `scramble` must be true or false, not a text", "write true"},
  {"an unknown improvement",
   design(
     "{latin-hypercube: {factors: [trust], points: 4, improve: maximini}}"),
   "S105@10: `improve` cannot be `maximini`", "did you mean `maximin`?"},
  {"an improvement of too many points",
   design("{latin-hypercube: {factors: [trust], points: 1001, improve: "
          "maximin}}"),
   "S416@10: `maximin` improves at most 1000 points, not 1001", "use sobol"},
  {"a bare sequence over a factor without ends",
   design("{sobol: {factors: [gauss], points: 4, scramble: false}}"),
   "S435@10: a Sobol sequence that is not scrambled visits the ends of a "
   "factor, and `gauss` has none",
   "both `min` and `max`"},
  {"trajectories over a factor without ends",
   design("{morris: {factors: [gauss], trajectories: 4}}"),
   "S435@10: a Morris sample visits the ends of a factor, and `gauss` has none",
   "both `min` and `max`"},
  {"no trajectories", design("{morris: {factors: [trust]}}"),
   "S103@10: `design.morris` lacks the key `trajectories`",
   "add `trajectories`"},
  {"an odd number of levels",
   design("{morris: {factors: [trust], trajectories: 4, levels: 5}}"),
   "S435@10: `levels` must be even, not 5", "write 4 or 6"},
  {"one level",
   design("{morris: {factors: [trust], trajectories: 4, levels: 1}}"),
   "S102@10: `levels` must be from 2 to 1000, not 1", "levels: 4"},
  {"no base", design("{saltelli: {factors: [trust]}}"),
   "S103@10: `design.saltelli` lacks the key `base`", "add `base`"},
  {"a base that is a word", design("{saltelli: {factors: [trust], base: big}}"),
   "S101@10: `base` must be a whole number, not a text", "base: 16"},
  {"second order that is a number",
   design("{saltelli: {factors: [trust], base: 4, second_order: 2}}"),
   "S101@10: `second_order` must be true or false, not the number `2`",
   "write true"},
  {"a grid over a draw", design("{grid: {factors: [gauss]}}"),
   "S412@10: a grid needs to know which values of `gauss` to visit",
   "give it `values`"},
  {"a zip over an open range", design("{zip: {factors: [rule, trust]}}"),
   "S412@10: a zip needs to know which values of `trust` to visit", "`step`"},
  {"a zip of unequal lengths", design("{zip: {factors: [rule, pair]}}"),
   "S435@10: a zip joins factors of equal length, but `rule` has 3 values and "
   "`pair` has 2",
   "use `grid`"},
  {"no baseline", design("{one-at-a-time: {factors: [rule]}}"),
   "S103@10: `design.one-at-a-time` lacks the key `baseline`",
   "add `baseline`"},
  {"a baseline that is a word",
   design("{one-at-a-time: {factors: [rule], baseline: none}}"),
   "S101@10: `baseline` must be a map of factors and values, not a text",
   "{trust: 0.5, rule: none}"},
  {"a baseline that lacks a factor",
   design("{one-at-a-time: {factors: [rule, step], baseline: {step: 0.5}}}"),
   "S435@10: the baseline does not say which value `rule` has",
   "add rule: none"},
  {"a baseline of no level",
   design("{one-at-a-time: {factors: [step], baseline: {step: 0.3}}}"),
   "S413@10: `0.3` is not a value of `step`", ""},
  {"a baseline of another factor",
   design("{one-at-a-time: {factors: [rule], baseline: {rule: none, trust: "
          "0}}}"),
   "S435@10: the factor `trust` is in the baseline and not among the factors",
   "add it to `factors`"},
  {"a baseline of a factor nobody named",
   design("{one-at-a-time: {factors: [rule], baseline: {rule: none, trsut: "
          "0}}}"),
   "S409@10: there is no factor `trsut`", "did you mean `trust`?"},
  {"a list with points and a file",
   design("{list: {points: [{trust: 0}], file: x.csv}}"),
   "S411@10: `list` needs exactly one of `points` and `file`", "points.csv"},
  {"a list that is an empty map", design("{list: {}}"),
   "S411@10: `list` needs exactly one of `points` and `file`", "points.csv"},
  {"a table that is not there", design("{list: {file: x.csv}}"),
   "S432@10: there is no file `x.csv`", "from the manifest's folder"},
  {"a label that is a list", design("{list: [{label: [x], trust: 0}]}"),
   "S101@10: `label` must be a text, not a list", "label: calm start"},
  {"a point beyond a draw",
   "factors:\n"
   "  a: {path: p.a, draw: {normal: {mean: 0, sd: 1, max: 2}}}\n"
   "design: {list: [{a: 3}]}\n",
   "S413@6: `3` is not in the range of `a`", "a number up to 2"},
  {"half a whole number",
   "factors:\n"
   "  a: {path: p.a, range: [1, 4], int: true}\n"
   "design: {list: [{a: 2.5}]}\n",
   "S413@6: `2.5` is not in the range of `a`", "whole number from 1 to 4"},
  {"a level of a bundle that is none", design("{list: [{pair: lo}]}"),
   "S413@10: `lo` is not a value of `pair`", "did you mean `low`?"},
  {"an empty union", design("{union: []}"),
   "S411@10: `union` must be a list of designs", "name: wide"},
  {"a part without a name", design("{union: [{grid: {factors: [rule]}}]}"),
   "S436@10: a part of a union needs a name", "name: stories"},
  {"a part with a strange name",
   design("{union: [{name: a b, grid: {factors: [rule]}}]}"),
   "S436@10: a part of a union cannot be named `a b`", "letters"},
  {"two parts with one name",
   design("{union: [{name: a, grid: {factors: [rule]}}, {name: a, grid: "
          "{factors: [pair]}}]}"),
   "S436@10: the name `a` stands twice", "of its own"},
  {"a name outside a union", design("{name: a, grid: {factors: [rule]}}"),
   "S104@10: unknown key `name` in `design`", ""},
  {"too many points of a union",
   design("{union: [{name: a, random: {factors: [trust], points: 600000}}, "
          "{name: b, random: {factors: [trust], points: 600000}}]}"),
   "S416@10: this design has more than 1000000 points", "fewer factors"},
  {"where beside a grid",
   design("{grid: {factors: [rule]}, where: rule == 'none'}"),
   "S431@10: `where` stands inside a part of the design",
   "write it into `grid`"},
  {"where beside a list", design("{list: [{trust: 0}], where: trust == 0}"),
   "S431@10: `where` stands inside a part of the design", "list: {points:"},
  {"where beside a cross",
   design("{cross: [grid: {factors: [rule]}], where: rule == 'none'}"),
   "S431@10: `where` stands inside a part of the design",
   "one of the parts of `cross`"},
  {"where in a Saltelli sample",
   design("{saltelli: {factors: [trust], base: 4, where: trust < 0.5}}"),
   "S431@10: `where` cannot remove points of `saltelli`", "narrow the ranges"},
  {"where in a Morris sample",
   design("{morris: {factors: [trust], trajectories: 4, where: trust < 0.5}}"),
   "S431@10: `where` cannot remove points of `morris`", "narrow the ranges"},
  {"where in one at a time",
   design("{one-at-a-time: {factors: [rule], baseline: {rule: none}, where: "
          "rule == 'none'}}"),
   "S431@10: `where` cannot remove points of `one-at-a-time`",
   "narrow the ranges"},
  {"where in a zip", design("{zip: {factors: [pair], where: pair == 'low'}}"),
   "S431@10: `where` cannot remove points of `zip`", "use `list`"},
  {"where that keeps nothing",
   design("{grid: {factors: [rule], where: rule == 'nothing'}}"),
   "S431@10: `where` leaves no points", "none of 3 does"},
  {"where that divides by zero",
   design("{grid: {factors: [step], where: 1 / step > 1}}"),
   "S431@10: `where` says neither yes nor no at a point", "divide"},
  {"where about a point that does not say",
   design("{list: {points: [{trust: 0.2}, {rule: none}], where: trust < 1}}"),
   "S431@10: `where` says neither yes nor no at a point", "name the factors"},
};

INSTANTIATE_TEST_SUITE_P(Table, DesignFault, ::testing::ValuesIn(faults));

class WhereFault
  : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

/// Whatever an expression does wrong is a finding on its line.
TEST_P(WhereFault, IsFoundAtTheExpression) {
  Findings findings;
  const auto manifest = read_manifest(
    manifest_text(design("{grid: {factors: [rule, step], where: \""
                         + GetParam().first + "\"}}")),
    "x.yaml", findings);

  EXPECT_FALSE(manifest);
  ASSERT_EQ(findings.all().size(), 1U) << render(findings);
  EXPECT_EQ(findings.all()[0].code, "S431");
  EXPECT_EQ(findings.all()[0].line, 10);
  EXPECT_THAT(findings.all()[0].message, HasSubstr(GetParam().second));
}

INSTANTIATE_TEST_SUITE_P(
  Table, WhereFault,
  ::testing::Values(std::pair{"trust < 0.5", "trust"}, // not in this grid
                    std::pair{"stepp < 0.5", "stepp"}, std::pair{"step <", ""},
                    std::pair{"step + 1", ""}, std::pair{"rule < 0.5", ""},
                    std::pair{"open('x') == 1", "open"}));

TEST(DesignFaults, ABundleAndAFactorThatWriteOnePlaceAreAnError) {
  Findings findings;
  EXPECT_FALSE(read_manifest(
    manifest_text("factors:\n"
                  "  caution: {path: params.x, range: [0, 1]}\n"
                  "  pair: {levels: {low: {params.x: 1}, as-is: {}}}\n"
                  "design:\n"
                  "  cross:\n"
                  "    - random: {factors: [caution], points: 4}\n"
                  "    - grid: {factors: [pair]}\n"),
    "x.yaml", findings));
  EXPECT_EQ(
    lines_of(findings),
    (std::vector<std::string>{
      "S415@6: the factors `caution` and `pair` write the same place"}));
}

TEST(DesignFaults, InDifferentBlocksOfAUnionTheyDoNotMeet) {
  EXPECT_TRUE(read("factors:\n"
                   "  caution: {path: params.x, range: [0, 1]}\n"
                   "  pair: {levels: {low: {params.x: 1}, as-is: {}}}\n"
                   "design:\n"
                   "  union:\n"
                   "    - {name: a, random: {factors: [caution], points: 4}}\n"
                   "    - {name: b, grid: {factors: [pair]}}\n"));
}

TEST(DesignFaults, AWholeFindingLooksLikeThis) {
  Findings findings;
  read_manifest(
    manifest_text("factors:\n"
                  "  trust:\n"
                  "    path: params.trust\n"
                  "    draw: {normal: {mean: 0.5, sd: -1}}\n"
                  "design: {random: {factors: [trust], points: 4}}\n"),
    "sweeps/x.yaml", findings);

  EXPECT_EQ(render(findings),
            "error[S430]: `sd` must be above zero, not -1\n"
            " --> sweeps/x.yaml:7:36\n"
            "  |\n"
            "7 |     draw: {normal: {mean: 0.5, sd: -1}}\n"
            "  |                                    ^^\n"
            "  |\n"
            "  = help: to keep the factor at one number, use `values`\n");
}

} // namespace
} // namespace lab::sweeps
