#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tools/cli/answers_file.hpp"
#include "tools/cli/hand_over.hpp"

namespace lab::tools {
namespace {

PlannedRun planned(std::int32_t turns_completed,
                   std::map<std::string, std::int32_t> asked) {
  ScenarioSpec scenario;
  scenario.id = "summit";
  scenario.turns = 5;
  for (const auto* id : {"eu", "us"}) {
    ParticipantSpec participant;
    participant.id = id;
    scenario.participants.push_back(participant);
  }
  PlannedRun run;
  run.spec.id = RunId{7};
  run.spec.name = "r-7";
  run.spec.scenario = share(std::move(scenario));
  run.row.turns_completed = turns_completed;
  run.asked = std::move(asked);
  return run;
}

std::string text_of(const Outcome<std::vector<ControlChange>>& changes) {
  if (!changes)
    return render(changes.error());
  std::string out;
  for (const auto& change : *changes)
    out += hand_over_text(change);
  return out;
}

TEST(HandOver, HoldsFromTheNextTurnOn) {
  EXPECT_EQ(text_of(hand_over(planned(3, {{"eu", 3}}), {"eu"}, {})),
            "eu: a person decides from turn 4 on\n");
  EXPECT_EQ(text_of(hand_over(planned(0, {}), {"eu", "us"}, {})),
            "eu: a person decides from turn 1 on\n"
            "us: a person decides from turn 1 on\n");
}

TEST(HandOver, WhoWasAskedInTheNextTurnAlreadyIsHandedOverAfterIt) {
  // The journal holds a question to eu's model in turn 4.
  EXPECT_EQ(
    text_of(hand_over(planned(3, {{"eu", 4}, {"us", 3}}), {"eu", "us"}, {})),
    "eu: a person decides from turn 5 on\n"
    "us: a person decides from turn 4 on\n");
}

TEST(HandOver, GoesBackToTheModelToo) {
  auto run = planned(3, {});
  run.spec.controls = {{"eu", 2, Control::human}};

  EXPECT_EQ(text_of(hand_over(run, {}, {"eu"})),
            "eu: the model decides from turn 4 on\n");
}

TEST(HandOver, WhoDecidesAlreadyIsLeftOut) {
  EXPECT_EQ(text_of(hand_over(planned(3, {}), {}, {"eu"})), "");
}

TEST(HandOver, AStrangerIsRefusedWithTheNearestName) {
  const auto text = text_of(hand_over(planned(3, {}), {"uu"}, {}));

  EXPECT_NE(text.find("`uu` takes no part in summit"), std::string::npos)
    << text;
  EXPECT_NE(text.find("actors: eu, us"), std::string::npos) << text;
}

TEST(HandOver, ARunOfASweepStaysWhatTheSweepPlanned) {
  auto run = planned(3, {});
  run.spec.sweep = SweepId{1};

  const auto changes = hand_over(run, {"eu"}, {});

  ASSERT_FALSE(changes);
  EXPECT_EQ(changes.error().exit, ExitCode::invalid);
  EXPECT_NE(text_of(changes).find("--branch-from"), std::string::npos);
}

TEST(HandOver, AfterTheLastTurnNothingIsLeft) {
  EXPECT_NE(text_of(hand_over(planned(5, {}), {"eu"}, {})).find("5 turns"),
            std::string::npos);
}

TEST(HandOver, TheLastOpenQuestionMayStillGoToTheModel) {
  auto run = planned(4, {{"eu", 5}});
  run.spec.controls = {{"eu", 2, Control::human}};

  EXPECT_EQ(text_of(hand_over(run, {}, {"eu"})), "");
}

TEST(HandOver, ABranchHandsOverInItsFirstOwnTurn) {
  const auto run = planned(3, {});

  EXPECT_EQ(text_of(hand_over_after(*run.spec.scenario, 2, {"eu"}, {})),
            "eu: a person decides from turn 3 on\n");
}

TEST(HandOver, BranchesInWhichOthersDecideAreOtherRuns) {
  const std::vector<ControlChange> none;
  const std::vector<ControlChange> eu{{"eu", 3, Control::human}};
  const std::vector<ControlChange> us{{"us", 3, Control::human}};

  EXPECT_EQ(with_controls(RunId{9}, none), RunId{9});
  EXPECT_NE(with_controls(RunId{9}, eu), RunId{9});
  EXPECT_NE(with_controls(RunId{9}, eu), with_controls(RunId{9}, us));
  EXPECT_EQ(with_controls(RunId{9}, eu), with_controls(RunId{9}, eu));
}

TEST(HandOver, OfANewRunIsPartOfItsScenario) {
  const auto made = control_assignments({"eu"}, {"us"});

  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].path, "actors.eu.control");
  EXPECT_EQ(made[0].value.scalar, "human");
  EXPECT_EQ(made[1].path, "actors.us.control");
  EXPECT_EQ(made[1].value.scalar, "ai");
}

