#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/plan.hpp"

namespace lab::sweeps {
namespace {

namespace fs = std::filesystem;

/// A scenario with events, checks and background texts, in a folder of its own.
class Variants : public ::testing::Test {
protected:
  Variants() {
    auto pattern = (fs::temp_directory_path() / "lab-variants-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    fs::copy(std::string{LAB_SOURCE_DIR} + "/scenarios/grid-transition",
             folder_ / "scenario", fs::copy_options::recursive);
    fs::create_directory(folder_ / "scenario" / "background");
    write("scenario/background/law.md", "# The law\nNobody owns the wind.\n");
    std::ofstream{folder_ / "scenario/scenario.yaml",
                  std::ios::binary | std::ios::app}
      << "background: include\n";
  }
  ~Variants() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }

  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator{folder_})
      if (entry.is_regular_file()) {
        std::ifstream file{entry.path(), std::ios::binary};
        std::ostringstream text;
        text << file.rdbuf();
        found[fs::relative(entry.path(), folder_).string()] = text.str();
      }
    return found;
  }

  fs::path folder_;
};

// In a first version each varied scenario was a copy that lost its events and
// background texts, so every cell of a sweep played another scenario.
TEST_F(Variants, EveryPointKeepsEventsChecksAndBackground) {
  write("sweep.yaml", R"(schema: sweep/1
name: variants
scenario: scenario
factors:
  turns: {path: turns, values: [2, 3]}
  model: {path: actors.*.llm_model, values: [sim/persona, sim/echo]}
design:
  grid: {factors: [turns, model]}
)");
  const auto before = files();
  Findings findings;
  auto source =
    scenarios::open_scenario((folder_ / "scenario").string(), findings);
  ASSERT_TRUE(source) << render(findings);
  const auto base = (*source)->resolve({}, findings);
  ASSERT_TRUE(base) << render(findings);
  ASSERT_FALSE(base->events.empty());
  ASSERT_EQ(base->background.size(), 1U);
  ASSERT_TRUE(base->validation);

  auto manifest = load_manifest((folder_ / "sweep.yaml").string(), findings);
  ASSERT_TRUE(manifest) << render(findings);
  const auto plan = make_plan(std::move(*manifest), **source, {}, findings);
  ASSERT_TRUE(plan) << render(findings);

  ASSERT_EQ((*plan)->point_count(), 4);
  for (int i = 0; i < 4; ++i) {
    const auto varied = (*plan)->scenario_of(i);
    ASSERT_TRUE(varied);
    ASSERT_EQ(varied->events.size(), base->events.size());
    for (std::size_t e = 0; e < base->events.size(); ++e) {
      EXPECT_EQ(varied->events[e].name, base->events[e].name);
      EXPECT_EQ(varied->events[e].description, base->events[e].description);
    }
    ASSERT_EQ(varied->background.size(), 1U);
    EXPECT_EQ(varied->background[0].text, base->background[0].text);
    ASSERT_TRUE(varied->validation);
    EXPECT_EQ(varied->validation->checks.size(),
              base->validation->checks.size());
    EXPECT_EQ(varied->metrics.size(), base->metrics.size());
  }
  EXPECT_EQ(files(), before) << "variants are overlays: nothing is copied";
}

TEST_F(Variants, ARangeBeyondAParametersIsOneFinding) {
  write("sweep.yaml", R"(schema: sweep/1
name: beyond
scenario: scenario
factors:
  x1: {path: params.x1, range: [-3, 3]}
design: {random: {factors: [x1], points: 50}}
)");
  Findings findings;
  const auto source = scenarios::open_scenario(
    std::string{LAB_SOURCE_DIR} + "/scenarios/test-function", findings);
  ASSERT_TRUE(source) << render(findings);
  auto manifest = load_manifest((folder_ / "sweep.yaml").string(), findings);
  ASSERT_TRUE(manifest) << render(findings);

  EXPECT_FALSE(make_plan(std::move(*manifest), **source, {}, findings));

  ASSERT_EQ(findings.all().size(), 1U) << render(findings);
  EXPECT_EQ(findings.all()[0].code, "S214");
  EXPECT_EQ(findings.all()[0].line, 5);
}

} // namespace
} // namespace lab::sweeps
