#include <algorithm>
#include <utility>

#include "scenarios/upgrade/file_upgrades.hpp"

namespace lab::scenarios {

namespace {

using yaml::Entry;
using yaml::Kind;
using yaml::Node;

const Entry* entry_of(const Node& map, std::string_view key) {
  for (const auto& entry : map.entries)
    if (entry.key == key)
      return &entry;
  return nullptr;
}

std::string ticked(std::string_view word) {
  return "`" + std::string{word} + "`";
}

} // namespace

void FileEditor::note(std::string change) {
  if (std::find(changes.begin(), changes.end(), change) == changes.end())
    changes.push_back(std::move(change));
}

bool FileEditor::rename(const Entry& entry, std::string_view to) {
  const auto key = key_text(text, entry);
  if (!key.sound)
    return false;
  edits.replace(key.begin, key.end, std::string{to});
  return true;
}

void FileEditor::drop(const Node& map, std::string_view key) {
  if (is_flow(text, map))
    return;
  const auto lines = entry_lines(text, map);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (map.entries[i].key == key) {
      edits.comment_out(lines[i].key, lines[i].last);
      note(ticked(key) + " has no effect and is a comment now");
    }
}

void FileEditor::settle(const Node& map,
                        const std::vector<std::string_view>& spellings) {
  const auto usual = spellings.front();
  const Entry* winner = nullptr;
  for (const auto spelling : spellings)
    if (const auto* entry = entry_of(map, spelling);
        entry != nullptr && entry->value.kind != Kind::null
        && winner == nullptr)
      winner = entry;
  if (winner == nullptr)
    return;
  for (const auto spelling : spellings)
    if (const auto* entry = entry_of(map, spelling);
        entry != nullptr && entry != winner)
      drop(map, spelling);
  if (winner->key != usual && rename(*winner, usual))
    note(ticked(winner->key) + " is called " + ticked(usual));
}

void FileEditor::set_scalar(const Node& scalar, const std::string& to) {
  edits.replace(scalar.mark, scalar.end, to);
}

void upgrade_actor_file(FileEditor& file) {
  const auto& root = file.root();
  file.settle(root, {"llm_model", "model"});
  file.settle(root, {"goals", "long_term_goals"});
  file.settle(root, {"decision_style", "decision_making_style"});
}

void upgrade_validation_file(FileEditor& file, const ScenarioSpec& meaning) {
  struct Name {
    std::string_view key;
    CheckKind kind;
  };
  constexpr Name names[]{
    {"actor_decision_consistency", CheckKind::decision_consistency},
    {"world_state_coherence", CheckKind::world_coherence},
    {"information_access_consistency", CheckKind::information_access}};
  file.settle(file.root(), {"generate_summary_report", "generate_summary"});
  const auto* every = file.root().find("run_after_each_turn");
  const bool idle =
    !meaning.validation && every != nullptr && yaml::as_bool(*every) == false;
  const auto* checks = file.root().find("checks");
  if (file.native || idle)
    return;
  if (checks == nullptr) {
    // The first version then made none, and the second all.
    if (!meaning.validation && !file.root().entries.empty()) {
      file.edits.insert_lines(file.root().entries.front().key_mark.line,
                              "checks: {}");
      file.note("`checks: {}` was assumed and is written down");
    }
    return;
  }
  if (is_flow(file.text, *checks))
    return;
  // The versions differ in what a check without `enabled` means.
  for (const auto& entry : checks->entries)
    for (const auto& [key, kind] : names) {
      const auto& check = entry.value;
      if (entry.key != key || check.kind != Kind::map || check.entries.empty()
          || check.find("enabled") != nullptr || is_flow(file.text, check))
        continue;
      bool on = false;
      if (meaning.validation)
        for (const auto& spec : meaning.validation->checks)
          on = on || spec.kind == kind;
      const auto& first = check.entries.front().key_mark;
      file.edits.insert_lines(
        first.line, std::string(static_cast<std::size_t>(first.column) - 1, ' ')
                      + "enabled: " + (on ? "true" : "false"));
      file.note(ticked(key) + " says whether it is on");
    }
}

} // namespace lab::scenarios
