#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

using Texts = std::vector<std::string>;

/// The only factor of a manifest, in a random design.
Factor factor(const std::string& text) {
  const auto manifest =
    read("factors:\n  a: " + text
         + "\ndesign: {random: {factors: [a], points: 4}}\n");
  return manifest ? manifest->factors.at(0) : Factor{};
}

Texts levels_of(const Factor& made) {
  Texts texts;
  for (const auto& level : made.levels)
    texts.push_back(level.text);
  return texts;
}

TEST(FactorValues, ARangeIsUniformAndOpen) {
  const auto made = factor("{path: params.a, range: [0, 2]}");

  EXPECT_TRUE(made.levels.empty());
  ASSERT_TRUE(made.distribution);
  EXPECT_EQ(made.at(0.25).text, "0.5");
  EXPECT_EQ(made.at(0.25).value.mark.line, 5);
  EXPECT_FALSE(made.at(0.25).value.quoted);
}

TEST(FactorValues, ARangeWithAStepIsItsSteps) {
  const auto made = factor("{path: params.a, range: [0, 1], step: 0.25}");

  EXPECT_EQ(levels_of(made), (Texts{"0", "0.25", "0.5", "0.75", "1"}));
  EXPECT_EQ(made.at(0.99).text, "1");
  EXPECT_EQ(made.at(0.5).text, "0.5");
}

TEST(FactorValues, WholeNumbersAreWhole) {
  const auto made = factor("{path: params.a, range: [2, 6], int: true}");

  EXPECT_EQ(made.at(0).text, "2");
  EXPECT_EQ(made.at(0.5).text, "4");
  EXPECT_EQ(made.at(1).text, "6");
}

TEST(FactorValues, ALogarithmicRangeIsEvenInItsRatios) {
  const auto made =
    factor("{path: params.a, range: [1, 100], scale: log, unit: x}");

  EXPECT_EQ(made.at(0.5).text, "10");
  EXPECT_EQ(made.unit, "x");
}

TEST(FactorValues, DrawsAreReadByTheirNames) {
  EXPECT_EQ(
    factor("{path: p.a, draw: {normal: {mean: 5, sd: 2}}}").at(0.5).text, "5");
  EXPECT_EQ(
    factor("{path: p.a, draw: {uniform: {min: 2, max: 4}}}").at(0.5).text, "3");
  EXPECT_EQ(factor("{path: p.a, draw: {triangular: {min: 0, mode: 1, max: 2}}}")
              .at(0.5)
              .text,
            "1");
  EXPECT_EQ(
    factor("{path: p.a, draw: {beta: {alpha: 2, beta: 2}}}").at(0.5).text,
    "0.5");
  EXPECT_EQ(factor("{path: p.a, draw: {beta: {alpha: 2, beta: 2, min: 10, "
                   "max: 20}}}")
              .at(0.5)
              .text,
            "15");
  EXPECT_EQ(factor("{path: p.a, draw: {normal: {mean: 5, sd: 2}}, int: true}")
              .at(0.6)
              .text,
            "6");
}

TEST(FactorValues, AChoiceIsLevelsWithShares) {
  const auto made =
    factor("{path: p.a, draw: {choice: {none: 0.7, binding: 0.3}}}");

  EXPECT_EQ(levels_of(made), (Texts{"none", "binding"}));
  EXPECT_EQ(made.at(0.69).text, "none");
  EXPECT_EQ(made.at(0.71).text, "binding");
}

TEST(FactorValues, ABundleSetsSeveralPlaces) {
  const auto made =
    factor("{levels: {as-written: {}, doves: {params.x: 0.8, "
           "actors.us.goals.0: Agree}, hawks: {params.x: 0.1}}}");

  EXPECT_TRUE(made.bundle);
  EXPECT_EQ(levels_of(made), (Texts{"as-written", "doves", "hawks"}));
  EXPECT_EQ(made.paths, (Texts{"params.x", "actors.us.goals.0"}));
  EXPECT_TRUE(assignments_of(made, made.levels[0]).empty());
  const auto doves = assignments_of(made, made.levels[1]);
  ASSERT_EQ(doves.size(), 2U);
  EXPECT_EQ(doves[1].path, "actors.us.goals.0");
  EXPECT_EQ(doves[1].value.scalar, "Agree");
  EXPECT_EQ(doves[1].value.mark.line, 5);
}

/// A folder of its own for each test.
class FactorFiles : public ::testing::Test {
protected:
  void SetUp() override {
    folder_ =
      std::filesystem::path{::testing::TempDir()}
      / ("factor_files_"
         + std::string{
           ::testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "sweeps");
  }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }

  std::optional<Manifest> load(const std::string& more) {
    write("sweeps/x.yaml", manifest_text(more));
    findings_ = {};
    return load_manifest((folder_ / "sweeps/x.yaml").string(), findings_);
  }

  /// Of files [NAME], or an empty text.
  std::string finding_of(const std::string& name) {
    load("factors:\n  a: {path: params.a, files: [" + name
         + "]}\ndesign: {grid: {factors: [a]}}\n");
    const auto lines = lines_of(findings_);
    return lines.empty() ? "" : lines.front();
  }

