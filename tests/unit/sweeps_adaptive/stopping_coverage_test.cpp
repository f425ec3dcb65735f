// Ten thousand sweeps that stop as soon as they are precise enough. Looked at
// again and again until it is narrow, a t interval would miss too often.

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"
#include "sweeps/adaptive/controller.hpp"
#include "sweeps/expression/sweep_scopes.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"

namespace lab::sweeps {
namespace {

constexpr std::int32_t runs_planned = 200;
constexpr double confidence = 0.95;

/// One point, one run a block.
class Runs final : public Tickets {
public:
  std::optional<RunTicket> next() override {
    if (given_ == runs_planned)
      return std::nullopt;
    RunTicket ticket;
    ticket.replicate = ++given_;
    ticket.run = RunId{static_cast<std::uint64_t>(given_)};
    ticket.seed = static_cast<std::uint64_t>(given_);
    return ticket;
  }
  Result<RunTicket> another(std::int32_t, std::int32_t) override {
    return fail(Errc::internal, "no more runs in this test");
  }

private:
  std::int32_t given_ = 0;
};

struct Law {
  const char* name;
  double mean;
  std::optional<statistics::Interval> range;
  double half_width;
  std::int64_t sweeps;
  double (*draw)(const Seed&);
};

double normal(const Seed& seed) {
  return std::sqrt(-2 * std::log1p(-seed.unit(0)))
         * std::cos(2 * std::numbers::pi * seed.unit(1));
}

/// Skewed, on 0 to 10.
double squared(const Seed& seed) { return 10 * std::pow(seed.unit(0), 2); }

struct Tally {
  std::int64_t covered = 0;
  std::int64_t stopped = 0;
  std::int64_t saved = 0;
};

void play(const Law& law, const Expression& rule, const Seed& world,
          Tally& tally) {
  AdaptiveRules rules;
  rules.forecast.runs_planned = runs_planned;
  rules.metrics.kinds["y"].range = law.range;
  rules.stop = {{rule, StopAction::finish, "precise enough", {}}};
  Runs tickets;
  Controller controller{std::move(rules), tickets, {}};
  std::vector<double> values;
  while (const auto ticket = controller.next()) {
    const auto y = law.draw(world.child(ticket->replicate));
    values.push_back(y);
    EndedRun run;
    run.outcome.run = ticket->run;
    run.outcome.status = RunStatus::completed;
    run.metrics = {{"y", y}};
    controller.ended(run);
  }
  statistics::SequentialOptions options;
  options.confidence = confidence;
  const auto known = statistics::sequential_mean(
    values, statistics::MetricKind{law.range, false}, options);
  tally.covered += known.interval.contains(law.mean) ? 1 : 0;
  if (const auto& stop = controller.stop()) {
    ++tally.stopped;
    tally.saved += stop->runs_saved;
    EXPECT_LE(known.half_width, law.half_width);
  }
}

class StoppingCoverage : public ::testing::TestWithParam<Law> {};

TEST_P(StoppingCoverage, HoldsWhereTheRuleStopped) {
  const auto& law = GetParam();
  const auto rule = Expression::parse("ci_halfwidth(y, 0.95) <= "
                                        + std::to_string(law.half_width),
                                      stop_scope(), {Type::truth, {}});
  ASSERT_TRUE(rule);
  Tally tally;
  for (std::int64_t i = 0; i < law.sweeps; ++i)
    play(law, *rule, Seed{17}.child(i), tally);

  const auto n = static_cast<double>(law.sweeps);
  const auto slack = 3 * std::sqrt(confidence * (1 - confidence) / n);
  EXPECT_GE(static_cast<double>(tally.covered) / n, confidence - slack);
  EXPECT_GT(static_cast<double>(tally.stopped) / n, 0.9)
    << "a rule that never stops covers anything";
  EXPECT_GT(tally.saved, 0);
  RecordProperty("coverage", std::to_string(tally.covered / n));
  RecordProperty("runs_saved", std::to_string(tally.saved / n));
}

INSTANTIATE_TEST_SUITE_P(
  Laws, StoppingCoverage,
  ::testing::Values(Law{"normal", 0, std::nullopt, 0.4, 10'000, normal},
                    Law{"skewed", 10.0 / 3, statistics::Interval{0, 10}, 1.2,
                        400, squared}),
  [](const auto& given) { return std::string{given.param.name}; });

} // namespace
} // namespace lab::sweeps
