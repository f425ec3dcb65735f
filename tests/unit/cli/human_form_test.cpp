#include <cstdlib>

#include <gtest/gtest.h>

#include "runtime/base/text.hpp"
#include "tools/cli/human_form.hpp"

namespace lab::tools {
namespace {

OpenQuestion question() {
  OpenQuestion asked;
  asked.run = RunId{0x0f2c9e};
  asked.place = {3, "decision", "eu", 0};
  asked.participant = "eu";
  asked.kind = "decision";
  asked.messages = {
    {ChatRole::system, "You speak for the EU.\n\nKnown to you alone: the "
                       "reserve holds 2.5 million crowns."},
    {ChatRole::user,
     "## The situation now\n\n[world, turn 2] \"Both sides talk and nobody "
     "moves, while the winter comes nearer and the ice grows.\"\n\n"
     "## Your task\n\nDecide what you do in turn 3 of 6.\n\n"
     "Answer with one JSON object and nothing else:\n\n{\"action\":\"...\"}\n"
     "\nIf you cannot write JSON, answer in these sections, each under its "
     "label:\n\n**ACTION:** text\n"}};
  return asked;
}

actors::AnswerForm form(const std::string& kind = "decision",
                        const std::string& schema = {}) {
  return actors::form_of(kind, schema).value_or(actors::AnswerForm{});
}

const std::string golden =
  R"(#| You are asked as eu: what you do this turn (turn 3, decision).
#| Write under the labels, save and close. Lines like this one are never read.
#| What you know stands below the last label. To leave this to the model, to
#| skip it or to stop, close without writing.
#|
#| one a line; may stay empty
**LONG-TERM GOALS:**

#|
#| one a line; may stay empty
**SHORT-TERM PRIORITIES:**

#|
#| yours alone, nobody sees it; may stay empty
**REASONING:**

#|
#| needed: what you do and say, concretely; everybody sees it
**ACTION:**

#|
#| ---- What you know ----
#|
#| You speak for the EU.
#|
#| Known to you alone: the reserve holds 2.5 million crowns.
#|
#| ## The situation now
#|
#| [world, turn 2] "Both sides talk and nobody moves, while the winter comes
#| nearer and the ice grows."
#|
#| ## Your task
#|
#| Decide what you do in turn 3 of 6.
)";

std::string filled(const std::string& label, const std::string& words) {
  auto text = form_text(question(), form());
  const auto at = text.find(label);
  EXPECT_NE(at, std::string::npos);
  return text.insert(at + label.size(), "\n" + words);
}

/// What the desk would say to the form, line by line.
std::string problems_of(const std::string& text,
                        const actors::AnswerForm& of = form()) {
  auto read = read_form(of, text);
  const auto checked = actors::check_answer(of, read.answer);
  if (!checked)
    read.problems.insert(read.problems.end(), checked.error().begin(),
                         checked.error().end());
  return join(read.problems, "\n");
}

TEST(HumanForm, ShowsWhatIsAskedAndBelowItWhatThePersonKnows) {
  EXPECT_EQ(form_text(question(), form()), golden);
}

TEST(HumanForm, NeverShowsHowAModelShallWriteItsAnswer) {
  EXPECT_EQ(form_text(question(), form()).find("JSON"), std::string::npos);
}

TEST(HumanForm, WhatAPersonWritesUnderTheLabelsIsTheAnswer) {
  auto text = filled("**ACTION:**", "We wait.\n\nAnd we watch: closely. # 1");
  text.insert(text.find("**LONG-TERM GOALS:**") + 20, "\n- Peace\n- Fish");

  const auto read = read_form(form(), text);

  EXPECT_TRUE(read.problems.empty());
  EXPECT_EQ(actors::check_answer(form(), read.answer)->text,
            R"({"action":"We wait.\n\nAnd we watch: closely. # 1",)"
            R"("goals":{"long_term":["Peace","Fish"],"short_term":[]},)"
            R"("reasoning":""})");
}

TEST(HumanForm, TheContextIsNeverPartOfAnAnswer) {
  // Even below the last label, where everything else would belong to it.
  const auto read = read_form(form(), filled("**ACTION:**", "We wait."));

  EXPECT_EQ(read.answer.find("reserve"), std::string::npos);
  EXPECT_EQ(read.answer.find("winter"), std::string::npos);
}

TEST(HumanForm, AWordOfTheContextIsNoLabel) {
  auto asked = question();
  asked.messages[1].text = "She said:\n**ACTION:** surrender";

  const auto text = form_text(asked, form());

  EXPECT_TRUE(is_blank(form(), text));
  EXPECT_EQ(problems_of(text), "ACTION: it is empty, but needed");
}

TEST(HumanForm, ControlCharactersOfModelsAreNotShown) {
  auto asked = question();
  asked.messages[1].text = "calm\x1b[2J\x07 sea\xE2\x80\xAE";

  const auto text = form_text(asked, form());

  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
}

TEST(HumanForm, ChoicesAreNamed) {
  const auto offer =
    form("talk_offer", R"({"properties":{"target":{"enum":["us","lab"]}}})");

  EXPECT_NE(form_text(question(), offer)
              .find("#| possible: us, lab\n"
                    "**TALK TO:**\n"),
            std::string::npos);
}

TEST(HumanForm, ADeadlineAndWhatFollowsIsTold) {
  setenv("TZ", "UTC", 1); // NOLINT(concurrency-mt-unsafe)
  auto asked = question();
  EXPECT_EQ(deadline_text(asked), "");

  asked.deadline_at = 1'795'388'400'000; // 2026-11-22T23:00:00Z
  asked.then = OnTimeout::ai;
  EXPECT_EQ(deadline_text(asked),
            "without an answer by 23:00 the model answers in your place");
  asked.then = OnTimeout::skip;
  EXPECT_EQ(deadline_text(asked),
            "without an answer by 23:00 you do nothing this time");
  EXPECT_NE(form_text(asked, form()).find("#| Answer in time: without"),
            std::string::npos);
}

TEST(HumanForm, AnUntouchedFormIsBlank) {
  EXPECT_TRUE(is_blank(form(), golden));
  EXPECT_TRUE(is_blank(form(), ""));
  EXPECT_TRUE(is_blank(form(), "#| x\r\n\r\n**ACTION:**\r\n"));
  EXPECT_FALSE(is_blank(form(), filled("**ACTION:**", "x y")));
}

// --- every mistake once
// ----------------------------------------------------------

TEST(HumanForm, NothingUnderANeededLabel) {
  EXPECT_EQ(problems_of(filled("**REASONING:**", "Hm, well.")),
            "ACTION: it is empty, but needed");
}

TEST(HumanForm, ALabelThatIsGone) {
  auto text = filled("**REASONING:**", "Hm, well.");
  text.erase(text.find("**ACTION:**"), 11);

  EXPECT_EQ(problems_of(text),
            "the label **ACTION:** is gone; put it back on a line of its own\n"
            "ACTION: it is empty, but needed");
}

TEST(HumanForm, WordsAboveTheFirstLabel) {
  EXPECT_EQ(problems_of("We attack.\n" + filled("**ACTION:**", "We wait.")),
            "these words stand above the first label and belong to no field: "
            "We attack.");
}

TEST(HumanForm, LabelsThatLostTheirStarsOrTheirCapitals) {
  for (const auto* label : {"ACTION:", "## Action", "**action**", "Action:"}) {
    auto text = golden;
    text.replace(text.find("**ACTION:**"), 11,
                 std::string{label} + "\nWe wait.");

    const auto read = read_form(form(), text);

    EXPECT_TRUE(read.problems.empty()) << label;
    EXPECT_NE(read.answer.find("We wait."), std::string::npos) << label;
  }
}

TEST(HumanForm, WordsOnTheLabelsLine) {
  auto text = golden;
  text.insert(text.find("**ACTION:**") + 11, " We wait.");

  EXPECT_EQ(problems_of(text), "");
}

TEST(HumanForm, AFormFromAnotherSystem) {
  std::string text = "\xEF\xBB\xBF";
  for (const auto& line : split(filled("**ACTION:**", "We wait."), '\n'))
    text += line + "\r\n";

  EXPECT_EQ(problems_of(text), "");
}

TEST(HumanForm, BytesThatAreNoText) {
  EXPECT_EQ(problems_of(filled("**ACTION:**", "We wait\xff.")), "");
}

TEST(HumanForm, JsonInsteadOfTheForm) {
  EXPECT_EQ(problems_of(R"({"action":"We wait."})"), "");
  EXPECT_TRUE(
    problems_of(R"({"action":)").starts_with("the answer cannot be read"));
}

TEST(HumanForm, AnEmptyFile) {
  EXPECT_EQ(problems_of(""),
            "the label **ACTION:** is gone; put it back on a line of its own\n"
            "ACTION: it is empty, but needed");
}

TEST(HumanForm, AnActionThatIsTooLong) {
  EXPECT_EQ(problems_of(filled("**ACTION:**", std::string(2'001, 'x'))),
            "ACTION: it has 2001 characters; at most 2000");
}

TEST(HumanForm, AWrongWordAndAnEmptyFieldAtOnce) {
  const auto offer =
    form("talk_offer", R"({"properties":{"target":{"enum":["us","lab"]}}})");

  EXPECT_EQ(problems_of("**OPEN A TALK:** yes\n**TALK TO:** lob\n", offer),
            "TALK TO: `lob` is not possible; did you mean `lab`?\n"
            "MESSAGE: it is empty, but needed");
}

TEST(HumanForm, ProblemsStandOnTopOfTheSameTextOnce) {
  const auto text = filled("**REASONING:**", "Hm, well.");

  const auto first = with_problems(text, {"ACTION: it is empty"});
  const auto second = with_problems(first, {"MESSAGE: too long"});

  EXPECT_EQ(first, "#| !! ACTION: it is empty\n" + text);
  EXPECT_EQ(second, "#| !! MESSAGE: too long\n" + text);
}

TEST(HumanForm, ItsFileHasTheSameNameWheneverItIsAsked) {
  auto asked = question();
  const auto name = form_name(asked);
  asked.id = AttemptId{Digest128{1, 2}};
  asked.asked_at = 99;

  EXPECT_EQ(form_name(asked), name);
  EXPECT_EQ(name, "r-00000000000f2c9e-turn-3-decision-eu-0.md");
}

TEST(HumanForm, NoNameLeadsOutOfTheFolder) {
  auto asked = question();
  asked.participant = "../../etc/passwd";

  EXPECT_EQ(form_name(asked).find('/'), std::string::npos);
  EXPECT_EQ(form_name(asked).find(".."), std::string::npos);
}

} // namespace
} // namespace lab::tools
