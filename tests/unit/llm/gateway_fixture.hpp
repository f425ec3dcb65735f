#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "llm/gateway.hpp"
#include "llm/outcome.hpp"
#include "runtime/credit/credit_limit.hpp"
#include "runtime/credit/pricing.hpp"
#include "tests/support/lab_test.hpp"
#include "tests/unit/llm/calls.hpp"

namespace lab::llm::testing {

using Answer = lab::testing::Answer<CallAnswer>;

// --- The actors around GATEWAY: CREDIT LIMIT is the real one ----------------

/// JOURNAL keeps everything in memory; `held` commits wait for a flush.
struct Journal {
  std::vector<Fact> facts;
  std::map<AttemptId, Reply> replies;
  bool held = false;
  bool broken = false;
  bool unreadable = false;

  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& fact : facts)
      if (const auto* one = std::get_if<T>(&fact))
        found.push_back(*one);
    return found;
  }
};

using JournalImpl = JournalActor::extend<caf::reacts_to<caf::flush_atom>>;

struct JournalState {
  std::vector<caf::typed_response_promise<Committed>> waiting;
};

inline JournalImpl::behavior_type
fake_journal(JournalImpl::stateful_pointer<JournalState> self,
             std::shared_ptr<Journal> journal) {
  harden(self);
  return {
    [=](CommitFacts& m) -> caf::result<Committed> {
      if (journal->broken)
        return to_caf({Errc::disk_failed, "full"});
      for (auto& fact : m.facts)
        journal->facts.push_back(std::move(fact));
      for (auto& stored : m.replies)
        journal->replies[stored.attempt] = std::move(stored.reply);
      if (!journal->held)
        return Committed{};
      self->state.waiting.push_back(self->make_response_promise<Committed>());
      return self->state.waiting.back();
    },
    [=](const ReadReply& m) -> caf::result<StoredReply> {
      const auto reply = journal->replies.find(m.attempt);
      if (journal->unreadable || reply == journal->replies.end())
        return to_caf({Errc::not_found, to_string(m.attempt)});
      return StoredReply{m.attempt, reply->second};
    },
    [=](caf::flush_atom) {
      for (auto& promise : std::exchange(self->state.waiting, {}))
        promise.deliver(Committed{});
    },
  };
}

/// LANE: answers at once, or when flushed; ends attempts by script.
struct LaneScript {
  std::deque<CallOutcome> outcomes; // empty: a good reply
  bool slots_held = false;
  bool sends_held = false;
  std::optional<Error> refuses;
  std::vector<AcquireSlot> acquired;
  std::vector<AttemptId> released;
  std::vector<AttemptId> sent;
  std::vector<std::uint64_t> seeds; // of the requests sent
  std::size_t slots_out = 0;        // granted, neither released nor ended
};

using LaneImpl = LaneActor::extend<caf::reacts_to<caf::flush_atom>>;

