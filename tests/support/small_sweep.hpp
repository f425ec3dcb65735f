#pragma once

#include <string>

#include "tests/support/process.hpp"

namespace lab::testing {

/// A folder as a user would have it: settings that name a provider, a tiny
/// scenario, and a manifest of points x replicates on it.
class SmallSweep {
public:
  struct Shape {
    int points = 2;
    int replicates = 2;
    int turns = 1;
    int runs_in_flight = 4;
    std::string budget_usd; // empty: none
    std::string dialect = "openai";
    int max_in_flight = 64;
    std::string more; // lines of the manifest
  };

  SmallSweep(const std::string& base_url, const Shape& shape);

  const std::filesystem::path& path() const { return folder_.path(); }
  const TempFolder& folder() const { return folder_; }
  void set_budget(const std::string& usd);

  /// `scenario-lab WORDS --json`, run to its end.
  Ended run(const std::vector<std::string>& words,
            const Variables& variables = {}) const;
  /// `scenario-lab sweep run sweep.yaml --json`
  Ended sweep(const Variables& variables = {}) const;
  std::vector<std::string> sweep_command() const;

  /// All artefacts, by name.
  std::map<std::string, std::string> artefacts() const;

private:
  void write_manifest();

  TempFolder folder_;
  Shape shape_;
};

} // namespace lab::testing
