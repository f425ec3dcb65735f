#include "scenarios/loader/scenario_source.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "runtime/base/text.hpp"
#include "scenarios/loader/content_hash.hpp"
#include "scenarios/loader/decode.hpp"
#include "scenarios/loader/overlay.hpp"
#include "scenarios/loader/parameters.hpp"
#include "scenarios/loader/scenario_folder.hpp"
#include "scenarios/loader/scenario_tree.hpp"

namespace lab::scenarios {

namespace {

constexpr std::string_view file_ending = ".yaml";
// Texts stay in memory, since any override may ask for them.
constexpr std::size_t background_file_bytes_max = std::size_t{256} << 10;
constexpr std::size_t background_files_max = 200;
constexpr std::size_t background_bytes_max = std::size_t{4} << 20;

std::string strip_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path;
}

/// `scenarios/ai-2027/definition-budget` is the scenario `ai-2027-budget`:
/// the folder above carries the name.
std::string id_of_folder(const std::string& path) {
  constexpr std::string_view inner = "definition";
  std::error_code code;
  auto full = std::filesystem::absolute(path, code).lexically_normal();
  if (code)
    full = path;
  if (!full.has_filename())
    full = full.parent_path();
  auto name = full.filename().string();
  if (name.substr(0, inner.size()) == inner)
    name = full.parent_path().filename().string() + name.substr(inner.size());
  const auto id = to_id(name);
  return id.empty() ? "scenario" : id;
}

Diagnostic about_file(const std::string& file, Severity severity,
                      std::string code, std::string message) {
  Diagnostic finding;
  finding.severity = severity;
  finding.code = std::move(code);
  finding.message = std::move(message);
  finding.file = file;
  return finding;
}

/// Reads all files of one scenario.
class FileReader {
public:
  FileReader(std::string folder, Findings& findings)
    : shown_(strip_slashes(std::move(folder))), findings_(findings) {
    files_.folder = shown_;
  }

  Result<ScenarioFiles> read() {
    auto root = ScenarioFolder::open(shown_);
    if (!root)
      return not_found("there is no folder `" + shown_ + "`");
    auto folder = descend(*root);
    if (!folder)
      return not_found("there is no scenario.yaml in `" + shown_ + "`");
    files_.id = id_of_folder(shown_);
    auto scenario = load(*folder, "scenario.yaml", shown_ + "/scenario.yaml");
    if (!scenario)
      return fail(Errc::invalid_input,
                  shown_ + "/scenario.yaml cannot be read");
    files_.scenario = std::move(*scenario);
    files_.base = shown_;
    read_actors(*folder);
    files_.metrics = load_if_there(*folder, "metrics.yaml", shown_);
    files_.validation = load_if_there(*folder, "validation-rules.yaml", shown_);
    read_events(*folder);
    if (const auto background = folder->folder("background"))
      read_background(*background);
    files_.root = std::make_shared<const ScenarioFolder>(std::move(*folder));
    return std::move(files_);
  }

private:
  tl::unexpected<Error> not_found(const std::string& message) {
    auto& finding =
      findings_.add(about_file("", Severity::error, "S201", message));
    finding.help.emplace_back(
      "name a folder that holds scenario.yaml and actors/");
    return fail(Errc::not_found, message);
  }

  /// The folder that holds the files; `shown_` follows.
  std::optional<ScenarioFolder> descend(ScenarioFolder& root) {
    if (root.has("scenario.yaml"))
      return std::move(root);
    auto inner = root.folder("definition");
    if (!inner || !inner->has("scenario.yaml"))
      return std::nullopt;
    findings_.add(about_file(shown_, Severity::note, "S308",
                             "the scenario is read from `definition/`"));
    shown_ += "/definition";
    return inner;
  }

  std::optional<yaml::Document> load(const ScenarioFolder& folder,
                                     const std::string& name,
                                     const std::string& shown) {
    const auto file = folder.read(name);
    if (file.state == FileState::read)
      return yaml::parse(file.text, shown, findings_);
    findings_.add(about_file(
      shown, Severity::error, "S204",
      file.state == FileState::absent ? "there is no such file" : file.why));
    return std::nullopt;
  }

