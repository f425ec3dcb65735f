#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/part_readers.hpp"
#include "sweeps/planner/value_readers.hpp"

namespace lab::sweeps {

namespace {

constexpr std::int64_t in_flight_max = 100'000;
constexpr std::int64_t attempts_max = 100;

/// The name of one model, as accounts have it.
bool is_one_model(yaml::MapReader& reader, const yaml::Entry& entry,
                  Findings& findings) {
  const auto& name = entry.key;
  std::string problem;
  std::string help;
  if (name.find('/') == std::string::npos) {
    problem = "models are named `provider/model`, not `" + name + "`";
    help = "write it like \"openai/" + name + "\"";
  } else if (name.find('*') != std::string::npos) {
    problem = "a ceiling is for one model, and `" + name + "` may be several";
    help = "write a line for each model, such as openai/gpt-4o-mini: 10.00";
  } else if (name.find('?') != std::string::npos) {
    const auto bare = name.substr(0, name.find('?'));
    problem = "a ceiling is for a model whatever its parameters";
    help = "write `" + bare + "`";
  } else {
    return true;
  }
  auto finding = yaml::at_key(reader.document(), entry, "S421", problem);
  finding.path = reader.path_of(name);
  finding.help.push_back(std::move(help));
  findings.add(std::move(finding));
  return false;
}

void read_by_model(yaml::MapReader& budget, Manifest& made,
                   Findings& findings) {
  const auto* node = budget.node("by_model");
  if (node == nullptr)
    return;
  yaml::MapReader reader{budget.document(), *node, "budget.by_model", "S",
                         findings};
  for (const auto& entry : node->entries) {
    const bool named = is_one_model(reader, entry, findings);
    const auto amount = reader.usd(entry.key);
    if (named && amount)
      made.budget_rules.by_model.emplace_back(entry.key, *amount);
  }
}

void read_warnings(yaml::MapReader& budget, Manifest& made,
                   Findings& findings) {
  const auto* node = budget.node("warn_at");
  const auto texts = budget.texts("warn_at");
  if (!texts)
    return;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const auto share = parse_share((*texts)[i]);
    const auto parts =
      share ? std::lround(std::clamp(*share, 0.0, 1.0) * share_whole) : 0;
    if (parts > 0 && parts < share_whole) {
      made.budget_rules.warn_at.push_back(static_cast<std::int32_t>(parts));
      continue;
    }
    const bool listed = node->kind == yaml::Kind::list;
    error_at(
      budget.document(), listed ? node->items[i] : *node, findings, "B503",
      "a share of the budget is above 0% and below 100%, not `" + (*texts)[i]
        + "`",
      budget.path_of("warn_at") + (listed ? "." + std::to_string(i) : ""))
      .help.emplace_back("write it like [50%, 80%, 95%]");
  }
  auto& shares = made.budget_rules.warn_at;
  std::ranges::sort(shares);
  shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
}

std::optional<Window> read_window(yaml::MapReader& limits, Findings& findings) {
  const auto* node = limits.node("window");
  if (node == nullptr)
    return std::nullopt;
  yaml::MapReader reader{limits.document(), *node, "limits.window", "S",
                         findings};
  if (node->kind != yaml::Kind::map)
    return std::nullopt;
  Window window;
  const auto open = read_clock(reader, "open");
  const auto close = read_clock(reader, "close");
  window.finish_running =
    reader.one_of("at_close", {"pause", "finish-running"}) == "finish-running";
  reader.finish();
  if (!open || !close)
    return std::nullopt;
  if (*open == *close)
    reader.error("close", "S425", "this window is never open");
  window.hours = {*open, *close};
  return window;
}

} // namespace

void read_budget(yaml::MapReader& manifest, Manifest& made,
                 Findings& findings) {
  const auto* node = manifest.node("budget");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "budget", "S", findings};
  made.budget.usd = reader.usd("usd");
  made.per_run_usd = reader.usd("per_run_usd");
  made.budget.calls = read_count(reader, "calls", "B503");
  made.budget.tokens = read_count(reader, "tokens", "B503");
  if (made.budget.usd && made.per_run_usd
      && *made.per_run_usd > *made.budget.usd)
    reader
      .warning("per_run_usd", "B504",
               "one run may spend more than the whole sweep")
      .notes.push_back("`usd` is " + to_display(*made.budget.usd)
                       + " and ends the sweep first");
  read_by_model(reader, made, findings);
  if (reader.one_of("hold", {"worst-case", "p95"}) == "p95")
    reader
      .error("hold", "S401",
             "this version holds the worst case of every call, and no less")
      .help.emplace_back("remove `hold`; `sweep plan` prints the smallest "
                         "budget that works");
  read_warnings(reader, made, findings);
  const auto end =
    reader.one_of("on_exhausted", {"pause", "finish-running", "stop"});
  if (end == "finish-running")
    made.budget_rules.on_exhausted = OnExhausted::finish_running;
  if (end == "stop")
    made.budget_rules.on_exhausted = OnExhausted::stop;
  reader.finish();
}

void read_limits(yaml::MapReader& manifest, Manifest& made,
                 Findings& findings) {
  const auto* node = manifest.node("limits");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "limits", "S", findings};
  if (const auto runs = reader.integer("runs", {1, in_flight_max}))
    made.runs_max = static_cast<std::int32_t>(*runs);
  if (const auto calls = reader.integer("calls", {1, in_flight_max}))
    made.calls_max = static_cast<std::int32_t>(*calls);
  made.time.run_seconds = read_duration(reader, "run_time");
  made.time.sweep_seconds = read_duration(reader, "sweep_time");
  made.time.window = read_window(reader, findings);
  reader.finish();
}

