#include "sweeps/batch/batch_file.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "sweeps/batch/scenario_names.hpp"

namespace lab::sweeps {

namespace {

namespace fs = std::filesystem;
using yaml::Kind;
using yaml::Node;

/// "Ferry models, 2nd try" -> "ferry-models-2nd-try": what names a sweep.
std::string slug_of(const std::string& text) {
  constexpr std::size_t bytes_max = 64;
  std::string made;
  for (const char c : to_lower(text)) {
    const bool kept =
      (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (kept && (c != '_' || !made.empty()))
      made += c;
    else if (!made.empty() && made.back() != '-')
      made += '-';
  }
  made = made.substr(0, bytes_max);
  while (!made.empty() && made.back() == '-')
    made.pop_back();
  return made;
}

Node placed(Node node, const Node& at) {
  node.mark = at.mark;
  node.end = at.end;
  return node;
}

/// Sets a key of a map, with the place of what it was made of.
void put(Node& map, const std::string& key, Node value, yaml::Mark mark) {
  map.set(key, std::move(value));
  for (auto& entry : map.entries)
    if (entry.key == key)
      entry.key_mark = mark;
  if (map.mark.line == 0)
    map.mark = mark;
}

class BatchReader {
public:
  BatchReader(const yaml::Document& batch, Findings& findings)
    : batch_(batch), findings_(findings),
      reader_(batch, batch.root, "", "S", findings) {}

  std::optional<yaml::Document> read() {
    const auto before = errors();
    auto made = Node::map();
    made.mark = batch_.root.mark;
    put(made, "schema", Node::text("sweep/1"), batch_.root.mark);
    read_name(made);
    read_scenario(made);
    read_variations();
    if (!factors_.entries.empty()) {
      put(made, "factors", factors_, factors_.mark);
      put(made, "design", design(), factors_.mark);
    }
    move(made, {"runs_per_variation"}, "replicates", "count");
    move(made, {"budget_limit", "total_budget"}, "budget", "usd");
    move(made, {"cost_per_run_limit", "per_run_budget"}, "budget",
         "per_run_usd");
    move(made, {"max_parallel", "max_parallel_workers"}, "limits", "runs");
    read_output(made);
    warn_of_ignored();
    reader_.finish(Severity::warning);
    if (errors() > before)
      return std::nullopt;
    auto document = batch_;
    document.root = std::move(made);
    return document;
  }

private:
  std::size_t errors() const {
    return static_cast<std::size_t>(
      std::ranges::count_if(findings_.all(), [](const Diagnostic& finding) {
        return finding.severity == Severity::error;
      }));
  }

  Diagnostic& refuse(const Node& node, std::string message, std::string path,
                     std::string help) {
    auto finding = yaml::at(batch_, node, "S437", std::move(message));
    finding.path = std::move(path);
    finding.help.push_back(std::move(help));
    return findings_.add(std::move(finding));
  }

  yaml::Mark mark_of(std::string_view key) const {
    for (const auto& entry : batch_.root.entries)
      if (entry.key == key)
        return entry.key_mark;
    return batch_.root.mark;
  }

  void read_name(Node& made) {
    const auto title = reader_.required_text("experiment_name");
    const auto description = reader_.text("description");
    if (!title)
      return;
    const auto& node = *reader_.node("experiment_name");
    const auto name = slug_of(*title);
    if (name.empty()) {
      refuse(node, "no name can be made of `" + *title + "`", "experiment_name",
             "give it letters or digits");
      return;
    }
    put(made, "name", placed(Node::text(name), node),
        mark_of("experiment_name"));
    if (description)
      put(made, "about",
          placed(Node::text(*description), *reader_.node("description")),
          mark_of("description"));
    else if (name != *title)
      put(made, "about", placed(Node::text(*title), node),
          mark_of("experiment_name"));
  }

  fs::path folder() const { return fs::path{batch_.file}.parent_path(); }

  /// The earlier versions looked from the working directory.
  std::string from_here(const std::string& path) const {
    if (fs::path{path}.is_absolute())
      return path;
    std::error_code code;
    const auto home = folder().empty() ? fs::path{"."} : folder();
    const auto relative = fs::relative(path, home, code);
    return code || relative.empty() ? path : relative.string();
  }

  void read_scenario(Node& made) {
    const auto path = reader_.required_text("base_scenario");
    if (!path)
      return;
    std::error_code code;
    // A file that was moved with its scenarios names them from its own folder.
    const bool beside =
      !fs::exists(*path, code) && fs::exists(folder() / *path, code);
    scenario_ = beside ? (folder() / *path).string() : *path;
    put(made, "scenario",
        placed(Node::text(beside ? *path : from_here(*path)),
               *reader_.node("base_scenario")),
        mark_of("base_scenario"));
  }

  void read_variations() {
    const auto* node = reader_.node("variations");
    if (node != nullptr && node->kind == Kind::list) {
      for (std::size_t i = 0; i < node->items.size(); ++i)
        read_variation(node->items[i], "variations." + std::to_string(i));
    } else if (node != nullptr && node->kind == Kind::map) {
      read_map_form(*node);
    } else if (node != nullptr) {
      refuse(*node, "`variations` must be a list, not " + yaml::describe(*node),
             "variations",
             "write it like [{type: actor_model, actor: NAME, values: "
             "[MODEL, …]}]");
    }
    // The later version's own help names this key; no program had it.
    if (const auto* parameters = reader_.node("scenario_parameters"))
      read_group(*parameters, "scenario_parameters", false);
  }

  void read_map_form(const Node& node) {
    yaml::MapReader reader{batch_, node, "variations", "S", findings_};
    if (const auto* models = reader.node("actor_models"))
      read_group(*models, "variations.actor_models", true);
    if (const auto* parameters = reader.node("scenario_parameters"))
      read_group(*parameters, "variations.scenario_parameters", false);
    reader.finish(Severity::warning);
  }

  void read_group(const Node& group, const std::string& path, bool models) {
    if (group.kind != Kind::map) {
      refuse(group,
             "`" + path + "` must be a map of names and values, not "
               + yaml::describe(group),
             path, "write it like {NAME: [VALUE, …]}");
      return;
    }
    for (const auto& entry : group.entries)
      add(entry.key, entry.value, models, entry.key_mark,
          path + "." + entry.key);
  }

  void read_variation(const Node& node, const std::string& path) {
    yaml::MapReader reader{batch_, node, path, "S", findings_};
    if (node.kind != Kind::map)
      return;
    const auto type = reader.required_text("type");
    if (!type)
      return;
    const bool models = *type == "actor_model";
    if (!models && *type != "scenario_parameter") {
      auto& finding = refuse(
        *reader.node("type"), "there is no variation of type `" + *type + "`",
        path + ".type",
        "write actor_model or scenario_parameter; the earlier versions passed "
        "over others in silence");
      if (const auto near =
            closest(*type, {"actor_model", "scenario_parameter"}))
        finding.help.front() = "did you mean `" + *near + "`?";
      return;
    }
    const auto name = reader.required_text(models ? "actor" : "parameter");
    const auto* values = reader.required("values");
    reader.finish(Severity::warning);
    if (name && values != nullptr)
      add(*name, *values, models, node.mark, path);
  }

  void add(const std::string& name, const Node& values, bool models,
           yaml::Mark mark, const std::string& path) {
    if (values.kind == Kind::list && values.items.empty()) {
      refuse(values,
             "`" + name + "` has no values, so there would be no run at all",
             path, "name at least one value, or remove the variation");
      return;
    }
    auto factor = Node::map();
    factor.mark = mark;
    const auto target = models
                          ? "actors." + actor_id(scenario_, name) + ".llm_model"
                          : setting_path(name);
    put(factor, "path", placed(Node::text(target), values), mark);
    put(factor, "label", placed(Node::text(name), values), mark);
    put(factor, "values", values, mark);
    put(factors_, factor_name(name), std::move(factor), mark);
    if (factors_.mark.line == 0)
      factors_.mark = mark;
  }

  /// Every number of turns is one setting here, whatever it was called.
  static std::string setting_path(const std::string& parameter) {
    return parameter == "num_turns" || parameter == "max_turns" ? "turns"
                                                                : parameter;
  }

  std::string factor_name(const std::string& text) const {
    auto name = slug_of(text);
    if (name.empty() || name == "label")
      name = "factor";
    const auto first = name;
    for (int i = 2; factors_.find(name) != nullptr; ++i)
      name = first + "-" + std::to_string(i);
    return name;
  }

  Node design() const {
    auto grid = Node::map();
    std::vector<Node> names;
    for (const auto& entry : factors_.entries)
      names.push_back(placed(Node::plain(entry.key), entry.value));
    put(grid, "factors", placed(Node::list(std::move(names)), factors_),
        factors_.mark);
    auto made = Node::map();
    put(made, "grid", std::move(grid), factors_.mark);
    return made;
  }

  /// Moves the first of `keys` that is there into `block.key`.
  void move(Node& made, const std::vector<std::string_view>& keys,
            const std::string& block, const std::string& key) {
    for (const auto from : keys) {
      const auto* value = reader_.node(from);
      if (value == nullptr)
        continue;
      if (from != keys.front())
        warn(from, "no earlier version had the key `" + std::string{from} + "`",
             "it is taken as `" + std::string{keys.front()} + "`");
      auto* map = made.find(block);
      if (map == nullptr) {
        auto fresh = Node::map();
        fresh.mark = value->mark;
        put(made, block, std::move(fresh), mark_of(from));
        map = made.find(block);
      }
      if (map->find(key) == nullptr)
        put(*map, key, *value, mark_of(from));
    }
  }

  void read_output(Node& made) {
    const auto folder = reader_.text("output_dir");
    if (!folder)
      return;
    auto output = Node::map();
    put(output, "dir",
        placed(Node::text(from_here(*folder)), *reader_.node("output_dir")),
        mark_of("output_dir"));
    put(made, "output", std::move(output), mark_of("output_dir"));
  }

  void warn(std::string_view key, std::string message, std::string help) {
    auto& finding = reader_.warning(key, "S424", std::move(message));
    finding.help.push_back(std::move(help));
  }

  void warn_of_ignored() {
    if (reader_.node("timeout_per_run") != nullptr)
      warn("timeout_per_run",
           "nothing acts on `timeout_per_run`; the earlier versions never "
           "enforced it either",
           "each call has the timeout of its provider; "
           "`cost_per_run_limit` is the ceiling of a run");
    if (reader_.node("resume_from") != nullptr)
      warn("resume_from", "nothing acts on `resume_from`",
           "repeat the command: it does what is missing and nothing else");
    for (const auto* key : {"save_individual_runs", "aggregate_metrics"})
      if (reader_.boolean(key) == false)
        warn(key, "nothing acts on `" + std::string{key} + "`",
             "runs are always kept, and tables always made");
  }

  const yaml::Document& batch_;
  Findings& findings_;
  yaml::MapReader reader_;
  std::string scenario_; // to open
  Node factors_ = Node::map();
};

} // namespace

bool is_batch_file(const yaml::Document& document) {
  const auto& root = document.root;
  return root.kind == Kind::map && root.find("schema") == nullptr
         && (root.find("base_scenario") != nullptr
             || root.find("experiment_name") != nullptr
             || root.find("variations") != nullptr);
}

std::optional<yaml::Document> manifest_of_batch(const yaml::Document& batch,
                                                Findings& findings) {
  return BatchReader{batch, findings}.read();
}

} // namespace lab::sweeps
