// The engine itself: what it adds to the models' latency, how many calls it can
// permit and journal, what a parked run weighs, how fast it resumes.

#include "tools/wiring/engine.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <string>

#include <unistd.h>

#include "bench/bare_client.hpp"
#include "bench/report.hpp"
#include "llm/price_book.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/plan.hpp"
#include "tools/dev/provider_process.hpp"

namespace lab::bench {
namespace {

constexpr auto bench_name = "engine";

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
    .count();
}

/// A folder of its own for each question. All are removed at the program's end
/// and not before: ext4 without a journal looks through the files that were
/// deleted in the last minutes whenever it creates one, which would charge one
/// question for the litter of another.
class Home {
public:
  Home() {
    static const Root root;
    static int number = 0;
    path_ = root.path / std::to_string(++number);
    std::filesystem::create_directory(path_);
  }
  const std::filesystem::path& path() const { return path_; }

private:
  struct Root {
    Root() {
      auto pattern =
        (std::filesystem::temp_directory_path() / "lab-bench-XXXXXX").string();
      path = mkdtemp(pattern.data());
    }
    ~Root() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path path;
  };
  std::filesystem::path path_;
};

/// One participant and the world: two calls a turn, one after the other.
ScenarioSpec dialogue(const std::string& model, std::int32_t turns) {
  ScenarioSpec scenario;
  scenario.id = "bench";
  scenario.name = "Bench";
  scenario.turns = turns;
  scenario.initial_world_state = "A quiet harbour.\n\n- Cooperation level: 4.0";
  scenario.world_state_model = model;
  scenario.phases = {"decision", "world_update", "metrics"};
  ParticipantSpec harbour;
  harbour.id = "harbour";
  harbour.name = "Harbour";
  harbour.model = model;
  harbour.goals = {"Keep the channel open"};
  scenario.participants = {harbour};
  scenario.content = Hasher{}.add("bench").add(model).add(turns).finish256();
  return scenario;
}

/// `count` runs of one scenario, each with a seed of its own.
class Runs : public RunSource {
public:
  Runs(ScenarioSpec scenario, std::int32_t count, std::string output)
    : scenario_(share(std::move(scenario))), count_(count),
      output_(std::move(output)) {}

