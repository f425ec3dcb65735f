#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/diagnostic.hpp"

namespace lab::scenarios {

/// How a file of a scenario answered.
enum class FileState { read, absent, refused };

struct FileText {
  FileState state = FileState::absent;
  std::string text;
  std::string why; // of a refusal
};

/// Opens files beneath one folder and nowhere else: no link is followed, no
/// device or pipe is read. A scenario may come from a stranger.
class ScenarioFolder {
public:
  /// Nothing when `path` is no folder.
  static std::optional<ScenarioFolder> open(const std::string& path);

  ScenarioFolder(ScenarioFolder&& other) noexcept;
  ScenarioFolder& operator=(ScenarioFolder&&) = delete;
  ~ScenarioFolder();

  /// A folder within this one; nothing when there is none or it is a link.
  std::optional<ScenarioFolder> folder(const std::string& name) const;
  /// At most one byte more than `yaml::Bounds` allows is read.
  FileText read(const std::string& name) const;
  /// What `read` would find at a path below this folder, without the text.
  FileText look(const std::string& path) const;
  bool has(const std::string& name) const;
  /// Names of the entries, sorted.
  std::vector<std::string> names() const;

private:
  explicit ScenarioFolder(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

/// Ids name files and columns: `[a-z0-9][a-z0-9_-]{0,63}`.
bool is_id(std::string_view text);

/// `text` with everything outside the grammar of ids made a dash.
std::string to_id(std::string_view text);

} // namespace lab::scenarios
