#pragma once

#include <optional>
#include <string>
#include <utility>

#include "runtime/base/error.hpp"

namespace lab::storage {

/// Where things lie in a workspace folder.
struct WorkspacePaths {
  explicit WorkspacePaths(std::string folder_path);

  std::string folder;
  std::string ledger;    // ledger.db: the journal
  std::string analytics; // scenario-lab.db: rebuildable tables
  std::string reserve;   // ledger.reserve: room to settle on a full disk
  std::string lock;      // ledger.lock
  std::string log;       // engine.log
};

/// The process that owns a workspace.
struct WorkspaceOwner {
  long pid = 0; // 0: unknown
  /// The lock was written since this machine was started.
  bool this_boot = true;
};

/// A workspace that belongs to this process until the value is destroyed. The
/// lock ends with the process however it ends, so a crash leaves nothing to
/// clean up.
class Workspace {
public:
  /// Makes the folder when it is missing, takes `ledger.lock` and sets 32 MiB
  /// aside in `ledger.reserve`.
  /// @errors held_elsewhere (names the pid), disk_failed
  static Result<Workspace> open(const std::string& folder);

  Workspace(Workspace&& other) noexcept
    : paths_(std::move(other.paths_)), lock_(std::exchange(other.lock_, -1)) {}
  Workspace& operator=(Workspace&& other) noexcept;
  ~Workspace();

  const WorkspacePaths& paths() const { return paths_; }

private:
  Workspace(WorkspacePaths paths, int lock)
    : paths_(std::move(paths)), lock_(lock) {}

  WorkspacePaths paths_;
  int lock_ = -1;
};

/// Who owns the workspace now; nothing when nobody does, or when there is no
/// workspace. Takes no lock that outlives the call.
std::optional<WorkspaceOwner> owner_of(const std::string& folder);

} // namespace lab::storage
