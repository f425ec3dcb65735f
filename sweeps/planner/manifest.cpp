#include "sweeps/planner/manifest.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string_view>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "sweeps/planner/decimal.hpp"
#include "sweeps/planner/design_reader.hpp"
#include "sweeps/planner/factor_reader.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

constexpr std::int64_t replicates_max = 10'000;
constexpr std::int64_t in_flight_max = 100'000;

/// `relative` as seen from the folder of `file`.
std::string beside(const std::string& file, const std::string& relative) {
  const auto folder = std::filesystem::path{file}.parent_path();
  return (folder / relative).lexically_normal().string();
}

class ManifestReader {
public:
  ManifestReader(std::shared_ptr<const yaml::Document> document,
                 Findings& findings)
    : document_(std::move(document)), findings_(findings),
      reader_(*document_, document_->root, "", "S", findings) {
    made_.file = document_->file;
    made_.document = document_;
  }

  /// The steps stand in the order of the format's page.
  void read() {
    if (!read_schema())
      return;
    read_name();
    if (auto about = reader_.text("about"))
      made_.about = *about;
    if (auto scenario = reader_.required_text("scenario"))
      made_.scenario = beside(made_.file, *scenario);
    read_set();
    read_points();
    read_replicates();
    read_models();
    read_measure();
    read_budget();
    read_limits();
    read_schedule();
    if (const auto sharing = reader_.boolean("sharing"))
      made_.sharing = *sharing;
    read_on_unknown();
    read_output();
    refuse_later_keys(reader_, findings_,
                      {"extends", "providers", "stop", "retry_runs", "notify"});
    for (const auto* key : {"base_url", "api_key", "api_key_env"})
      reader_.allow(key); // refused by name below
    reader_.finish();
    refuse_provider_secrets(*document_, findings_);
    check_size();
  }

  Manifest take() { return std::move(made_); }

private:
  /// One finding is enough for a file that is something else.
  bool read_schema() {
    if (document_->root.kind != yaml::Kind::map) {
      error_at(*document_, document_->root, findings_, "S403",
               "this file is no sweep manifest: it must be a map of keys, not "
                 + yaml::describe(document_->root),
               "");
      return false;
    }
    if (reader_.has("base_scenario") || reader_.has("variations")) {
      reader_
        .error(reader_.has("base_scenario") ? "base_scenario" : "variations",
               "S403",
               "this is a batch file of an earlier program; this version does "
               "not read those")
        .help.emplace_back("write it as a sweep: docs/formats/manifest.md");
      return false;
    }
    const auto schema = reader_.required_text("schema");
    if (!schema || *schema == "sweep/1")
      return true;
    reader_
      .error("schema", "S403", "this version does not read `" + *schema + "`")
      .help.emplace_back("write `schema: sweep/1`");
    return false;
  }

  void read_name() {
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::string_view rest = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    constexpr std::size_t bytes_max = 64;
    const auto name = reader_.required_text("name");
    if (!name)
      return;
    made_.name = *name;
    if (!name->empty() && name->size() <= bytes_max
        && first.find(name->front()) != std::string_view::npos
        && name->find_first_not_of(rest) == std::string::npos)
      return;
    reader_.error("name", "S404", "a sweep cannot be named `" + *name + "`")
      .help.emplace_back("use 1 to 64 of a-z, 0-9, `_` and `-`, a letter or "
                         "digit first; it names folders and tables");
  }

  void read_set() {
    const auto* set = reader_.node("set");
    if (set == nullptr)
      return;
    if (set->kind != yaml::Kind::map) {
      reader_.error("set", "S101",
                    "`set` must be a map of paths and values, not "
                      + yaml::describe(*set));
      return;
    }
    for (const auto& entry : set->entries) {
      // The key has no node of its own to point at; its place is enough.
      auto key = yaml::Node::text(entry.key);
      key.mark = entry.key_mark;
      key.end = {entry.key_mark.line,
                 entry.key_mark.column + static_cast<int>(entry.key.size())};
      if (check_path(*document_, key, entry.key, "set." + entry.key, findings_))
        made_.set.push_back({entry.key, entry.value});
    }
  }

  void read_points() {
    std::vector<FactorEntry> factors;
    if (const auto* node = reader_.node("factors"))
      factors = read_factors(*document_, *node, findings_);
    const auto* design = reader_.node("design");
    if (design != nullptr) {
      read_seed(*design);
      made_.design =
        read_design(*document_, *design, made_.seed, factors, findings_);
    } else if (!factors.empty()) {
      std::vector<std::string> names;
      for (const auto& entry : factors)
        names.push_back(entry.factor.name);
      reader_
        .error("design", "S418", "factors vary only when a design says how")
        .help.push_back("add `design: {grid: {factors: [" + join(names, ", ")
                        + "]}}` for every combination");
    } else {
      made_.design = std::make_shared<Design>(0, std::vector<Block>(1));
    }
    if (made_.design != nullptr)
      warn_of_unused(factors);
    for (auto& entry : factors)
      made_.factors.push_back(std::move(entry.factor));
  }

