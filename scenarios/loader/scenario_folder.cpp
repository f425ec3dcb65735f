#include "scenarios/loader/scenario_folder.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml.hpp"

namespace lab::scenarios {

namespace {

constexpr std::size_t id_bytes_max = 64;

bool is_id_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

/// A name that stays within its folder.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".."
         && name.find('/') == std::string::npos
         && name.find('\0') == std::string::npos;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

struct CloseOnExit {
  explicit CloseOnExit(int open) : descriptor(open) {}
  CloseOnExit(const CloseOnExit&) = delete;
  CloseOnExit& operator=(const CloseOnExit&) = delete;
  ~CloseOnExit() { ::close(descriptor); }

  int descriptor;
};

/// Reads to the end, or until `text` is full.
bool read_all(int descriptor, std::string& text) {
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto got =
      ::read(descriptor, text.data() + filled, text.size() - filled);
    if (got < 0)
      return false;
    if (got == 0)
      break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return true;
}

} // namespace

std::optional<ScenarioFolder> ScenarioFolder::open(const std::string& path) {
  // The folder itself may be reached over links: its user named it.
  const int descriptor =
    ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return std::nullopt;
  return ScenarioFolder{descriptor};
}

ScenarioFolder::ScenarioFolder(ScenarioFolder&& other) noexcept
  : descriptor_(std::exchange(other.descriptor_, -1)) {}

ScenarioFolder::~ScenarioFolder() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

std::optional<ScenarioFolder>
ScenarioFolder::folder(const std::string& name) const {
  if (!is_plain_name(name))
    return std::nullopt;
  const int descriptor = ::openat(
    descriptor_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0)
    return std::nullopt;
  return ScenarioFolder{descriptor};
}

FileText ScenarioFolder::read(const std::string& name) const {
  if (!is_plain_name(name))
    return {FileState::refused, "", "this is no file name"};
  struct stat status {};
  if (::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return {FileState::absent, "", ""};
  if (S_ISLNK(status.st_mode))
    return {FileState::refused, "",
            "this is a link; a scenario's files must stand in its folder"};
  // Without O_NONBLOCK a pipe would hold the open until somebody writes.
  const int descriptor = ::openat(
    descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0)
    return {FileState::refused, "", "this file cannot be opened for reading"};
  const CloseOnExit closer{descriptor};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return {FileState::refused, "", "this is not a file"};
  FileText file{FileState::read, "", ""};
  file.text.resize(yaml::Bounds{}.bytes_max + 1);
  if (!read_all(descriptor, file.text))
    return {FileState::refused, "", "this file cannot be read"};
  return file;
}

FileText ScenarioFolder::look(const std::string& path) const {
  const auto slash = path.find('/');
  if (slash != std::string::npos) {
    const auto inner = folder(path.substr(0, slash));
    if (inner)
      return inner->look(path.substr(slash + 1));
    if (is_plain_name(path.substr(0, slash)))
      return {FileState::absent, "", ""};
  }
  if (!is_plain_name(path))
    return {FileState::refused, "", "it must stand in the scenario's folder"};
  struct stat status {};
  if (::fstatat(descriptor_, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return {FileState::absent, "", ""};
  if (S_ISREG(status.st_mode))
    return {FileState::read, "", ""};
  return {FileState::refused, "",
          S_ISLNK(status.st_mode)
            ? "this is a link; a scenario's files must stand in its folder"
            : "this is not a file"};
}

bool ScenarioFolder::has(const std::string& name) const {
  struct stat status {};
  return is_plain_name(name)
         && ::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW)
              == 0;
}

std::vector<std::string> ScenarioFolder::names() const {
  std::vector<std::string> found;
  // `fdopendir` owns its descriptor, so it gets one of its own.
  const int descriptor =
    ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return found;
  const std::unique_ptr<DIR, CloseDirectory> directory{::fdopendir(descriptor)};
  if (!directory) {
    ::close(descriptor);
    return found;
  }
  while (const auto* entry = ::readdir(directory.get()))
    if (const std::string name{entry->d_name}; is_plain_name(name))
      found.push_back(name);
  std::sort(found.begin(), found.end());
  return found;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= id_bytes_max && text.front() != '_'
         && text.front() != '-'
         && std::all_of(text.begin(), text.end(), is_id_letter);
}

std::string to_id(std::string_view text) {
  std::string id;
  for (const char c : to_lower(text))
    if (is_id_letter(c))
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  const auto first = id.find_first_not_of("-_");
  id = first == std::string::npos ? "" : id.substr(first, id_bytes_max);
  while (!id.empty() && id.back() == '-')
    id.pop_back();
  return id;
}

} // namespace lab::scenarios
