#include <gtest/gtest.h>

#include "sweeps/planner/design.hpp"

namespace lab::sweeps {
namespace {

FactorValue value(const std::string& text) {
  return {yaml::Node::text(text), text};
}

/// The texts of all points, a dash where a factor is not used.
std::vector<std::string> shown(const Design& design) {
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < design.size(); ++i) {
    std::string line;
    for (const auto& chosen : design.point(i).values)
      line += chosen ? chosen->text : "-";
    all.push_back(line);
  }
  return all;
}

std::unique_ptr<Design> letters() {
  return make_grid(3, {{0, {value("a"), value("b")}},
                       {1, {value("x"), value("y"), value("z")}}});
}

std::unique_ptr<Design> two_numbers() {
  DesignPoint one{"first", {std::nullopt, std::nullopt, value("1")}};
  DesignPoint two{"second", {std::nullopt, std::nullopt, value("2")}};
  return make_list({one, two});
}

TEST(Design, TheFirstFactorOfAGridVariesSlowest) {
  EXPECT_EQ(shown(*letters()), (std::vector<std::string>{"ax-", "ay-", "az-",
                                                         "bx-", "by-", "bz-"}));
  EXPECT_EQ(letters()->outline(), "6 grid");
}

TEST(Design, AGridWithoutFactorsIsOnePoint) {
  const auto design = make_grid(0, {});

  EXPECT_EQ(design->size(), 1);
  EXPECT_TRUE(design->point(0).values.empty());
}

TEST(Design, AListKeepsItsOrderAndLabels) {
  const auto design = two_numbers();

  EXPECT_EQ(shown(*design), (std::vector<std::string>{"--1", "--2"}));
  EXPECT_EQ(design->point(1).label, "second");
  EXPECT_EQ(design->outline(), "2 list");
}

TEST(Design, ACrossJoinsEveryPointWithEveryPoint) {
  std::vector<std::unique_ptr<Design>> parts;
  parts.push_back(letters());
  parts.push_back(two_numbers());

  const auto design = make_cross(std::move(parts));

  EXPECT_EQ(shown(*design), (std::vector<std::string>{
                              "ax1", "ax2", "ay1", "ay2", "az1", "az2", "bx1",
                              "bx2", "by1", "by2", "bz1", "bz2"}));
  EXPECT_EQ(design->outline(), "6 grid x 2 list");
  EXPECT_EQ(design->point(3).label, "second");
}

TEST(Design, LabelsOfCrossedListsAreJoined) {
  std::vector<std::unique_ptr<Design>> parts;
  parts.push_back(make_list({{"calm", {value("a"), std::nullopt}}}));
  parts.push_back(make_list({{"doves", {std::nullopt, value("b")}}}));

  EXPECT_EQ(make_cross(std::move(parts))->point(0).label, "calm, doves");
}

TEST(Design, AMillionPointsAreNamedOneAtATime) {
  std::vector<FactorValue> levels;
  for (int i = 0; i < 100; ++i)
    levels.push_back(value(std::to_string(i)));

  const auto design = make_grid(3, {{0, levels}, {1, levels}, {2, levels}});

  EXPECT_EQ(design->size(), 1'000'000);
  EXPECT_EQ(design->point(123'456).values[0]->text, "12");
  EXPECT_EQ(design->point(123'456).values[1]->text, "34");
  EXPECT_EQ(design->point(123'456).values[2]->text, "56");
}

} // namespace
} // namespace lab::sweeps
