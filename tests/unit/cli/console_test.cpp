#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "tools/cli/console.hpp"

namespace lab::tools {
namespace {

llm::Environment variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
  };
}

StreamFacts terminal() {
  StreamFacts facts;
  facts.out_is_terminal = facts.err_is_terminal = true;
  facts.columns = 100;
  return facts;
}

TEST(Style, ATerminalGetsColourAndALiveBlock) {
  const auto style =
    style_for("auto", terminal(), variables({{"LANG", "C.UTF-8"}}));

  EXPECT_TRUE(style.color);
  EXPECT_TRUE(style.live);
  EXPECT_TRUE(style.utf8);
  EXPECT_EQ(style.columns, 100);
}

TEST(Style, APipeGetsNeither) {
  const auto style = style_for("auto", {}, variables({}));

  EXPECT_FALSE(style.color);
  EXPECT_FALSE(style.live);
}

TEST(Style, TheFlagBeatsForceColorBeatsNoColorBeatsTheTerminal) {
  const auto color = [](std::string_view when,
                        std::map<std::string, std::string> values) {
    return style_for(when, terminal(), variables(std::move(values))).color;
  };

  EXPECT_FALSE(color("never", {{"FORCE_COLOR", "1"}}));
  EXPECT_TRUE(color("always", {{"NO_COLOR", "1"}}));
  EXPECT_TRUE(color("auto", {{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}));
  EXPECT_FALSE(color("auto", {{"NO_COLOR", "1"}}));
  EXPECT_FALSE(color("auto", {{"TERM", "dumb"}}));
}

TEST(Style, ADumbTerminalGetsNoLiveBlock) {
  EXPECT_FALSE(
    style_for("auto", terminal(), variables({{"TERM", "dumb"}})).live);
}

TEST(Console, ResultsAndTalkGoToDifferentStreams) {
  std::ostringstream out, err;
  Console console{out, err, {}, false};

  console.result("result\n");
  console.say("talk\n");
  console.problem("problem\n");

  EXPECT_EQ(out.str(), "result\n");
  EXPECT_EQ(err.str(), "talk\nproblem\n");
}

TEST(Console, QuietSilencesTalkAndNeverProblems) {
  std::ostringstream out, err;
  Console console{out, err, {}, true};

  console.say("talk\n");
  console.problem("problem\n");

  EXPECT_EQ(err.str(), "problem\n");
}

TEST(Console, AKeyNeverReachesAStream) {
  std::ostringstream out, err;
  Console console{out, err, {}, false};
  console.hide({"sk-secret-1"});

  console.result("a sk-secret-1 b sk-secret-1\n");
  console.problem("refused: sk-secret-1\n");

  EXPECT_EQ(out.str(), "a *** b ***\n");
  EXPECT_EQ(err.str(), "refused: ***\n");
}

TEST(Console, ABlockIsReplacedAndTalkStandsAboveIt) {
  std::ostringstream out, err;
  Style style;
  style.live = true;
  Console console{out, err, style, false};

  console.draw({"one", "two"});
  console.say("note\n");
  console.draw({"three"});
  console.draw({});

  EXPECT_EQ(err.str(), "one\ntwo\n"
                       "\x1b[2F\x1b[Jnote\n"
                       "three\n"
                       "\x1b[1F\x1b[J");
}

TEST(Console, ABlockIsDrawnOnlyWhenItChanged) {
  std::ostringstream out, err;
  Style style;
  style.live = true;
  Console console{out, err, style, false};

  console.draw({"one"});
  console.draw({"one"});

  EXPECT_EQ(err.str(), "one\n");
}

TEST(Console, OnlyTheHeadOfAFindingIsColoured) {
  std::ostringstream out, err;
  Style style;
  style.color = true;
  Console console{out, err, style, false};

  console.problem("error[U010]: no\n   hint\nwarning[S301]: x\n");

  EXPECT_EQ(err.str(), "\x1b[31merror[U010]:\x1b[0m no\n   hint\n"
                       "\x1b[33mwarning[S301]:\x1b[0m x\n");
}

} // namespace
} // namespace lab::tools
