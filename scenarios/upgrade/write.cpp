#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenarios/upgrade/upgrade.hpp"

namespace lab::scenarios {

namespace {

constexpr int names_max = 1000;

tl::unexpected<Error> disk_error(const std::string& path) {
  return fail(Errc::disk_failed, path + ": " + std::strerror(errno));
}

/// A file that is closed in any case, and removed unless it was kept.
class NewFile {
public:
  NewFile(std::string path, mode_t mode) : path_(std::move(path)) {
    descriptor_ =
      ::open(path_.c_str(),
             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ < 0)
      return;
    ::close(descriptor_);
    if (!kept_)
      ::unlink(path_.c_str());
  }

  bool made() const { return descriptor_ >= 0; }
  const std::string& path() const { return path_; }
  void keep() { kept_ = true; }

  /// Durable when this returns.
  Result<void> fill(const std::string& text, mode_t mode) const {
    std::size_t at = 0;
    while (at < text.size()) {
      const auto wrote =
        ::write(descriptor_, text.data() + at, text.size() - at);
      if (wrote < 0 && errno == EINTR)
        continue;
      if (wrote < 0)
        return disk_error(path_);
      at += static_cast<std::size_t>(wrote);
    }
    if (::fchmod(descriptor_, mode) != 0 || ::fsync(descriptor_) != 0)
      return disk_error(path_);
    return {};
  }

private:
  std::string path_;
  int descriptor_ = -1;
  bool kept_ = false;
};

Result<void> sync_folder_of(const std::string& path) {
  const auto folder = path.substr(0, path.rfind('/'));
  const int descriptor =
    ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return disk_error(folder);
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced ? Result<void>{} : disk_error(folder);
}

/// The file as it is now; the folder may have changed since it was read.
Result<std::pair<std::string, mode_t>> read_now(const std::string& path) {
  const int descriptor =
    ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0)
    return disk_error(path);
  struct stat status {};
  std::string text;
  bool sound = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  if (sound)
    text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t at = 0;
  while (sound && at < text.size()) {
    const auto got = ::read(descriptor, text.data() + at, text.size() - at);
    sound = got > 0;
    at += sound ? static_cast<std::size_t>(got) : 0;
  }
  ::close(descriptor);
  if (!sound)
    return fail(Errc::disk_failed, path + ": cannot be read");
  return std::pair{std::move(text), status.st_mode & mode_t{07777}};
}

/// `base`, or `base.2`, `base.3`, … where that is taken: no copy of an earlier
/// upgrade is ever written over.
Result<std::string> write_new(const std::string& base, const std::string& text,
                              mode_t mode) {
  for (int number = 1; number < names_max; ++number) {
    const auto name = number == 1 ? base : base + "." + std::to_string(number);
    NewFile file{name, mode};
    if (!file.made() && errno == EEXIST)
      continue;
    if (!file.made())
      return disk_error(name);
    LAB_CHECKED(file.fill(text, mode));
    file.keep();
    return name;
  }
  return fail(Errc::disk_failed, base + ": too many copies are kept");
}

Result<Written> put_in_place(const FileUpgrade& file) {
  LAB_TRY(const auto now, read_now(file.path));
  if (now.first != file.before)
    return fail(Errc::invalid_input,
                file.path + " changed while it was being upgraded");
  LAB_TRY(auto backup,
          write_new(file.path + ".before-" + std::string{native_version},
                    file.before, now.second));
  const auto drop_backup = [&](Error error) {
    ::unlink(backup.c_str());
    return tl::unexpected<Error>(std::move(error));
  };
  NewFile next{file.path + ".upgrade-" + std::to_string(::getpid()),
               now.second};
  if (!next.made())
    return drop_backup(disk_error(next.path()).value());
  if (auto filled = next.fill(file.after, now.second); !filled)
    return drop_backup(std::move(filled.error()));
  if (::rename(next.path().c_str(), file.path.c_str()) != 0)
    return drop_backup(disk_error(file.path).value());
  next.keep();
  LAB_CHECKED(sync_folder_of(file.path));
  return Written{file.path, std::move(backup)};
}

} // namespace

Result<std::vector<Written>>
write_upgrade(const std::vector<FileUpgrade>& files) {
  std::vector<Written> written;
  for (const auto& file : files) {
    if (!file.changed())
      continue;
    auto one = put_in_place(file);
    if (!one) {
      // Half an upgrade would be a scenario nobody wrote.
      if (auto undone = undo_upgrade(written); !undone)
        one.error().context += "; and " + undone.error().context;
      return tl::unexpected(std::move(one.error()));
    }
    written.push_back(std::move(*one));
  }
  return written;
}

Result<void> undo_upgrade(const std::vector<Written>& written) {
  for (const auto& file : written)
    if (::rename(file.backup.c_str(), file.path.c_str()) != 0)
      return disk_error(file.path);
  return {};
}

} // namespace lab::scenarios
