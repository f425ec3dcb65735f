#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace lab::sweeps {

/// An empty folder of the running test, gone with it.
class TempFolder {
public:
  TempFolder() : path_(::testing::TempDir() + "lab_sweeps_XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code unused;
    std::filesystem::remove_all(path_, unused);
  }

  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

  /// Writes a file, with the folders it lies in.
  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file{*this / name};
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file} << text;
  }

private:
  std::string path_;
};

} // namespace lab::sweeps
