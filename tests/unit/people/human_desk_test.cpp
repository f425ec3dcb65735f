#include "actors/people/human_desk.hpp"
#include "tests/unit/llm/gateway_fixture.hpp"

// HUMAN DESK behind the real GATEWAY and CREDIT LIMIT.

namespace lab::llm::testing {
namespace {

using namespace std::chrono_literals;
using actors::HumanDeskImpl;
using State = AnswerVerdict::State;

const std::string waits = R"({"action":"Waits."})";

class HumanDeskTest : public GatewayTest {
protected:
  void SetUp() override {
    prices = std::make_shared<PriceBook>(builtin_providers(
      [](const char*) { return std::optional<std::string>{}; }));
    open_desk({}, true);
  }

  void open_desk(actors::ReadyAnswers ready, bool attended) {
    hub = spawn(fake_hub, events);
    journal_actor = spawn(fake_journal, journal);
    credit =
      spawn(runtime::credit_limit,
            runtime::CreditLimitParts{ledger, journal_actor, hub, clock});
    desk = spawn(
      actors::human_desk,
      actors::HumanDeskParts{permits, hub, clock, std::move(ready), attended});
    gateway = spawn(
      llm::gateway,
      GatewayParts{
        journal_actor, credit, {{"human", desk}}, hub, prices, index, clock});
    run();
  }

  static IssueCall question(std::uint64_t run = 7, std::int32_t turn = 1,
                            std::string model = "human/eu") {
    auto call = call_of(run, turn);
    call.request.model = std::move(model);
    call.request.schema_name = "decision";
    return call;
  }

  std::vector<OpenQuestion> open(std::uint64_t run = 0) {
    return ask<Questions>(desk, GetQuestions{RunId{run}})
      .value_or(Questions{})
      .open;
  }
  AnswerVerdict answer(AttemptId id, const std::string& text) {
    return ask<AnswerVerdict>(desk, AnswerQuestion{id, text})
      .value_or(AnswerVerdict{});
  }
  std::vector<std::string> told_of(EventKind kind) const {
    std::vector<std::string> texts;
    for (const auto& event : *events)
      if (event.kind == kind)
        texts.push_back(event.text);
    return texts;
  }