TEST(HandOver, PeopleAreThoseOfTheScenarioAndThoseWhoCameLater) {
  auto run = planned(3, {});
  EXPECT_FALSE(has_people(run.spec));

  run.spec.controls = {{"eu", 2, Control::human}};
  EXPECT_TRUE(has_people(run.spec));
}

// --- answers from a file
// -----------------------------------------------------------

OpenQuestion asked(const std::string& participant, std::int32_t turn,
                   std::string phase = "decision", std::int32_t ordinal = 0) {
  OpenQuestion question;
  question.participant = participant;
  question.place = {turn, std::move(phase), participant, ordinal};
  return question;
}

class AnswersFile : public ::testing::Test {
protected:
  std::string write(const std::string& name, const std::string& text) {
    const auto path = std::string{::testing::TempDir()} + "/" + name;
    std::ofstream{path} << text;
    return path;
  }
};

TEST_F(AnswersFile, TheFirstEntryThatFitsThePlaceAnswers) {
  const auto ready = ready_answers(
    write("answers.yaml",
          "- {participant: eu, turn: 1, phase: decision, text: first}\n"
          "- {participant: eu, phase: communication, ordinal: 4, text: word}\n"
          "- {participant: eu, text: other}\n"),
    {});

  ASSERT_TRUE(ready) << ready.error().context;
  EXPECT_EQ((*ready)(asked("eu", 1)), "first");
  EXPECT_EQ((*ready)(asked("eu", 2)), "other");
  EXPECT_EQ((*ready)(asked("eu", 1, "communication", 4)), "word");
  EXPECT_EQ((*ready)(asked("us", 1)), std::nullopt);
}

TEST_F(AnswersFile, MayBeJsonLines) {
  const auto ready = ready_answers(
    write("answers.jsonl",
          R"({"participant":"eu","turn":2,"text":"{\"declined\":\"skip\"}"})"
          "\n"),
    {});

  ASSERT_TRUE(ready);
  EXPECT_EQ((*ready)(asked("eu", 2)), R"({"declined":"skip"})");
}

TEST_F(AnswersFile, AMistakeIsNamedWithItsLine) {
  const auto path = write("bad.yaml", "- {participant: eu}\n");

  const auto ready = ready_answers(path, {});

  ASSERT_FALSE(ready);
  EXPECT_NE(ready.error().context.find("bad.yaml:1"), std::string::npos)
    << ready.error().context;
}

TEST_F(AnswersFile, WhoIsLeftToTheModelNeedsNoEntry) {
  const auto ready =
    ready_answers(write("some.yaml", "- {text: anything}\n"), {"eu"});

  ASSERT_TRUE(ready);
  EXPECT_EQ((*ready)(asked("eu", 1)), R"({"declined":"ai"})");
  EXPECT_EQ((*ready)(asked("us", 1)), "anything");
}

TEST_F(AnswersFile, WithoutAnythingNobodyIsAnsweredFor) {
  const auto ready = ready_answers("", {});

  ASSERT_TRUE(ready);
  EXPECT_FALSE(*ready);
}

} // namespace
} // namespace lab::tools
