// People at the table as a user meets them: `--human`, `--answers`, `--ai`,
// and a run that waits for somebody. The models are sim/persona.

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

const std::string answers = R"(
- participant: north-quay
  turn: 1
  text: |
    **LONG-TERM GOALS:**
    - the crane on Mondays
    **ACTION:**
    Proposes to share the crane week by week.
- participant: north-quay
  turn: 2
  text: '{"action":"Keeps the crane this week."}'
- {participant: north-quay, turn: 3, text: '{"declined":"skip"}'}
- {participant: north-quay, text: '{"declined":"ai"}'}
)";

class People : public ::testing::Test {
protected:
  SmallSweep files{"http://127.0.0.1:9/v1", {}};

  void SetUp() override { files.folder().write("answers.yaml", answers); }

  Ended call(std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    return files.run(words);
  }
  Ended begin(std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"two-quays", "--end-turn", "4", "--seed", "5", "--model",
                  "sim/persona", "--human", "north-quay"});
    return call(std::move(words));
  }
  static json::Value document(const Ended& ended) {
    return json::parse(ended.out).value_or(json::Value::object());
  }
  std::map<std::string, std::string> output(const Ended& ended) {
    return files_in(files.path()
                    / document(ended).at("output").get<std::string>());
  }
};

TEST_F(People, WithoutAnybodyTheRunWaitsAndSaysHowToAnswer) {
  const auto ended = begin({});

  EXPECT_EQ(ended.status, 9) << ended.err;
  EXPECT_EQ(document(ended).at("status"), "halted");
  EXPECT_NE(ended.err.find("R505"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("Answer with: "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("--answers FILE"), std::string::npos) << ended.err;
}

TEST_F(People, AnswersFromAFilePlayTheRunToItsEnd) {
  const auto ended = begin({"--answers", "answers.yaml"});

  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto texts = output(ended);
  EXPECT_NE(texts.at("north-quay-001.md").find("share the crane week by week"),
            std::string::npos);
  EXPECT_NE(texts.at("north-quay-002.md").find("Keeps the crane this week."),
            std::string::npos);
  EXPECT_NE(texts.at("north-quay-003.md").find("(no move)"), std::string::npos);
}

TEST_F(People, WhatWasSaidIsReadBackWithoutTheFile) {
  const auto first = begin({"--answers", "answers.yaml"});
  const auto again = begin({});

  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(document(again).at("run_id"), document(first).at("run_id"));
  EXPECT_EQ(document(again).at("calls").at("sent"), 0);
}

TEST_F(People, ARunThatWaitedEndsAsIfItNeverHad) {
  const auto waited = begin({});
  const auto id = document(waited).at("run_id").get<std::string>();
  const auto resumed = call({"--resume", id, "--answers", "answers.yaml"});
  const SmallSweep other{"http://127.0.0.1:9/v1", {}};
  other.folder().write("answers.yaml", answers);

  const auto whole = other.run({"run", "two-quays", "--end-turn", "4", "--seed",
                                "5", "--model", "sim/persona", "--human",
                                "north-quay", "--answers", "answers.yaml"});

  ASSERT_EQ(resumed.status, 0) << resumed.err;
  ASSERT_EQ(whole.status, 0) << whole.err;
  EXPECT_EQ(
    output(resumed),
    files_in(other.path() / document(whole).at("output").get<std::string>()));
}

TEST_F(People, AnAnswerThatCannotBeUsedNamesItsPlace) {
  files.folder().write("bad.yaml", "- {text: '{\"acton\":\"x\"}'}\n");

  const auto ended = begin({"--answers", "bad.yaml"});

  EXPECT_NE(ended.status, 0);
  EXPECT_NE(ended.err.find("turn 1 decision north-quay"), std::string::npos)
    << ended.err;
  EXPECT_NE(ended.err.find("did you mean `action`?"), std::string::npos)
    << ended.err;
}

TEST_F(People, HandsOverInMidRunAndBack) {
  const auto parent = call(
    {"two-quays", "--end-turn", "4", "--seed", "6", "--model", "sim/persona"});
  const auto id = document(parent).at("run_id").get<std::string>();

  const auto branch = call(
    {"--branch-from", id, "--branch-at-turn", "2", "--human", "north-quay"});
  EXPECT_EQ(branch.status, 9) << branch.err;
  const auto own = document(branch).at("run_id").get<std::string>();
  const auto back = call({"--resume", own, "--ai", "north-quay"});

  ASSERT_EQ(back.status, 0) << back.err;
  EXPECT_EQ(document(back).at("turns_completed"), 4);
  EXPECT_NE(back.err.find("north-quay: the model decides from turn 4 on"),
            std::string::npos)
    << back.err;
}

TEST_F(People, AHandOverIsRememberedByTheRun) {
  const auto stopped = begin({"--answers", "answers.yaml"});
  ASSERT_EQ(stopped.status, 0) << stopped.err;
  const auto id = document(stopped).at("run_id").get<std::string>();

  const auto branch = call({"--branch-from", id, "--branch-at-turn", "1",
                            "--seed", "9", "--ai", "north-quay"});
  ASSERT_EQ(branch.status, 0) << branch.err;
  const auto again = call({"--branch-from", id, "--branch-at-turn", "1",
                           "--seed", "9", "--ai", "north-quay"});

  EXPECT_EQ(document(again).at("run_id"), document(branch).at("run_id"));
  EXPECT_EQ(document(again).at("calls").at("sent"), 0);
}

TEST_F(People, ASweepTakesAnswersFromTheFile) {
  files.folder().write("people.yaml",
                       "schema: sweep/1\nname: people\nscenario: two-quays\n"
                       "set:\n  turns: 2\n  actors.*.llm_model: sim/persona\n"
                       "  world_state_model: sim/persona\n"
                       "  actors.north-quay.control: human\n"
                       "factors:\n  opening:\n    path: initial_world_state\n"
                       "    values: [One crane., Two cranes.]\n"
                       "design:\n  grid: {factors: [opening]}\n  seed: 7\n"
                       "replicates: {count: 2, seeds: paired}\n"
                       "output: {dir: output}\n");

  const auto waits = files.run({"sweep", "run", "people.yaml"});
  EXPECT_EQ(waits.status, 9) << waits.err;
  const auto played =
    files.run({"sweep", "run", "people.yaml", "--answers", "answers.yaml"});

  ASSERT_EQ(played.status, 0) << played.err;
  EXPECT_EQ(document(played).at("runs").at("completed"), 4);
}

} // namespace
} // namespace lab::testing