  void read_actors(const ScenarioFolder& folder) {
    const auto actors = folder.folder("actors");
    const auto names = actors ? actors->names() : std::vector<std::string>{};
    std::set<std::string> wanted;
    const auto* list = files_.scenario.root.find("actors");
    if (list != nullptr)
      for (std::size_t i = 0; i < list->items.size(); ++i)
        if (const auto& item = list->items[i];
            item.kind == yaml::Kind::scalar && is_id(item.scalar)
            && wanted.insert(item.scalar).second)
          read_actor(actors, item, i, names);
    // Without a list that names somebody, every file would be extra.
    if (!wanted.empty())
      for (const auto& name : names)
        judge_extra_file(name, wanted);
  }

  void read_actor(const std::optional<ScenarioFolder>& actors,
                  const yaml::Node& item, std::size_t index,
                  const std::vector<std::string>& names) {
    const auto name = item.scalar + std::string{file_ending};
    if (!actors || !actors->has(name)) {
      report_missing_actor(item, index, names);
      return;
    }
    auto document = load(*actors, name, shown_ + "/actors/" + name);
    if (document)
      files_.actors.emplace(item.scalar, std::move(*document));
    else
      files_.complete = false;
  }

  void report_missing_actor(const yaml::Node& item, std::size_t index,
                            const std::vector<std::string>& names) {
    files_.complete = false;
    auto finding = yaml::at(files_.scenario, item, "S202",
                            "there is no file actors/" + item.scalar
                              + ".yaml for this actor");
    finding.path = "actors." + std::to_string(index);
    std::vector<std::string> ids;
    for (const auto& name : names) {
      if (name == item.scalar + ".yml")
        finding.help.push_back("rename actors/" + name + " to " + item.scalar
                               + ".yaml");
      if (name.size() > file_ending.size()
          && name.substr(name.size() - file_ending.size()) == file_ending)
        ids.push_back(name.substr(0, name.size() - file_ending.size()));
    }
    if (const auto near = closest(item.scalar, ids))
      finding.help.push_back("did you mean `" + *near + "`?");
    if (!ids.empty())
      finding.notes.push_back("files in actors/: " + join(ids, ", "));
    findings_.add(std::move(finding));
  }

  void judge_extra_file(const std::string& name,
                        const std::set<std::string>& wanted) {
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0)
      return;
    const auto stem = name.substr(0, dot);
    const auto ending = name.substr(dot);
    if ((ending != file_ending && ending != ".yml")
        || (ending == file_ending && wanted.count(stem) > 0))
      return;
    auto& finding =
      findings_.add(about_file(shown_ + "/actors/" + name, Severity::warning,
                               "S203", "nobody plays this actor"));
    finding.help.push_back(ending == file_ending
                             ? "add `" + stem
                                 + "` to the `actors` list of scenario.yaml"
                             : "only files that end in .yaml are read");
  }

  std::optional<yaml::Document> load_if_there(const ScenarioFolder& folder,
                                              const std::string& name,
                                              const std::string& shown) {
    if (!folder.has(name))
      return std::nullopt;
    auto document = load(folder, name, shown + "/" + name);
    files_.complete = files_.complete && document.has_value();
    return document;
  }

  /// V2 looked for events in `definition/`, and nowhere else.
  void read_events(const ScenarioFolder& folder) {
    const std::string name = "exogenous-events.yaml";
    const auto inner = folder.folder("definition");
    const bool is_inside = inner && inner->has(name);
    if (!folder.has(name)) {
      if (is_inside)
        files_.events = load_if_there(*inner, name, shown_ + "/definition");
      return;
    }
    files_.events = load_if_there(folder, name, shown_);
    if (is_inside && folder.read(name).text != inner->read(name).text)
      findings_
        .add(about_file(
          shown_ + "/definition/" + name, Severity::warning, "S307",
          "this file is not read: " + shown_ + "/" + name + " counts"))
        .help.emplace_back("keep one of the two");
  }

