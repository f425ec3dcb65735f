#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lab::testing {

/// One command of a case, and what must be true of it whatever the golden
/// files say: those can be rewritten, this cannot.
struct GoldenStep {
  /// Words of the program; `{NAME}` stands for the run of the step `as: NAME`.
  std::vector<std::string> words;
  std::string as; // its folder below `expected/`; empty: makes no run
  std::optional<int> exit;
  std::string status; // of the run; empty: any
  std::optional<int> turns_completed;
  std::optional<int> sent; // calls that went to a model
};

/// A text that a file of the outcome must hold, or must not.
struct GoldenText {
  std::string file; // "first/world-state-001.md"
  std::string holds;
  std::string lacks;
};

/// A folder of tests/golden_runs/cases, read from its `case.yaml`.
struct GoldenCase {
  std::string name;
  std::filesystem::path folder;
  std::vector<GoldenStep> steps;
  std::vector<GoldenText> shows;
  /// Pairs of folders of the outcome that must be equal but for what names a
  /// run, its models and its costs.
  std::vector<std::pair<std::string, std::string>> same;
};

/// Names of all cases, sorted.
std::vector<std::string> golden_cases();

/// @returns nothing, and a failed expectation, when the file is unsound
std::optional<GoldenCase> read_golden_case(const std::string& name);

/// What a case left behind: the artefacts of each run below its name, and
/// `NAME/result.json`, `NAME/result-2.json`, … with what the steps printed.
using GoldenFiles = std::map<std::string, std::string>;

/// Runs the steps in a copy of the case's folder, checking each.
GoldenFiles play_golden_case(const GoldenCase& golden);

} // namespace lab::testing
