#include <gtest/gtest.h>

#include "sweeps/planner/csv.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

namespace lab::sweeps {
namespace {

/// "a=1 b=2 | a=3"
std::string rows_of(const std::string& text) {
  Findings findings;
  const auto document = read_csv(text, "points.csv", findings);
  if (!document)
    return lines_of(findings).front();
  std::string out;
  for (const auto& row : document->root.items) {
    out += &row == document->root.items.data() ? "" : " | ";
    for (std::size_t i = 0; i < row.entries.size(); ++i)
      out += (i > 0 ? " " : "") + row.entries[i].key + "="
             + row.entries[i].value.scalar;
  }
  return out;
}

struct Case {
  std::string text;
  std::string rows;
};

class Csv : public ::testing::TestWithParam<Case> {};

TEST_P(Csv, IsReadByRfc4180) {
  EXPECT_EQ(rows_of(GetParam().text), GetParam().rows);
}

INSTANTIATE_TEST_SUITE_P(
  Table, Csv,
  ::testing::Values(
    Case{"a,b\n1,2\n3,4\n", "a=1 b=2 | a=3 b=4"},
    Case{"a,b\r\n1,2\r\n", "a=1 b=2"}, Case{"a,b\n1,2", "a=1 b=2"},
    Case{"\xef\xbb\xbf"
         "a,b\n1,2\n",
         "a=1 b=2"},
    Case{"a,b\n,2\n", "b=2"}, Case{"a,b\n1,\n", "a=1"},
    Case{"a,b\n\n1,2\n\n", "a=1 b=2"}, Case{"a,b\n\"1,5\",2\n", "a=1,5 b=2"},
    Case{"a,b\n\"say \"\"no\"\"\",2\n", "a=say \"no\" b=2"},
    Case{"a,b\n\"two\nlines\",2\n", "a=two\nlines b=2"},
    Case{"\"a\",\"b\"\n1,2\n", "a=1 b=2"}, Case{"a\n\"\"\n1\n", " | a=1"},
    Case{"a,b\n 1 , 2\n", "a= 1  b= 2"},
    Case{"", "S433@1: this file has no rows"},
    Case{"a,b\n1\n", "S433@2: this row has 1 cells, the first one 2"},
    Case{"a,b\n1,2\n1,2,3\n", "S433@3: this row has 3 cells, the first one 2"},
    Case{"a,a\n1,2\n", "S433@1: the column `a` stands twice"},
    Case{"a,\n1,2\n", "S433@1: a column has no name"},
    Case{"a,b\n\"1,2\n3,4\n", "S433@2: the quote of this cell is never closed"},
    Case{"a,b\n\"1\"x,2\n",
         "S433@2: something follows the closing quote of a cell"},
    Case{"a,b\n1\"x\",2\n",
         "S433@2: a quote stands in a cell that does not begin with one"}));

TEST(CsvPlaces, CountLinesInsideQuotes) {
  Findings findings;

  const auto document =
    read_csv("a,b\n\"x\ny\",2\n3,4\n", "points.csv", findings);

  ASSERT_TRUE(document);
  ASSERT_EQ(document->root.items.size(), 2U);
  EXPECT_EQ(document->root.items[0].entries[1].value.mark.line, 3);
  EXPECT_EQ(document->root.items[1].entries[1].value.mark.line, 4);
  EXPECT_EQ(document->root.items[1].entries[1].value.mark.column, 3);
}

} // namespace
} // namespace lab::sweeps
