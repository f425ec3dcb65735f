#include "scenarios/upgrade/file_upgrades.hpp"
#include "scenarios/upgrade/upgrade.hpp"

namespace lab::scenarios {

namespace {

using yaml::Entry;
using yaml::Kind;
using yaml::Node;

class ScenarioUpgrade {
public:
  ScenarioUpgrade(FileEditor& file, const ScenarioSpec& meaning)
    : file_(file), root_(file.root()), meaning_(meaning) {}

  void run() {
    settle_length();
    file_.settle(root_, {"context_window_size", "context_window"});
    if (!file_.native) {
      write_version();
      write_assumptions();
    }
    insert_written();
  }

private:
  bool has(std::string_view key) const {
    const auto* node = root_.find(key);
    return node != nullptr && node->kind != Kind::null;
  }

  const Entry* entry(std::string_view key) const {
    for (const auto& each : root_.entries)
      if (each.key == key)
        return &each;
    return nullptr;
  }

  /// `turns` alone, except that a condition keeps its block and its cap.
  void settle_length() {
    const auto* length = entry("scenario_length");
    // The first version let a condition be any words, and ended nothing.
    const bool is_fixed = length != nullptr && length->value.kind == Kind::map
                          && meaning_.end_condition.empty();
    if (is_fixed && (has("turns") || has("num_turns")))
      file_.drop(root_, "scenario_length");
    else if (is_fixed && length->value.find("turns") != nullptr
             && length->value.find("max_turns") == nullptr)
      unfold_length(*length);
    file_.settle(root_, {"turns", "num_turns"});
  }

  void unfold_length(const Entry& length) {
    const auto& block = length.value;
    const auto& turns = *block.find("turns");
    if (is_flow(file_.text, block)) {
      file_.edits.replace(length.key_mark, end_of(file_.text, block),
                          "turns: " + scalar_text(turns));
    } else {
      const auto lines = entry_lines(file_.text, block);
      file_.edits.comment_out(length.key_mark.line, length.key_mark.line);
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (block.entries[i].key != "turns")
          file_.edits.comment_out(lines[i].key, lines[i].last);
        else
          file_.edits.shift(lines[i].key, lines[i].last,
                            length.key_mark.column
                              - block.entries[i].key_mark.column);
    }
    file_.note("`scenario_length` of a fixed length is written as `turns`");
  }

  void write_version() {
    const auto quoted = quoted_text(std::string{native_version});
    const auto* old = entry("schema_version");
    if (old == nullptr) {
      added_ = "schema_version: " + quoted;
    } else if (old->value.kind == Kind::scalar) {
      file_.set_scalar(old->value, quoted);
    } else if (old->value.kind == Kind::null) {
      auto behind = key_text(file_.text, *old).colon;
      ++behind.column;
      file_.edits.replace(behind, behind, " " + quoted);
    }
    file_.note("`schema_version` says " + quoted);
  }

  /// What an old file leaves to what its version did.
  void write_assumptions() {
    const auto* features = root_.find("features");
    const auto* talks =
      features == nullptr ? nullptr : features->find("communications");
    const auto says = [&](std::string_view key, std::string_view feature) {
      return has(key) || (talks != nullptr && talks->find(feature) != nullptr);
    };
    if (meaning_.talks_per_turn > 0) {
      if (!says("enable_bilateral_communication", "enabled"))
        assume("enable_bilateral_communication", "true");
      if (!says("max_communications_per_turn", "max_per_turn"))
        assume("max_communications_per_turn",
               std::to_string(meaning_.talks_per_turn));
    }
    if (meaning_.coalitions && !has("enable_coalition_formation"))
      assume("enable_coalition_formation", "true");
    if (!has("world_state_model") && !meaning_.world_state_model.empty())
      assume("world_state_model", quoted_text(meaning_.world_state_model));
  }

  void assume(const std::string& key, const std::string& value) {
    file_.note("`" + key + ": " + value + "` was assumed and is written down");
    // A key without a value is no second one.
    if (const auto* blank = entry(key)) {
      auto behind = key_text(file_.text, *blank).colon;
      ++behind.column;
      file_.edits.replace(behind, behind, " " + value);
      return;
    }
    added_ += (added_.empty() ? "" : "\n") + key + ": " + value;
  }

  /// Behind a value of one line, so that no comment is parted from its key and
  /// no text grows: behind the name, where there is one.
  void insert_written() {
    if (added_.empty())
      return;
    const auto lines = entry_lines(file_.text, root_);
    int behind = file_.text.line_count();
    for (auto i = lines.size(); i-- > 0;)
      if (lines[i].key == lines[i].last && has_plain_end(root_.entries[i]))
        behind = lines[i].last;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (root_.entries[i].key == "name" && lines[i].key == lines[i].last)
        behind = lines[i].last;
    file_.edits.insert_lines(behind + 1, added_);
  }

  static bool has_plain_end(const Entry& entry) {
    return entry.value.kind == Kind::scalar;
  }

  FileEditor& file_;
  const Node& root_;
  const ScenarioSpec& meaning_;
  std::string added_; // lines
};

} // namespace

void upgrade_scenario_file(FileEditor& file, const ScenarioSpec& meaning) {
  ScenarioUpgrade{file, meaning}.run();
}

} // namespace lab::scenarios