  HumanDeskImpl desk;
};

TEST_F(HumanDeskTest, AQuestionWaitsWithAllThatAPersonNeeds) {
  const auto reply = issue(question(7, 3, "human/eu?deadline_s=60&then=ai"));

  const auto questions = open();
  ASSERT_EQ(questions.size(), 1U);
  const auto& asked = questions[0];
  EXPECT_FALSE(reply.came());
  EXPECT_EQ(asked.run, RunId{7});
  EXPECT_EQ(asked.place, place_of(3));
  EXPECT_EQ(asked.participant, "eu");
  EXPECT_EQ(asked.kind, "decision");
  EXPECT_EQ(asked.messages.size(), 2U);
  EXPECT_EQ(asked.deadline_at, asked.asked_at + 60'000);
  EXPECT_EQ(asked.then, OnTimeout::ai);
  EXPECT_EQ(told_of(EventKind::human_asked),
            std::vector<std::string>{"decision"});
}

TEST_F(HumanDeskTest, AnAnswerIsTheReplyAndCostsNothing) {
  const auto reply = issue(question());

  const auto verdict = answer(open().at(0).id, waits);

  EXPECT_EQ(verdict.state, State::taken);
  const auto got = reply.value();
  EXPECT_NE(got.reply.text.find("Waits."), std::string::npos);
  EXPECT_EQ(got.reply.served_model, "human/eu");
  EXPECT_EQ(got.source, AnswerSource::sent);
  EXPECT_EQ(got.charge.usd, Money{});
  EXPECT_EQ(journal->replies.size(), 1U);
  EXPECT_EQ(told_of(EventKind::human_answered),
            std::vector<std::string>{"answered"});
  EXPECT_EQ(ledger->open(), 0U);
}

TEST_F(HumanDeskTest, NoEventTellsWhatAPersonSaid) {
  issue(question());
  answer(open().at(0).id, R"({"action":"A secret."})");

  for (const auto& event : *events)
    EXPECT_EQ(event.text.find("secret"), std::string::npos);
}

TEST_F(HumanDeskTest, AResumedRunReadsTheAnswerBack) {
  issue(question());
  answer(open().at(0).id, waits);

  const auto again = issue(question());

  EXPECT_EQ(again.value().source, AnswerSource::journalled);
  EXPECT_TRUE(open().empty());
}

TEST_F(HumanDeskTest, RunsOfOneScopeShareOneAnswer) {
  const auto first = issue(question(7));
  const auto second = issue(question(8));

  ASSERT_EQ(open().size(), 1U);
  answer(open().at(0).id, waits);

  EXPECT_EQ(first.value().reply, second.value().reply);
  EXPECT_EQ(second.value().source, AnswerSource::shared);
}

TEST_F(HumanDeskTest, ABadAnswerLeavesTheQuestionOpen) {
  const auto reply = issue(question());
  const auto id = open().at(0).id;

  const auto bad = answer(id, "{}");

  EXPECT_EQ(bad.state, State::invalid);
  EXPECT_FALSE(reply.came());
  EXPECT_EQ(answer(id, waits).state, State::taken);
  EXPECT_EQ(answer(id, waits).state, State::closed);
  EXPECT_TRUE(reply.ok());
}

TEST_F(HumanDeskTest, AtTheDeadlineTheDeskAnswersItself) {
  const auto reply = issue(question(7, 1, "human/eu?deadline_s=60&then=ai"));
  const auto id = open().at(0).id;

  advance(59s);
  EXPECT_FALSE(reply.came());
  advance(1s);

  EXPECT_EQ(reply.value().reply.text, R"({"declined":"timeout"})");
  EXPECT_EQ(answer(id, waits).state, State::closed);
  EXPECT_EQ(told_of(EventKind::human_answered),
            std::vector<std::string>{"the deadline passed"});
}

TEST_F(HumanDeskTest, AnAnswerInTimeOutlivesItsDeadline) {
  const auto reply = issue(question(7, 1, "human/eu?deadline_s=60&then=skip"));
  answer(open().at(0).id, waits);
  advance(2min);

  EXPECT_NE(reply.value().reply.text.find("Waits."), std::string::npos);
  EXPECT_EQ(told_of(EventKind::human_answered).size(), 1U);
}

TEST_F(HumanDeskTest, WithoutADeadlineAQuestionWaitsForEver) {
  const auto reply = issue(question());

  advance(24h * 400);

  EXPECT_FALSE(reply.came());
  EXPECT_EQ(open().size(), 1U);
}

TEST_F(HumanDeskTest, ThousandPeopleAreAskedAtOnce) {
  for (std::uint64_t run = 1; run <= 1'000; ++run) {
    auto call = question(run);
    call.owner.scope = Digest128{run, run};
    issue(call);
  }

  EXPECT_EQ(open().size(), 1'000U);
  EXPECT_EQ(ask<LaneStatus>(desk, GetLaneStatus{})->in_flight, 1'000);
}

TEST_F(HumanDeskTest, WithoutAPermitNothingIsShown) {
  const auto outcome = ask<CallOutcome>(desk, SendCall{{}, {}});

  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->resolution, Resolution::voided);
  EXPECT_EQ(outcome->error.code, Errc::permit_refused);
  EXPECT_TRUE(open().empty());
}

/// Sees each call before the desk does, and sends it twice.
LaneActor::behavior_type twice(LaneActor::pointer self, HumanDeskImpl desk,
                               std::shared_ptr<std::vector<CallOutcome>> ends) {
  return {
    [=](const AcquireSlot& m) { return self->delegate(desk, m); },
    [](const ReleaseSlot&) {},
    [=](const SendCall& m) {
      self->request(desk, caf::infinite, m)
        .then([ends](const CallOutcome& o) { ends->push_back(o); },
              [](caf::error&) { ADD_FAILURE() << "an outcome is no error"; });
      return self->delegate(desk, m);
    },
    [](const AbortCall&) {},
    [](const IdentifyModel&) { return ModelIdentity{}; },
    [](const GetLaneStatus&) { return LaneStatus{}; },
  };
}

TEST_F(HumanDeskTest, ACopyOfAPermitIsRefused) {
  auto ends = std::make_shared<std::vector<CallOutcome>>();
  auto doubled = spawn(twice, desk, ends);
  gateway = spawn(
    llm::gateway,
    GatewayParts{
      journal_actor, credit, {{"human", doubled}}, hub, prices, index, clock});
  const auto reply = issue(question());

  ASSERT_EQ(open().size(), 1U);
  answer(open().at(0).id, waits);

  // One of the two was shown and answered, the other was refused.
  ASSERT_EQ(ends->size(), 1U);
  EXPECT_EQ(ends->at(0).resolution, Resolution::settled);
  EXPECT_EQ(reply.code(), Errc::permit_refused);
}

TEST_F(HumanDeskTest, ACancelledRunWithdrawsItsQuestions) {
  const auto mine = issue(question(7));
  auto other_call = question(8);
  other_call.owner.scope = Digest128{8, 8};
  const auto other = issue(other_call);
  const auto id = open(7).at(0).id;

  cancel(7);

  EXPECT_EQ(mine.code(), Errc::cancelled);
  EXPECT_FALSE(other.came());
  EXPECT_EQ(open().size(), 1U);
  EXPECT_EQ(answer(id, waits).state, State::closed);
  EXPECT_EQ(journal->all<CallResolved>().at(0).resolution, Resolution::voided);
}

TEST_F(HumanDeskTest, AWithdrawnQuestionIsAskedAgainWhenItsRunResumes) {
  const auto first = issue(question());
  tell(desk, WithdrawQuestion{open().at(0).id, {Errc::stopped, "interrupt"}});
  EXPECT_EQ(first.code(), Errc::stopped);

  const auto second = issue(question());
  answer(open().at(0).id, waits);

  EXPECT_TRUE(second.ok());
  EXPECT_EQ(ledger->open(), 0U);
}

TEST_F(HumanDeskTest, AClosedDeskTakesEverythingBack) {
  const auto open_one = issue(question(7, 1));
  tell(desk, CloseDesk{{Errc::stopped, "interrupt"}});
  const auto later = issue(question(7, 2));

  EXPECT_EQ(open_one.code(), Errc::stopped);
  EXPECT_EQ(later.code(), Errc::stopped);
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(ledger->open(), 0U);
}

TEST_F(HumanDeskTest, ADeskThatStopsAnswersEverybody) {
  const auto reply = issue(question());
  caf::anon_send_exit(desk, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(reply.code(), Errc::shutting_down);
  EXPECT_EQ(ledger->open(), 0U);
}

TEST_F(HumanDeskTest, AQuestionOfNoKindIsNotAsked) {
  auto odd = question();
  odd.request.schema_name = "world_update";

  EXPECT_EQ(issue(odd).code(), Errc::invalid_input);
  EXPECT_TRUE(open().empty());
}

// --- Without anybody there
// ----------------------------------------------------

class UnattendedDeskTest : public HumanDeskTest {
protected:
  void SetUp() override {
    prices = std::make_shared<PriceBook>(builtin_providers(
      [](const char*) { return std::optional<std::string>{}; }));
    open_desk(
      [this](const OpenQuestion& asked) -> std::optional<std::string> {
        const auto found = ready.find(asked.place.turn);
        return found == ready.end() ? std::nullopt
                                    : std::optional{found->second};
      },
      false);
  }

  std::map<std::int32_t, std::string> ready; // by turn
};

TEST_F(UnattendedDeskTest, AQuestionWithoutAnAnswerFailsAtOnce) {
  const auto reply = issue(question(7, 2));

  EXPECT_EQ(reply.code(), Errc::waits_for_person);
  EXPECT_EQ(reply.result().error().context,
            "nobody is there to answer for eu (turn 2, decision)");
  EXPECT_EQ(journal->all<CallResolved>().at(0).resolution, Resolution::voided);
  EXPECT_TRUE(journal->replies.empty());
}

TEST_F(UnattendedDeskTest, ADeadlineIsWaitedFor) {
  const auto reply = issue(question(7, 2, "human/eu?deadline_s=5&then=skip"));
  EXPECT_FALSE(reply.came());

  advance(5s);

  EXPECT_EQ(reply.value().reply.text, R"({"declined":"timeout"})");
}

TEST_F(UnattendedDeskTest, AReadyAnswerNeedsNobody) {
  ready[2] = "**ACTION:** Waits.";
  ready[3] = waits;
  ready[4] = R"({"declined":"ai"})";

  EXPECT_NE(issue(question(7, 2)).value().reply.text.find("Waits."),
            std::string::npos);
  EXPECT_EQ(issue(question(7, 2)).value().reply,
            issue(question(7, 3)).value().reply);
  EXPECT_EQ(issue(question(7, 4)).value().reply.text, R"({"declined":"ai"})");
  EXPECT_EQ(
    told_of(EventKind::human_answered),
    (std::vector<std::string>{"answered", "answered", "left to the model"}));
}

TEST_F(UnattendedDeskTest, AReadyAnswerThatCannotBeUsedSaysWhy) {
  ready[2] = R"({"acton":"Waits."})";

  const auto reply = issue(question(7, 2));

  EXPECT_EQ(reply.code(), Errc::invalid_input);
  EXPECT_EQ(reply.result().error().context,
            "the ready answer at turn 2 decision eu #0 cannot be used: "
            "ACTION: it is empty, but needed; there is no field `acton`; did "
            "you mean `action`?");
}

} // namespace
} // namespace lab::llm::testing
