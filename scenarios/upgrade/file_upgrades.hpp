#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/scenario_spec.hpp"
#include "scenarios/upgrade/blocks.hpp"
#include "scenarios/upgrade/source_text.hpp"

// One function for each kind of file. Internal to scenarios/upgrade.

namespace lab::scenarios {

/// A file being upgraded: what it says, and the changes so far.
class FileEditor {
public:
  FileEditor(const SourceText& source, const yaml::Document& parsed,
             bool is_native)
    : text(source), document(parsed), native(is_native), edits(source) {}

  const yaml::Node& root() const { return document.root; }
  /// Says what changes, once however often it does.
  void note(std::string change);

  /// Writes another word in place of a key's; quotes stay.
  /// @returns false: the key is written in a way that cannot be edited
  bool rename(const yaml::Entry& entry, std::string_view to);
  /// Makes an entry of `map` a comment.
  void drop(const yaml::Node& map, std::string_view key);
  /// Leaves one spelling of a setting, under its first name: the spelling that
  /// counts. Others become comments.
  void settle(const yaml::Node& map,
              const std::vector<std::string_view>& spellings);
  /// Puts another scalar in place of one.
  void set_scalar(const yaml::Node& scalar, const std::string& text);

  const SourceText& text;
  const yaml::Document& document;
  /// The scenario says that it has the form of today: nothing is left to what
  /// an older version assumed.
  bool native = false;
  TextEdits edits;
  std::vector<std::string> changes;
};

void upgrade_scenario_file(FileEditor& file, const ScenarioSpec& meaning);
void upgrade_actor_file(FileEditor& file);
void upgrade_metrics_file(FileEditor& file, const ScenarioSpec& meaning);
void upgrade_events_file(FileEditor& file);
void upgrade_validation_file(FileEditor& file, const ScenarioSpec& meaning);

} // namespace lab::scenarios
