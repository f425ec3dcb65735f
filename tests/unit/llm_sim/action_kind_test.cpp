#include <gtest/gtest.h>

#include "llm/sim/action_kind.hpp"

namespace lab::llm {
namespace {

TEST(ActionKind, EveryPatternIsReadBackAsItsOwnKind) {
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto kind = static_cast<ActionKind>(i);
    const auto& rule = rule_of(kind);
    EXPECT_EQ(rule.kind, kind);
    for (const auto pattern : rule.patterns)
      EXPECT_EQ(kind_in(pattern), kind) << pattern;
  }
}

TEST(ActionKind, TheFirstVerbDecides) {
  EXPECT_EQ(kind_in("We refuse to comply."), ActionKind::hold);
  EXPECT_EQ(kind_in("We comply, though others refuse."), ActionKind::comply);
}

TEST(ActionKind, WordsAreReadWholeAndInAnyCase) {
  EXPECT_EQ(kind_in("THREATENS"), ActionKind::escalate);
  EXPECT_EQ(kind_in("The shareholder household"), std::nullopt);
  EXPECT_EQ(kind_in("\xC3\xA9hold on"), ActionKind::hold);
}

TEST(ActionKind, ATextWithoutSuchAVerbTellsNothing) {
  EXPECT_EQ(kind_in(""), std::nullopt);
  EXPECT_EQ(kind_in("Nothing happens today."), std::nullopt);
}

} // namespace
} // namespace lab::llm