void read_output(yaml::MapReader& manifest, Manifest& made,
                 Findings& findings) {
  const auto* node = manifest.node("output");
  if (node == nullptr)
    return;
  const auto& document = manifest.document();
  yaml::MapReader reader{document, *node, "output", "S", findings};
  if (const auto folder = reader.text("dir"))
    made.output_dir = beside(document, *reader.node("dir"), *folder);
  auto& rules = made.output_rules;
  if (const auto keep = reader.one_of("keep", {"full", "compact", "metrics"}))
    rules.keep = *keep == "full"      ? Keep::full
                 : *keep == "compact" ? Keep::compact
                                      : Keep::metrics;
  const auto* listed = reader.node("export");
  static const std::vector<std::string> names{"csv", "jsonl", "parquet",
                                              "junit"};
  const auto wanted =
    reader.texts("export").value_or(std::vector<std::string>{});
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto found = std::ranges::find(names, wanted[i]);
    if (found != names.end()) {
      const auto format = static_cast<ExportFormat>(found - names.begin());
      if (std::ranges::find(rules.exports, format) == rules.exports.end())
        rules.exports.push_back(format);
      continue;
    }
    const bool list = listed->kind == yaml::Kind::list;
    auto& finding =
      error_at(document, list ? listed->items[i] : *listed, findings, "S105",
               "`export` cannot be `" + wanted[i] + "`",
               "output.export" + (list ? "." + std::to_string(i) : ""));
    if (const auto near = closest(wanted[i], names))
      finding.help.push_back("did you mean `" + *near + "`?");
    finding.notes.push_back("one of: " + join(names, ", "));
  }
  rules.report = reader.boolean("report").value_or(false);
  reader.finish();
}

void read_retry(yaml::MapReader& manifest, Manifest& made, Findings& findings) {
  const auto* node = manifest.node("retry_runs");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "retry_runs", "S",
                         findings};
  if (node->kind != yaml::Kind::map)
    return;
  RetryRuns retry;
  if (reader.required("attempts") != nullptr)
    if (const auto count = reader.integer("attempts", {1, attempts_max}))
      retry.attempts = static_cast<std::int32_t>(*count);
  if (reader.one_of("from", {"last-phase", "start"}) == "start") {
    auto& finding = reader.error(
      "from", "S401",
      "a run cannot be tried from its start: what it paid for is kept");
    finding.help.emplace_back("remove `from`: a run that is tried again goes "
                              "on with the call that failed");
    finding.notes.emplace_back(
      "other replies to the same questions are another replicate: raise "
      "`replicates.count`");
  }
  reader.finish();
  made.retry = retry;
}

void read_providers(yaml::MapReader& manifest, Manifest& made,
                    Findings& findings) {
  const auto* node = manifest.node("providers");
  if (node == nullptr)
    return;
  const auto& document = manifest.document();
  if (node->kind != yaml::Kind::map) {
    manifest.error("providers", "S101",
                   "`providers` must be a map of names, not "
                     + yaml::describe(*node));
    return;
  }
  for (const auto& entry : node->entries) {
    yaml::MapReader reader{document, entry.value, "providers." + entry.key, "S",
                           findings};
    ProviderLowering lowering;
    lowering.provider = entry.key;
    lowering.place = entry.value;
    if (const auto calls = reader.integer("calls", {1, in_flight_max}))
      lowering.calls = static_cast<std::int32_t>(*calls);
    if (const auto* rates = reader.node("per_minute")) {
      yaml::MapReader minute{document, *rates,
                             "providers." + entry.key + ".per_minute", "S",
                             findings};
      lowering.requests_per_minute = read_count(minute, "requests", "S425");
      minute.finish();
    }
    // Refused by name, with the place where they belong.
    for (const auto* key : {"base_url", "api_key", "api_key_env", "key", "keys",
                            "api_token", "authorization"})
      reader.allow(key);
    reader.finish();
    made.providers.push_back(std::move(lowering));
  }
}

void read_notify(yaml::MapReader& manifest, Manifest& made,
                 Findings& findings) {
  const auto* node = manifest.node("notify");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "notify", "S", findings};
  if (node->kind != yaml::Kind::map)
    return;
  Notify notify;
  static const std::vector<std::string> known{"paused", "stopped", "finished",
                                              "needs-you"};
  if (auto on = reader.texts("on")) {
    for (const auto& word : *on)
      if (std::ranges::find(known, word) == known.end()) {
        auto& finding =
          reader.error("on", "S105", "`on` cannot be `" + word + "`");
        if (const auto near = closest(word, known))
          finding.help.push_back("did you mean `" + *near + "`?");
        finding.notes.push_back("one of: " + join(known, ", "));
      }
    notify.on = std::move(*on);
  }
  if (auto run = reader.texts("run"))
    notify.run = std::move(*run);
  reader.finish();
  made.notify = std::move(notify);
}

std::string beside(const yaml::Document& document, const yaml::Node& node,
                   const std::string& relative) {
  const auto folder =
    std::filesystem::path{yaml::file_of(document, node.mark.line)}
      .parent_path();
  return (folder / relative).lexically_normal().string();
}

} // namespace lab::sweeps
