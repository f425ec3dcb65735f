#include "runtime/base/text.hpp"
#include "runtime/model/condition.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::MapReader;

constexpr yaml::IntRange turns_range{1, turns_max};
constexpr std::int64_t turns_usual_max = 100;

/// The `scenario_length` block.
struct LengthBlock {
  std::optional<std::int64_t> turns;
  std::optional<std::string> condition;
  bool faulty = false;
};

class LengthDecoder {
public:
  LengthDecoder(const Decoding& decoding, MapReader& scenario)
    : decoding_(decoding), scenario_(scenario) {}

  void decode(ScenarioSpec& spec) {
    const auto turns = whole_number(scenario_, "turns", turns_range);
    const auto num_turns = whole_number(scenario_, "num_turns", turns_range);
    const auto block = decode_block();
    if (block.condition)
      spec.end_condition = trim(*block.condition);
    if (turns && num_turns && *turns != *num_turns)
      warn_of_rival(scenario_, "turns", "num_turns");
    const auto first = turns ? turns : num_turns;
    if (first && block.turns && *first != *block.turns)
      warn_of_rival(scenario_, turns ? "turns" : "num_turns",
                    "scenario_length");
    const auto chosen = first ? first : block.turns;
    if (chosen)
      spec.turns = static_cast<std::int32_t>(*chosen);
    else if (!scenario_.has("turns") && !scenario_.has("num_turns")
             && !block.faulty)
      report_no_turns(block);
    if (chosen && *chosen > turns_usual_max)
      warn_of_many(*chosen, turns       ? "turns"
                            : num_turns ? "num_turns"
                                        : "scenario_length");
  }

private:
  LengthBlock decode_block() {
    LengthBlock out;
    const auto* node = scenario_.node("scenario_length");
    if (node == nullptr)
      return out;
    MapReader block{scenario_.document(), *node, "scenario_length", "S",
                    decoding_.findings};
    const auto type = block.one_of("type", {"fixed", "condition"});
    const auto turns = whole_number(block, "turns", turns_range);
    const auto most = whole_number(block, "max_turns", turns_range);
    if (turns && most && *turns != *most)
      warn_of_rival(block, "max_turns", "turns");
    out.turns = most ? most : turns;
    if (type == "condition" && !block.has("condition"))
      needed(block, "condition", "add one, such as `condition: turns >= 3`");
    const auto condition = block.text("condition");
    if (condition && trim(*condition).empty())
      block.error("condition", "S106", "`condition` must not be blank");
    else if (condition && type == "fixed")
      warn_of_no_effect(block, "condition", "`type` is `fixed`")
        .help.emplace_back("write `type: condition`, or remove it");
    else
      out.condition = condition;
    block.finish(Severity::warning);
    out.faulty = node->kind != yaml::Kind::map || (block.has("turns") && !turns)
                 || (block.has("max_turns") && !most);
    return out;
  }

  void report_no_turns(const LengthBlock& block) {
    if (block.condition) {
      auto& finding =
        scenario_.error("scenario_length", "S123",
                        "a scenario that ends by a condition also needs a "
                        "number of turns, in case it never holds");
      finding.help.emplace_back("add a line such as `turns: 20`");
      return;
    }
    scenario_
      .error("", "S108", "the scenario does not say how many turns it has")
      .help.emplace_back("add a line such as `turns: 5`");
  }

  void warn_of_many(std::int64_t turns, std::string_view key) {
    scenario_
      .warning(key, "S306",
               std::to_string(turns)
                 + " turns are many; with a paid model each of them costs")
      .help.emplace_back("`scenario-lab estimate` says how much");
  }

  const Decoding& decoding_;
  MapReader& scenario_;
};

} // namespace

void decode_length(const Decoding& decoding, MapReader& scenario,
                   ScenarioSpec& spec) {
  LengthDecoder{decoding, scenario}.decode(spec);
}

void check_end(const Decoding& decoding, ScenarioSpec& spec) {
  const auto* node = decoding.tree.scenario.find("scenario_length");
  if (spec.end_condition.empty() || node == nullptr)
    return;
  // A condition sees one number of each metric: the world's.
  std::vector<std::string> of_the_world;
  for (const auto& metric : spec.metrics)
    if (!metric.per_participant)
      of_the_world.push_back(metric.name);
  const auto sound = check_condition(spec.end_condition, of_the_world);
  if (sound)
    return;
  MapReader block{decoding.files.scenario, *node, "scenario_length", "S",
                  decoding.findings};
  if (decoding.first_version) {
    // There it was a note for people.
    block
      .warning("condition", "S123",
               "this condition ends nothing, and all turns are played: "
                 + sound.error().context)
      .help.emplace_back("remove it, or write an expression such as "
                         "`turns >= 3`");
    spec.end_condition.clear();
    return;
  }
  auto& finding =
    block.error("condition", "S123",
                "this condition cannot be evaluated: " + sound.error().context);
  finding.help.push_back(
    "compare numbers, as in `"
    + (of_the_world.empty() ? "turns" : condition_name(of_the_world.front()))
    + " >= 3`; join comparisons with `and`, `or`");
  if (of_the_world.empty())
    finding.notes.emplace_back("no metric of the world is measured here");
}

} // namespace lab::scenarios
