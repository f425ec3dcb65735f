#include <random>

#include "tests/unit/llm/gateway_fixture.hpp"

namespace lab::llm::testing {
namespace {

using namespace std::chrono_literals;

/// Whatever happens in whatever order: every call is answered once, no money
/// and no slot is left behind, the limit holds, nothing is paid twice.
class GatewayWalk : public GatewayTest,
                    public ::testing::WithParamInterface<unsigned> {};

TEST_P(GatewayWalk, EveryCallIsAnsweredAndNothingIsLeftBehind) {
  std::mt19937 chance{GetParam()};
  const auto below = [&](std::uint64_t n) {
    return static_cast<unsigned>(chance() % n);
  };
  const auto limit = Money{worst().usd.pico_usd * (3 + below(40))};
  LimitSet global;
  global.account = {AccountKind::global, ""};
  global.limit.usd = limit;
  ASSERT_TRUE(ask<Done>(credit, SetLimits{{global}}));
  std::vector<Answer> answers;
  const auto step = [&] {
    if (scheduler.jobs.empty())
      return;
    std::swap(
      scheduler.jobs.front(),
      scheduler.jobs[below(static_cast<unsigned>(scheduler.jobs.size()))]);
    scheduler.run_once();
  };

  for (int i = 0; i < 300; ++i) {
    lane->slots_held = below(3) == 0;
    lane->sends_held = below(3) != 0;
    journal->held = below(4) == 0;
    if (lane->outcomes.size() < 3) {
      const CallOutcome choices[] = {good_outcome(), rejected, rate_limited,
                                     lost, lost_for_good};
      lane->outcomes.push_back(choices[below(5)]);
    }
    switch (below(8)) {
    case 0:
    case 1:
    case 2:
      answers.push_back(ask_later<CallAnswer>(
        gateway, call_of(1 + below(4), static_cast<std::int32_t>(below(12)))));
      break;
    case 3:
      caf::anon_send(lane_actor, caf::flush_atom_v);
      break;
    case 4:
      caf::anon_send(journal_actor, caf::flush_atom_v);
      break;
    case 5:
      if (below(4) == 0)
        caf::anon_send(gateway, CancelRun{RunId{1 + below(4)}});
      break;
    case 6:
      clock->advance(1s);
      scheduler.clock().advance_time(1s);
      break;
    default:
      break;
    }
    for (auto n = below(12); n > 0; --n)
      step();
    const auto balance = ledger->balance(global.account);
    ASSERT_LE(balance.committed().usd, limit);
  }
  lane->slots_held = lane->sends_held = journal->held = false;
  for (int i = 0; i < 50; ++i) {
    flush_journal();
    flush_lane();
    clock->advance(1s);
    advance(1s);
  }

  for (const auto& answer : answers)
    EXPECT_TRUE(answer.came());
  expect_clean();
  EXPECT_EQ(counts().in_flight, 0);
  std::map<ShareKey, int> paid;
  std::map<AttemptId, CallReserved> reserved;
  for (const auto& fact : journal->all<CallReserved>())
    EXPECT_TRUE(reserved.emplace(fact.attempt, fact).second);
  for (const auto& end : journal->all<CallResolved>())
    if (end.resolution == Resolution::settled) {
      const auto& start = reserved.at(end.attempt);
      const int times =
        ++paid[share_key_of(start.owner.scope, start.place, start.fingerprint)];
      EXPECT_EQ(times, 1) << to_string(start.place);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, GatewayWalk, ::testing::Range(0U, 100U));

} // namespace
} // namespace lab::llm::testing
