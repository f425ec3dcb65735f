#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "sweeps/report/report.hpp"
#include "tests/unit/sweeps_report/synthetic_sweep.hpp"

namespace lab::sweeps::report {

namespace {

/// The golden file of this name. With LAB_UPDATE_GOLDEN set it is written
/// first:
/// `./dev golden --update`.
std::string golden(const std::string& name, const std::string& actual) {
  const auto path =
    std::string{LAB_SOURCE_DIR} + "/tests/unit/sweeps_report/goldens/" + name;
  if (std::getenv("LAB_UPDATE_GOLDEN") != nullptr)
    std::ofstream{path, std::ios::binary} << actual;
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(SweepReport, MarkdownIsAsTheGoldenFileHasIt) {
  const auto text = to_markdown(
    report(testing::synthetic(testing::grid_manifest, testing::talks)));
  EXPECT_EQ(text, golden("talks.md", text));
}

} // namespace

} // namespace lab::sweeps::report
