#include "sweeps/planner/manifest.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "sweeps/batch/batch_file.hpp"
#include "sweeps/planner/design_reader.hpp"
#include "sweeps/planner/factor_reader.hpp"
#include "sweeps/planner/inheritance.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/part_readers.hpp"

namespace lab::sweeps {

namespace {

constexpr std::int64_t replicates_max = 10'000;

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
      made_.scenario = beside(*document_, *reader_.node("scenario"), *scenario);
    read_set();
    read_points();
    read_replicates();
    read_wording(reader_, made_, findings_);
    read_models();
    read_measure(reader_, made_, findings_);
    read_budget(reader_, made_, findings_);
    read_limits(reader_, made_, findings_);
    read_providers(reader_, made_, findings_);
    read_schedule(reader_, made_, findings_);
    read_stop(reader_, made_, findings_);
    read_sentinel(reader_, made_, findings_);
    if (const auto sharing = reader_.boolean("sharing"))
      made_.sharing = *sharing;
    read_on_unknown();
    read_retry(reader_, made_, findings_);
    read_output(reader_, made_, findings_);
    read_notify(reader_, made_, findings_);
    for (const auto* key : {"base_url", "api_key", "api_key_env"})
      reader_.allow(key); // refused by name below
    reader_.finish();
    refuse_provider_secrets(*document_, findings_);
    warn_of_no_effect(*document_, findings_);
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
    read_more(reader, made_, findings_);
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

  void read_on_unknown() {
    const auto choice =
      reader_.one_of("on_unknown", {"reissue", "pause", "fail"});
    if (choice == "pause")
      made_.on_unknown = OnUnknown::pause;
    if (choice == "fail")
      made_.on_unknown = OnUnknown::fail;
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
  document = is_batch_file(*document) ? manifest_of_batch(*document, own)
                                      : with_parents(std::move(*document), own);
  if (!document) {
    own.sort();
    findings.append(own);
    return std::nullopt;
  }
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
