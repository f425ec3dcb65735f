#include <gtest/gtest.h>

#include "runtime/base/text_diff.hpp"

namespace lab {
namespace {

TEST(TextDiff, OfEqualTextsIsEmpty) {
  EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n", "x", "y"), "");
}

TEST(TextDiff, ShowsAFewLinesAroundEachChange) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n",
                         "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "x", "y"),
            "--- x\n+++ y\n@@ -2,8 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n"
            " 8\n 9\n");
}

TEST(TextDiff, ChangesFarApartAreTwoHunks) {
  std::string before;
  for (int i = 0; i < 30; ++i)
    before += std::to_string(i) + "\n";
  auto after = "first\n" + before + "last\n";

  const auto diff = unified_diff(before, after, "x", "y");

  EXPECT_NE(diff.find("+first\n 0\n 1\n 2\n@@ "), std::string::npos) << diff;
  EXPECT_NE(diff.find(" 29\n+last\n"), std::string::npos) << diff;
  EXPECT_EQ(diff.find("\n 15\n"), std::string::npos) << diff;
}

TEST(TextDiff, TellsALastLineWithoutItsEndFromOneWithIt) {
  EXPECT_EQ(unified_diff("a\nb", "a\nb\n", "x", "y"),
            "--- x\n+++ y\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of "
            "file\n+b\n");
}

} // namespace
} // namespace lab
