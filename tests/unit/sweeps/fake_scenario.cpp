#include "tests/unit/sweeps/fake_scenario.hpp"

#include <map>

namespace lab::sweeps {

namespace {

const std::map<std::string, std::string> defaults{
  {"turns", "3"},
  {"params.rule", "none"},
  {"params.start", "calm"},
  {"params.trust", "0.5"},
  {"system_prompt", "Be yourself."},
  {"world_state_model", "sim/persona"},
  {"actors.eu.llm_model", "sim/persona"},
  {"actors.us.llm_model", "sim/persona"},
};

std::string text_of(const yaml::Node& value) {
  return value.kind == yaml::Kind::scalar ? value.scalar
                                          : yaml::canonical(value);
}

ScenarioSpec made_from(const std::map<std::string, std::string>& values) {
  ScenarioSpec spec;
  spec.id = "fake";
  spec.name = "Fake";
  spec.turns = std::stoi(values.at("turns"));
  spec.system_prompt = values.at("system_prompt");
  spec.initial_world_state = "All is quiet.";
  spec.world_state_model = values.at("world_state_model");
  spec.phases = {"decision", "world_update", "metrics", "persistence"};
  for (const std::string id : {"eu", "us"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = id == "eu" ? "Europe" : "America";
    participant.model = values.at("actors." + id + ".llm_model");
    spec.participants.push_back(participant);
  }
  for (const std::string name : {"cooperation", "tension"}) {
    MetricSpec metric;
    metric.name = name;
    spec.metrics.push_back(metric);
  }
  Hasher hasher;
  for (const auto& [path, value] : values)
    hasher.add(path).add(value);
  spec.content = hasher.finish256();
  return spec;
}

} // namespace

Result<ScenarioSpec>
FakeScenario::resolve(const std::vector<Assignment>& assignments,
                      Findings& findings,
                      const yaml::Document* manifest) const {
  ++resolved_;
  auto values = defaults;
  for (const auto& [path, value] : assignments) {
    if (path == ignored)
      continue;
    if (path == "actors.*.llm_model") {
      values["actors.eu.llm_model"] = text_of(value);
      values["actors.us.llm_model"] = text_of(value);
    } else if (values.contains(path)) {
      values[path] = text_of(value);
    } else {
      const std::string message = "no such place: " + path;
      if (manifest != nullptr)
        findings.add(yaml::at(*manifest, value, "S210", message));
      return fail(Errc::invalid_input, message);
    }
  }
  return made_from(values);
}

std::vector<SettablePath> FakeScenario::paths() const {
  std::vector<SettablePath> all;
  for (const auto& [path, value] : defaults)
    all.push_back({path, "text", value, folder_ + "/scenario.yaml", 1});
  return all;
}

std::vector<std::string> lines_of(const Findings& findings) {
  std::vector<std::string> lines;
  for (const auto& finding : findings.all())
    lines.push_back(finding.code + "@" + std::to_string(finding.line) + ": "
                    + finding.message);
  return lines;
}

} // namespace lab::sweeps
