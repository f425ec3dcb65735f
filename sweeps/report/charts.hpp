#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/statistics/interval.hpp"

// The drawings of a report. Each gives an `<svg>` element and has its axes
// named, with units, by the caller.

namespace lab::sweeps::report {

/// A value with its interval, on a line of its own.
struct IntervalRow {
  std::string label;
  double value = 0;
  std::optional<statistics::Interval> interval;
};

struct IntervalGroup {
  std::string title; // may be empty
  std::vector<IntervalRow> rows;
};

struct IntervalChart {
  std::string description;
  std::string x_title;
  std::vector<IntervalGroup> groups;
  /// A line through all rows, and a band of so much to both sides of it.
  std::optional<double> reference;
  double band = 0;
  std::string reference_label;
};
std::string draw(const IntervalChart& chart);

struct CurvePoint {
  double x = 0;
  double value = 0;
  std::optional<statistics::Interval> interval;
};

struct Curve {
  std::string label; // at its right end when there are several
  std::vector<CurvePoint> points;
};

struct CurveChart {
  std::string description;
  std::string x_title;
  std::string y_title;
  std::vector<Curve> curves;
  std::vector<std::pair<double, double>> dots; // single runs, faint
};
std::string draw(const CurveChart& chart);

/// The runs of one point or group.
struct StripRow {
  std::string label;
  std::vector<double> values;
  /// Quartiles and median, where there are enough values.
  std::optional<statistics::Interval> box;
  std::optional<double> median;
};

struct StripChart {
  std::string description;
  std::string x_title;
  std::vector<StripRow> rows;
};
std::string draw(const StripChart& chart);

struct Mark {
  std::string label;
  double x = 0;
  double y = 0;
  std::optional<statistics::Interval> x_interval;
  std::optional<statistics::Interval> y_interval;
};

/// Marks with their names, which never lie on one another.
struct MarkChart {
  std::string description;
  std::string x_title;
  std::string y_title;
  std::vector<Mark> marks;
  /// From the origin: y = slope * x, with its name.
  std::vector<std::pair<double, std::string>> rays;
};
std::string draw(const MarkChart& chart);

struct BarRow {
  std::string label;
  /// One a series.
  std::vector<std::optional<statistics::Estimate>> bars;
};

struct BarChart {
  std::string description;
  std::string x_title;
  std::vector<std::string> series; // their names; one: no key is drawn
  std::vector<BarRow> rows;
};
std::string draw(const BarChart& chart);

} // namespace lab::sweeps::report