  void read_seed(const yaml::Node& design) {
    if (design.kind != yaml::Kind::map)
      return;
    yaml::MapReader reader{*document_, design, "design", "S", findings_};
    if (const auto seed =
          reader.integer("seed", {0, std::numeric_limits<std::int64_t>::max()}))
      made_.seed = static_cast<std::uint64_t>(*seed);
  }

  void warn_of_unused(const std::vector<FactorEntry>& factors) {
    for (const auto& entry : factors) {
      if (entry.used)
        continue;
      auto finding =
        yaml::at_key(*document_, *entry.place, "S410",
                     "the factor `" + entry.factor.name
                       + "` is in no part of the design and varies nothing");
      finding.severity = Severity::warning;
      finding.path = "factors." + entry.factor.name;
      finding.help.emplace_back("use it in `design`, or remove it");
      findings_.add(std::move(finding));
    }
  }

  void read_replicates() {
    const auto* node = reader_.node("replicates");
    if (node == nullptr)
      return;
    yaml::MapReader reader{*document_, *node, "replicates", "S", findings_};
    const auto count = reader.integer("count", {1, replicates_max});
    if (count)
      made_.replicates.count = static_cast<std::int32_t>(*count);
    if (const auto* seeds = reader.node("seeds")) {
      if (seeds->kind == yaml::Kind::list)
        read_seed_list(*seeds, count);
      else if (const auto mode = reader.one_of("seeds", {"paired", "fresh"}))
        made_.replicates.mode =
          *mode == "fresh" ? SeedMode::fresh : SeedMode::paired;
    }
    refuse_later_keys(reader, findings_, {"more"});
    reader.finish();
  }

  void read_seed_list(const yaml::Node& seeds,
                      std::optional<std::int64_t> count) {
    auto& made = made_.replicates;
    made.mode = SeedMode::listed;
    for (std::size_t i = 0; i < seeds.items.size(); ++i) {
      const auto& item = seeds.items[i];
      const auto path = "replicates.seeds." + std::to_string(i);
      const auto seed = yaml::as_int(item);
      if (!seed || *seed < 0) {
        error_at(*document_, item, findings_, "S417",
                 "a seed must be a whole number from 0 on, not "
                   + (item.kind == yaml::Kind::scalar ? "`" + item.scalar + "`"
                                                      : yaml::describe(item)),
                 path);
      } else if (const auto value = static_cast<std::uint64_t>(*seed);
                 std::ranges::find(made.seeds, value) != made.seeds.end()) {
        error_at(*document_, item, findings_, "S417",
                 "the seed " + item.scalar
                   + " stands twice: the same run would count as two",
                 path);
      } else {
        made.seeds.push_back(value);
      }
    }
    const auto listed = static_cast<std::int64_t>(seeds.items.size());
    if (listed == 0 || listed > replicates_max)
      error_at(*document_, seeds, findings_, "S417",
               "`seeds` must hold 1 to " + std::to_string(replicates_max)
                 + " seeds",
               "replicates.seeds");
    else if (count && *count != listed)
      error_at(*document_, seeds, findings_, "S417",
               "`count` is " + std::to_string(*count) + ", but there are "
                 + std::to_string(listed) + " seeds",
               "replicates.seeds")
        .help.emplace_back("remove `count`: the list says it all");
    else
      made.count = static_cast<std::int32_t>(listed);
  }

  void read_models() {
    const auto* node = reader_.node("models");
    if (node == nullptr)
      return;
    if (node->kind == yaml::Kind::scalar) {
      add_model("", *node, "models");
      return;
    }
    if (node->kind != yaml::Kind::map) {
      reader_.error("models", "S101",
                    "`models` must be a model or a map of participants and "
                    "models, not "
                      + yaml::describe(*node));
      return;
    }
    for (const auto& entry : node->entries)
      add_model(entry.key == "*" ? "" : entry.key, entry.value,
                "models." + entry.key);
    // Everybody first, so that a named one is the exception whatever the order.
    std::ranges::stable_partition(
      made_.models, [](const auto& model) { return model.first.empty(); });
  }

  void add_model(const std::string& whom, const yaml::Node& model,
                 const std::string& path) {
    const auto slash = model.scalar.find('/');
    if (model.kind == yaml::Kind::scalar && slash != 0
        && slash + 1 < model.scalar.size() && slash != std::string::npos) {
      made_.models.emplace_back(whom, model.scalar);
      return;
    }
    error_at(*document_, model, findings_, "S421",
             "a model is named `provider/model`, not "
               + (model.kind == yaml::Kind::scalar ? "`" + model.scalar + "`"
                                                   : yaml::describe(model)),
             path)
      .help.emplace_back("write it like sim/persona or openai/gpt-4o-mini");
  }

