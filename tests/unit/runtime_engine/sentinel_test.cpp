#include <gmock/gmock.h>

#include "runtime/engine/sentinel.hpp"
#include "tests/support/lab_test.hpp"

namespace lab::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What the fake parts saw, and how they shall behave.
struct Script {
  std::vector<IssueCall> calls;
  std::vector<ModelChecked> facts;
  std::vector<Event> events;
  std::set<std::int32_t> unanswered; // by ordinal
  bool unknown_model = false;
  bool journal_fails = false;
  bool waits = false; // canaries wait until their run is cancelled
  std::map<RunId, std::vector<caf::typed_response_promise<CallAnswer>>> waiting;
};

GatewayActor::behavior_type gateway(GatewayActor::pointer self,
                                    std::shared_ptr<Script> script) {
  return {
    [self, script](const IssueCall& m) -> caf::result<CallAnswer> {
      script->calls.push_back(m);
      if (script->waits) {
        auto promise = self->make_response_promise<CallAnswer>();
        script->waiting[m.owner.run].push_back(promise);
        return promise;
      }
      if (script->unanswered.contains(m.place.ordinal))
        return to_caf({Errc::provider_unreachable, "gone"});
      CallAnswer answer;
      // Later repeats say "earlier" words, to see that order does not matter.
      answer.reply.text = std::to_string(100 - m.place.ordinal);
      answer.reply.served_model = "m-1";
      return answer;
    },
    [script](const CancelRun& m) {
      for (auto& promise : script->waiting[m.run])
        promise.deliver(to_caf({Errc::cancelled, "stopped"}));
      script->waiting.erase(m.run);
    },
    [](const CreditGranted&) {},
    [](const CreditRefused&) {},
    [script](const IdentifyModel& m) -> caf::result<ModelIdentity> {
      if (script->unknown_model)
        return to_caf({Errc::provider_unreachable, "gone"});
      return ModelIdentity{"digest of " + m.model};
    },
    [](const GetCallCounts&) { return CallCounts{}; },
  };
}

JournalActor::behavior_type journal(JournalActor::pointer,
                                    std::shared_ptr<Script> script) {
  return {
    [script](const CommitFacts& m) -> caf::result<Committed> {
      if (script->journal_fails)
        return to_caf({Errc::disk_failed, "no space"});
      for (const auto& fact : m.facts)
        script->facts.push_back(std::get<ModelChecked>(fact));
      return Committed{};
    },
    [](const ReadReply&) -> caf::result<StoredReply> {
      return to_caf({Errc::not_found, ""});
    },
  };
}

EventHubActor::behavior_type hub(EventHubActor::pointer,
                                 std::shared_ptr<Script> script) {
  return {[script](const Event& event) { script->events.push_back(event); },
          [](const Subscribe&) {}};
}

/// Two models of two canaries; finds a change when it is told to.
class FakeWatch final : public ModelWatch {
public:
  std::vector<WatchedModel> models() const override {
    std::vector<WatchedModel> all;
    for (const auto* name : {"a/m", "b/m"}) {
      WatchedModel model{name, checks_, {}};
      for (int i = 0; i < 2; ++i) {
        ChatRequest canary;
        canary.model = name;
        canary.messages = {{ChatRole::user, "canary " + std::to_string(i)}};
        model.canaries.push_back(canary);
      }
      all.push_back(model);
    }
    return all;
  }
  std::int32_t repeats() const override { return 3; }
  Drift judge(const ModelCheck& check) override {
    seen.push_back(check);
    checks_ = check.number;
    if (check.model != changed)
      return {};
    return {2, true, "it sings"};
  }

  std::vector<ModelCheck> seen;
  std::string changed;

private:
  std::int32_t checks_ = 0;
};

class SentinelTest : public testing::LabTest {
protected:
  SentinelActor watch_over() {
    SentinelParts parts;
    parts.gateway = spawn(gateway, script);
    parts.journal = spawn(journal, script);
    parts.events = spawn(hub, script);
    parts.clock = std::make_shared<ManualClock>();
    parts.watch = watch;
    parts.sweep = sweep_id_of("night");
    parts.user = "me";
    return spawn(sentinel, parts);
  }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::shared_ptr<FakeWatch> watch = std::make_shared<FakeWatch>();
};

