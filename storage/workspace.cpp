#include "storage/workspace.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include "storage/descriptor.hpp"

namespace lab::storage {

namespace {

/// Room to settle some ten thousand calls on a full disk.
constexpr off_t reserve_bytes = off_t{32} << 20U;

std::string system_text(int number) { return std::strerror(number); }

/// Differs after every start of the machine; empty where the kernel does not
/// tell.
std::string boot_id() {
  std::ifstream file{"/proc/sys/kernel/random/boot_id"};
  std::string id;
  std::getline(file, id);
  return id;
}

/// The whole file, as fcntl wants to hear it.
struct flock whole_file(short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  return range;
}

WorkspaceOwner read_owner(int lock) {
  std::array<char, 256> text{};
  const auto size = ::pread(lock, text.data(), text.size(), 0);
  std::istringstream lines{
    std::string{text.data(), static_cast<std::size_t>(size > 0 ? size : 0)}};
  WorkspaceOwner owner;
  std::string boot;
  lines >> owner.pid >> boot;
  owner.this_boot = boot == boot_id();
  return owner;
}

Result<void> write_owner(int lock, const std::string& path) {
  const auto text = std::to_string(::getpid()) + "\n" + boot_id() + "\n";
  if (::ftruncate(lock, 0) != 0
      || ::pwrite(lock, text.data(), text.size(), 0)
           != static_cast<ssize_t>(text.size()))
    return fail(Errc::disk_failed,
                path + ": cannot be written: " + system_text(errno));
  return {};
}

Error held_by(const WorkspaceOwner& owner, const std::string& folder) {
  std::string context = "workspace " + folder + " is in use by process "
                        + std::to_string(owner.pid);
  if (!owner.this_boot)
    context += " of another machine (the folder is shared)";
  return {Errc::held_elsewhere, std::move(context)};
}

Result<void> make_folder(const std::string& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem && !std::filesystem::is_directory(folder, problem))
    problem = std::make_error_code(std::errc::not_a_directory);
  if (problem)
    return fail(Errc::disk_failed, "workspace " + folder
                                     + " cannot be made: " + problem.message());
  // By the rights that opening files will have, not those of whoever called.
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    return fail(Errc::disk_failed,
                "workspace " + folder + " cannot be written: "
                  + system_text(errno) + "; choose another with --home DIR");
  return {};
}

/// A file of its full size that is later deleted to make room. Where a disk is
/// too full for it, nothing could be bought safely either.
Result<void> set_aside(const std::string& path) {
  const Descriptor file{
    ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file)
    return fail(Errc::disk_failed,
                path + ": cannot be made: " + system_text(errno));
  const int refused = ::posix_fallocate(file.get(), 0, reserve_bytes);
  if (refused != 0) {
    ::unlink(path.c_str());
    return fail(Errc::disk_failed,
                path + ": cannot set 32 MiB aside: " + system_text(refused)
                  + "; free at least 256 MiB on that file system");
  }
  return {};
}

} // namespace

WorkspacePaths::WorkspacePaths(std::string folder_path)
  : folder(std::move(folder_path)), ledger(folder + "/ledger.db"),
    analytics(folder + "/scenario-lab.db"), reserve(folder + "/ledger.reserve"),
    lock(folder + "/ledger.lock"), log(folder + "/engine.log") {}

Result<Workspace> Workspace::open(const std::string& folder) {
  LAB_CHECKED(make_folder(folder));
  WorkspacePaths paths{folder};
  Descriptor lock{::open(paths.lock.c_str(),
                         O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!lock)
    return fail(Errc::disk_failed,
                paths.lock + ": cannot be opened: " + system_text(errno));
  // Of the open file, not of the process: another thread that opens and closes
  // the same file must not release it.
  auto wanted = whole_file(F_WRLCK);
  if (::fcntl(lock.get(), F_OFD_SETLK, &wanted) != 0) {
    if (errno == EAGAIN || errno == EACCES)
      return tl::unexpected(held_by(read_owner(lock.get()), folder));
    return fail(Errc::disk_failed,
                paths.lock + ": cannot be locked: " + system_text(errno));
  }
  LAB_CHECKED(write_owner(lock.get(), paths.lock));
  LAB_CHECKED(set_aside(paths.reserve));
  return Workspace{std::move(paths), lock.release()};
}

Workspace& Workspace::operator=(Workspace&& other) noexcept {
  std::swap(paths_, other.paths_);
  std::swap(lock_, other.lock_);
  return *this;
}

Workspace::~Workspace() {
  if (lock_ >= 0)
    ::close(lock_); // releases the lock
}

std::optional<WorkspaceOwner> owner_of(const std::string& folder) {
  const WorkspacePaths paths{folder};
  const Descriptor lock{
    ::open(paths.lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  auto asked = whole_file(F_WRLCK);
  if (!lock || ::fcntl(lock.get(), F_OFD_GETLK, &asked) != 0
      || asked.l_type == F_UNLCK)
    return std::nullopt;
  return read_owner(lock.get());
}

} // namespace lab::storage
