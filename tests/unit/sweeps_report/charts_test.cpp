#include <limits>
#include <regex>

#include <gtest/gtest.h>

#include "sweeps/report/charts.hpp"
#include "sweeps/report/svg.hpp"
#include "tests/unit/sweeps_report/xml_check.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Estimate;
using statistics::Interval;
using testing::xml_fault;

const std::string awkward = "a <b> & \"c\"";

/// Every number of an attribute.
std::vector<double> coordinates(const std::string& svg,
                                const std::string& attribute) {
  std::vector<double> found;
  const std::regex form{" " + attribute + "=\"(-?[0-9.]+)\""};
  for (auto at = std::sregex_iterator{svg.begin(), svg.end(), form};
       at != std::sregex_iterator{}; ++at)
    found.push_back(std::stod((*at)[1]));
  return found;
}

void expect_inside(const std::string& svg) {
  EXPECT_EQ(xml_fault(svg), "") << svg;
  EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
  EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
  const auto width = coordinates(svg, "width").front();
  const auto height = coordinates(svg, "height").front();
  for (const auto* x : {"x", "x1", "x2", "cx"})
    for (const double at : coordinates(svg, x)) {
      EXPECT_GE(at, 0);
      EXPECT_LE(at, width);
    }
  for (const auto* y : {"y", "y1", "y2", "cy"})
    for (const double at : coordinates(svg, y)) {
      EXPECT_GE(at, 0);
      EXPECT_LE(at, height);
    }
}

TEST(ReportCharts, EveryChartIsWellFormedAndStaysInside) {
  IntervalChart intervals{awkward, awkward, {}, 4.0, 0.8, awkward};
  intervals.groups = {{awkward,
                       {{awkward, 3.5, Interval{2, 5}},
                        {std::string(200, 'W'), 7, std::nullopt},
                        {"open", 5,
                         Interval{-std::numeric_limits<double>::infinity(),
                                  std::numeric_limits<double>::infinity()}}}}};
  expect_inside(draw(intervals));

  CurveChart curves{awkward, awkward, std::string(300, 'y'), {}, {{0.5, 3}}};
  curves.curves = {{awkward, {{0, 1, Interval{0, 2}}, {1, 3, std::nullopt}}},
                   {"other", {{0, 2, {}}, {1, 2.9, {}}}}};
  expect_inside(draw(curves));

  StripChart strips{awkward, awkward, {}};
  strips.rows = {{awkward, {1, 1, 1, 2, 5}, Interval{1, 2}, 1.0},
                 {"none", {}, {}, {}}};
  expect_inside(draw(strips));

  MarkChart marks{awkward, "mu*", "sigma", {}, {{1.0, "sigma = mu*"}}};
  for (int i = 0; i < 30; ++i)
    marks.marks.push_back({"factor " + std::to_string(i),
                           0.1 * (i % 3),
                           0.1 * (i % 2),
                           Interval{0, 1},
                           {}});
  expect_inside(draw(marks));

  BarChart bars{awkward, awkward, {"first", "total"}, {}};
  bars.rows = {
    {awkward, {Estimate{0.4, Interval{-0.1, 0.6}, {}}, std::nullopt}},
    {"b", {Estimate{0.0, {}, {}}, Estimate{0.9, Interval{0.5, 1.2}, {}}}}};
  expect_inside(draw(bars));
}

TEST(ReportCharts, ChartsOfNothingAreStillCharts) {
  expect_inside(draw(IntervalChart{}));
  expect_inside(draw(CurveChart{}));
  expect_inside(draw(StripChart{}));
  expect_inside(draw(MarkChart{}));
  expect_inside(draw(BarChart{}));
}

TEST(ReportCharts, NamesOfMarksNeverLieOnOneAnother) {
  MarkChart chart{"", "x", "y", {}, {}};
  for (int i = 0; i < 8; ++i)
    chart.marks.push_back(
      {"trust " + std::to_string(i), 0.5 + 0.01 * i, 0.5 + 0.01 * i, {}, {}});

  const auto svg = draw(chart);

  struct Place {
    double x, y;
  };
  std::vector<Place> places;
  const std::regex form{R"re(<text x="([0-9.]+)" y="([0-9.]+)">trust)re"};
  for (auto at = std::sregex_iterator{svg.begin(), svg.end(), form};
       at != std::sregex_iterator{}; ++at)
    places.push_back({std::stod((*at)[1]), std::stod((*at)[2])});
  ASSERT_EQ(places.size(), 8u);
  const double width = text_width("trust 0");
  for (std::size_t i = 0; i < places.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_TRUE(std::abs(places[i].x - places[j].x) >= width - 0.1
                  || std::abs(places[i].y - places[j].y) >= font_size)
        << i << " and " << j;
}

TEST(ReportSvg, TextsAreCutToTheirRoom) {
  const std::string text(100, 'W');
  const auto cut = fitted(text, 100);
  EXPECT_LE(text_width(cut), 100 + font_size);
  EXPECT_TRUE(cut.ends_with("…"));
  EXPECT_EQ(fitted("short", 100), "short");
  EXPECT_EQ(fitted("日本語の長い文章です", 60).size() % 3, 0u)
    << "never within a character";
}

TEST(ReportSvg, TheSameDrawingIsTheSameBytes) {
  EXPECT_EQ(coordinate(1.0 / 3), "0.33");
  EXPECT_EQ(coordinate(12.50), "12.5");
  EXPECT_EQ(coordinate(-0.001), "0");
  EXPECT_EQ(coordinate(100), "100");
}

} // namespace

} // namespace lab::sweeps::report
