#include "scenarios/upgrade/upgrade.hpp"

#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/base/text_diff.hpp"
#include "scenarios/loader/scenario_folder.hpp"
#include "scenarios/loader/scenario_tree.hpp"
#include "scenarios/upgrade/file_upgrades.hpp"

namespace lab::scenarios {

namespace {

using Change = void (*)(FileEditor& file, const ScenarioSpec& meaning);

void change_actor(FileEditor& file, const ScenarioSpec&) {
  upgrade_actor_file(file);
}
void change_events(FileEditor& file, const ScenarioSpec&) {
  upgrade_events_file(file);
}

bool says_native(const yaml::Node& scenario) {
  const auto* version = scenario.find("schema_version");
  return version != nullptr && version->kind == yaml::Kind::scalar
         && version->scalar == native_version;
}

/// Reads the files of one folder and plans each.
class Planner {
public:
  Planner(std::string folder, const ScenarioSpec& meaning, Findings& findings)
    : shown_(std::move(folder)), meaning_(meaning), findings_(findings) {}

  Result<std::vector<FileUpgrade>> plan() {
    while (shown_.size() > 1 && shown_.back() == '/')
      shown_.pop_back();
    auto root = ScenarioFolder::open(shown_);
    if (!root)
      return fail(Errc::not_found, "there is no folder `" + shown_ + "`");
    if (root->has("scenario.yaml"))
      return plan_in(*root, "");
    const auto inner = root->folder("definition");
    if (!inner || !inner->has("scenario.yaml"))
      return fail(Errc::not_found,
                  "there is no scenario.yaml in `" + shown_ + "`");
    return plan_in(*inner, "definition/");
  }

private:
  Result<std::vector<FileUpgrade>> plan_in(const ScenarioFolder& folder,
                                           const std::string& within) {
    const auto scenario =
      add(folder, "scenario.yaml", within, upgrade_scenario_file);
    if (const auto actors = folder.folder("actors"); actors && scenario)
      for (const auto& id : listed_actors(scenario->root))
        if (is_id(id))
          add(*actors, id + ".yaml", within + "actors/", change_actor);
    add(folder, "metrics.yaml", within, upgrade_metrics_file);
    add(folder, "validation-rules.yaml", within, upgrade_validation_file);
    if (folder.has("exogenous-events.yaml"))
      add(folder, "exogenous-events.yaml", within, change_events);
    else if (const auto inner = folder.folder("definition"))
      add(*inner, "exogenous-events.yaml", within + "definition/",
          change_events);
    findings_.sort();
    if (findings_.has_errors())
      return fail(Errc::invalid_input, "`" + shown_ + "` cannot be upgraded");
    return std::move(files_);
  }

  std::optional<yaml::Document> add(const ScenarioFolder& folder,
                                    const std::string& name,
                                    const std::string& within, Change change) {
    if (!folder.has(name))
      return std::nullopt;
    FileUpgrade file;
    file.name = within + name;
    file.path = shown_ + "/" + file.name;
    auto read = folder.read(name);
    if (read.state != FileState::read) {
      report(file.path, read.why);
      return std::nullopt;
    }
    auto document = yaml::parse(read.text, file.path, findings_);
    if (!document)
      return std::nullopt;
    if (change == upgrade_scenario_file)
      native_ = says_native(document->root);
    file.before = std::move(read.text);
    file.after = file.before;
    if (document->root.kind == yaml::Kind::map)
      edit(file, *document, change);
    files_.push_back(std::move(file));
    return document;
  }

  void edit(FileUpgrade& file, const yaml::Document& document, Change change) {
    const SourceText text{file.before};
    FileEditor editor{text, document, native_};
    const bool braces = is_flow(text, document.root);
    if (!braces)
      change(editor, meaning_);
    if (braces || editor.edits.overlap()) {
      report(file.path, braces ? "this file is one `{…}`, which cannot be "
                                 "edited line by line"
                               : "the lines of this file are laid out in a "
                                 "way that cannot be edited");
      return;
    }
    if (editor.edits.empty())
      return;
    file.after = editor.edits.apply();
    file.changes = std::move(editor.changes);
    Findings found;
    if (!yaml::parse(file.after, file.path, found))
      report(file.path, "the lines of this file are laid out in a way that "
                        "cannot be edited");
  }

  void report(const std::string& path, std::string why) {
    Diagnostic finding;
    finding.code = "S320";
    finding.message = std::move(why);
    finding.file = path;
    finding.help.emplace_back(
      "write one key a line; docs/formats/scenario.md has the form of today");
    findings_.add(std::move(finding));
  }

  std::string shown_;
  const ScenarioSpec& meaning_;
  Findings& findings_;
  bool native_ = false;
  std::vector<FileUpgrade> files_;
};

} // namespace

Result<std::vector<FileUpgrade>> plan_upgrade(const std::string& folder,
                                              const ScenarioSpec& meaning,
                                              Findings& findings) {
  return Planner{folder, meaning, findings}.plan();
}

std::string diff_of(const std::vector<FileUpgrade>& files) {
  std::string out;
  for (const auto& file : files)
    out += unified_diff(file.before, file.after, file.path,
                        file.path + " (upgraded)");
  return out;
}

} // namespace lab::scenarios
