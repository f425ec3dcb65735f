#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace lab::storage::testing {

/// A folder of its own for each test, removed afterwards.
class ScratchTest : public ::testing::Test {
protected:
  ScratchTest() {
    auto pattern =
      (std::filesystem::temp_directory_path() / "lab-storage-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ScratchTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string at(const std::string& name) const { return folder_ + "/" + name; }
  const std::string& folder() const { return folder_; }

  static std::string read(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

private:
  std::string folder_;
};

} // namespace lab::storage::testing
