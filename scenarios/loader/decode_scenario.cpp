#include <algorithm>
#include <set>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"
#include "scenarios/loader/scenario_folder.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

constexpr std::int64_t turns_max = 100'000;
constexpr std::int64_t turns_usual_max = 100;
constexpr std::int64_t window_max = 10'000;
constexpr std::int64_t output_tokens_max = 1'000'000;

class ScenarioDecoder {
public:
  explicit ScenarioDecoder(const Decoding& decoding)
    : decoding_(decoding),
      reader_(decoding.files.scenario, decoding.tree.scenario, "", "S",
              decoding.findings) {}

  ScenarioSpec decode() {
    ScenarioSpec spec;
    spec.id = decoding_.files.id;
    if (is_not_a_map())
      return spec;
    spec.name = filled_text(reader_, "name");
    spec.description = reader_.text("description").value_or("");
    spec.system_prompt = reader_.text("system_prompt").value_or("");
    spec.initial_world_state = filled_text(reader_, "initial_world_state");
    spec.turn_duration = reader_.text("turn_duration").value_or("");
    spec.turns = decode_turns();
    spec.context_window_size = decode_window();
    check_actor_list();
    spec.phases = decode_phases();
    spec.v1_prompts = reader_.one_of("compat", {"v1-prompts"}) == "v1-prompts";
    spec.output_caps = decode_output_caps();
    spec.temperature = decode_temperature();
    spec.sim = decode_dials(decoding_, reader_);
    spec.parameters = decoding_.parameters.specs();
    allow_keys(reader_, scenario_keys());
    warn_of_later_parts();
    reader_.finish(Severity::warning);
    return spec;
  }

private:
  bool is_not_a_map() {
    if (decoding_.tree.scenario.kind == Kind::map)
      return false;
    // The reader's constructor reported every kind but an empty file.
    if (decoding_.tree.scenario.kind == Kind::null)
      reader_.error("", "S103", "this file is empty");
    return true;
  }

  std::int32_t decode_turns() {
    const yaml::IntRange range{1, turns_max};
    const auto turns = whole_number(reader_, "turns", range);
    const auto num_turns = whole_number(reader_, "num_turns", range);
    const auto length = decode_length(range);
    if (turns && num_turns && *turns != *num_turns)
      warn_of_rival(reader_, "turns", "num_turns");
    const auto first = turns ? turns : num_turns;
    if (first && length && *first != *length)
      warn_of_rival(reader_, turns ? "turns" : "num_turns", "scenario_length");
    const auto chosen = first ? first : length;
    if (!chosen) {
      if (!reader_.has("turns") && !reader_.has("num_turns")
          && !length_is_faulty_) {
        auto& finding = reader_.error(
          "", "S108", "the scenario does not say how many turns it has");
        finding.help.emplace_back("add a line such as `turns: 5`");
      }
      return 0;
    }
    if (*chosen > turns_usual_max)
      reader_
        .warning(turns       ? "turns"
                 : num_turns ? "num_turns"
                             : "scenario_length",
                 "S306",
                 std::to_string(*chosen)
                   + " turns are many; with a paid model each of them costs")
        .help.emplace_back("`scenario-lab estimate` says how much");
    return static_cast<std::int32_t>(*chosen);
  }

  std::optional<std::int64_t> decode_length(yaml::IntRange range) {
    const auto* node = reader_.node("scenario_length");
    if (node == nullptr)
      return std::nullopt;
    MapReader length{reader_.document(), *node, "scenario_length", "S",
                     decoding_.findings};
    const auto type = length.one_of("type", {"fixed", "condition"});
    const auto turns = whole_number(length, "turns", range);
    if (type == "condition" || length.has("condition"))
      length.warning("condition", "S303",
                     "this version does not end a scenario by a condition; "
                     "it plays all turns");
    length.allow("condition");
    length.finish(Severity::warning);
    length_is_faulty_ =
      node->kind != Kind::map || (length.has("turns") && !turns);
    return turns;
  }

  std::int32_t decode_window() {
    const yaml::IntRange range{1, window_max};
    const auto size = whole_number(reader_, "context_window_size", range);
    const auto window = whole_number(reader_, "context_window", range);
    if (size && window && *size != *window)
      warn_of_rival(reader_, "context_window_size", "context_window");
    return static_cast<std::int32_t>(
      size ? *size : window.value_or(ScenarioSpec{}.context_window_size));
  }

  void check_actor_list() {
    const auto* list = reader_.required("actors");
    if (list == nullptr)
      return;
    if (list->kind != Kind::list || list->items.empty()) {
      reader_.error("actors", "S101",
                    "`actors` must be a list of at least one id, not "
                      + (list->kind == Kind::list ? "an empty list"
                                                  : yaml::describe(*list)));
      return;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < list->items.size(); ++i)
      check_actor_id(list->items[i], i, seen);
  }

