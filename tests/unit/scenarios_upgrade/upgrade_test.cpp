#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "runtime/base/text.hpp"
#include "scenarios/upgrade/upgrade.hpp"
#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

// Each file in cases/ is one old scenario and the diff that a user is shown.
// Sections begin with `---- name`: files beside those of the small scenario of
// `TempScenario`; `assume` for what the loader takes for granted of it;
// `expected` for the diff, `nothing` when there is nothing to do.
// LAB_UPDATE_GOLDEN=1 rewrites the expected diffs; review what it wrote.

namespace fs = std::filesystem;
const std::string folder = LAB_SOURCE_DIR "/tests/unit/scenarios_upgrade/cases";

std::string content_of_file(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::vector<std::pair<std::string, std::string>>
sections_of(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> sections{{"about", ""}};
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(0, 5) == "---- ")
      sections.emplace_back(line.substr(5), "");
    else
      sections.back().second += line + "\n";
  }
  return sections;
}

/// What the loader assumes of old files: "talks 1", "coalitions", "check
/// world_state_coherence", "no checks", "condition TEXT".
void assume(ScenarioSpec& spec, const std::string& lines) {
  for (const auto& line : split(trim(lines), '\n')) {
    const auto words = split(line, ' ');
    if (words[0] == "talks")
      spec.talks_per_turn = std::stoi(words.at(1));
    else if (words[0] == "coalitions")
      spec.coalitions = true;
    else if (words[0] == "condition")
      spec.end_condition = line.substr(10);
    else if (words[0] == "check") {
      if (!spec.validation)
        spec.validation.emplace();
      CheckSpec check;
      check.kind = words.at(1) == "world_state_coherence"
                     ? CheckKind::world_coherence
                     : CheckKind::decision_consistency;
      spec.validation->checks.push_back(check);
    } else if (!words[0].empty()) {
      ADD_FAILURE() << "nothing is assumed by `" << line << "`";
    }
  }
}

struct Case {
  TempScenario scenario;
  std::string assumed;
  std::string expected;
  std::string text;

  explicit Case(const std::string& name)
    : text(content_of_file(folder + "/" + name + ".txt")) {
    for (const auto& [section, content] : sections_of(text)) {
      if (section == "assume")
        assumed = content;
      else if (section == "expected")
        expected = content;
      else if (section != "about")
        scenario.write(section, content);
    }
  }

  ScenarioSpec meaning() const {
    auto spec = scenario.spec();
    assume(spec, assumed);
    return spec;
  }
};

std::string shown(const std::vector<FileUpgrade>& files,
                  const std::string& below) {
  auto text = diff_of(files);
  for (auto at = text.find(below); at != std::string::npos;
       at = text.find(below))
    text.erase(at, below.size());
  return text.empty() ? "nothing\n" : text;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{folder})
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class Upgrades : public ::testing::TestWithParam<std::string> {};

TEST_P(Upgrades, ChangeTheseLinesAndNoMeaning) {
  const Case old{GetParam()};
  const auto& scenario = old.scenario;
  const auto meaning = old.meaning();
  const auto before = scenario.spec().content;
  Findings findings;

  const auto files = plan_upgrade(scenario.folder(), meaning, findings);

  ASSERT_TRUE(files) << render(findings);
  const auto diff = shown(*files, scenario.folder() + "/");
  if (std::getenv("LAB_UPDATE_GOLDEN") != nullptr)
    std::ofstream{folder + "/" + GetParam() + ".txt", std::ios::binary}
      << old.text.substr(0, old.text.find("---- expected\n"))
      << "---- expected\n"
      << diff;
  else
    EXPECT_EQ(diff, old.expected);
  ASSERT_TRUE(write_upgrade(*files));
  EXPECT_EQ(scenario.spec().content, before) << diff;
  const auto again = plan_upgrade(scenario.folder(), meaning, findings);
  ASSERT_TRUE(again) << render(findings);
  EXPECT_EQ(diff_of(*again), "") << "a second upgrade finds something to do";
}

INSTANTIATE_TEST_SUITE_P(Cases, Upgrades, ::testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param; });

/// Every comment of the old files, as a list of words for each file.
std::size_t comments_of(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("#:"); at != std::string::npos;
       at = text.find("#:", at + 1))
    ++count;
  return count;
}

TEST_P(Upgrades, KeepEveryComment) {
  const Case old{GetParam()};
  Findings findings;

  const auto files =
    plan_upgrade(old.scenario.folder(), old.meaning(), findings);

  ASSERT_TRUE(files);
  for (const auto& file : *files)
    EXPECT_EQ(comments_of(file.after), comments_of(file.before)) << file.after;
}

/// The folders that the Python versions wrote.
class OldFolders : public ::testing::TestWithParam<std::string> {};

TEST_P(OldFolders, AreUpgradedOnceAndMeanTheSame) {
  const TempScenario place;
  fs::copy(LAB_SOURCE_DIR "/tests/data/scenarios/" + GetParam(), place.folder(),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  const auto meaning = place.spec();
  Findings findings;

  const auto files = plan_upgrade(place.folder(), meaning, findings);

  ASSERT_TRUE(files) << render(findings);
  EXPECT_NE(diff_of(*files), "");
  ASSERT_TRUE(write_upgrade(*files));
  const auto after = place.read();
  ASSERT_TRUE(after.spec) << after.text;
  EXPECT_EQ(after.spec->content, meaning.content) << diff_of(*files);
  const auto again = plan_upgrade(place.folder(), *after.spec, findings);
  ASSERT_TRUE(again);
  EXPECT_EQ(diff_of(*again), "");
}

INSTANTIATE_TEST_SUITE_P(Folders, OldFolders,
                         ::testing::Values("v1-full", "v1-lite", "v2-full"),
                         [](const auto& one) {
                           auto name = one.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Upgrade, OfAFileInBracesIsRefusedWithItsName) {
  TempScenario scenario;
  const auto meaning = scenario.spec();
  scenario.write("scenario.yaml", "{name: A, num_turns: 4}\n");
  Findings findings;

  const auto files = plan_upgrade(scenario.folder(), meaning, findings);

  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, Errc::invalid_input);
  ASSERT_EQ(findings.all().size(), 1U);
  EXPECT_EQ(findings.all().front().code, "S320");
  EXPECT_NE(findings.all().front().file.find("scenario.yaml"),
            std::string::npos);
}

TEST(Upgrade, OfNoScenarioSaysSo) {
  Findings findings;

  const auto files = plan_upgrade("/nowhere", {}, findings);

  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, Errc::not_found);
}

} // namespace
} // namespace lab::scenarios
