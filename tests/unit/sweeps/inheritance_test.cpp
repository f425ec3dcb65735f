#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps/temp_folder.hpp"

namespace lab::sweeps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* parent_text = R"(schema: sweep/1
name: screening
about: Which assumptions move trust?
scenario: ../scenarios/river
set:
  turns: 4
  actors.*.llm_model: sim/persona
factors:
  rule: {path: params.rule, values: [none, binding]}
  trust: {path: params.trust, range: [0, 1], step: 0.5}
  shock: {path: events.flood.turn, range: [1, 4], int: true}
design: {grid: {factors: [rule, trust]}, seed: 7}
replicates: {count: 3}
measure: {final: [trust, tension]}
)";

class Extends : public ::testing::Test {
protected:
  void write(const std::string& name, const std::string& text) {
    folder_.write(name, text);
  }

  std::optional<Manifest> load(const std::string& name) {
    return load_manifest(folder_ / name, findings_);
  }

  TempFolder folder_;
  Findings findings_;
};

TEST_F(Extends, TakesOverWhatTheHeirDoesNotSay) {
  write("sweeps/parent.yaml", parent_text);
  write("sweeps/own/child.yaml",
        "schema: sweep/1\nname: child\nextends: ../parent.yaml\n"
        "set: {turns: 9}\n"
        "replicates: {count: 5}\n");

  const auto made = load("sweeps/own/child.yaml");

  ASSERT_TRUE(made) << render(findings_);
  EXPECT_EQ(made->name, "child");
  EXPECT_EQ(made->about, "Which assumptions move trust?");
  ASSERT_EQ(made->set.size(), 2U);
  EXPECT_EQ(made->set[0].value.scalar, "9");
  EXPECT_EQ(made->set[1].value.scalar, "sim/persona");
  EXPECT_EQ(made->replicates.count, 5);
  EXPECT_EQ(made->design->size(), 6);
  EXPECT_EQ(made->seed, 7U);
  // From the folder of the file that says so.
  EXPECT_EQ(made->scenario, folder_ / "scenarios/river");
}

TEST_F(Extends, ListsReplaceAndNullRemoves) {
  write("parent.yaml", parent_text);
  write("child.yaml", "schema: sweep/1\nname: child\nextends: parent.yaml\n"
                      "factors:\n"
                      "  rule: {values: [none, voluntary, binding]}\n"
                      "  shock: ~\n"
                      "measure: {final: [trust]}\n");

  const auto made = load("child.yaml");

  ASSERT_TRUE(made) << render(findings_);
  ASSERT_EQ(made->factors.size(), 2U);
  EXPECT_EQ(made->factors[0].levels.size(), 3U);
  EXPECT_EQ(made->measure.final_metrics, std::vector<std::string>{"trust"});
}

TEST_F(Extends, AnotherDesignAndAnotherKindOfValuesReplaceTheOldOnes) {
  write("parent.yaml", parent_text);
  write("child.yaml", "schema: sweep/1\nname: child\nextends: parent.yaml\n"
                      "factors:\n"
                      "  trust: {values: [0.1, 0.2]}\n"
                      "  shock: ~\n"
                      "  rule: ~\n"
                      "design: {list: [{trust: 0.1}]}\n");

  const auto made = load("child.yaml");

  ASSERT_TRUE(made) << render(findings_);
  EXPECT_EQ(made->factors[0].levels.size(), 2U);
  EXPECT_EQ(made->design->size(), 1);
  EXPECT_EQ(made->seed, 7U);
}

TEST_F(Extends, GoesOverSeveralFiles) {
  write("a.yaml", parent_text);
  write("b.yaml", "schema: sweep/1\nname: b\nextends: a.yaml\n"
                  "replicates: {count: 8}\n");
  write("c.yaml", "schema: sweep/1\nname: c\nextends: b.yaml\n");

  const auto made = load("c.yaml");

  ASSERT_TRUE(made) << render(findings_);
  EXPECT_EQ(made->replicates.count, 8);
  EXPECT_EQ(made->seed, 7U);
}

