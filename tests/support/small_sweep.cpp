#include "tests/support/small_sweep.hpp"

namespace lab::testing {

namespace {

constexpr auto scenario = R"(name: Two Quays
system_prompt: |
  You take part in a short bargaining exercise about two quays.
initial_world_state: |
  Two quays share one crane. It breaks down once a week.
turn_duration: 1 week
turns: 1
actors: [north-quay, south-quay]
enable_bilateral_communication: false
enable_coalition_formation: false
)";

std::string actor(const std::string& id, const std::string& goal) {
  return "name: " + id + "\nshort_name: " + id
         + "\nsystem_prompt: You speak for the " + id + ".\ngoals:\n  - " + goal
         + "\n";
}

constexpr auto metrics = R"(metrics:
  - name: crane_talk
    description: Mentions of the crane
    type: continuous
    range: [0, 1000]
    extraction: {type: keyword, keywords: [crane], scoring: count}
)";

} // namespace

SmallSweep::SmallSweep(const std::string& base_url, const Shape& shape)
  : shape_(shape) {
  folder_.write("scenario-lab.yaml",
                "providers:\n  fake:\n    dialect: " + shape.dialect
                  + "\n    base_url: " + base_url + "\n    max_in_flight: "
                  + std::to_string(shape.max_in_flight)
                  + "\n    models:\n      tiny: {input_usd_per_mtok: \"0.15\", "
                    "output_usd_per_mtok: \"0.60\", context_window: 128000, "
                    "max_output: 4096, tokenizer: byte_level}\n");
  folder_.write("two-quays/scenario.yaml", scenario);
  folder_.write("two-quays/actors/north-quay.yaml",
                actor("north-quay", "Get the crane on Mondays"));
  folder_.write("two-quays/actors/south-quay.yaml",
                actor("south-quay", "Share the cost of a second crane"));
  folder_.write("two-quays/metrics.yaml", metrics);
  write_manifest();
}

void SmallSweep::set_budget(const std::string& usd) {
  shape_.budget_usd = usd;
  write_manifest();
}

void SmallSweep::write_manifest() {
  std::string values;
  for (int i = 1; i <= shape_.points; ++i)
    values += "      - Two quays share crane number " + std::to_string(i)
              + " and quarrel about it.\n";
  folder_.write(
    "sweep.yaml",
    "schema: sweep/1\nname: small\nscenario: two-quays\nset:\n  turns: "
      + std::to_string(shape_.turns)
      + "\n  actors.*.llm_model: fake/tiny\n  world_state_model: fake/tiny\n"
        "factors:\n  opening:\n    path: initial_world_state\n    values:\n"
      + values
      + "design:\n  grid: {factors: [opening]}\n  seed: 7\nreplicates: "
        "{count: "
      + std::to_string(shape_.replicates) + ", seeds: paired}\n"
      + (shape_.budget_usd.empty()
           ? std::string{}
           : "budget: {usd: " + shape_.budget_usd + "}\n")
      + "limits: {runs: " + std::to_string(shape_.runs_in_flight)
      + "}\noutput: {dir: output}\n" + shape_.more);
}

Ended SmallSweep::run(const std::vector<std::string>& words,
                      const Variables& variables) const {
  std::vector<std::string> command{scenario_lab()};
  command.insert(command.end(), words.begin(), words.end());
  command.emplace_back("--json");
  return Process{command, path(), variables}.wait();
}

Ended SmallSweep::sweep(const Variables& variables) const {
  return Process{sweep_command(), path(), variables}.wait();
}

std::vector<std::string> SmallSweep::sweep_command() const {
  return {scenario_lab(), "sweep", "run", "sweep.yaml", "--json"};
}

std::map<std::string, std::string> SmallSweep::artefacts() const {
  return files_in(path() / "output");
}

} // namespace lab::testing