  void check_actor_id(const yaml::Node& item, std::size_t index,
                      std::set<std::string>& seen) {
    const auto report = [&](std::string code,
                            std::string message) -> Diagnostic& {
      auto finding =
        yaml::at(reader_.document(), item, std::move(code), std::move(message));
      finding.path = "actors." + std::to_string(index);
      return decoding_.findings.add(std::move(finding));
    };
    if (item.kind != Kind::scalar) {
      report("S101", "each item of `actors` must be an id, not "
                       + yaml::describe(item));
      return;
    }
    if (!is_id(item.scalar)) {
      auto& finding =
        report("S110", "`" + item.scalar + "` cannot name an actor");
      if (const auto better = to_id(item.scalar); !better.empty())
        finding.help.push_back("call it `" + better
                               + "`, in this list and as actors/" + better
                               + ".yaml");
      finding.notes.emplace_back(
        "an id has at most 64 lower-case letters, digits, `-` and `_`, and "
        "begins with a letter or a digit");
      return;
    }
    if (!seen.insert(item.scalar).second) {
      report("S109", "the actor `" + item.scalar + "` is listed twice")
        .help.emplace_back("remove one of the two");
      return;
    }
    if (decoding_.files.complete
        && decoding_.files.actors.find(item.scalar)
             == decoding_.files.actors.end()) {
      // Only an override can name somebody whose file was not read.
      auto& finding =
        report("S202", "no file describes the actor `" + item.scalar + "`");
      std::vector<std::string> known;
      for (const auto& [id, document] : decoding_.files.actors)
        known.push_back(id);
      finding.notes.push_back("actors of the scenario: " + join(known, ", "));
    }
  }

  std::vector<std::string> decode_phases() {
    if (!reader_.has("phases")) {
      reader_.allow("phases");
      return {"decision", "world_update", "metrics", "persistence"};
    }
    auto phases = reader_.texts("phases").value_or(std::vector<std::string>{});
    const std::set<std::string> distinct{phases.begin(), phases.end()};
    if (distinct.size() != phases.size())
      reader_.error("phases", "S109", "`phases` names a phase twice");
    else if (phases.empty() && reader_.node("phases")->kind == Kind::list
             && reader_.node("phases")->items.empty())
      reader_.error("phases", "S101", "`phases` must name at least one phase");
    return phases;
  }

  std::map<std::string, std::int64_t> decode_output_caps() {
    std::map<std::string, std::int64_t> caps;
    const auto* node = reader_.node("output_caps");
    if (node == nullptr)
      return caps;
    MapReader block{reader_.document(), *node, "output_caps", "S",
                    decoding_.findings};
    for (const auto& entry : node->entries)
      if (const auto cap = block.integer(entry.key, {1, output_tokens_max}))
        caps.emplace(entry.key == "default" ? "" : entry.key, *cap);
    return caps;
  }

  std::string decode_temperature() {
    const auto number = reader_.number("temperature");
    if (!number)
      return {};
    constexpr double highest = 2;
    if (*number < 0 || *number > highest) {
      reader_.error("temperature", "S102",
                    "`temperature` must be from 0 to 2, not "
                      + number_text(*number));
      return {};
    }
    return number_text(*number);
  }

  void warn_of_later_parts() {
    warn_if_on("enable_bilateral_communication", "bilateral talks");
    warn_if_on("enable_coalition_formation", "coalitions");
    const auto* features = reader_.node("features");
    if (features != nullptr && features->kind == Kind::map)
      for (const auto& entry : features->entries) {
        const auto* enabled = entry.value.find("enabled");
        if (enabled != nullptr && yaml::as_bool(*enabled) == true)
          warn_of_feature(entry);
      }
  }

  void warn_if_on(std::string_view key, const std::string& what) {
    if (reader_.boolean(key) == true)
      reader_.warning(key, "S303", "this version does not play " + what);
  }

  void warn_of_feature(const yaml::Entry& entry) {
    // Metrics are read whenever the scenario has some.
    if (entry.key == "metrics_extraction")
      return;
    auto finding = yaml::at_key(reader_.document(), entry, "S303",
                                "this version does not play the feature `"
                                  + entry.key + "`");
    finding.severity = Severity::warning;
    finding.path = "features." + entry.key;
    decoding_.findings.add(std::move(finding));
  }

  const Decoding& decoding_;
  MapReader reader_;
  bool length_is_faulty_ = false;
};

} // namespace

ScenarioSpec decode_scenario(const Decoding& decoding) {
  return ScenarioDecoder{decoding}.decode();
}

} // namespace lab::scenarios
