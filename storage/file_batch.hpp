#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"

namespace lab::storage {

struct ArtefactFile {
  std::string name;
  std::string text;
};

/// Writes many files so that a name never stands for half a file, whatever
/// happens: each under a temporary name, to the disk, then renamed.
///
/// Waiting for the disk takes milliseconds a file, which would hold up a sweep
/// of many runs for minutes. So a batch of many files waits once, for the whole
/// file system; one of few waits for its own files only.
class FileBatch {
public:
  /// Writes the files under temporary names. The folder is made when missing;
  /// it must be no symbolic link. A file added again replaces the earlier one.
  /// @errors disk_failed
  Result<void> add(const std::string& folder,
                   const std::vector<ArtefactFile>& files);

  /// Brings every file to the disk and gives it its name.
  /// @returns  what failed, by folder
  std::map<std::string, Error> finish();

private:
  using WaitFor = Result<void> (*)(const std::string& folder,
                                   const std::set<std::string>& names);
  void wait(WaitFor one, std::map<std::string, Error>& failed) const;

  std::map<std::string, std::set<std::string>> names_; // by folder
};

} // namespace lab::storage
