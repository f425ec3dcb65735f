#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "scenarios/upgrade/upgrade.hpp"
#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

class WriteUpgrade : public ::testing::Test {
protected:
  TempScenario scenario;

  std::string path(const std::string& name) const {
    return scenario.folder() + "/" + name;
  }
  std::string content(const std::string& name) const {
    std::ifstream stream{path(name), std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }
  FileUpgrade change(const std::string& name, const std::string& after) const {
    return {name, path(name), content(name), after, {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{scenario.folder()},
                    std::filesystem::directory_iterator{}));
  }
};

TEST_F(WriteUpgrade, PutsTheNewFileInPlaceAndKeepsTheOldOneBesideIt) {
  const auto before = content("scenario.yaml");
  ::chmod(path("scenario.yaml").c_str(), 0640);

  const auto written = write_upgrade({change("scenario.yaml", "new\n")});

  ASSERT_TRUE(written) << to_string(written.error());
  ASSERT_EQ(written->size(), 1U);
  EXPECT_EQ(content("scenario.yaml"), "new\n");
  EXPECT_EQ(content("scenario.yaml.before-2.1"), before);
  struct stat status {};
  ::stat(path("scenario.yaml").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(WriteUpgrade, NeverWritesOverAnEarlierCopy) {
  const auto oldest = content("scenario.yaml");
  ASSERT_TRUE(write_upgrade({change("scenario.yaml", "second\n")}));

  const auto written = write_upgrade({change("scenario.yaml", "third\n")});

  ASSERT_TRUE(written);
  EXPECT_EQ(content("scenario.yaml.before-2.1"), oldest);
  EXPECT_EQ(content("scenario.yaml.before-2.1.2"), "second\n");
}

TEST_F(WriteUpgrade, TouchesNothingOfAFileThatSomebodyChangedMeanwhile) {
  const auto before = content("scenario.yaml");
  const auto first = change("scenario.yaml", "new\n");
  auto second = change("actors/eu.yaml", "new\n");
  scenario.write("actors/eu.yaml", "name: Changed\n");
  const auto count = files();

  const auto written = write_upgrade({first, second});

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::invalid_input);
  EXPECT_EQ(content("scenario.yaml"), before);
  EXPECT_EQ(content("actors/eu.yaml"), "name: Changed\n");
  EXPECT_EQ(files(), count) << "a copy was left behind";
}

TEST_F(WriteUpgrade, IsUndoneToTheByte) {
  const auto before = content("actors/eu.yaml");
  const auto count = files();
  const auto written = write_upgrade(
    {change("actors/eu.yaml", "new\n"), change("scenario.yaml", "new\n")});
  ASSERT_TRUE(written);

  ASSERT_TRUE(undo_upgrade(*written));

  EXPECT_EQ(content("actors/eu.yaml"), before);
  EXPECT_EQ(files(), count);
}

TEST_F(WriteUpgrade, AFileThatNeedsNoChangeIsNotTouched) {
  const auto count = files();

  const auto written =
    write_upgrade({change("scenario.yaml", content("scenario.yaml"))});

  ASSERT_TRUE(written);
  EXPECT_TRUE(written->empty());
  EXPECT_EQ(files(), count);
}

} // namespace
} // namespace lab::scenarios