  std::filesystem::path folder_;
  Findings findings_;
};

TEST_F(FactorFiles, TheirContentIsTheValueAndTheirNameTheText) {
  write("sweeps/openings/calm.md", "All is quiet.\n");
  write("sweeps/openings/tense.md", "Ships gather.\n");

  const auto manifest =
    load("factors:\n"
         "  opening:\n"
         "    path: initial_world_state\n"
         "    files: [openings/calm.md, openings/tense.md]\n"
         "design: {list: [{opening: openings/tense.md}]}\n");

  ASSERT_TRUE(manifest) << render(findings_);
  const auto& levels = manifest->factors[0].levels;
  ASSERT_EQ(levels.size(), 2U);
  EXPECT_EQ(levels[0].text, "openings/calm.md");
  EXPECT_EQ(levels[0].value.scalar, "All is quiet.\n");
  EXPECT_TRUE(levels[0].value.quoted);
  const auto point = manifest->design->point(0);
  EXPECT_EQ(point.values[0]->value.scalar, "Ships gather.\n");
}

TEST_F(FactorFiles, AFileThatIsNotThereIsNamed) {
  EXPECT_EQ(finding_of("calm.md"), "S432@5: there is no file `calm.md`");
}

TEST_F(FactorFiles, OnlyTheManifestsOwnFolderIsRead) {
  write("secret.md", "a key");
  std::filesystem::create_symlink(folder_ / "secret.md",
                                  folder_ / "sweeps/link.md");
  EXPECT_EQ(finding_of("../secret.md"),
            "S432@5: `../secret.md` lies outside the manifest's folder");
  EXPECT_EQ(finding_of("/etc/hostname"),
            "S432@5: `/etc/hostname` lies outside the manifest's folder");
  EXPECT_EQ(finding_of("link.md"),
            "S432@5: `link.md` lies outside the manifest's folder");
}

TEST_F(FactorFiles, AreNoFoldersNorBinariesNorBooks) {
  std::filesystem::create_directories(folder_ / "sweeps/openings");
  write("sweeps/binary.md", "\xff\xfe");
  write("sweeps/full.md", std::string(256 << 10, 'x'));
  write("sweeps/long.md", std::string((256 << 10) + 1, 'x'));
  EXPECT_EQ(finding_of("openings"), "S432@5: `openings` is not a file");
  EXPECT_EQ(finding_of("binary.md"), "S432@5: `binary.md` is not UTF-8");
  EXPECT_EQ(finding_of("full.md"), "");
  EXPECT_EQ(finding_of("long.md"), "S432@5: `long.md` is longer than 256 KiB");
}

TEST_F(FactorFiles, PointsCanStandInATable) {
  write("sweeps/points.csv", "label,trust,rule\n"
                             "calm,0.25,none\n"
                             "\"calm, bound\",0.250,binding\n"
                             "default,,binding\n");

  const auto manifest =
    load("factors:\n"
         "  rule: {path: params.rule, values: [none, binding]}\n"
         "  trust: {path: params.trust, range: [0, 1]}\n"
         "design: {list: {file: points.csv}}\n");

  ASSERT_TRUE(manifest) << render(findings_);
  EXPECT_EQ(shown(*manifest->design),
            (Texts{"none 0.25", "binding 0.25", "binding -"}));
  EXPECT_EQ(manifest->design->point(1).label, "calm, bound");
  // Whatever the scenario says of a value, the manifest has its place.
  EXPECT_EQ(manifest->design->point(1).values[0]->value.mark.line, 7);
}

TEST_F(FactorFiles, AFaultInATableHasItsLineThere) {
  const std::string more =
    "factors:\n"
    "  rule: {path: params.rule, values: [none, binding]}\n"
    "  trust: {path: params.trust, range: [0, 1]}\n"
    "design: {list: {file: points.csv}}\n";
  write("sweeps/points.csv", "rule,trust\nnone,0.5\nbindin,1.5\n");

  EXPECT_FALSE(load(more));
  EXPECT_EQ(lines_of(findings_),
            (Texts{"S413@3: `bindin` is not a value of `rule`",
                   "S413@3: `1.5` is not in the range of `trust`"}));
  EXPECT_EQ(findings_.all()[0].file, (folder_ / "sweeps/points.csv").string());
  EXPECT_EQ(findings_.all()[1].column, 8);
  EXPECT_EQ(findings_.all()[1].source, "bindin,1.5");

  write("sweeps/points.csv", "rules,trust\nnone,0.5\nbinding,1\n");
  EXPECT_FALSE(load(more));
  EXPECT_EQ(lines_of(findings_), (Texts{"S409@1: there is no factor `rules`"}));

  write("sweeps/points.csv", "rule,trust\n");
  EXPECT_FALSE(load(more));
  EXPECT_EQ(lines_of(findings_),
            (Texts{"S411@7: `points.csv` names columns and has no points"}));
}

} // namespace
} // namespace lab::sweeps
