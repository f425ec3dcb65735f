#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <pthread.h>

#include "runtime/base/yaml.hpp"

namespace lab::yaml {
namespace {

struct Reading {
  std::optional<Document> document;
  Findings findings;

  std::string text() const { return render(findings); }
  /// The codes in order, "Y016 Y017".
  std::string codes() const {
    std::string all;
    for (const auto& finding : findings.all())
      all += (all.empty() ? "" : " ") + finding.code;
    return all;
  }
};

Reading read(std::string_view text, const Bounds& bounds = {}) {
  Reading reading;
  reading.document = parse(text, "x.yaml", reading.findings, bounds);
  return reading;
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += part;
  return text;
}

TEST(Yaml, KeepsTheTextOfPlainValuesAsWritten) {
  const auto reading = read("a: no\nb: 010\nc: 1.0\nd: 2024-01-02\ne: '5'\n");

  ASSERT_TRUE(reading.document) << reading.text();
  const auto& root = reading.document->root;
  EXPECT_EQ(root.find("a")->scalar, "no");
  EXPECT_EQ(root.find("b")->scalar, "010");
  EXPECT_EQ(root.find("c")->scalar, "1.0");
  EXPECT_EQ(root.find("d")->scalar, "2024-01-02");
  EXPECT_FALSE(root.find("a")->quoted);
  EXPECT_TRUE(root.find("e")->quoted);
}

TEST(Yaml, GivesEveryValueItsPlace) {
  const auto reading = read("a: one two\n"
                            "b:\n"
                            "  - \"x\"\n"
                            "  - y\n");

  ASSERT_TRUE(reading.document) << reading.text();
  const auto* a = reading.document->root.find("a");
  EXPECT_EQ(a->mark.line, 1);
  EXPECT_EQ(a->mark.column, 4);
  EXPECT_EQ(a->end.column, 11);
  const auto& quoted = reading.document->root.find("b")->items.at(0);
  EXPECT_EQ(quoted.mark.line, 3);
  EXPECT_EQ(quoted.mark.column, 5);
  EXPECT_EQ(quoted.end.column, 8);
}

TEST(Yaml, KnowsWhereTextsOverSeveralLinesEnd) {
  const auto reading = read("a: one\n"
                            "  two\n"
                            "b: |\n"
                            "  three\n"
                            "\n"
                            "  four\n"
                            "c: \"five\n"
                            "  \\\" six\" # seven\n"
                            "d: 'it''s'\n");

  ASSERT_TRUE(reading.document) << reading.text();
  const auto end_of = [&](std::string_view key) {
    const auto end = reading.document->root.find(key)->end;
    return std::to_string(end.line) + ":" + std::to_string(end.column);
  };
  EXPECT_EQ(end_of("a"), "2:6");
  EXPECT_EQ(end_of("b"), "6:7");
  EXPECT_EQ(end_of("c"), "8:10");
  EXPECT_EQ(end_of("d"), "9:11");
  EXPECT_EQ(reading.document->root.find("b")->scalar, "three\n\nfour\n");
  EXPECT_EQ(reading.document->root.find("c")->scalar, "five \" six");
}

TEST(Yaml, AnEmptyValueStandsOnTheLineOfItsKey) {
  const auto reading = read("a:\n"
                            "# comment\n"
                            "\n"
                            "b:\n"
                            "  -   # nothing\n"
                            "\n"
                            "  - x\n"
                            "c:\n");

  ASSERT_TRUE(reading.document) << reading.text();
  const auto& root = reading.document->root;
  EXPECT_EQ(root.find("a")->kind, Kind::null);
  EXPECT_EQ(root.find("a")->mark.line, 1);
  EXPECT_EQ(root.find("a")->mark.column, 3);
  EXPECT_EQ(root.find("b")->items.at(0).mark.line, 5);
  EXPECT_EQ(root.find("b")->items.at(0).mark.column, 3);
  EXPECT_EQ(root.find("c")->mark.line, 8);
}

TEST(Yaml, AnEmptyFileIsNoValue) {
  for (const auto* text : {"", "\n\n", "# only a comment\n", "---\n"}) {
    const auto reading = read(text);
    ASSERT_TRUE(reading.document) << text << reading.text();
    EXPECT_EQ(reading.document->root.kind, Kind::null);
  }
}

TEST(Yaml, AByteOrderMarkAndWindowsLineBreaksChangeNothing) {
  const auto plain = read("a: 1\nb: |\n  x\n  y\nc: 2\n");
  const auto windows = read("\xEF\xBB\xBF"
                            "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n");

  ASSERT_TRUE(plain.document);
  ASSERT_TRUE(windows.document) << windows.text();
  EXPECT_EQ(canonical(plain.document->root), canonical(windows.document->root));
  EXPECT_EQ(windows.document->root.find("c")->mark.line, 5);
  EXPECT_EQ(windows.document->lines.at(0), "a: 1");
}

TEST(Yaml, RefusesWhatHidesMeaningAndGoesOn) {
  const auto reading = read("a: &x 1\n"
                            "b: *x\n"
                            "c: !t 3\n"
                            "<<: {z: 1}\n"
                            "a: 2\n");

  EXPECT_FALSE(reading.document);
  EXPECT_EQ(reading.codes(), "Y016 Y017 Y018 Y019 Y020");
}

TEST(Yaml, RefusesTheFileThatHoldsItself) {
  EXPECT_EQ(read("&x [*x]\n").codes(), "Y016 Y017");
}

TEST(Yaml, FindsKeysThatAreTheSameBehindTheirQuotes) {
  const auto reading = read("name: a\n'name': b\n\"na\\x6De\": c\n");

  EXPECT_EQ(reading.codes(), "Y020 Y020");
  EXPECT_EQ(reading.findings.all().at(0).label, "already set on line 1");
}

TEST(Yaml, RefusesASecondDocument) {
  EXPECT_EQ(read("a: 1\n---\nb: 2\n").text(),
            "error[Y021]: a second document begins here\n"
            " --> x.yaml:2:1\n"
            "  |\n"
            "2 | ---\n"
            "  | ^^^\n"
            "  |\n"
            "  = help: one file holds one document; remove the `---` line\n");
  EXPECT_EQ(read("a: 1\n...\nb: 2\n").codes(), "Y021");
}

TEST(Yaml, PointsAtTheListThatIsNeverClosed) {
  EXPECT_EQ(read("factors:\n"
                 "  rule:\n"
                 "    values: [none, voluntary\n"
                 "  tension: {range: [0, 1]}\n")
              .text(),
            "error[Y003]: this list is never closed\n"
            " --> x.yaml:3:13\n"
            "  |\n"
            "3 |     values: [none, voluntary\n"
            "  |             ^ opened here, and line 4 starts a new key\n"
            "  |\n"
            "  = help: add `]` at the end of line 3\n");
}

TEST(Yaml, PointsAtTheMapThatAnotherBracketCloses) {
  const auto reading = read("a: [1, {b: 2, c: 3]\n");

  ASSERT_EQ(reading.codes(), "Y003");
  EXPECT_EQ(reading.findings.all().at(0).column, 8);
  EXPECT_EQ(reading.findings.all().at(0).message, "this map is never closed");
}

TEST(Yaml, BracketsInsideTextsAreLetters) {
  const auto reading = read("a: see [note\n"
                            "b: \"[\"\n"
                            "c: | # [\n"
                            "  [ {\n"
                            "d: [1, 2\n");

  ASSERT_EQ(reading.codes(), "Y003");
  EXPECT_EQ(reading.findings.all().at(0).line, 5);
}

TEST(Yaml, PointsAtTheQuoteThatIsNeverClosed) {
  EXPECT_EQ(read("title: \"The harbour\nturns: 4\nplace: \"x\"\n").text(),
            "error[Y004]: this quoted text is never closed\n"
            " --> x.yaml:1:8\n"
            "  |\n"
            "1 | title: \"The harbour\n"
            "  |        ^ opened here, and closed only on line 3\n"
            "  |\n"
            "  = help: close it with `\"`; a quote inside is written \\\"\n");
}

TEST(Yaml, ExplainsAnApostropheWithinSingleQuotes) {
  EXPECT_EQ(read("name: 'it's'\n").text(),
            "error[Y004]: something follows a quoted text\n"
            " --> x.yaml:1:11\n"
            "  |\n"
            "1 | name: 'it's'\n"
            "  |           ^ the quote before this ended the text\n"
            "  |\n"
            "  = help: an apostrophe inside single quotes is written twice: "
            "''\n");
}

TEST(Yaml, ExplainsATab) {
  EXPECT_EQ(read("a:\n\tb: 1\n").text(),
            "error[Y005]: a tab stands in the indentation\n"
            " --> x.yaml:2:1\n"
            "  |\n"
            "2 | \tb: 1\n"
            "  | ^ a tab\n"
            "  |\n"
            "  = help: indent with spaces; YAML gives a tab no width\n");
}

TEST(Yaml, ExplainsAColonInAnUnquotedText) {
  EXPECT_EQ(read("title: Harbour: a story\n").text(),
            "error[Y007]: an unquoted text cannot contain `: `\n"
            " --> x.yaml:1:15\n"
            "  |\n"
            "1 | title: Harbour: a story\n"
            "  |               ^ this colon reads as the end of a key\n"
            "  |\n"
            "  = help: put the whole text in quotes: title: \"Harbour: a "
            "story\"\n");
}

TEST(Yaml, ExplainsAPlaceholderWithoutQuotes) {
  EXPECT_EQ(read("title: {{name}}\n").codes(), "Y022");
}

struct Broken {
  const char* text;
  const char* code;
  int line;
};

class BrokenYaml : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenYaml, IsOneFindingWithItsPlace) {
  const auto& broken = GetParam();