  std::optional<RunTicket> next() override {
    if (given_ == count_)
      return std::nullopt;
    RunTicket ticket;
    ticket.replicate = ++given_;
    ticket.seed = static_cast<std::uint64_t>(given_);
    ticket.name = "run-" + std::to_string(given_);
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
    spec.output = output_ + "/" + ticket.name;
    spec.scenario = scenario_;
    return spec;
  }

private:
  Shared<ScenarioSpec> scenario_;
  std::int32_t count_;
  std::int32_t given_ = 0;
  std::string output_;
};

struct Measured {
  SweepOutcome outcome;
  CallCounts calls;
  double open_seconds = 0;
  double seconds = 0; // of the job alone
};

std::unique_ptr<tools::Engine>
open_engine(const Home& home, std::vector<llm::ProviderSettings> providers) {
  tools::EngineSettings settings;
  settings.home = home.path() / "lab";
  settings.providers = std::move(providers);
  auto engine = tools::Engine::open(settings);
  if (!engine) {
    std::fprintf(stderr, "%s\n", to_string(engine.error()).c_str());
    std::exit(1);
  }
  return std::move(*engine);
}

Measured run_job(const Home& home, const ScenarioSpec& scenario,
                 std::int32_t runs, std::int32_t in_flight,
                 std::vector<llm::ProviderSettings> providers) {
  Measured measured;
  const auto opening = std::chrono::steady_clock::now();
  const auto engine = open_engine(home, std::move(providers));
  measured.open_seconds = seconds_since(opening);
  tools::Job job;
  job.runs = std::make_unique<Runs>(scenario, runs, home.path() / "output");
  job.counts.planned = runs;
  job.runs_in_flight = in_flight;
  job.account = {AccountKind::global, ""};
  const auto start = std::chrono::steady_clock::now();
  measured.outcome = engine->execute(std::move(job));
  measured.seconds = seconds_since(start);
  measured.calls = engine->snapshot().calls;
  if (measured.outcome.runs.completed != runs) {
    std::fprintf(stderr, "only %lld of %d runs completed: %s\n",
                 static_cast<long long>(measured.outcome.runs.completed), runs,
                 measured.outcome.reason.c_str());
    std::exit(1);
  }
  return measured;
}

std::vector<llm::ProviderSettings> sim_with_slots(std::int64_t slots) {
  auto sim = *llm::builtin_provider(
    "sim", [](const char*) { return std::optional<std::string>{}; });
  sim.max_in_flight = slots;
  return {sim};
}

/// Call number `n`: a prompt of 2 KB, in a run of its own.
IssueCall single_call(const std::string& model, std::int64_t n) {
  IssueCall call;
  call.owner.run = RunId{static_cast<std::uint64_t>(n)};
  call.owner.user = "bench";
  call.owner.scope = Hasher{}.add(n).finish128();
  call.place = {1, "decision", "harbour", 0};
  call.request.model = model;
  call.request.messages = {{ChatRole::user, std::string(2000, 'x')}};
  call.request.output_cap = 200;
  call.request.seed = static_cast<std::uint64_t>(n);
  return call;
}

/// Asks GATEWAY for call after call, so many at a time.
struct AskerState {
  void ask() {
    if (asked == calls)
      return;
    self->request(gateway, caf::infinite, single_call(model, ++asked))
      .then([this](const CallAnswer&) { on_answer(true); },
            [this](caf::error&) { on_answer(false); });
  }
  void on_answer(bool good) {
    answered += good ? 1 : 0;
    failed += good ? 0 : 1;
    if (answered + failed == calls)
      done.set_value(failed);
    else
      ask();
  }

