#include <algorithm>

#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

/// V1's default for the world, and a hosted model: money.
constexpr std::string_view legacy_world_model = "openai/gpt-4o-mini";

void offer_models(Diagnostic& finding) {
  finding.help.emplace_back("to try this scenario without any model server: "
                            "add --model sim/persona");
  finding.help.emplace_back(
    "or name a model in the file, such as ollama/llama3.1:8b");
}

bool is_any_hosted(const ScenarioSpec& spec) {
  return std::any_of(
    spec.participants.begin(), spec.participants.end(),
    [](const ParticipantSpec& p) { return is_hosted(p.model); });
}

/// Whether somebody must have a model: a person's place may be taken by one.
bool needs_model(const ParticipantSpec& participant) {
  return participant.control == Control::ai
         || (participant.control == Control::human
             && participant.on_timeout == OnTimeout::ai
             && participant.deadline_s > 0);
}

} // namespace

bool is_hosted(const std::string& model) {
  const auto provider = model.substr(0, model.find('/'));
  return !model.empty() && provider != "sim" && provider != "ollama"
         && provider != "local";
}

void warn_if_alone(MapReader& reader, std::string_view key,
                   const std::string& model, const ScenarioSpec& spec) {
  if (!is_hosted(model) || is_hosted(spec.world_state_model)
      || is_any_hosted(spec))
    return;
  reader
    .warning(key, "S313",
             model
               + " costs money, and everything else here is played by "
                 "simulated or local models")
    .help.push_back("name one of those, such as " + spec.world_state_model);
}

void decode_models(const Decoding& decoding, ScenarioSpec& spec) {
  for (const auto& participant : spec.participants) {
    const auto& actor = decoding.tree.actors.at(participant.id);
    // A model id that could not be read was reported where it stands.
    const auto names = [&actor](std::string_view key) {
      const auto* node = actor.find(key);
      return node != nullptr && node->kind != Kind::null;
    };
    if (!needs_model(participant) || !participant.model.empty()
        || names("llm_model") || names("model"))
      continue;
    auto finding =
      yaml::at(decoding.files.actors.at(participant.id), actor, "P001",
               participant.control == Control::ai
                 ? "no model plays `" + participant.id + "`"
                 : "no model takes the place of `" + participant.id
                     + "` when the deadline has passed");
    finding.path = "actors." + participant.id;
    offer_models(finding);
    decoding.findings.add(std::move(finding));
  }
  if (decoding.tree.scenario.kind != Kind::map)
    return;
  MapReader reader{decoding.files.scenario, decoding.tree.scenario, "", "S",
                   decoding.findings};
  spec.world_state_model = model_id(reader, "world_state_model");
  if (!spec.summary_model.empty())
    warn_if_alone(reader,
                  reader.has("summary_model") ? "summary_model" : "features",
                  spec.summary_model, spec);
  if (!spec.world_state_model.empty() || reader.has("world_state_model"))
    return;
  if (is_any_hosted(spec)) {
    spec.world_state_model = legacy_world_model;
    reader
      .warning("", "S309",
               "no `world_state_model` is given, so "
                 + std::string{legacy_world_model} + " writes the world")
      .help.emplace_back("name the model you want");
    return;
  }
  auto& finding = reader.error("", "P001",
                               "no model writes the world: "
                               "`world_state_model` is missing");
  offer_models(finding);
}

} // namespace lab::scenarios
