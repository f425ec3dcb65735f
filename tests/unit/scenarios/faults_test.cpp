#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "runtime/base/text.hpp"
#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

// Each file in faults/ is one faulty scenario and the exact text that a user
// gets. Sections begin with `--- name`: files that replace those of the small
// scenario of `TempScenario`, `set` for overrides, `expected` for the text.
// A section `remove` lists files that are not there.
// LAB_UPDATE_GOLDEN=1 rewrites the expected texts; review what it wrote.

const std::string folder = LAB_SOURCE_DIR "/tests/unit/scenarios/faults";

struct Section {
  std::string name;
  std::string text;
};

std::vector<Section> sections_of(const std::string& text) {
  std::vector<Section> sections{{"about", ""}};
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(0, 4) == "--- ")
      sections.push_back({line.substr(4), ""});
    else
      sections.back().text += line + "\n";
  }
  return sections;
}

std::string content_of_file(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class Faults : public ::testing::TestWithParam<std::string> {};

TEST_P(Faults, AreToldInTheExpectedWords) {
  const auto path = folder + "/" + GetParam() + ".txt";
  const auto text = content_of_file(path);
  TempScenario scenario;
  std::string set;
  std::string expected;
  for (const auto& section : sections_of(text)) {
    if (section.name == "set")
      set = section.text;
    else if (section.name == "expected")
      expected = section.text;
    else if (section.name == "remove")
      for (const auto& name : split(trim(section.text), '\n'))
        scenario.remove(name);
    else if (section.name != "about")
      scenario.write(section.name, section.text);
  }

  const auto reading = scenario.read(set);

  if (std::getenv("LAB_UPDATE_GOLDEN") != nullptr)
    std::ofstream{path, std::ios::binary}
      << text.substr(0, text.find("--- expected\n")) << "--- expected\n"
      << reading.text;
  else
    EXPECT_EQ(reading.text, expected);
  EXPECT_FALSE(reading.findings.empty());
  EXPECT_EQ(reading.spec.has_value(), !reading.findings.has_errors());
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Faults, ::testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param; });

} // namespace
} // namespace lab::scenarios
