#include <gtest/gtest.h>

#include "runtime/base/text.hpp"

namespace lab {
namespace {

TEST(Text, TellsWellFormedUtf8FromTheRest) {
  for (const auto* good : {"", "plain", "é", "日本", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const auto* bad : {"\xC0\xAF",         // overlong
                          "\xE0\x80\x80",     // overlong
                          "\xED\xA0\x80",     // surrogate
                          "\xF4\x90\x80\x80", // above U+10FFFF
                          "\x80",             // a tail alone
                          "ab\xC3"})          // cut off
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(Text, ReplacesEachMalformedByte) {
  EXPECT_EQ(to_utf8("a\xC0\xAF"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(to_utf8("é"), "é");
}

TEST(Text, QuotesForJson) {
  EXPECT_EQ(json_quote("a\"b\\c\nd\t\x01"), R"("a\"b\\c\nd\u0009\u0001")");
  EXPECT_EQ(json_quote("\xFF"), "\"\xEF\xBF\xBD\"");
}

TEST(Text, MakesModelTextHarmlessOnATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\x07"), "a[31mb");
  EXPECT_EQ(printable("line\n\ttab"), "line\n\ttab");
  EXPECT_EQ(printable("x\u202Ey\u200Bz"), "xyz");
  EXPECT_EQ(printable("\xF3\xA0\x80\x81tag"), "tag");
  EXPECT_EQ(printable("\xFF"), "\xEF\xBF\xBD");
}

TEST(Text, TrimsAndSplitsAndJoins) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(join({"a", "b", "a"}, ", "), "a, b, a");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, CountsASwapOfNeighboursAsOneEdit) {
  EXPECT_EQ(edit_distance("caution", "caution"), 0U);
  EXPECT_EQ(edit_distance("cuation", "caution"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Text, SuggestsOnlyAWordThatIsNearAndAlone) {
  EXPECT_EQ(closest("eu_comission", {"eu_commission", "us"}), "eu_commission");
  EXPECT_EQ(closest("Turns", {"turns"}), "turns");
  EXPECT_EQ(closest("banana", {"turns", "goals"}), std::nullopt);
  EXPECT_EQ(closest("cat", {"bat", "hat"}), std::nullopt);
  EXPECT_EQ(closest("x", {}), std::nullopt);
}

TEST(FiniteNumber, IsTheWholeTextOrNothing) {
  EXPECT_EQ(finite_number("0.25"), 0.25);
  EXPECT_EQ(finite_number("-3e2"), -300);
  for (const auto* none : {"", " 1", "1 ", "1x", "x", "inf", "nan", "1e999"})
    EXPECT_FALSE(finite_number(none)) << none;
}

} // namespace
} // namespace lab
