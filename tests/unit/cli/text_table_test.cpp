#include <gtest/gtest.h>

#include "tools/cli/text_table.hpp"

namespace lab::tools {
namespace {

TEST(TextTable, ColumnsLineUpByCharactersNotBytes) {
  TextTable table{{{"NAME", Align::left}, {"VALUE", Align::right}}};
  table.row({"é", "±0.5"});
  table.row({"long", "12"});

  EXPECT_EQ(table.text("  "), "  NAME  VALUE\n"
                              "  é      ±0.5\n"
                              "  long     12\n");
}

TEST(TextTable, WithoutHeadingsThereIsNoHeadingLine) {
  TextTable table{{{"", Align::left}, {"", Align::left}}};
  table.row({"a", ""});

  EXPECT_EQ(table.text(), "a\n");
}

TEST(TextTable, ShorteningNeverCutsACharacter) {
  EXPECT_EQ(shorten("äöü", 3), "äöü");
  EXPECT_EQ(shorten("äöüß", 3), "äö…");
}

TEST(TextTable, NumbersReadWell) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(14092), "14,092");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(compact(950), "950");
  EXPECT_EQ(compact(12400), "12.4k");
  EXPECT_EQ(compact(3'900'000), "3.9M");
  EXPECT_EQ(duration_text(14), "14 s");
  EXPECT_EQ(duration_text(720), "12 min");
  EXPECT_EQ(duration_text(26'400), "7 h 20 min");
  EXPECT_EQ(count_of(1, "run"), "1 run");
  EXPECT_EQ(count_of(24, "run"), "24 runs");
}

} // namespace
} // namespace lab::tools
