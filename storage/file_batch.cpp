#include "storage/file_batch.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/descriptor.hpp"

namespace lab::storage {

namespace {

/// Up to this many files are waited for one by one: a turn or two.
constexpr std::size_t single_files_max = 16;

tl::unexpected<Error> system_error(const std::string& path) {
  return fail(Errc::disk_failed, path + ": " + std::strerror(errno));
}

std::string path_of(const std::string& folder, const std::string& name) {
  return folder + "/" + name;
}

std::string temporary(const std::string& name) { return "." + name + ".tmp"; }

int open_folder(const std::string& folder) {
  return ::open(folder.c_str(),
                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> write_temporary(int folder, const std::string& shown,
                             const ArtefactFile& file) {
  const auto name = temporary(file.name);
  const auto create = [&] {
    return ::openat(folder, name.c_str(),
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  };
  auto file_number = create();
  if (file_number < 0 && errno == EEXIST) {
    ::unlinkat(folder, name.c_str(), 0); // a killed process's
    file_number = create();
  }
  const Descriptor handle{file_number};
  if (!handle || !write_all(handle.get(), file.text))
    return system_error(path_of(shown, file.name));
  return {};
}

Result<void> sync_files(const std::string& folder,
                        const std::set<std::string>& names) {
  const Descriptor handle{open_folder(folder)};
  if (!handle)
    return system_error(folder);
  for (const auto& name : names) {
    const Descriptor file{::openat(handle.get(), temporary(name).c_str(),
                                   O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file || ::fdatasync(file.get()) != 0)
      return system_error(path_of(folder, name));
  }
  return {};
}

/// Everything on the file system that holds `folder`.
Result<void> sync_file_system(const std::string& folder) {
  const Descriptor handle{open_folder(folder)};
  if (!handle || ::syncfs(handle.get()) != 0)
    return system_error(folder);
  return {};
}

Result<void> rename_files(const std::string& folder,
                          const std::set<std::string>& names) {
  const Descriptor handle{open_folder(folder)};
  if (!handle)
    return system_error(folder);
  for (const auto& name : names)
    if (::renameat(handle.get(), temporary(name).c_str(), handle.get(),
                   name.c_str())
        != 0)
      return system_error(path_of(folder, name));
  return {};
}

/// New names are durable when their folder is.
Result<void> sync_names(const std::string& folder,
                        const std::set<std::string>&) {
  const Descriptor handle{open_folder(folder)};
  if (!handle || ::fsync(handle.get()) != 0)
    return system_error(folder);
  return {};
}

/// Which file system holds `folder`; 0 when it is gone.
dev_t device_of(const std::string& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 ? status.st_dev : 0;
}

} // namespace

Result<void> FileBatch::add(const std::string& folder,
                            const std::vector<ArtefactFile>& files) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    return fail(Errc::disk_failed, folder + ": " + problem.message());
  const Descriptor handle{open_folder(folder)};
  if (!handle)
    return system_error(folder);
  for (const auto& file : files) {
    LAB_CHECKED(write_temporary(handle.get(), folder, file));
    names_[folder].insert(file.name);
  }
  return {};
}

/// Waits for `one` in each folder when files are few, else once for each file
/// system.
void FileBatch::wait(WaitFor one, std::map<std::string, Error>& failed) const {
  std::size_t files = 0;
  for (const auto& [folder, names] : names_)
    files += names.size();
  std::map<dev_t, Result<void>> by_device;
  for (const auto& [folder, names] : names_) {
    auto waited = Result<void>{};
    if (files <= single_files_max) {
      waited = one(folder, names);
    } else {
      const auto device = device_of(folder);
      if (!by_device.contains(device))
        by_device.emplace(device, sync_file_system(folder));
      waited = by_device.at(device);
    }
    if (!waited)
      failed.emplace(folder, waited.error());
  }
}

std::map<std::string, Error> FileBatch::finish() {
  std::map<std::string, Error> failed;
  wait(sync_files, failed);
  for (const auto& [folder, names] : names_) {
    if (failed.contains(folder))
      continue; // what did not reach the disk keeps its temporary name
    if (const auto renamed = rename_files(folder, names); !renamed)
      failed.emplace(folder, renamed.error());
  }
  wait(sync_names, failed);
  names_.clear();
  return failed;
}

} // namespace lab::storage