TEST_F(SentinelTest, EveryCanaryIsACallOfItsOwnInTheSweepsAccount) {
  const auto answer = ask<ModelsChecked>(watch_over(), CheckModels{});

  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->drifts.empty());
  EXPECT_EQ(script->calls.size(), 2U * 2 * 3);
  std::set<CallKey> keys;
  for (const auto& call : script->calls) {
    EXPECT_EQ(call.owner.sweep, sweep_id_of("night"));
    EXPECT_EQ(call.owner.run,
              canary_run_of(call.owner.sweep, call.request.model));
    EXPECT_EQ(call.owner.user, "me");
    EXPECT_EQ(call.place.phase, "canary");
    EXPECT_EQ(call.place.turn, 1);
    keys.insert(call_key_of(call.owner.run, call.place));
  }
  EXPECT_EQ(keys.size(), script->calls.size());
}

TEST_F(SentinelTest, RecordsWhatWasSaidAndWhatItMeans) {
  watch->changed = "b/m";
  const auto answer = ask<ModelsChecked>(watch_over(), CheckModels{});

  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->drifts,
              ElementsAre("another model answers as b/m: it sings; runs from "
                          "here on are stratum 2"));
  ASSERT_EQ(script->facts.size(), 2U);
  for (const auto& fact : script->facts) {
    EXPECT_EQ(fact.check.digest, "digest of " + fact.check.model);
    ASSERT_EQ(fact.check.replies.size(), 2U);
    for (const auto& replies : fact.check.replies) {
      EXPECT_EQ(replies.size(), 3U);
      EXPECT_TRUE(std::ranges::is_sorted(replies, {}, &CanaryReply::text))
        << "answers come in any order";
      EXPECT_EQ(replies.front().served, "m-1");
    }
    EXPECT_EQ(fact.drift.changed, fact.check.model == "b/m");
  }
  ASSERT_EQ(script->events.size(), 1U);
  EXPECT_EQ(script->events[0].kind, EventKind::model_changed);
}

TEST_F(SentinelTest, ChecksAreNumberedSoThatNoReplyIsReadBack) {
  const auto actor = watch_over();
  ask<ModelsChecked>(actor, CheckModels{});
  ask<ModelsChecked>(actor, CheckModels{});

  EXPECT_EQ(script->calls.front().place.turn, 1);
  EXPECT_EQ(script->calls.back().place.turn, 2);
}

TEST_F(SentinelTest, QuestionsWithoutAnAnswerAreLeftOut) {
  script->unanswered = {0, 1, 2, 4};
  script->unknown_model = true;
  const auto answer = ask<ModelsChecked>(watch_over(), CheckModels{});

  EXPECT_TRUE(answer);
  ASSERT_EQ(watch->seen.size(), 2U);
  for (const auto& check : watch->seen) {
    EXPECT_EQ(check.digest, "");
    EXPECT_TRUE(check.replies[0].empty());
    EXPECT_EQ(check.replies[1].size(), 2U);
  }
}

TEST_F(SentinelTest, AJournalThatFailsIsAnError) {
  script->journal_fails = true;
  const auto answer = ask<ModelsChecked>(watch_over(), CheckModels{});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::disk_failed);
}

TEST_F(SentinelTest, AStopTakesBackTheCanariesThatWait) {
  script->waits = true;
  const auto actor = watch_over();
  const auto answer = ask_later<ModelsChecked>(actor, CheckModels{});
  run();
  EXPECT_FALSE(answer.came());
  EXPECT_EQ(script->waiting.size(), 2U);

  tell(actor, StopRun{{Errc::stopped, "interrupt"}});

  EXPECT_TRUE(answer.ok());
  EXPECT_TRUE(script->waiting.empty());
}

} // namespace
} // namespace lab::runtime
