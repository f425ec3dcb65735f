#include <set>

#include <gtest/gtest.h>

#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

using Texts = std::vector<std::string>;

const std::string screening_factors = R"(factors:
  eu_caution:         {path: params.eu_caution, range: [0.0, 1.0]}
  us_caution:         {path: params.us_caution, range: [0.0, 1.0]}
  lab_openness:       {path: params.lab_openness, range: [0.0, 1.0]}
  trust_start:        {path: params.trust_start, range: [0.0, 1.0]}
  compute_growth:     {path: params.compute_growth, range: [1.2, 4.0], scale: log}
  shock_turn:         {path: events.compute_shock.turn, range: [2, 6], int: true}
  shock_chance:       {path: events.leak.probability, range: [0.0, 0.5]}
  compute_disclosure: {path: params.compute_disclosure, values: [none, voluntary, binding]}
  model:
    path: ["actors.*.llm_model", world_state_model]
    values: ["ollama/llama3.1:8b", "ollama/qwen2.5:14b"]
  stance:
    levels:
      as-written: {}
      doves: {actors.us.goals.0: Agree, params.us_caution: 0.8}
      hawks: {actors.us.goals.0: Refuse, params.us_caution: 0.1}
)";

/// Points of a design over those factors.
std::unique_ptr<Manifest> screening(const std::string& design) {
  auto manifest = read(screening_factors + design);
  return manifest ? std::make_unique<Manifest>(std::move(*manifest)) : nullptr;
}

TEST(Designs, AScreeningOfEightFactorsWithTwoModelsHasNinetyPoints) {
  const auto manifest = screening(R"(design:
  cross:
    - morris:
        factors: [eu_caution, us_caution, lab_openness, trust_start,
                  compute_growth, shock_turn, shock_chance, compute_disclosure]
        trajectories: 5
        levels: 6
    - grid: {factors: [model]}
  seed: 20261122
)");

  ASSERT_TRUE(manifest);
  const auto& design = *manifest->design;
  EXPECT_EQ(design.size(), 90);
  EXPECT_EQ(design.outline(), "45 morris x 2 grid");
  EXPECT_EQ(design.group_count(0, 0), 2);
  EXPECT_EQ(design.notes().size(), 1U);
  for (std::int64_t i = 0; i < design.size(); ++i) {
    const auto point = design.point(i);
    for (std::size_t f = 0; f < 9; ++f)
      ASSERT_TRUE(point.values[f]) << i << " " << f;
    EXPECT_FALSE(point.values[9]);
  }
}

TEST(Designs, AVarianceStudyWithStoriesHas227Points) {
  const auto manifest = screening(R"(design:
  union:
    - name: variance
      cross:
        - saltelli:
            factors: [eu_caution, lab_openness, trust_start, compute_growth, compute_disclosure]
            base: 16
            second_order: false
            scramble: true
        - grid: {factors: [model]}
    - name: stories
      list:
        - {label: calm doves,  stance: doves, model: "ollama/llama3.1:8b"}
        - {label: tense hawks, stance: hawks, model: "ollama/llama3.1:8b"}
        - {label: other model, stance: hawks, model: "ollama/qwen2.5:14b"}
  seed: 7
)");

  ASSERT_TRUE(manifest);
  const auto& design = *manifest->design;
  EXPECT_EQ(design.size(), 227);
  EXPECT_EQ(design.outline(), "112 saltelli x 2 grid + 3 list");
  EXPECT_EQ(design.blocks()[0].name, "variance");
  EXPECT_EQ(design.blocks()[1].name, "stories");
  EXPECT_EQ(design.blocks()[1].first, 224);
  EXPECT_EQ(design.point(225).label, "tense hawks");
  EXPECT_EQ(design.point(225).values[9]->text, "hawks");
}

struct Size {
  const char* design;
  std::int64_t points;
  const char* outline;
};

class DesignSize : public ::testing::TestWithParam<Size> {};

TEST_P(DesignSize, IsKnown) {
  const auto manifest = read(std::string{R"(factors:
  a: {path: params.a, range: [0, 1]}
  b: {path: params.b, range: [0, 1], step: 0.25}
  c: {path: params.c, values: [x, y, z]}
  d: {path: params.d, draw: {choice: {u: 0.2, v: 0.3, w: 0.5}}}
design:
  )"} + GetParam().design + "\n");

  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->design->size(), GetParam().points);
  EXPECT_EQ(manifest->design->outline(), GetParam().outline);
}

