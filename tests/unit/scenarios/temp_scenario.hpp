#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/loader/scenario_source.hpp"

namespace lab::scenarios {

/// A scenario in a folder of its own that a test writes file by file. Starts
/// as the smallest one that plays: participants `eu` and `us`.
class TempScenario {
public:
  TempScenario();
  ~TempScenario();
  TempScenario(const TempScenario&) = delete;
  TempScenario& operator=(const TempScenario&) = delete;

  /// Writes a file, `actors/eu.yaml` for example; no text removes it.
  void write(const std::string& name, const std::string& text);
  void remove(const std::string& name);
  void append(const std::string& name, const std::string& text);
  const std::string& folder() const { return folder_; }

  struct Reading {
    Result<ScenarioSpec> spec = fail(Errc::not_found);
    Findings findings;
    std::unique_ptr<ScenarioSource> source;

    /// The findings as people see them, the folder's name left out.
    std::string text;
    std::vector<std::string> codes() const;
  };

  /// Opens and resolves.
  /// @param set  assignments as a YAML map from path to value, which stands
  ///             for the manifest `sweep.yaml`
  Reading read(const std::string& set = {}) const;
  Reading read(const std::vector<Assignment>& assignments) const;
  /// The same, and the test fails when there was an error.
  ScenarioSpec spec(const std::string& set = {}) const;

private:
  Reading finish(const std::vector<Assignment>& assignments,
                 const yaml::Document* manifest) const;

  std::string root_;
  std::string folder_;
};

} // namespace lab::scenarios
