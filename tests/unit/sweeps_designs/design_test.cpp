#include <set>

#include <gtest/gtest.h>

#include "sweeps/designs/level_leaf.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

using Texts = std::vector<std::string>;

Block block(std::string name, std::vector<std::shared_ptr<const Leaf>> leaves) {
  Block made;
  made.name = std::move(name);
  made.leaves = std::move(leaves);
  return made;
}

std::shared_ptr<const Leaf> grid_of(std::size_t factor, const Texts& texts) {
  LevelAxis axis{factor, {}};
  for (const auto& text : texts)
    axis.levels.push_back(value(text));
  return make_grid_leaf({axis});
}

std::shared_ptr<const Leaf> labelled(std::size_t factor,
                                     const std::string& label) {
  return make_list_leaf({factor}, {{label, {value(label)}}});
}

TEST(Design, WithoutLeavesIsOnePoint) {
  const Design design{0, std::vector<Block>(1)};

  EXPECT_EQ(design.size(), 1);
  EXPECT_TRUE(design.point(0).values.empty());
  EXPECT_EQ(design.outline(), "1 point");
}

TEST(Design, ACrossJoinsEveryPointWithEveryPoint) {
  const Design design{
    3, {block("", {grid_of(0, {"a", "b"}), grid_of(2, {"1", "2"})})}};

  EXPECT_EQ(shown(design), (Texts{"a - 1", "a - 2", "b - 1", "b - 2"}));
  EXPECT_EQ(design.outline(), "2 grid x 2 grid");
}

TEST(Design, LabelsOfCrossedListsAreJoined) {
  const Design design{2,
                      {block("", {labelled(0, "calm"), labelled(1, "doves")})}};

  EXPECT_EQ(design.point(0).label, "calm, doves");
}

TEST(Design, AUnionVisitsOneBlockAfterTheOther) {
  const Design design{2,
                      {block("first", {grid_of(0, {"a", "b"})}),
                       block("second", {grid_of(1, {"x", "y", "z"})})}};

  EXPECT_EQ(shown(design), (Texts{"a -", "b -", "- x", "- y", "- z"}));
  EXPECT_EQ(design.outline(), "2 grid + 3 grid");
  EXPECT_EQ(design.place_of(3), (PointPlace{1, {1}}));
}

TEST(Design, ACrossOfUnionsHasABlockForEveryPair) {
  const std::vector<Block> left{block("wide", {grid_of(0, {"a"})}),
                                block("deep", {grid_of(1, {"b", "c"})})};
  const std::vector<Block> right{block("", {grid_of(2, {"1", "2"})})};

  const Design design{3, crossed({left, right})};

  ASSERT_EQ(design.blocks().size(), 2U);
  EXPECT_EQ(design.blocks()[1].name, "deep");
  EXPECT_EQ(shown(design),
            (Texts{"a - 1", "a - 2", "- b 1", "- b 2", "- c 1", "- c 2"}));
}

TEST(Design, EveryPointKnowsItsPlaceAndBack) {
  const Design design{
    4,
    {block("a", {grid_of(0, {"1", "2", "3"}), grid_of(1, {"1", "2"})}),
     block("b", {grid_of(2, {"1"})}),
     block("c", {grid_of(3, {"1", "2"}), grid_of(0, {"1", "2", "3"})})}};

  ASSERT_EQ(design.size(), 13);
  for (std::int64_t i = 0; i < design.size(); ++i)
    EXPECT_EQ(design.index_of(design.place_of(i)), i);
}

TEST(Design, EachCombinationOfTheOtherLeavesIsAGroup) {
  // Two Morris samples would be crossed with three models and two rules.
  std::shared_ptr<const Leaf> morris =
    make_morris(number_axes(2), 3, 4, Seed{1});
  const Design design{
    4,
    {block("", {grid_of(2, {"x", "y", "z"}), morris, grid_of(3, {"p", "q"})})}};

  EXPECT_EQ(design.group_count(0, 1), 6);
  std::set<std::int64_t> met;
  for (std::int64_t group = 0; group < 6; ++group) {
    const auto first = design.point(design.index_in_group(0, 1, group, 0));
    for (std::int64_t position = 0; position < morris->size(); ++position) {
      const auto index = design.index_in_group(0, 1, group, position);
      met.insert(index);
      EXPECT_EQ(design.place_of(index).positions[1], position);
      const auto point = design.point(index);
      EXPECT_EQ(point.values[2]->text, first.values[2]->text);
      EXPECT_EQ(point.values[3]->text, first.values[3]->text);
      EXPECT_EQ(point.values[0]->text, morris->value(position, 0)->text);
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(met.size()), design.size());
}

TEST(Design, NotesAreSaidOnce) {
  std::shared_ptr<const Leaf> leaf =
    make_morris({level_axis(0, "rule", {"a", "b"})}, 3, 4, Seed{1});
  const Design design{1, {block("one", {leaf}), block("two", {leaf})}};

  EXPECT_EQ(design.notes(), (Texts{"morris: the 2 values of `rule` share the "
                                   "unit interval in equal cells"}));
}

} // namespace
} // namespace lab::sweeps
