#include <algorithm>
#include <array>
#include <set>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

/// All that this version plays, in the usual order.
const std::vector<std::string> all_phases{
  "events",       "summary", "communication", "coalition",  "decision",
  "world_update", "metrics", "validation",    "persistence"};

bool is_played(const ScenarioSpec& spec, std::string_view phase) {
  const auto players = spec.participants.size();
  if (phase == "events")
    return !spec.events.empty();
  if (phase == "summary")
    return spec.summaries && spec.turns > spec.context_window_size;
  if (phase == "communication")
    return spec.talks_per_turn > 0 && players > 1;
  if (phase == "coalition")
    return spec.coalitions && players > 2;
  if (phase == "validation")
    return spec.validation.has_value();
  return true;
}

class PauseDecoder {
public:
  PauseDecoder(const Decoding& decoding, const ScenarioSpec& spec)
    : decoding_(decoding), spec_(spec),
      scenario_(decoding.files.scenario, decoding.tree.scenario, "", "S",
                decoding.findings) {}

  std::vector<PauseSpec> decode() {
    const auto* list = scenario_.node("pauses");
    if (list == nullptr)
      return {};
    if (list->kind != Kind::list) {
      scenario_
        .error("pauses", "S101",
               "`pauses` must be a list of places, not "
                 + yaml::describe(*list))
        .help.emplace_back("write it like `pauses: [{before: decision, turn: "
                           "3}]`");
      return {};
    }
    for (std::size_t i = 0; i < list->items.size(); ++i)
      decode_one(list->items[i], i);
    return std::move(pauses_);
  }

private:
  void decode_one(const yaml::Node& item, std::size_t index) {
    MapReader pause{scenario_.document(), item,
                    "pauses." + std::to_string(index), "S", decoding_.findings};
    if (item.kind != Kind::map)
      return;
    const auto before = pause.text("before");
    const auto after = pause.text("after");
    const auto turn = whole_number(pause, "turn", {1, turns_max});
    pause.finish(Severity::warning);
    if (pause.has("before") == pause.has("after")) {
      auto& finding =
        pause.error(pause.has("after") ? "after" : "", "S103",
                    "a pause stands either `before` or `after` a phase");
      finding.help.emplace_back("write it like `{before: decision, turn: 3}`; "
                                "without `turn` it is in every turn");
      return;
    }
    if (!before && !after)
      return;
    PauseSpec spec;
    spec.phase = before ? *before : *after;
    spec.before = before.has_value();
    spec.turn = static_cast<std::int32_t>(turn.value_or(0));
    if (check_phase(pause, spec) && check_again(pause, spec))
      pauses_.push_back(std::move(spec));
  }

  bool check_phase(MapReader& pause, const PauseSpec& spec) {
    const auto* key = spec.before ? "before" : "after";
    const auto knows = [&spec](const std::vector<std::string>& phases) {
      return std::find(phases.begin(), phases.end(), spec.phase)
             != phases.end();
    };
    if (knows(spec_.phases)) {
      if (spec.turn > spec_.turns && spec_.turns > 0)
        pause.warning("turn", "S314",
                      "turn " + std::to_string(spec.turn)
                        + " never comes: the scenario has "
                        + std::to_string(spec_.turns) + " turns");
      return true;
    }
    if (knows(all_phases)) {
      warn_of_no_effect(pause, key,
                        "this scenario has no phase `" + spec.phase + "`")
        .notes.push_back("its phases: " + join(spec_.phases, ", "));
      return false;
    }
    auto& finding = pause.error(
      key, "S105", "there is no phase `" + spec.phase + "` to pause at");
    offer_names(finding, spec.phase, spec_.phases, "phases of this scenario");
    return false;
  }

  bool check_again(MapReader& pause, const PauseSpec& spec) {
    const bool again =
      std::any_of(pauses_.begin(), pauses_.end(), [&](const PauseSpec& other) {
        return other.phase == spec.phase && other.before == spec.before
               && other.turn == spec.turn;
      });
    if (again)
      pause
        .error(spec.before ? "before" : "after", "S109",
               "this pause is listed twice")
        .help.emplace_back("remove one of the two");
    return !again;
  }

  const Decoding& decoding_;
  const ScenarioSpec& spec_;
  MapReader scenario_;
  std::vector<PauseSpec> pauses_;
};

} // namespace

void decode_phases(const Decoding& decoding, ScenarioSpec& spec) {
  if (decoding.tree.scenario.kind != Kind::map)
    return;
  MapReader scenario{decoding.files.scenario, decoding.tree.scenario, "", "S",
                     decoding.findings};
  if (scenario.has("phases")) {
    spec.phases = scenario.texts("phases").value_or(std::vector<std::string>{});
    const std::set<std::string> distinct{spec.phases.begin(),
                                         spec.phases.end()};
    const auto* node = scenario.node("phases");
    if (distinct.size() != spec.phases.size())
      scenario.error("phases", "S109", "`phases` names a phase twice");
    else if (node->kind == Kind::list && node->items.empty())
      scenario.error("phases", "S101", "`phases` must name at least one phase");
  } else {
    for (const auto& phase : all_phases)
      if (is_played(spec, phase))
        spec.phases.push_back(phase);
  }
  spec.pauses = PauseDecoder{decoding, spec}.decode();
}

} // namespace lab::scenarios
