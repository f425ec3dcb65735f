#include "tests/property/settled_runs.hpp"

#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "actors/phase_factory.hpp"
#include "llm/price_book.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "storage/queries.hpp"
#include "tests/support/process.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::testing {

namespace {

using sweeps::CallKind;

std::vector<llm::ProviderSettings> providers() {
  return llm::builtin_providers(
    [](const char*) { return std::optional<std::string>{}; });
}

class WantedRuns : public RunSource {
public:
  WantedRuns(const std::vector<Wanted>& wanted, std::string output)
    : output_(std::move(output)) {
    for (const auto& one : wanted) {
      scenarios_.push_back(share(one.scenario));
      seeds_.push_back(one.seed);
    }
  }

  std::optional<RunTicket> next() override {
    if (given_ == seeds_.size())
      return std::nullopt;
    RunTicket ticket;
    ticket.run = id_of(given_);
    ticket.seed = seeds_[given_];
    ticket.name = std::to_string(given_);
    ticket.point_index = static_cast<std::int32_t>(given_);
    ++given_;
    return ticket;
  }

  Result<RunSpec> resolve(const RunTicket& ticket) const override {
    RunSpec spec;
    spec.id = ticket.run;
    spec.name = ticket.name;
    spec.seed = ticket.seed;
    spec.user = "test";
    spec.simulated = true;
    // Nothing is shared: each run pays for all of its calls.
    spec.scope =
      Hasher{}.add(static_cast<std::int64_t>(ticket.run.value)).finish128();
    spec.output = output_ + "/" + ticket.name;
    spec.scenario = scenarios_[static_cast<std::size_t>(ticket.point_index)];
    return spec;
  }

  RunId id_of(std::size_t index) const {
    return run_id_of(scenarios_[index]->content, seeds_[index] * 1000 + index);
  }

private:
  std::vector<Shared<ScenarioSpec>> scenarios_;
  std::vector<std::uint64_t> seeds_;
  std::size_t given_ = 0;
  std::string output_;
};

/// What a call asked, by its place: docs of `Place` name the ordinals.
CallKind kind_of(const std::string& phase, std::int64_t ordinal,
                 std::int64_t participants) {
  const auto question = ordinal / 4;
  if (phase == "summary")
    return CallKind::summary;
  if (phase == "communication")
    return question % (participants + 1) == 0 ? CallKind::talk_offer
                                              : CallKind::talk_answer;
  if (phase == "coalition")
    return question == 0       ? CallKind::coalition_proposal
           : question % 2 == 1 ? CallKind::coalition_answer
                               : CallKind::coalition_word;
  if (phase == "decision")
    return CallKind::decision;
  if (phase == "world_update")
    return CallKind::world_update;
  return phase == "metrics" ? CallKind::metric : CallKind::check;
}

std::int64_t number(const std::optional<std::string>& text) {
  return text ? std::stoll(*text) : 0;
}

SettledRun read_run(storage::Queries& tables, const std::string& id,
                    std::int64_t participants) {
  SettledRun run;
  const auto rows = tables.sql(
    "SELECT phase, actor, ordinal, model, resolution, pico_usd, calls, "
    "tokens, input_tokens, cached_tokens, cache_write_tokens, output_tokens "
    "FROM calls WHERE run = '"
      + id + "' ORDER BY seq",
    1'000'000);
  EXPECT_TRUE(rows) << to_string(rows.error());
  for (const auto& row : rows->rows) {
    const auto phase = row[0].value_or("");
    const auto actor = row[1].value_or("");
    const auto ordinal = number(row[2]);
    const Money usd{number(row[5])};
    run.committed += usd;
    run.attempts += number(row[6]);
    run.tokens += number(row[7]);
    if (row[4] != "settled")
      continue;
    run.settled += usd;
    run.by_participant[actor.empty() ? sweeps::world_name : actor] += usd;
    run.by_phase[phase] += usd;
    auto& sum = run.past.sites[{phase, actor, row[3].value_or("")}];
    ++sum.calls;
    sum.usage.input += number(row[8]);
    sum.usage.cached_input += number(row[9]);
    sum.usage.cache_write += number(row[10]);
    sum.usage.output += number(row[11]);
    auto& use = run.kinds[kind_of(phase, ordinal, participants)];
    if (ordinal % 2 == 1) {
      ++use.repairs;
      continue;
    }
    ++use.calls;
    use.input_tokens += number(row[8]);
    use.output_tokens += number(row[11]);
  }
  const auto talks =
    tables.sql("SELECT COUNT(*) FROM communications WHERE channel = "
               "'coalition' AND run = '"
                 + id + "'",
               1);
  EXPECT_TRUE(talks) << to_string(talks.error());
  run.coalition_messages = number(talks->rows.at(0).at(0));
  return run;
}

} // namespace