INSTANTIATE_TEST_SUITE_P(
  Table, DesignSize,
  ::testing::Values(
    Size{"grid: {factors: [b, c]}", 15, "15 grid"},
    Size{"grid: {factors: [b, c, d]}", 45, "45 grid"},
    Size{"list: [{a: 0.3}, {b: 0.5, c: x}]", 2, "2 list"},
    Size{"list: {points: [{a: 0.3}, {a: 0.4}]}", 2, "2 list"},
    Size{"zip: {factors: [c, d]}", 3, "3 zip"},
    Size{"random: {factors: [a, b, c, d], points: 37}", 37, "37 random"},
    Size{"latin-hypercube: {factors: [a, b], points: 21}", 21,
         "21 latin-hypercube"},
    Size{"latin-hypercube: {factors: [a, b], points: 21, improve: maximin}", 21,
         "21 latin-hypercube"},
    Size{"sobol: {factors: [a, b, d], points: 32}", 32, "32 sobol"},
    Size{"sobol: {factors: [a, b], points: 32, scramble: false}", 32,
         "32 sobol"},
    Size{"saltelli: {factors: [a, b, c], base: 8}", 40, "40 saltelli"},
    Size{"saltelli: {factors: [a, b, c], base: 8, second_order: true}", 64,
         "64 saltelli"},
    Size{"morris: {factors: [a, b, c], trajectories: 10}", 40, "40 morris"},
    Size{"one-at-a-time: {factors: [b, c, d], baseline: {b: 0.5, c: y, d: u}}",
         9, "9 one-at-a-time"},
    Size{"cross: [grid: {factors: [c]}, random: {factors: [a], points: 4}]", 12,
         "3 grid x 4 random"},
    Size{"union: [{name: p, grid: {factors: [c]}}, {name: q, sobol: {factors: "
         "[a], points: 4}}]",
         7, "3 grid + 4 sobol"},
    Size{"cross: [union: [{name: p, grid: {factors: [c]}}, {name: q, grid: "
         "{factors: [d]}}], grid: {factors: [b]}]",
         30, "3 grid x 5 grid + 3 grid x 5 grid"},
    Size{"grid: {factors: [b, c], where: b < 0.6 and c != 'z'}", 6, "6 grid"},
    Size{"list: {points: [{a: 0.3}, {a: 0.7}], where: a > 0.5}", 1, "1 list"},
    Size{"random: {factors: [a, c], points: 9, where: c == 'x' or c != 'x'}", 9,
         "9 random"}));

TEST(Designs, WhereKeepsThePointsAtWhichItHolds) {
  for (const auto* sampler : {"random", "latin-hypercube", "sobol"}) {
    const auto manifest =
      read("factors:\n"
           "  a: {path: params.a, range: [0, 1]}\n"
           "  b: {path: params.b, range: [0, 1]}\n"
           "design: {"
           + std::string{sampler}
           + ": {factors: [a, b], points: 512, where: a + b < 1}}\n");
    ASSERT_TRUE(manifest);
    const auto& design = *manifest->design;
    EXPECT_NEAR(static_cast<double>(design.size()), 256, 40) << sampler;
    for (std::int64_t i = 0; i < design.size(); ++i) {
      const auto point = design.point(i);
      EXPECT_LT(
        std::stod(point.values[0]->text) + std::stod(point.values[1]->text), 1);
    }
  }
}

TEST(Designs, TheSeedDecidesWhatIsDrawn) {
  const auto with_seed = [](const std::string& seed) {
    const auto manifest =
      read("factors: {a: {path: params.a, range: [0, 1]}}\n"
           "design: {random: {factors: [a], points: 8}, seed: "
           + seed + "}\n");
    return manifest ? shown(*manifest->design) : Texts{};
  };
  EXPECT_EQ(with_seed("1"), with_seed("1"));
  EXPECT_NE(with_seed("1"), with_seed("2"));
}

TEST(Designs, BlocksOfAUnionDrawPointsOfTheirOwnByName) {
  const auto drawn = [](const std::string& parts) {
    const auto manifest = read("factors: {a: {path: params.a, range: [0, 1]}}\n"
                               "design: {union: ["
                               + parts + "]}\n");
    return manifest ? shown(*manifest->design) : Texts{};
  };
  const std::string p = "{name: p, random: {factors: [a], points: 4}}";
  const std::string q = "{name: q, random: {factors: [a], points: 4}}";
  const auto forward = drawn(p + ", " + q);
  const auto backward = drawn(q + ", " + p);

  EXPECT_EQ(std::set<std::string>(forward.begin(), forward.end()).size(), 8U);
  // The same points, the other way round.
  EXPECT_EQ(Texts(forward.begin(), forward.begin() + 4),
            Texts(backward.begin() + 4, backward.end()));
}

TEST(Designs, AMillionPointsAreReadAtOnceAndMadeOneByOne) {
  for (const auto* design :
       {"grid: {factors: [m, n]}", "random: {factors: [a, b], points: 1000000}",
        "latin-hypercube: {factors: [a, b], points: 1000000}",
        "sobol: {factors: [a, b], points: 1000000}"}) {
    const auto manifest =
      read("factors:\n"
           "  a: {path: params.a, range: [0, 1]}\n"
           "  b: {path: params.b, range: [0, 1]}\n"
           "  m: {path: params.m, range: [1, 1000], step: 1}\n"
           "  n: {path: params.n, range: [1, 1000], step: 1}\n"
           "design: {"
           + std::string{design} + "}\n");
    ASSERT_TRUE(manifest) << design;
    EXPECT_EQ(manifest->design->size(), 1'000'000);
    EXPECT_TRUE(manifest->design->point(999'999).values[0]
                || manifest->design->point(999'999).values[2]);
  }
}

TEST(Designs, ASobolSampleOfAnotherLengthThanAPowerOfTwoIsAWarning) {
  Findings findings;
  EXPECT_TRUE(read_manifest(
    manifest_text("factors: {a: {path: params.a, range: [0, 1]}}\n"
                  "design: {sobol: {factors: [a], points: 100}}\n"),
    "x.yaml", findings));
  EXPECT_EQ(lines_of(findings),
            (Texts{"S434@5: 100 is no power of two, so the sequence is cut off "
                   "where it is not balanced"}));
  EXPECT_EQ(findings.all()[0].help, (Texts{"write 64 or 128"}));
}

TEST(Designs, ALevelOfABundleMayBeEmpty) {
  const auto manifest =
    screening("design: {grid: {factors: [stance, model]}}\n");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->design->point(0).values[9]->text, "as-written");
  EXPECT_TRUE(
    assignments_of(manifest->factors[9], *manifest->design->point(0).values[9])
      .empty());
}

} // namespace
} // namespace lab::sweeps
