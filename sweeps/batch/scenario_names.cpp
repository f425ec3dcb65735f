#include "sweeps/batch/scenario_names.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "runtime/base/yaml.hpp"

namespace lab::sweeps {

namespace {

namespace fs = std::filesystem;

std::string text_of(const yaml::Node& root, std::string_view key) {
  const auto* node = root.find(key);
  return node == nullptr ? std::string{} : node->scalar;
}

/// The files of a folder in the order of their names.
std::vector<fs::path> yaml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator at{folder, code}, end; !code && at != end;
       at.increment(code))
    if (at->path().extension() == ".yaml")
      files.push_back(at->path());
  std::ranges::sort(files);
  return files;
}

} // namespace

std::string actor_id(const std::string& scenario, const std::string& name) {
  for (const auto* below : {"", "definition"}) {
    const auto folder = fs::path{scenario} / below / "actors";
    const auto files = yaml_files(folder);
    for (const auto& file : files)
      if (file.stem() == name)
        return name;
    for (const auto& file : files) {
      Findings unused; // faults of the scenario are its own reader's matter
      const auto document = yaml::load(file.string(), unused);
      if (!document || document->root.kind != yaml::Kind::map)
        continue;
      const auto short_name = text_of(document->root, "short_name");
      if (short_name == name
          || (short_name.empty() && text_of(document->root, "name") == name))
        return file.stem().string();
    }
  }
  return name;
}

} // namespace lab::sweeps