std::vector<SettledRun> settle(const std::vector<Wanted>& wanted) {
  const TempFolder folder{TempFolder::On::memory};
  auto runs =
    std::make_unique<WantedRuns>(wanted, (folder.path() / "output").string());
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    ids.push_back(to_string(runs->id_of(i)));
  tools::EngineSettings settings;
  settings.home = (folder.path() / "lab").string();
  settings.providers = providers();
  {
    auto engine = tools::Engine::open(settings);
    EXPECT_TRUE(engine) << to_string(engine.error());
    tools::Job job;
    job.runs = std::move(runs);
    job.counts.planned = static_cast<std::int64_t>(wanted.size());
    job.account = {AccountKind::global, ""};
    const auto outcome = (*engine)->execute(std::move(job));
    EXPECT_EQ(outcome.status, "completed")
      << outcome.reason
      << (outcome.ended.empty() ? "" : " " + outcome.ended[0].reason);
    EXPECT_TRUE((*engine)->flush());
  }
  auto tables = storage::Queries::open(settings.home + "/scenario-lab.db");
  EXPECT_TRUE(tables) << to_string(tables.error());
  std::vector<SettledRun> settled;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    settled.push_back(
      read_run(*tables, ids[i], std::ssize(wanted[i].scenario.participants)));
    settled.back().past.turns = wanted[i].scenario.turns;
  }
  return settled;
}

std::vector<std::string> playable_phases() {
  std::vector<std::string> known;
  for (const std::string name :
       {"events", "summary", "communication", "coalition", "decision",
        "world_update", "metrics", "validation"}) {
    // The second name is refused by every build: which one does it name?
    ScenarioSpec scenario;
    scenario.phases = {name, "nowhere"};
    RunSpec spec;
    spec.scenario = share(std::move(scenario));
    const auto phases =
      actors::make_phase_factory({})(nullptr, share(std::move(spec)));
    if (!phases
        && phases.error().context.find("unknown phase '" + name + "'")
             == std::string::npos)
      known.push_back(name);
  }
  known.emplace_back("persistence");
  return known;
}

Result<PriceRow> builtin_price(const std::string& model) {
  static const llm::PriceBook book{providers()};
  LAB_TRY(auto route, book.route(model));
  return route.price;
}

ScenarioSpec shipped(const std::string& name, const std::string& model) {
  Findings findings;
  const auto source = scenarios::open_scenario(
    std::string{LAB_SOURCE_DIR} + "/scenarios/" + name, findings);
  EXPECT_TRUE(source) << render(findings);
  auto spec = (*source)->resolve({}, findings);
  EXPECT_TRUE(spec) << render(findings);
  spec->world_state_model = model;
  for (auto& participant : spec->participants)
    participant.model = model;
  for (auto& metric : spec->metrics)
    if (!metric.model.empty())
      metric.model = model;
  if (!spec->summary_model.empty())
    spec->summary_model = model;
  if (spec->validation)
    spec->validation->model = model;
  spec->content = Hasher{}.add(name).add(model).finish256();
  return *spec;
}

} // namespace lab::testing
