#include "tests/unit/scenarios/temp_scenario.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace lab::scenarios {

namespace {

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part))
    text.erase(at, part.size());
  return text;
}

} // namespace

TempScenario::TempScenario() {
  root_ = ::testing::TempDir() + "lab_scenario_XXXXXX";
  EXPECT_NE(::mkdtemp(root_.data()), nullptr);
  folder_ = root_ + "/summit";
  write("scenario.yaml", "name: Summit\n"
                         "turns: 4\n"
                         "initial_world_state: All is calm.\n"
                         "world_state_model: sim/persona\n"
                         "actors: [eu, us]\n");
  write("actors/eu.yaml", "name: Europe\n"
                          "llm_model: sim/persona\n"
                          "goals: [peace]\n");
  write("actors/us.yaml", "name: America\n"
                          "llm_model: sim/persona\n"
                          "goals: [trade]\n");
}

TempScenario::~TempScenario() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

void TempScenario::write(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path{folder_} / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

void TempScenario::remove(const std::string& name) {
  std::filesystem::remove(std::filesystem::path{folder_} / name);
}

void TempScenario::append(const std::string& name, const std::string& text) {
  std::ofstream{std::filesystem::path{folder_} / name,
                std::ios::binary | std::ios::app}
    << text;
}

std::vector<std::string> TempScenario::Reading::codes() const {
  std::vector<std::string> all;
  for (const auto& finding : findings.all())
    all.push_back(finding.code);
  return all;
}

TempScenario::Reading TempScenario::read(const std::string& set) const {
  Findings findings;
  const auto manifest = yaml::parse(set, "sweep.yaml", findings);
  EXPECT_TRUE(manifest) << render(findings);
  std::vector<Assignment> assignments;
  for (const auto& entry : manifest->root.entries)
    assignments.push_back({entry.key, entry.value});
  return finish(assignments, &*manifest);
}

TempScenario::Reading
TempScenario::read(const std::vector<Assignment>& assignments) const {
  return finish(assignments, nullptr);
}

TempScenario::Reading
TempScenario::finish(const std::vector<Assignment>& assignments,
                     const yaml::Document* manifest) const {
  Reading reading;
  // A stand-in for the room that searches: it knows one thing about patterns.
  const PatternCheck check = [](const std::string& pattern) -> Result<void> {
    if (pattern.find('(') != std::string::npos
        && pattern.find(')') == std::string::npos)
      return fail(Errc::invalid_input, "a bracket is never closed");
    return {};
  };
  auto source = open_scenario(folder_, reading.findings, check);
  if (source) {
    reading.source = std::move(*source);
    reading.spec =
      reading.source->resolve(assignments, reading.findings, manifest);
  } else {
    reading.spec = tl::unexpected(source.error());
  }
  reading.text = without(render(reading.findings), root_ + "/");
  return reading;
}

ScenarioSpec TempScenario::spec(const std::string& set) const {
  auto reading = read(set);
  EXPECT_TRUE(reading.spec) << reading.text;
  return reading.spec ? *reading.spec : ScenarioSpec{};
}

} // namespace lab::scenarios
