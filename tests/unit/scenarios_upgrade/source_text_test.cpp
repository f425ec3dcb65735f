#include <gtest/gtest.h>

#include "scenarios/upgrade/source_text.hpp"

namespace lab::scenarios {
namespace {

TEST(SourceText, KeepsMarksOfAFileWithAByteOrderMarkAndWindowsLines) {
  const SourceText text{"\xEF\xBB\xBFname: A\r\nturns: 4\r\n"};

  EXPECT_EQ(text.line_count(), 2);
  EXPECT_EQ(text.line(1), "name: A");
  EXPECT_EQ(text.at({1, 1}), 'n');
  EXPECT_EQ(text.offset({2, 8}), 3U + 9U + 7U);
  EXPECT_EQ(text.line_end(), "\r\n");
}

TEST(TextEdits, LeaveEveryOtherByteAsItIs) {
  const SourceText text{"\xEF\xBB\xBFname: A  # who\r\n\r\nnum_turns:  4\r\n"};
  TextEdits edits{text};

  edits.replace({3, 1}, {3, 10}, "turns");
  edits.insert_lines(2, "one: 1\ntwo: 2");

  EXPECT_EQ(edits.apply(), "\xEF\xBB\xBFname: A  # who\r\none: 1\r\ntwo: 2\r\n"
                           "\r\nturns:  4\r\n");
}

TEST(TextEdits, AtTheEndOfAFileWithoutALineEndBeginALine) {
  const SourceText text{"name: A"};
  TextEdits edits{text};

  edits.insert_lines(2, "turns: 4");

  EXPECT_EQ(edits.apply(), "name: A\nturns: 4");
}

TEST(TextEdits, CommentsKeepTheShapeOfWhatTheyHide) {
  const SourceText text{"a:\n  b:   # first\n    - 1\n\n    # own\n    - 2\n"};
  TextEdits edits{text};

  edits.comment_out(2, 6);

  EXPECT_EQ(edits.apply(),
            "a:\n  # b:   # first\n  #   - 1\n\n    # own\n  #   - 2\n");
}

TEST(TextEdits, LinesMoveToTheRightAndToTheLeft) {
  const SourceText text{"  a: |\n    text\n\n  b: 1\n"};
  TextEdits right{text};
  TextEdits left{text};

  right.shift(1, 3, 2);
  left.shift(1, 4, -2);

  EXPECT_EQ(right.apply_to(1, 2), "    a: |\n      text");
  EXPECT_EQ(left.apply(), "a: |\n  text\n\nb: 1\n");
}

TEST(TextEdits, SayWhenTwoOfThemClaimTheSameBytes) {
  const SourceText text{"turns: 4\n"};
  TextEdits edits{text};
  edits.replace({1, 1}, {1, 6}, "x");
  EXPECT_FALSE(edits.overlap());

  edits.replace({1, 3}, {1, 8}, "y");

  EXPECT_TRUE(edits.overlap());
}

} // namespace
} // namespace lab::scenarios
