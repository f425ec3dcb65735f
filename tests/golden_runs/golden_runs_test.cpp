// Whole runs of the program, each a folder in cases/: the scenario, what its
// models and people say, the commands, and every byte that they leave behind.
// `./dev golden --update` rewrites `expected/`; what a case is about stands in
// its case.yaml and is checked in any case.

#include <cstdlib>
#include <fstream>
#include <regex>

#include <gtest/gtest.h>

#include "runtime/base/text_diff.hpp"
#include "tests/golden_runs/golden_case.hpp"
#include "tests/support/process.hpp"

namespace lab::testing {
namespace {

namespace fs = std::filesystem;

class GoldenRuns : public ::testing::TestWithParam<std::string> {};

void write_expected(const fs::path& folder, const GoldenFiles& files) {
  fs::remove_all(folder);
  for (const auto& [name, text] : files) {
    const auto path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
  }
}

void expect_files(const GoldenFiles& found, const GoldenFiles& expected) {
  for (const auto& [name, text] : expected) {
    const auto other = found.find(name);
    if (other == found.end())
      ADD_FAILURE() << name << " was not written";
    else if (other->second != text)
      ADD_FAILURE() << unified_diff(text, other->second, "expected/" + name,
                                    "now/" + name);
  }
  for (const auto& [name, text] : found)
    if (expected.find(name) == expected.end())
      ADD_FAILURE() << name << " is new:\n" << text;
}

void expect_shown(const GoldenFiles& files, const GoldenText& wanted) {
  const auto file = files.find(wanted.file);
  if (file == files.end()) {
    if (wanted.holds.empty() && wanted.lacks.empty())
      return;
    ADD_FAILURE() << wanted.file << " was not written";
    return;
  }
  if (!wanted.holds.empty()) {
    EXPECT_NE(file->second.find(wanted.holds), std::string::npos)
      << wanted.file << " should hold\n"
      << wanted.holds << "\nbut says\n"
      << file->second;
  }
  if (!wanted.lacks.empty()) {
    EXPECT_EQ(file->second.find(wanted.lacks), std::string::npos)
      << wanted.file << " should not hold\n"
      << wanted.lacks;
  }
}

/// A run's files without what tells it from another that went alike: its id
/// and name, who was asked, what that cost.
GoldenFiles story_of(const GoldenFiles& files, const std::string& folder) {
  static const std::regex particular{
    "\"(run_id|name|model|output)\": \"[^\"]*\"|\\*\\*(Model):\\*\\* .*"};
  GoldenFiles story;
  for (const auto& [name, text] : files)
    if (name.starts_with(folder + "/") && name != folder + "/costs.json"
        && name.find("/result") == std::string::npos)
      story[name.substr(folder.size() + 1)] =
        std::regex_replace(text, particular, "$1$2: …");
  return story;
}

TEST_P(GoldenRuns, LeaveTheSameBytes) {
  const auto golden = read_golden_case(GetParam());
  ASSERT_TRUE(golden);

  const auto files = play_golden_case(*golden);

  for (const auto& wanted : golden->shows)
    expect_shown(files, wanted);
  for (const auto& [first, second] : golden->same) {
    SCOPED_TRACE(first + " and " + second + " should tell the same story");
    const auto story = story_of(files, first);
    EXPECT_FALSE(story.empty());
    expect_files(story_of(files, second), story);
  }
  const auto expected = golden->folder / "expected";
  if (std::getenv("LAB_UPDATE_GOLDEN") != nullptr) {
    // What is wrong by its own case.yaml is no golden truth.
    if (!HasFailure())
      write_expected(expected, files);
    return;
  }
  ASSERT_TRUE(fs::exists(expected))
    << expected << " is missing: ./dev golden --update writes it";
  expect_files(files, files_in(expected));
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenRuns, ::testing::ValuesIn(golden_cases()),
                         [](const auto& one) {
                           auto name = one.param;
                           for (auto& c : name)
                             if (c == '-')
                               c = '_';
                           return name;
                         });

} // namespace
} // namespace lab::testing