  const auto reading = read(broken.text);

  ASSERT_EQ(reading.findings.all().size(), 1U) << reading.text();
  EXPECT_FALSE(reading.document);
  EXPECT_EQ(reading.findings.all().at(0).code, broken.code) << reading.text();
  EXPECT_EQ(reading.findings.all().at(0).line, broken.line) << reading.text();
}

INSTANTIATE_TEST_SUITE_P(
  Corpus, BrokenYaml,
  ::testing::Values(
    Broken{"a: @x\n", "Y008", 1}, Broken{"a: `x\n", "Y008", 1},
    Broken{"a: %x\n", "Y008", 1}, Broken{"a: \"\\q\"\n", "Y009", 1},
    Broken{"a: 1\n  b: 2\n", "Y006", 2},
    Broken{"a:\n  b: 1\n c: 2\n", "Y006", 3},
    Broken{"a:\n - x\n  - y\n- z\n", "Y006", 4}, Broken{"b: - c\n", "Y006", 1},
    Broken{"a: [1]]\n", "Y003", 1}, Broken{"a: }\n", "Y003", 1},
    Broken{"- a\nb: c\n", "Y006", 2}, Broken{"a: |x\n  y\n", "Y008", 1},
    Broken{"? [a]\n: b\n", "Y022", 1}, Broken{"null: b\n", "Y022", 1},
    Broken{"a: 'x\n", "Y004", 1}, Broken{"a: [\"x]\n", "Y004", 1},
    Broken{"a: \"x\" y\n", "Y004", 1}, Broken{"a: \"x\n---\ny\"\n", "Y004", 1},
    Broken{"[a, b}\n", "Y003", 1}, Broken{"a: 1\nb: [\n", "Y003", 2},
    Broken{"a: {b: [1, 2}\nc: 3\n", "Y003", 1},
    Broken{"a b\nc: d\n", "Y006", 2}, Broken{"a: x\xC0\xAFy\n", "Y011", 1},
    Broken{"a: 1\nb: \xED\xA0\x80\n", "Y011", 2},
    Broken{"a: \x01\n", "Y012", 1}, Broken{"a: \x04\n", "Y012", 1},
    Broken{"\xFF\xFE"
           "a",
           "Y011", 0},
    Broken{"%YAML 9.9\n---\na: 1\n", "Y001", 1}));

TEST(Yaml, RefusesAZeroByte) {
  const std::string text{"a: \0b\n", 6};

  EXPECT_EQ(read(text).codes(), "Y012");
}

TEST(Yaml, RefusesALargeFileBeforeItReadsIt) {
  const auto reading = read(std::string((std::size_t{1} << 20) + 1, '['));

  EXPECT_EQ(reading.codes(), "Y010");
}

TEST(Yaml, RefusesALongTextAndTooManyValues) {
  EXPECT_EQ(read("a: " + std::string(300 << 10, 'x') + "\n").codes(), "Y015");
  EXPECT_EQ(read("[" + repeated("1,", 200'000) + "1]").codes(), "Y014");
}

TEST(Yaml, AllowsTheDepthOfTheBoundAndNoMore) {
  const auto nested = [](std::size_t depth) {
    return repeated("[", depth) + repeated("]", depth);
  };

  EXPECT_TRUE(read(nested(64)).document);
  EXPECT_EQ(read(nested(65)).codes(), "Y013");
}

TEST(Yaml, ReportsAFewOfManyProblems) {
  const auto reading = read(repeated("a: 1\n", 10'000));

  EXPECT_FALSE(reading.document);
  EXPECT_EQ(reading.findings.all().size(), 50U);
}

// A thread with a stack of 512 KiB: recursion over the input would end it.
void run_on_small_stack(void* (*work)(void*), void* argument) {
  pthread_attr_t attributes;
  pthread_t thread{};
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, std::size_t{512} << 10), 0);
  ASSERT_EQ(pthread_create(&thread, &attributes, work, argument), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  ASSERT_EQ(pthread_attr_destroy(&attributes), 0);
}

TEST(Yaml, DeepNestingDoesNotOverflowTheStack) {
  const std::vector<std::string> hostile{
    repeated("[", 100'000),     repeated("{a: ", 100'000),
    repeated("- ", 100'000),    repeated("? ", 100'000),
    repeated("[{a: ", 100'000), repeated(": ", 100'000),
    repeated("[? ", 100'000)};
  for (const auto& text : hostile) {
    struct Job {
      const std::string* text;
      std::string codes;
    } job{&text, {}};

    run_on_small_stack(
      [](void* argument) -> void* {
        auto* mine = static_cast<Job*>(argument);
        mine->codes = read(*mine->text).codes();
        return nullptr;
      },
      &job);

    EXPECT_FALSE(job.codes.empty()) << text.substr(0, 8);
  }
}

TEST(Yaml, LoadsAFileUnderTheNamePeopleKnow) {
  const auto path = ::testing::TempDir() + "lab_yaml_test.yaml";
  std::ofstream{path} << "a: [\n";
  Findings findings;

  const auto document = load(path, findings, "shown.yaml");
  std::remove(path.c_str());

  EXPECT_FALSE(document);
  ASSERT_EQ(findings.all().size(), 1U);
  EXPECT_EQ(findings.all().at(0).file, "shown.yaml");
}

TEST(Yaml, AFileThatCannotBeReadIsAFinding) {
  for (const auto* path : {"/no/such/file.yaml", "/"}) {
    Findings findings;
    EXPECT_FALSE(load(path, findings));
    ASSERT_EQ(findings.all().size(), 1U);
    EXPECT_EQ(findings.all().at(0).code, "Y002");
  }
}

std::string canonical_of(std::string_view text) {
  const auto reading = read(text);
  return reading.document ? canonical(reading.document->root) : "unreadable";
}

TEST(Yaml, CanonicalBytesIgnoreOrderCommentsAndStyle) {
  EXPECT_EQ(canonical_of("a: 1\nb: [x, \"y\"]\n"),
            canonical_of("# c\n\"b\":\n  - 'x'\n  - y\na: 1\n"));
}

TEST(Yaml, CanonicalBytesTellValuesApart) {
  EXPECT_NE(canonical_of("a: 5\n"), canonical_of("a: '5'\n"));
  EXPECT_NE(canonical_of("a: yes\n"), canonical_of("a: 'yes'\n"));
  EXPECT_NE(canonical_of("a: []\n"), canonical_of("a: {}\n"));
  EXPECT_NE(canonical_of("a:\n"), canonical_of("a: ''\n"));
  EXPECT_NE(canonical_of("a: [x, y]\n"), canonical_of("a: [y, x]\n"));
  EXPECT_NE(canonical_of("a: [ab, c]\n"), canonical_of("a: [a, bc]\n"));
}

TEST(Yaml, ReadsWholeNumbersStrictly) {
  const auto value = [](const char* text) { return as_int(Node::plain(text)); };

  EXPECT_EQ(value("12"), 12);
  EXPECT_EQ(value("+12"), 12);
  EXPECT_EQ(value("-3"), -3);
  EXPECT_EQ(value("010"), 10);
  EXPECT_EQ(value("9223372036854775807"), INT64_MAX);
  for (const auto* text :
       {"9223372036854775808", "0o17", "0x1f", "1_000", "1.0", "1e3", "", "-",
        "+", "+-5", "--5", " 5", "five"})
    EXPECT_EQ(value(text), std::nullopt) << text;
  EXPECT_EQ(as_int(Node::text("12")), std::nullopt);
}

TEST(Yaml, ReadsNumbersStrictly) {
  const auto value = [](const char* text) {
    return as_number(Node::plain(text));
  };

  EXPECT_EQ(value("0.25"), 0.25);
  EXPECT_EQ(value("-2"), -2.0);
  EXPECT_EQ(value("+.5"), 0.5);
  EXPECT_EQ(value("1e3"), 1000.0);
  for (const auto* text :
       {".inf", "-.inf", "inf", "nan", ".nan", "1_000", "5,0", "1e999", "0x10",
        "", ".", "+-1", "-+1", "1.2.3"})
    EXPECT_EQ(value(text), std::nullopt) << text;
  EXPECT_EQ(as_number(Node::text("0.25")), std::nullopt);
}

TEST(Yaml, ReadsTruthInItsUsualSpellings) {
  for (const auto* text : {"true", "True", "YES", "on"})
    EXPECT_EQ(as_bool(Node::plain(text)), true) << text;
  for (const auto* text : {"false", "No", "off"})
    EXPECT_EQ(as_bool(Node::plain(text)), false) << text;
  EXPECT_EQ(as_bool(Node::plain("n")), std::nullopt);
  EXPECT_EQ(as_bool(Node::text("true")), std::nullopt);
}

TEST(Yaml, SetReplacesOrAppendsAndEraseRemoves) {
  Node node;
  node.set("a", Node::plain("1"));
  node.set("b", Node::plain("2"));
  node.set("a", Node::plain("3"));

  EXPECT_EQ(canonical(node), canonical_of("a: 3\nb: 2\n"));
  EXPECT_TRUE(node.erase("a"));
  EXPECT_FALSE(node.erase("a"));
  EXPECT_EQ(canonical(node), canonical_of("b: 2\n"));
}

} // namespace
} // namespace lab::yaml
