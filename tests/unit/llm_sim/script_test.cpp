#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "llm/sim/script.hpp"

namespace lab::llm {
namespace {

/// A file that is gone with the test.
class Scratch {
public:
  Scratch(const std::string& name, const std::string& content)
    : path_(::testing::TempDir() + "script-" + std::to_string(::getpid()) + "-"
            + name) {
    std::ofstream{path_} << content;
  }
  ~Scratch() { std::remove(path_.c_str()); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

private:
  std::string path_;
};

Brief at(std::int64_t turn, std::string_view phase,
         std::string_view participant, std::int64_t ordinal = 0) {
  Brief brief;
  brief.turn = turn;
  brief.phase = phase;
  brief.participant = participant;
  brief.ordinal = ordinal;
  return brief;
}

std::string reply(const Script& script, const Brief& brief) {
  const auto* text = script.reply_at(brief);
  return text == nullptr ? "(none)" : *text;
}

void check_replies(const Script& script) {
  EXPECT_EQ(reply(script, at(1, "decision", "eu")), "first");
  EXPECT_EQ(reply(script, at(1, "decision", "eu", 1)), "again");
  EXPECT_EQ(reply(script, at(2, "decision", "us")), "any decision");
  EXPECT_EQ(reply(script, at(2, "world_update", "")), "(none)");
}

TEST(Script, YamlIsReadAndTheFirstFitWins) {
  const Scratch file{
    "a.yaml",
    "- {turn: 1, phase: decision, participant: eu, ordinal: 0, text: first}\n"
    "- {turn: 1, phase: decision, participant: eu, text: again}\n"
    "- {phase: decision, text: any decision}\n"};

  const auto script = Script::load(file.path());

  ASSERT_TRUE(script) << to_string(script.error());
  check_replies(*script);
}

TEST(Script, JsonLinesAreReadTheSameWay) {
  const Scratch file{
    "a.jsonl",
    R"({"turn":1,"phase":"decision","participant":"eu","ordinal":0,"text":"first"})"
    "\n\n"
    R"({"turn":1,"phase":"decision","participant":"eu","text":"again"})"
    "\n"
    R"({"phase":"decision","text":"any decision"})"};

  const auto script = Script::load(file.path());

  ASSERT_TRUE(script) << to_string(script.error());
  check_replies(*script);
}

TEST(Script, MistakesAreNamedWithTheirLine) {
  struct Row {
    const char* name;
    const char* content;
    const char* says;
  };
  for (const auto& row :
       {Row{"b.jsonl", "{\"text\":\"x\"}\n{\"turn\":1}\n", ":2: "},
        Row{"c.jsonl", "{\"text\":\"x\",\"turn\":\"1\"}\n", ":1: "},
        Row{"d.jsonl", "[1]\n", ":1: "}, Row{"e.jsonl", "{\n", ":1: "},
        Row{"f.yaml", "text: x\n", "list of replies"},
        Row{"g.yaml", "- 7\n", "map"},
        Row{"h.yaml", "- {text: x, tern: 1}\n", "tern"},
        Row{"i.yaml", "- {turn: 1}\n", "text"}}) {
    SCOPED_TRACE(row.name);
    const Scratch file{row.name, row.content};
    const auto script = Script::load(file.path());
    ASSERT_FALSE(script);
    EXPECT_EQ(script.error().code, Errc::invalid_input);
    EXPECT_NE(script.error().context.find(row.says), std::string::npos)
      << script.error().context;
  }
}

TEST(Script, AFileThatIsNotThereIsNamed) {
  for (const auto* path : {"/no/such/script.yaml", "/no/such/script.jsonl"}) {
    const auto script = Script::load(path);
    ASSERT_FALSE(script);
    EXPECT_NE(script.error().context.find("/no/such/script"),
              std::string::npos);
  }
}

} // namespace
} // namespace lab::llm
