#include <algorithm>
#include <set>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"
#include "scenarios/loader/scenario_folder.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

constexpr std::int64_t window_max = 10'000;
constexpr std::int64_t output_tokens_max = 1'000'000;

class ScenarioDecoder {
public:
  explicit ScenarioDecoder(const Decoding& decoding)
    : decoding_(decoding),
      reader_(decoding.files.scenario, decoding.tree.scenario, "", "S",
              decoding.findings) {}

  ScenarioSpec decode(Features& features) {
    ScenarioSpec spec;
    spec.id = decoding_.files.id;
    if (is_not_a_map())
      return spec;
    spec.name = filled_text(reader_, "name");
    spec.description = reader_.text("description").value_or("");
    spec.system_prompt = reader_.text("system_prompt").value_or("");
    spec.initial_world_state = filled_text(reader_, "initial_world_state");
    spec.turn_duration = reader_.text("turn_duration").value_or("");
    decode_length(decoding_, reader_, spec);
    spec.context_window_size = decode_window();
    check_actor_list();
    features = decode_features(decoding_, reader_, spec);
    spec.background = decode_background(decoding_, reader_);
    spec.v1_prompts = reader_.one_of("compat", {"v1-prompts"}) == "v1-prompts";
    spec.output_caps = decode_output_caps();
    spec.temperature = decode_temperature();
    spec.sim = decode_dials(decoding_, reader_);
    spec.parameters = decoding_.parameters.specs();
    allow_keys(reader_, scenario_keys());
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

  const Decoding& decoding_;
  MapReader reader_;
};

} // namespace

ScenarioSpec decode_scenario(const Decoding& decoding, Features& features) {
  return ScenarioDecoder{decoding}.decode(features);
}

} // namespace lab::scenarios