  caf::event_based_actor* self = nullptr;
  GatewayActor gateway;
  std::string model;
  std::int64_t calls = 0;
  std::int64_t asked = 0;
  std::int64_t answered = 0;
  std::int64_t failed = 0;
  std::promise<std::int64_t> done;
};

/// Calls a second through GATEWAY, CREDIT LIMIT, JOURNAL, LANE and PROJECTOR's
/// tables: each permitted, sent and journalled, without a scenario around it.
double calls_per_second(tools::Engine& engine, const std::string& model,
                        std::int64_t calls, std::int64_t at_a_time) {
  auto state = std::make_shared<AskerState>();
  state->gateway = engine.gateway();
  state->model = model;
  state->calls = calls;
  auto done = state->done.get_future();
  const auto start = std::chrono::steady_clock::now();
  auto& system = state->gateway->home_system();
  system.spawn(
    [state](caf::event_based_actor* self, std::int64_t at_once) {
      state->self = self;
      for (std::int64_t i = 0; i < at_once; ++i)
        state->ask();
    },
    at_a_time);
  if (const auto failed = done.get(); failed > 0) {
    std::fprintf(stderr, "%lld calls failed\n", static_cast<long long>(failed));
    std::exit(1);
  }
  const auto seconds = seconds_since(start);
  state->gateway = GatewayActor{};
  return static_cast<double>(calls) / seconds;
}

/// How much longer than a perfect scheduler, for the latencies that were seen.
/// With a constant latency all runs ask at the same instants, again and again,
/// and each waits for all the others' work: the worst case. Real models differ
/// from call to call, as a jitter does.
/// @param jitter  sigma of the log-normal latency
/// @param aim_percent  0: no aim, for comparison
void overhead(std::int64_t slots, int latency_ms, std::int32_t turns,
              double aim_percent, double jitter = 0) {
  const Home home;
  const auto runs = static_cast<std::int32_t>(slots);
  const auto measured =
    run_job(home,
            dialogue("sim/persona?latency_ms=" + std::to_string(latency_ms)
                       + "&jitter=" + std::to_string(jitter),
                     turns),
            runs, runs, sim_with_slots(slots));
  const auto ideal = std::max(static_cast<double>(measured.outcome.critical_us),
                              static_cast<double>(measured.outcome.model_us)
                                / static_cast<double>(slots))
                     / 1e6;
  const auto percent = 100.0 * (measured.seconds / ideal - 1.0);
  Figure figure;
  figure.what = "overhead over ideal, " + std::to_string(latency_ms)
                + " ms latency" + (jitter > 0 ? " with jitter" : "") + ", "
                + std::to_string(slots) + " slots";
  figure.value = percent;
  figure.unit = "%";
  if (aim_percent > 0) {
    figure.aim = "under " + std::to_string(static_cast<int>(aim_percent));
    figure.met = percent < aim_percent;
  }
  report(bench_name, figure);
}

void throughput_and_resume() {
  constexpr std::int64_t at_a_time = 1'000;
  {
    const Home home;
    const auto engine = open_engine(home, sim_with_slots(at_a_time));
    const auto rate =
      calls_per_second(*engine, "sim/persona", 100'000, at_a_time);
    report(bench_name,
           {"permitted and journalled calls, in-process model, no latency",
            rate, "calls/s", "at least 10,000", rate >= 10'000});
  }
  const Home home;
  constexpr std::int32_t runs = 500;
  constexpr std::int32_t turns = 100; // 2 calls each: 100,000 calls
  const auto scenario = dialogue("sim/persona", turns);
  const auto bought = run_job(home, scenario, runs, 500, sim_with_slots(256));
  report(bench_name,
         {"calls of whole runs, in-process model, no latency: prompts, replies "
          "read, turns, tables and files included",
          static_cast<double>(bought.calls.sent) / bought.seconds, "calls/s",
          "", std::nullopt});
  const auto resumed = run_job(home, scenario, runs, 500, sim_with_slots(256));
  const auto total = resumed.open_seconds + resumed.seconds;
  report(bench_name, {"resume of " + std::to_string(bought.calls.sent)
                        + " journalled calls",
                      total, "s", "under 5", total < 5.0});
  report(bench_name, {"calls repeated by that resume",
                      static_cast<double>(resumed.calls.sent), "calls", "0",
                      resumed.calls.sent == 0});
}

void loopback() {
  const Home home;
  constexpr std::int64_t connections = 100;
  constexpr std::int64_t calls = 40'000;
  auto started =
    tools::ProviderProcess::start(std::string{LAB_BIN_DIR} + "/fake_provider",
                                  {"--dialect", "openai", "--fsync", "off"});
  if (!started) {
    std::fprintf(stderr, "%s\n", to_string(started.error()).c_str());
    std::exit(1);
  }
  const auto server = std::move(*started);
  const auto bare = run_bare_client(
    server.port(), connections, calls,
    R"({"model":"tiny","max_tokens":200,"messages":[{"role":"user","content":")"
      + std::string(2000, 'x') + R"("}]})");
  report(bench_name, {"bare keep-alive client, 100 connections",
                      bare.per_second(), "calls/s", "", std::nullopt});
  llm::ProviderSettings settings;
  settings.name = "fake";
  settings.dialect = llm::Dialect::openai;
  settings.base_url =
    "http://127.0.0.1:" + std::to_string(server.port()) + "/v1";
  settings.max_in_flight = connections;
  settings.local = true;
  PriceRow row;
  row.model = "fake/tiny";
  row.input = Money{150'000};
  row.output = Money{600'000};
  row.context_window = 128'000;
  row.max_output = 4096;
  row.tokenizer = Tokenizer::byte_level;
  row.source = "bench";
  settings.models["tiny"] = row;
  const auto engine = open_engine(home, {settings});
  const auto rate = calls_per_second(*engine, "fake/tiny", calls, connections);
  report(bench_name, {"permitted and journalled calls over loopback HTTP", rate,
                      "calls/s", "at least 6,000", rate >= 6'000});
  const auto share = rate / bare.per_second();
  report(bench_name, {"the same as a share of the bare client", share, "ratio",
                      "at least 0.5", share >= 0.5});
}

double resident_kib() {
  std::ifstream in{"/proc/self/statm"};
  double total = 0;
  double resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024.0;
}

void parked_runs() {
  const Home home;
  const auto manifest_path = home.path() / "parked.yaml";
  std::ofstream{manifest_path}
    << "schema: sweep/1\nname: parked\nscenario: "
    << std::filesystem::absolute("scenarios/river-compact").string()
    << "\nfactors:\n  turns: {path: turns, range: [1, 100], step: "
       "1}\ndesign:\n  grid: {factors: [turns]}\n  seed: 1\n"
       "replicates: {count: 100, seeds: paired}\n";
  Findings findings;
  auto manifest = sweeps::load_manifest(manifest_path, findings);
  auto scenario = scenarios::open_scenario("scenarios/river-compact", findings);
  if (!manifest || !scenario) {
    std::fprintf(stderr, "%s", render(findings).c_str());
    std::exit(1);
  }
  const auto before = resident_kib();
  auto plan = sweeps::make_plan(std::move(*manifest), **scenario, {}, findings);
  if (!plan) {
    std::fprintf(stderr, "%s", render(findings).c_str());
    std::exit(1);
  }
  const auto source = (*plan)->missing({});
  const auto each =
    (resident_kib() - before) / static_cast<double>((*plan)->tickets().size());
  report(bench_name,
         {"memory of each of " + std::to_string((*plan)->tickets().size())
            + " parked runs",
          each, "KiB", "under 20", each < 20.0});
}

/// Median seconds of a command's start and end.
double start_up(const std::string& command) {
  std::vector<double> times;
  for (int i = 0; i < 15; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) {
      std::fprintf(stderr, "failed: %s\n", command.c_str());
      std::exit(1);
    }
    times.push_back(seconds_since(start));
  }
  std::ranges::nth_element(times, times.begin() + times.size() / 2);
  return times[times.size() / 2];
}

void start_ups() {
  const std::string program = std::string{LAB_BIN_DIR} + "/scenario-lab ";
  const auto shell = start_up("true") * 1e3;
  report(bench_name,
         {"start-up of an empty command", shell, "ms", "", std::nullopt});
  for (const std::string command :
       {"--help", "validate scenarios/river-compact",
        "estimate scenarios/river-compact",
        "estimate scenarios/grid-transition"}) {
    const auto ms = start_up(program + command) * 1e3 - shell;
    report(bench_name, {"start-up, scenario-lab " + command, ms, "ms",
                        "under 50", ms < 50.0});
  }
}

} // namespace
} // namespace lab::bench

/// All questions, or those named on the command line.
int main(int argc, char** argv) {
  const std::vector<std::pair<std::string, void (*)()>> questions{
    {"overhead-256", [] { lab::bench::overhead(256, 500, 6, 2.0); }},
    {"overhead-256-jitter", [] { lab::bench::overhead(256, 500, 6, 0, 0.2); }},
    {"overhead-1000", [] { lab::bench::overhead(1000, 200, 10, 5.0); }},
    {"overhead-1000-jitter",
     [] { lab::bench::overhead(1000, 200, 10, 0, 0.2); }},
    {"throughput", lab::bench::throughput_and_resume},
    {"loopback", lab::bench::loopback},
    {"parked", lab::bench::parked_runs},
    {"start-up", lab::bench::start_ups},
  };
  const std::set<std::string> wanted{argv + 1, argv + argc};
  for (const auto& [name, measure] : questions)
    if (wanted.empty() || wanted.contains(name))
      measure();
}