TEST_F(Extends, AFaultShowsInTheFileWhereItStands) {
  write("parent.yaml", std::string{parent_text} + "budget: {usd: lots}\n");
  write("child.yaml", "schema: sweep/1\nname: child\nextends: parent.yaml\n"
                      "limits: {runs: none}\n");

  EXPECT_FALSE(load("child.yaml"));

  ASSERT_EQ(findings_.all().size(), 3U) << render(findings_); // and `shock`
  std::vector<std::string> places;
  for (const auto& finding : findings_.all())
    if (finding.severity == Severity::error)
      places.push_back(std::filesystem::path{finding.file}.filename().string()
                       + ":" + std::to_string(finding.line) + " "
                       + finding.source);
  EXPECT_THAT(places, ElementsAre("child.yaml:4 limits: {runs: none}",
                                  "parent.yaml:15 budget: {usd: lots}"));
}

TEST_F(Extends, ACircleIsRefused) {
  write("a.yaml", "schema: sweep/1\nname: a\nextends: b.yaml\n");
  write("b.yaml", "schema: sweep/1\nname: b\nextends: ./a.yaml\n");

  EXPECT_FALSE(load("a.yaml"));

  ASSERT_EQ(findings_.all().size(), 1U) << render(findings_);
  const auto& finding = findings_.all()[0];
  EXPECT_EQ(finding.message, "`./a.yaml` extends this file in turn");
  EXPECT_THAT(finding.file, HasSubstr("b.yaml"));
  EXPECT_EQ(finding.line, 3);
  EXPECT_THAT(finding.help, ElementsAre(HasSubstr("remove one")));
}

TEST_F(Extends, AFileThatExtendsItselfIsACircle) {
  write("a.yaml", "schema: sweep/1\nname: a\nextends: a.yaml\n");

  EXPECT_FALSE(load("a.yaml"));

  EXPECT_EQ(
    lines_of(findings_),
    std::vector<std::string>{"S422@3: `a.yaml` extends this file in turn"});
}

TEST_F(Extends, TooManyFilesAreRefused) {
  for (int i = 0; i < 10; ++i)
    write("m" + std::to_string(i) + ".yaml",
          "schema: sweep/1\nname: m\nscenario: s\n"
            + (i == 9 ? std::string{}
                      : "extends: m" + std::to_string(i + 1) + ".yaml\n"));

  EXPECT_TRUE(load("m2.yaml")) << render(findings_);
  EXPECT_FALSE(load("m0.yaml"));
  EXPECT_EQ(findings_.all().back().message,
            "more than 8 manifests extend each other");
}

TEST_F(Extends, WhatIsNoManifestIsRefused) {
  write("batch.yaml", "experiment_name: x\nbase_scenario: s\n");
  write("child.yaml", "schema: sweep/1\nname: c\nextends: batch.yaml\n");

  EXPECT_FALSE(load("child.yaml"));

  EXPECT_EQ(lines_of(findings_),
            std::vector<std::string>{"S422@3: `batch.yaml` is no sweep "
                                     "manifest"});
}

TEST_F(Extends, AFolderAmongAFactorsFilesSaysWhatToNameInstead) {
  write("openings/calm.md", "All is quiet.");
  write("child.yaml",
        "schema: sweep/1\nname: c\nscenario: s\n"
        "factors: {start: {path: params.start, files: [openings]}}\n"
        "design: {grid: {factors: [start]}}\n");

  EXPECT_FALSE(load("child.yaml"));

  EXPECT_EQ(lines_of(findings_),
            std::vector<std::string>{"S432@4: `openings` is not a file"});
  EXPECT_EQ(findings_.all().front().help,
            std::vector<std::string>{
              "name a text file; of a folder, name each file in it"});
}

TEST_F(Extends, AFileThatIsNotThereIsRefused) {
  write("child.yaml", "schema: sweep/1\nname: c\nextends: screning.yaml\n");

  EXPECT_FALSE(load("child.yaml"));

  EXPECT_EQ(lines_of(findings_), std::vector<std::string>{
                                   "S422@3: there is no file `screning.yaml`"});
}

TEST_F(Extends, NobodyInheritsAName) {
  write("parent.yaml", parent_text);
  write("child.yaml", "schema: sweep/1\nextends: parent.yaml\n");

  EXPECT_FALSE(load("child.yaml"));

  EXPECT_THAT(lines_of(findings_),
              ::testing::Contains("S103@1: the key `name` is missing"));
}

} // namespace
} // namespace lab::sweeps