  void read_background(const ScenarioFolder& folder) {
    std::size_t kept = 0;
    for (const auto& name : folder.names()) {
      if (name.front() == '.')
        continue;
      if (files_.background.size() == background_files_max)
        break;
      auto file = folder.read(name);
      const auto refuse = [&file](const std::string& why) {
        file = {FileState::refused, "", why};
      };
      if (file.state != FileState::read) {
        // as the folder says
      } else if (file.text.size() > background_file_bytes_max) {
        refuse("it has more than 256 KiB");
      } else if (!is_utf8(file.text)) {
        refuse("it is no text in UTF-8");
      } else if (kept + file.text.size() > background_bytes_max) {
        refuse("the folder holds more than 4 MiB");
      }
      kept += file.text.size();
      file.text.shrink_to_fit();
      files_.background.emplace(name, std::move(file));
    }
  }

  std::string shown_;
  Findings& findings_;
  ScenarioFiles files_;
};

class FolderSource final : public ScenarioSource {
public:
  FolderSource(ScenarioFiles files, PatternCheck check)
    : files_(std::move(files)), check_(std::move(check)) {}

  Result<ScenarioSpec> resolve(const std::vector<Assignment>& assignments,
                               Findings& findings,
                               const yaml::Document* manifest) const override {
    Findings own;
    ScenarioTree tree{files_};
    Overlay overlay{files_, tree, manifest, own};
    for (const auto& assignment : assignments)
      overlay.apply(assignment);
    Findings decoded;
    auto spec = decode(tree, decoded);
    overlay.relocate(decoded.all(), own);
    own.sort();
    findings.append(own);
    if (own.has_errors())
      return fail(Errc::invalid_input,
                  "the scenario " + files_.folder + " has errors");
    spec.content = content_of(spec);
    return spec;
  }

  std::vector<SettablePath> paths() const override {
    return settable_paths(files_);
  }

  const std::string& folder() const override { return files_.folder; }

private:
  ScenarioSpec decode(ScenarioTree& tree, Findings& findings) const {
    Parameters parameters{files_.scenario, tree.scenario, findings};
    parameters.substitute(files_.scenario, tree.scenario, "");
    for (auto& [id, root] : tree.actors)
      parameters.substitute(files_.actors.at(id), root, "actors." + id);
    for (const auto& name : metric_names(tree.metrics))
      if (auto* metric = find_metric(tree.metrics, name))
        parameters.substitute(*files_.metrics, *metric, "metrics." + name);
    for (const auto& name : event_names(tree.events))
      if (auto* event = find_event(tree.events, name))
        parameters.substitute(*files_.events, *event, "events." + name);
    // Without parameters, two braces in a template are V1's literal one.
    if (files_.validation && !parameters.specs().empty())
      parameters.substitute(*files_.validation, tree.validation, "validation");
    const Decoding decoding{files_,     tree,
                            parameters, check_,
                            findings,   is_first_version(files_.scenario.root)};
    Features features;
    auto spec = decode_scenario(decoding, features);
    spec.participants = decode_participants(decoding);
    decode_models(decoding, spec);
    spec.metrics = decode_metrics(decoding, spec);
    spec.events = decode_events(decoding, spec);
    spec.validation = decode_validation(decoding, spec);
    if (!features.events)
      spec.events.clear();
    if (!features.metrics) {
      spec.metrics.clear();
      drop_unmeasured(decoding, spec);
    }
    if (!features.checks)
      spec.validation.reset();
    check_end(decoding, spec);
    decode_phases(decoding, spec);
    parameters.report_unused();
    return spec;
  }

  ScenarioFiles files_;
  PatternCheck check_;
};

} // namespace

Result<std::unique_ptr<ScenarioSource>> open_scenario(const std::string& folder,
                                                      Findings& findings,
                                                      PatternCheck check) {
  Findings own;
  auto files = FileReader{folder, own}.read();
  if (!files) {
    own.sort();
    findings.append(own);
    return tl::unexpected(std::move(files.error()));
  }
  const bool sound = !own.has_errors();
  auto source =
    std::make_unique<FolderSource>(std::move(*files), std::move(check));
  if (!sound) {
    // What the other files hold is reported along with it.
    static_cast<void>(source->resolve({}, own, nullptr));
    own.sort();
  }
  findings.append(own);
  if (!sound)
    return fail(Errc::invalid_input, "the scenario " + folder + " has errors");
  return source;
}

} // namespace lab::scenarios
