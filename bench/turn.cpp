// One turn of five participants: does it take as long as its longest chain of
// calls, or as long as all calls one after the other?

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "actors/phase_factory.hpp"
#include "bench/report.hpp"
#include "llm/price_book.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::bench {
namespace {

constexpr auto bench_name = "turn";
constexpr auto model = "sim/persona?latency_ms=200";
constexpr int participants = 5;
constexpr std::int32_t turns = 5;

/// Whether this build's engine plays the phase: the second name is refused by
/// every build, so the error tells which of the two is unknown.
bool is_playable(const std::string& phase) {
  ScenarioSpec scenario;
  scenario.phases = {phase, "nowhere"};
  RunSpec spec;
  spec.scenario = share(std::move(scenario));
  const auto phases =
    actors::make_phase_factory({})(nullptr, share(std::move(spec)));
  return !phases
         && phases.error().context.find("unknown phase '" + phase + "'")
              == std::string::npos;
}

MetricSpec metric(const std::string& name, bool per_participant) {
  MetricSpec made;
  made.name = name;
  made.extraction = Extraction::llm;
  made.per_participant = per_participant;
  made.range = {{0, 10}};
  made.prompt = "How much " + name + " is in the text?";
  made.model = model;
  return made;
}

/// Everything that a turn may ask.
ScenarioSpec council() {
  ScenarioSpec scenario;
  scenario.id = "council";
  scenario.name = "Council";
  scenario.turns = turns;
  scenario.context_window_size = 2;
  scenario.initial_world_state = "Five towns share one well.";
  scenario.world_state_model = model;
  scenario.talks_per_turn = 1;
  scenario.coalitions = true;
  for (int i = 1; i <= participants; ++i) {
    ParticipantSpec town;
    town.id = "town" + std::to_string(i);
    town.name = "Town " + std::to_string(i);
    town.model = model;
    town.goals = {"Keep the well full"};
    scenario.participants.push_back(town);
  }
  scenario.metrics = {metric("trust", false), metric("resolve", true)};
  scenario.validation.emplace();
  scenario.validation->model = model;
  for (const auto kind :
       {CheckKind::decision_consistency, CheckKind::world_coherence,
        CheckKind::information_access})
    scenario.validation->checks.emplace_back().kind = kind;
  for (const auto* phase : {"summary", "communication", "coalition", "decision",
                            "world_update", "metrics", "validation"})
    if (is_playable(phase))
      scenario.phases.emplace_back(phase);
  scenario.content = Hasher{}.add("council").add(turns).finish256();
  return scenario;
}

/// One run.
class OneRun : public RunSource {
public:
  OneRun(ScenarioSpec scenario, std::string output)
    : scenario_(share(std::move(scenario))), output_(std::move(output)) {}

  std::optional<RunTicket> next() override {
    if (std::exchange(given_, true))
      return std::nullopt;
    RunTicket ticket;
    ticket.name = "run";
    ticket.seed = 1;
    ticket.run = run_id_of(scenario_->content, ticket.seed);
    return ticket;
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    RunSpec spec;
    spec.id = ticket.run;
    spec.name = ticket.name;
    spec.seed = ticket.seed;
    spec.user = "bench";
    spec.simulated = true;
    spec.scope =
      Hasher{}.add(static_cast<std::int64_t>(ticket.run.value)).finish128();
    spec.output = output_;
    spec.scenario = scenario_;
    return spec;
  }

private:
  Shared<ScenarioSpec> scenario_;
  std::string output_;
  bool given_ = false;
};

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + name;
  return out;
}

void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

void critical_path() {
  auto pattern =
    (std::filesystem::temp_directory_path() / "lab-bench-XXXXXX").string();
  const std::filesystem::path home{mkdtemp(pattern.data())};
  const auto scenario = council();
  SweepOutcome outcome;
  double wall = 0;
  {
    tools::EngineSettings settings;
    settings.home = home / "lab";
    settings.providers = llm::builtin_providers(
      [](const char*) { return std::optional<std::string>{}; });
    auto engine = tools::Engine::open(settings);
    if (!engine)
      fail(to_string(engine.error()));
    tools::Job job;
    job.runs = std::make_unique<OneRun>(scenario, home / "output");
    job.counts.planned = 1;
    job.account = {AccountKind::global, ""};
    const auto start = std::chrono::steady_clock::now();
    outcome = (*engine)->execute(std::move(job));
    wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
        .count();
  }
  std::error_code ignored;
  std::filesystem::remove_all(home, ignored);
  if (outcome.runs.completed != 1)
    fail("the run did not complete: " + outcome.reason);
  const auto critical = static_cast<double>(outcome.critical_us) / 1e6;
  const auto sum = static_cast<double>(outcome.model_us) / 1e6;
  const auto subject =
    std::to_string(turns) + " turns of " + std::to_string(participants)
    + " participants, 200 ms latency (" + joined(scenario.phases) + ")";
  report(bench_name,
         {subject + ", wall time over the longest chain of calls",
          wall / critical, "ratio", "under 1.05", wall / critical < 1.05});
  report(bench_name, {subject + ", wall time over all calls in a row",
                      wall / sum, "ratio", "under 0.5", wall / sum < 0.5});
}

} // namespace
} // namespace lab::bench

int main() { lab::bench::critical_path(); }
