#include "tools/cli/output_folder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

namespace lab::tools {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "run-";

/// The largest number in use; 0 for an empty folder.
int last_number(const fs::path& base, std::error_code& error) {
  int last = 0;
  for (fs::directory_iterator entry{base, error}, end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (name.rfind(prefix, 0) != 0)
      continue;
    int number = 0;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(),
                    number);
    last = std::max(last, number);
  }
  return last;
}

std::string folder_name(int number) {
  char name[32];
  std::snprintf(name, sizeof name, "run-%03d", number);
  return name;
}

} // namespace

Result<std::string> claim_run_folder(const std::string& base) {
  std::error_code error;
  fs::create_directories(base, error);
  int number = error ? 0 : last_number(base, error) + 1;
  while (!error) {
    const auto folder = fs::path{base} / folder_name(number++);
    if (fs::create_directory(folder, error))
      return folder.string();
  }
  return fail(Errc::disk_failed, base + ": " + error.message());
}

} // namespace lab::tools
