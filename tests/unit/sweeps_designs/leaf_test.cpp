#include <gtest/gtest.h>

#include "sweeps/designs/level_leaf.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

using Texts = std::vector<std::string>;

LevelAxis levels(std::size_t factor, const Texts& texts) {
  LevelAxis axis{factor, {}};
  for (const auto& text : texts)
    axis.levels.push_back(value(text));
  return axis;
}

std::unique_ptr<Leaf> letters() {
  return make_grid_leaf({levels(0, {"a", "b"}), levels(1, {"x", "y", "z"})});
}

TEST(Grid, TheFirstFactorVariesSlowest) {
  EXPECT_EQ(shown(*letters()),
            (Texts{"a x", "a y", "a z", "b x", "b y", "b z"}));
  EXPECT_EQ(letters()->prefix_unit(), 0);
}

TEST(Grid, AMillionPointsAreNamedOneAtATime) {
  Texts hundred;
  for (int i = 0; i < 100; ++i)
    hundred.push_back(std::to_string(i));
  const auto grid = make_grid_leaf(
    {levels(0, hundred), levels(1, hundred), levels(2, hundred)});

  EXPECT_EQ(grid->size(), 1'000'000);
  EXPECT_EQ(grid->value(123'456, 0)->text, "12");
  EXPECT_EQ(grid->value(123'456, 1)->text, "34");
  EXPECT_EQ(grid->value(123'456, 2)->text, "56");
}

TEST(Zip, JoinsFirstWithFirst) {
  const auto zip =
    make_zip_leaf({levels(0, {"a", "b"}), levels(1, {"x", "y"})});

  EXPECT_EQ(shown(*zip), (Texts{"a x", "b y"}));
}

TEST(OneAtATime, VariesEachFactorAloneFromTheBaseline) {
  const auto leaf = make_one_at_a_time_leaf(
    {levels(0, {"a", "b", "c"}), levels(1, {"x", "y"}), levels(2, {"1"})},
    {1, 0, 0});

  EXPECT_EQ(leaf->size(), 1 + 2 + 1 + 0);
  EXPECT_EQ(shown(*leaf), (Texts{"b x 1", "a x 1", "c x 1", "b y 1"}));
  std::vector<std::int32_t> moved;
  for (std::int64_t i = 0; i < leaf->size(); ++i)
    moved.push_back(std::get<OneAtATimePlace>(leaf->place(i)).moved);
  EXPECT_EQ(moved, (std::vector<std::int32_t>{-1, 0, 0, 1}));
}

TEST(Filtered, KeepsOrderAndFactors) {
  const auto leaf =
    make_filtered_leaf(letters(), {true, false, true, false, false, true});

  EXPECT_EQ(shown(*leaf), (Texts{"a x", "a z", "b z"}));
  EXPECT_EQ(leaf->kind(), LeafKind::grid);
  EXPECT_EQ(leaf->notes(), (Texts{"grid: `where` keeps 3 of 6 points"}));
}

TEST(Filtered, FindsEveryKeptPointOfMany) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const Seed chance{seed};
    constexpr std::size_t count = 5'000;
    std::vector<bool> kept(count);
    std::vector<std::int64_t> wanted;
    for (std::size_t i = 0; i < count; ++i) {
      // Thin, even and dense stretches.
      const auto share = i < 1'000 ? 0.01 : i < 3'000 ? 0.5 : 0.99;
      kept[i] = chance.unit(i) < share;
      if (kept[i])
        wanted.push_back(static_cast<std::int64_t>(i));
    }
    const auto whole = units(*make_random(number_axes(1), count, Seed{7}));
    const auto leaf =
      make_filtered_leaf(make_random(number_axes(1), count, Seed{7}), kept);

    ASSERT_EQ(leaf->size(), static_cast<std::int64_t>(wanted.size()));
    for (std::size_t n = 0; n < wanted.size(); ++n)
      ASSERT_EQ(leaf->unit(static_cast<std::int64_t>(n)),
                whole[static_cast<std::size_t>(wanted[n])])
        << n;
    EXPECT_EQ(leaf->prefix_unit(), 1);
  }
}

TEST(Factor, LevelsShareTheUnitIntervalInTheirOrder) {
  const auto even = level_axis(0, "rule", {"none", "voluntary", "binding"});
  EXPECT_EQ(even.means.at(0).text, "none");
  EXPECT_EQ(even.means.at(0.34).text, "voluntary");
  EXPECT_EQ(even.means.at(1).text, "binding");

  auto weighted = even;
  weighted.means.shares = {0.7, 0.2, 0.1};
  EXPECT_EQ(weighted.means.at(0.69).text, "none");
  EXPECT_EQ(weighted.means.at(0.71).text, "voluntary");
  EXPECT_EQ(weighted.means.at(0.89).text, "voluntary");
  EXPECT_EQ(weighted.means.at(0.91).text, "binding");
  EXPECT_EQ(weighted.means.at(1).text, "binding");
}

TEST(Factor, TheLowerEndOfACellBelongsToItInSpiteOfRounding) {
  std::vector<std::string> texts;
  for (int count = 1; count <= 60; ++count) {
    texts.push_back(std::to_string(count - 1));
    const auto axis = level_axis(0, "a", texts);
    for (int i = 0; i < count; ++i)
      EXPECT_EQ(axis.means.at(static_cast<double>(i) / count).text,
                std::to_string(i))
        << count;
  }
}

TEST(Factor, ABundleWritesThePlacesOfItsLevel) {
  Factor stance;
  stance.bundle = true;
  stance.paths = {"params.a", "params.b"};
  auto both = yaml::Node::map();
  both.set("params.a", yaml::Node::plain("1"));
  both.set("params.b", yaml::Node::plain("2"));

  const auto written = assignments_of(stance, {both, "both"});
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(written[0].path, "params.a");
  EXPECT_EQ(written[1].value.scalar, "2");
  EXPECT_TRUE(assignments_of(stance, {yaml::Node::map(), "none"}).empty());
}

} // namespace
} // namespace lab::sweeps
