#pragma once

#include <string>
#include <vector>

#include "runtime/base/diagnostic.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/scenario_spec.hpp"

namespace lab::scenarios {

/// The form that `upgrade` brings a scenario to: `schema_version`.
inline constexpr std::string_view native_version = "2.1";

/// What becomes of one file.
struct FileUpgrade {
  std::string name; // within the folder: "actors/eu.yaml"
  std::string path; // to open
  std::string before;
  std::string after;
  std::vector<std::string> changes; // one sentence each

  bool changed() const { return before != after; }
};

/// What it takes to bring a folder to the native form. Comments, the order of
/// keys, quotes and blank lines stay; lines that need not change stay byte by
/// byte. Reads files, writes none.
///
/// @param meaning  the scenario as it decodes now: what old files leave to
///                 assumptions is written down from it
/// @errors not_found; invalid_input: `findings` says what and where
Result<std::vector<FileUpgrade>> plan_upgrade(const std::string& folder,
                                              const ScenarioSpec& meaning,
                                              Findings& findings);

/// The changes as a unified diff with the files' paths; empty: nothing to do.
std::string diff_of(const std::vector<FileUpgrade>& files);

/// A file that was put in place, and where the old one is kept.
struct Written {
  std::string path;
  std::string backup;
};

/// Puts the changed files in place, each at once, after copying the old one to
/// `<file>.before-2.1` (`….2`, `….3` where that name is taken). When one file
/// fails, those before it are put back.
/// @errors disk_failed, invalid_input: a file changed since it was read
Result<std::vector<Written>>
write_upgrade(const std::vector<FileUpgrade>& files);

/// Puts the old files back and removes their copies.
/// @errors disk_failed
Result<void> undo_upgrade(const std::vector<Written>& written);

} // namespace lab::scenarios
