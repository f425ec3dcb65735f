#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "llm/sim/script.hpp"
#include "tools/cli/recording.hpp"

namespace lab::tools {
namespace {

const RunId grandparent{1};
const RunId parent{2};
const RunId own{3};
const RunId stranger{4};

Place at(std::int32_t turn, const std::string& who = "eu",
         std::int32_t ordinal = 0) {
  return {turn, "decision", who, ordinal};
}

AttemptId attempt(std::uint64_t number) {
  return AttemptId{Digest128{0, number}};
}

/// One attempt of a run, and how it ended.
void ask(UsedReplies& uses, RunId run, const Place& place, std::uint64_t number,
         bool answered = true, const std::string& model = "sim/persona") {
  CallReserved reserved;
  reserved.attempt = attempt(number);
  reserved.owner.run = run;
  reserved.place = place;
  reserved.model = model;
  uses.apply(reserved);
  CallResolved resolved;
  resolved.attempt = attempt(number);
  resolved.resolution = answered ? Resolution::settled : Resolution::unknown;
  if (answered)
    resolved.reply_hash = Hasher{}.add("reply").finish256();
  uses.apply(resolved);
}

TEST(UsedReplies, AreThoseThatCameAndNoAttemptThatFailed) {
  UsedReplies uses{{{own, 0}}};
  ask(uses, own, at(1), 1, false);
  ask(uses, own, at(1), 2);
  ask(uses, stranger, at(1), 3);
  CallReserved open;
  open.attempt = attempt(4);
  open.owner.run = own;
  open.place = at(2);
  uses.apply(open);

  const auto used = uses.used();

  ASSERT_EQ(used.size(), 1U);
  EXPECT_EQ(used.at(at(1)).attempt, attempt(2));
}

TEST(UsedReplies, TakeInWhatAnotherRunPaidFor) {
  UsedReplies uses{{{own, 0}}};
  uses.apply(CallShared{own, at(1), {}, attempt(9)});

  EXPECT_EQ(uses.used().at(at(1)).attempt, attempt(9));
}

TEST(UsedReplies, OfABranchBeginWithItsAncestorsTurns) {
  UsedReplies uses{{{grandparent, 0}, {parent, 2}, {own, 3}}};
  for (std::uint64_t turn = 1; turn <= 4; ++turn) {
    const auto number = static_cast<std::int32_t>(turn);
    ask(uses, grandparent, at(number), 10 + turn);
    if (turn > 2)
      ask(uses, parent, at(number), 20 + turn);
    if (turn > 3)
      ask(uses, own, at(number), 30 + turn);
  }

  const auto used = uses.used();

  ASSERT_EQ(used.size(), 4U);
  EXPECT_EQ(used.at(at(1)).attempt, attempt(11));
  EXPECT_EQ(used.at(at(2)).attempt, attempt(12));
  EXPECT_EQ(used.at(at(3)).attempt, attempt(23));
  EXPECT_EQ(used.at(at(4)).attempt, attempt(34));
}

RecordedReply said(const Place& place, const std::string& text,
                   const std::string& model = "sim/persona") {
  RecordedReply entry;
  entry.place = place;
  entry.model = model;
  entry.reply.text = text;
  return entry;
}

std::string texts_of(const std::vector<RecordedReply>& replies) {
  std::string out;
  for (const auto& entry : replies)
    out += entry.place.participant + std::to_string(entry.place.ordinal) + "="
           + entry.reply.text + ";";
  return out;
}

TEST(Playable, WhatAPersonLeftToAModelStandsWhereThePersonWasAsked) {
  const auto entries =
    playable({said(at(1, "eu", 0), R"({"declined":"ai"})", "human/eu"),
              said(at(1, "eu", 2), "unreadable"),
              said(at(1, "eu", 3), "repaired"), said(at(1, "us", 0), "moved")});

  EXPECT_EQ(texts_of(entries), "eu0=unreadable;eu1=repaired;us0=moved;");
}

TEST(Playable, APersonsOwnAnswerStays) {
  const auto entries =
    playable({said(at(1, "eu", 0), R"({"action":"x"})", "human/eu"),
              said(at(1, "us", 0), R"({"declined":"ai"})")});

  EXPECT_EQ(texts_of(entries),
            "eu0={\"action\":\"x\"};us0={\"declined\":\"ai\"};");
}

TEST(Playable, WhoSkipsADecisionMakesNoMoveAndAnyOtherQuestionIsLeftOut) {
  const auto entries =
    playable({said(at(1), R"({"declined":"skip"})", "human/eu"),
              said({1, "communication", "eu", 0}, R"({"declined":"skip"})",
                   "human/eu")});

  EXPECT_EQ(texts_of(entries), "eu0={\"action\": \"(no move)\"};");
}

/// A script that was written to a file and read again.
class ReadBack {
public:
  ReadBack(const std::string& ending, const std::string& text)
    : path_(::testing::TempDir() + "recording-" + std::to_string(::getpid())
            + ending) {
    std::ofstream{path_, std::ios::binary} << text;
    auto script = llm::Script::load(path_);
    EXPECT_TRUE(script) << (script ? "" : script.error().context) << text;
    if (script)
      script_ = std::move(*script);
    ::unlink(path_.c_str());
  }

  llm::ScriptedReply at(const Place& place) const {
    llm::Brief brief;
    brief.turn = place.turn;
    brief.phase = place.phase;
    brief.participant = place.participant;
    brief.ordinal = place.ordinal;
    const auto* found = script_.find(brief);
    return found == nullptr ? llm::ScriptedReply{"(none)", {}} : *found;
  }

private:
  std::string path_;
  llm::Script script_;
};

TEST(Scripts, HoldEveryByteOfEveryReplyInBothForms) {
  const std::vector<std::string> texts{
    "**ACTION:**\nWe offer.\n\n- two\n- three\n",
    "{\"action\": \"It's \\\"theirs\\\"\"}",
    "",
    "\n\n  leading blanks\n",
    "tabs\tand\rreturns",
    "yes",
    "# heading\nkey: value\n---\n...",
    "ends twice\n\n",
    "Größe: 3 €",
    "{{name}} & *name* ! % @",
  };
  std::vector<RecordedReply> replies;
  for (const auto& text : texts)
    replies.push_back(
      said(at(1, "eu", static_cast<std::int32_t>(replies.size())), text));
  replies.push_back(said({2, "world_update", "", 0}, "the world"));
  replies.back().reply.finish = FinishReason::length;

  for (const auto& script :
       {ReadBack{".yaml", script_yaml(replies, "About\nthis.")},
        ReadBack{".jsonl", script_lines(replies)}})
    for (const auto& entry : replies) {
      EXPECT_EQ(script.at(entry.place).text, entry.reply.text);
      EXPECT_EQ(script.at(entry.place).finish, entry.reply.finish);
    }
}

TEST(Scripts, OfNoReplyAreScripts) {
  const ReadBack script{".yaml", script_yaml({}, "Nothing was said.")};

  EXPECT_EQ(script.at(at(1)).text, "(none)");
}

} // namespace
} // namespace lab::tools