inline CallOutcome good_outcome(std::string text = "I agree.") {
  CallOutcome outcome;
  outcome.resolution = Resolution::settled;
  outcome.reason = reason::ok;
  outcome.usage = Usage{50, 0, 0, 20};
  outcome.reply =
    Reply{std::move(text), FinishReason::stop, "tiny", outcome.usage};
  outcome.bill = Money{9'000};
  outcome.latency_us = 1'234'567;
  return outcome;
}

inline CallOutcome failed_outcome(Resolution resolution, std::string_view why,
                                  Errc code, bool retry,
                                  std::int64_t retry_after_ms = 0) {
  CallOutcome outcome;
  outcome.resolution = resolution;
  outcome.reason = why;
  outcome.error = {code, "as the test has it"};
  outcome.retry = retry;
  outcome.retry_after_ms = retry_after_ms;
  return outcome;
}

inline const auto rejected = failed_outcome(
  Resolution::voided, reason::rejected, Errc::provider_refused, false);
inline const auto rate_limited = failed_outcome(
  Resolution::voided, reason::rate_limited, Errc::provider_overloaded, true);
inline const auto lost = failed_outcome(
  Resolution::unknown, reason::connection_lost, Errc::provider_failed, true);
inline const auto lost_for_good = failed_outcome(
  Resolution::unknown, reason::reply_oversize, Errc::provider_failed, false);

struct LaneStateForTest {
  std::map<AttemptId, caf::typed_response_promise<Done>> wanting;
  std::map<AttemptId, caf::typed_response_promise<CallOutcome>> on_wire;
};

inline LaneImpl::behavior_type
fake_lane(LaneImpl::stateful_pointer<LaneStateForTest> self,
          std::shared_ptr<LaneScript> script,
          std::shared_ptr<PermitRegister> permits) {
  harden(self);
  const auto next_outcome = [=] {
    if (script->outcomes.empty())
      return good_outcome();
    auto outcome = std::move(script->outcomes.front());
    script->outcomes.pop_front();
    return outcome;
  };
  return {
    [=](const AcquireSlot& m) -> caf::result<Done> {
      script->acquired.push_back(m);
      if (script->refuses)
        return to_caf(*script->refuses);
      if (!script->slots_held) {
        ++script->slots_out;
        return Done{};
      }
      auto promise = self->make_response_promise<Done>();
      self->state.wanting.emplace(m.attempt, promise);
      return promise;
    },
    [=](const ReleaseSlot& m) {
      script->released.push_back(m.attempt);
      if (auto wanting = self->state.wanting.extract(m.attempt))
        wanting.mapped().deliver(to_caf({Errc::cancelled, "released"}));
      else
        --script->slots_out;
    },
    [=](const SendCall& m) -> caf::result<CallOutcome> {
      EXPECT_TRUE(permits->redeem(m.permit)) << "sent without a valid permit";
      script->sent.push_back(m.permit.attempt());
      script->seeds.push_back(m.request.seed);
      if (!script->sends_held) {
        --script->slots_out;
        return next_outcome();
      }
      auto promise = self->make_response_promise<CallOutcome>();
      self->state.on_wire.emplace(m.permit.attempt(), promise);
      return promise;
    },
    [](const AbortCall&) {},
    [](const IdentifyModel& m) {
      return ModelIdentity{"digest of " + m.model};
    },
    [](const GetLaneStatus&) { return LaneStatus{}; },
    [=](caf::flush_atom) {
      for (auto& [attempt, promise] : std::exchange(self->state.wanting, {})) {
        ++script->slots_out;
        promise.deliver(Done{});
      }
      for (auto& [attempt, promise] : std::exchange(self->state.on_wire, {})) {
        --script->slots_out;
        promise.deliver(next_outcome());
      }
    },
  };
}

inline EventHubActor::behavior_type
fake_hub(EventHubActor::pointer self,
         std::shared_ptr<std::vector<Event>> seen) {
  harden(self);
  return {
    [seen](const Event& m) { seen->push_back(m); },
    [](const Subscribe&) {},
  };
}

inline std::shared_ptr<const PriceBook> price_book() {
  ProviderSettings provider;
  provider.name = "fake";
  provider.base_url = "http://127.0.0.1:1/v1";
  PriceRow row;
  row.input = Money{100};
  row.output = Money{200};
  row.context_window = 4'000;
  row.max_output = 1'000;
  row.tokenizer = Tokenizer::byte_level;
  provider.models["tiny"] = row;
  return std::make_shared<PriceBook>(
    std::vector<ProviderSettings>{std::move(provider)});
}

class GatewayTest : public lab::testing::LabTest {
protected:
  void SetUp() override { start(); }

  void start() {
    hub = spawn(fake_hub, events);
    journal_actor = spawn(fake_journal, journal);
    credit =
      spawn(runtime::credit_limit,
            runtime::CreditLimitParts{ledger, journal_actor, hub, clock});
    lane_actor = spawn(fake_lane, lane, permits);
    GatewayParts parts{
      journal_actor, credit, {{"fake", lane_actor}}, hub, prices, index, clock};
    gateway = spawn(llm::gateway, parts);
    run();
  }

  Answer issue(IssueCall call) {
    auto answer = ask_later<CallAnswer>(gateway, std::move(call));
    run();
    return answer;
  }
  void flush_journal() { tell(journal_actor, caf::flush_atom_v); }
  void flush_lane() { tell(lane_actor, caf::flush_atom_v); }
  void cancel(std::uint64_t run_id) { tell(gateway, CancelRun{RunId{run_id}}); }

  CallCounts counts() {
    return ask<CallCounts>(gateway, GetCallCounts{}).value_or(CallCounts{});
  }
  Balance balance_of_run(std::uint64_t run_id) {
    return ledger->balance({AccountKind::run, to_string(RunId{run_id})});
  }
  Charge worst() const {
    return *runtime::worst_case(prices->route("fake/tiny")->price,
                                request_of("What now?"));
  }
  void limit_run(std::uint64_t run_id, Money usd) {
    LimitSet limit;
    limit.account = {AccountKind::run, to_string(RunId{run_id})};
    limit.limit.usd = usd;
    ASSERT_TRUE(ask<Done>(credit, SetLimits{{limit}}));
  }
  std::vector<EventKind> told() const {
    std::vector<EventKind> kinds;
    for (const auto& event : *events)
      kinds.push_back(event.kind);
    return kinds;
  }
  /// Nothing is left behind: no money set aside, no slot, no permit.
  void expect_clean() {
    EXPECT_EQ(ledger->open(), 0u);
    EXPECT_EQ(ledger->waiting(), 0u);
    EXPECT_EQ(lane->slots_out, 0u);
  }

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  std::shared_ptr<runtime::CreditLedger> ledger =
    std::make_shared<runtime::CreditLedger>(permits);
  std::shared_ptr<Journal> journal = std::make_shared<Journal>();
  std::shared_ptr<LaneScript> lane = std::make_shared<LaneScript>();
  std::shared_ptr<std::vector<Event>> events =
    std::make_shared<std::vector<Event>>();
  std::shared_ptr<const PriceBook> prices = price_book();
  std::shared_ptr<ReplyIndex> index = std::make_shared<ReplyIndex>();
  EventHubActor hub;
  JournalImpl journal_actor;
  CreditLimitActor credit;
  LaneImpl lane_actor;
  GatewayImpl gateway;
};

} // namespace lab::llm::testing
