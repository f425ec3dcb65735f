#include <gtest/gtest.h>

#include "scenarios/upgrade/blocks.hpp"

namespace lab::scenarios {
namespace {

yaml::Document parsed(const std::string& text) {
  Findings findings;
  auto document = yaml::parse(text, "x.yaml", findings);
  EXPECT_TRUE(document) << render(findings) << text;
  return document ? std::move(*document) : yaml::Document{};
}

TEST(Blocks, EntriesReachOverTheirValuesAndTakeTheCommentsBefore) {
  const std::string text = "a: 1   # one\n"
                           "# of b\n"
                           "b: |\n"
                           "  # no comment\n"
                           "  text\n"
                           "\n"
                           "c: {x: [1,\n"
                           "  2], y: '}'}  # end\n"
                           "d:\n"
                           "  - e: 1\n"
                           "    f: \"a\n"
                           "      b\"\n"
                           "# last\n";
  const auto document = parsed(text);
  const SourceText source{text};

  const auto lines = entry_lines(source, document.root);

  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].last, 1);
  EXPECT_EQ(lines[1].first, 2);
  EXPECT_EQ(lines[1].key, 3);
  EXPECT_EQ(lines[1].last, 5);
  EXPECT_EQ(lines[2].first, 6);
  EXPECT_EQ(lines[2].last, 8);
  EXPECT_EQ(lines[3].last, 12);
  EXPECT_EQ(end_of(source, document.root.entries[2].value).column, 14);
}

TEST(Blocks, KeysAreFoundInTheirQuotes) {
  const std::string text = "\"the key\" : 1\n";
  const auto document = parsed(text);

  const auto key = key_text(SourceText{text}, document.root.entries[0]);

  EXPECT_TRUE(key.sound);
  EXPECT_EQ(key.begin.column, 2);
  EXPECT_EQ(key.end.column, 9);
  EXPECT_EQ(key.colon.column, 11);
}

TEST(Blocks, AHashInATextIsNoComment) {
  const SourceText text{"a: 'x # y'  # one\nb: x#y # two\n# three\n"};

  EXPECT_EQ(comments_in(text, 1, 3),
            (std::vector<std::string>{"# one", "# two", "# three"}));
}

TEST(Blocks, WhatIsWrittenReadsBackAsItWas) {
  auto map = yaml::Node::map();
  for (const std::string value : {"plain",
                                  "two words",
                                  "it's",
                                  "a \"quoted\" \\d+",
                                  "",
                                  " padded ",
                                  "line one\nline two",
                                  "line one\n\n  deeper\nend\n",
                                  "\n",
                                  "tab\there",
                                  "- dash",
                                  "# hash",
                                  "yes",
                                  "10",
                                  "null",
                                  "{braces}",
                                  "key: value",
                                  "trailing: ",
                                  "ends twice\n\n",
                                  "  starts deep\nthen not"})
    map.set("k" + std::to_string(map.entries.size()), yaml::Node::text(value));
  map.set("number", yaml::Node::plain("10"));
  map.set("list",
          yaml::Node::list({yaml::Node::plain("1"), yaml::Node::text("a, b")}));
  auto inner = yaml::Node::map();
  inner.set("text", yaml::Node::text("one\ntwo"));
  map.set("maps", yaml::Node::list({inner, inner}));

  const auto document = parsed(map_text(map, 0) + "\n");

  ASSERT_EQ(document.root.entries.size(), map.entries.size());
  EXPECT_EQ(yaml::canonical(document.root), yaml::canonical(map))
    << map_text(map, 0);
}

} // namespace
} // namespace lab::scenarios