  void read_measure() {
    const auto* node = reader_.node("measure");
    if (node == nullptr)
      return;
    yaml::MapReader reader{*document_, *node, "measure", "S", findings_};
    if (auto names = reader.texts("final"))
      made_.measure.final_metrics = std::move(*names);
    refuse_later_keys(reader, findings_, {"series", "analyse", "derived"});
    reader.finish();
  }

  void read_budget() {
    const auto* node = reader_.node("budget");
    if (node == nullptr)
      return;
    yaml::MapReader reader{*document_, *node, "budget", "S", findings_};
    made_.budget.usd = reader.usd("usd");
    made_.per_run_usd = reader.usd("per_run_usd");
    made_.budget.calls = read_count(reader, "calls");
    made_.budget.tokens = read_count(reader, "tokens");
    if (made_.budget.usd && made_.per_run_usd
        && *made_.per_run_usd > *made_.budget.usd)
      reader
        .warning("per_run_usd", "B504",
                 "one run may spend more than the whole sweep")
        .notes.push_back("`usd` is " + to_display(*made_.budget.usd)
                         + " and ends the sweep first");
    refuse_later_keys(reader, findings_,
                      {"by_model", "hold", "warn_at", "on_exhausted"});
    reader.finish();
  }

  std::optional<std::int64_t> read_count(yaml::MapReader& reader,
                                         const std::string& key) {
    const auto* node = reader.node(key);
    if (node == nullptr)
      return std::nullopt;
    const auto count = node->kind == yaml::Kind::scalar
                         ? parse_count(node->scalar)
                         : std::nullopt;
    if (!count)
      reader
        .error(key, "B503",
               "`" + key + "` must be a count, not "
                 + (node->kind == yaml::Kind::scalar ? "`" + node->scalar + "`"
                                                     : yaml::describe(*node)))
        .help.emplace_back("write it like 250, 400k or 90M");
    return count;
  }

  void read_limits() {
    const auto* node = reader_.node("limits");
    if (node == nullptr)
      return;
    yaml::MapReader reader{*document_, *node, "limits", "S", findings_};
    if (const auto runs = reader.integer("runs", {1, in_flight_max}))
      made_.runs_max = static_cast<std::int32_t>(*runs);
    if (const auto calls = reader.integer("calls", {1, in_flight_max}))
      made_.calls_max = static_cast<std::int32_t>(*calls);
    refuse_later_keys(reader, findings_, {"window", "run_time", "sweep_time"});
    reader.finish();
  }

  void read_schedule() {
    const auto* node = reader_.node("schedule");
    if (node == nullptr)
      return;
    yaml::MapReader reader{*document_, *node, "schedule", "S", findings_};
    if (const auto order = reader.one_of("order", {"blocks", "by-model"}))
      made_.order =
        *order == "by-model" ? RunOrder::by_model : RunOrder::blocks;
    refuse_later_keys(reader, findings_, {"pilot"});
    reader.finish();
  }

  void read_on_unknown() {
    const auto choice =
      reader_.one_of("on_unknown", {"reissue", "pause", "fail"});
    if (choice == "pause")
      made_.on_unknown = OnUnknown::pause;
    if (choice == "fail")
      made_.on_unknown = OnUnknown::fail;
  }

  void read_output() {
    const auto* node = reader_.node("output");
    if (node == nullptr)
      return;
    yaml::MapReader reader{*document_, *node, "output", "S", findings_};
    if (const auto folder = reader.text("dir"))
      made_.output_dir = beside(made_.file, *folder);
    refuse_later_keys(reader, findings_, {"keep", "export", "report"});
    reader.finish();
  }

  void check_size() {
    if (made_.design == nullptr)
      return;
    const auto points = made_.design->size();
    const auto runs = points * made_.replicates.count;
    if (runs > runs_planned_max)
      reader_.error("replicates", "S416",
                    std::to_string(points) + " points x "
                      + std::to_string(made_.replicates.count)
                      + " replicates are " + std::to_string(runs)
                      + " runs; at most " + std::to_string(runs_planned_max)
                      + " can be planned");
  }

  std::shared_ptr<const yaml::Document> document_;
  Findings& findings_;
  yaml::MapReader reader_;
  Manifest made_;
};

std::optional<Manifest> manifest_of(std::optional<yaml::Document> document,
                                    Findings& findings) {
  if (!document)
    return std::nullopt;
  // Kept apart: what the caller found before decides nothing about this file.
  Findings own;
  ManifestReader reader{
    std::make_shared<const yaml::Document>(std::move(*document)), own};
  reader.read();
  own.sort();
  findings.append(own);
  if (own.has_errors())
    return std::nullopt;
  return reader.take();
}

} // namespace

std::optional<Manifest> load_manifest(const std::string& path,
                                      Findings& findings) {
  return manifest_of(yaml::load(path, findings), findings);
}

std::optional<Manifest> read_manifest(std::string_view text,
                                      const std::string& file,
                                      Findings& findings) {
  return manifest_of(yaml::parse(text, file, findings), findings);
}

} // namespace lab::sweeps
