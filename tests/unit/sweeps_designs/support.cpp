#include "tests/unit/sweeps_designs/support.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace lab::sweeps {

Decimal dec(const std::string& text) { return parse_decimal(text).value(); }

FactorValue value(const std::string& text) {
  return {yaml::Node::text(text), text};
}

Axis number_axis(std::size_t factor, const std::string& name) {
  Axis axis{factor, {}};
  axis.means.name = name;
  axis.means.distribution = Distribution::uniform(dec("0"), dec("1"));
  return axis;
}

Axis level_axis(std::size_t factor, const std::string& name,
                const std::vector<std::string>& levels) {
  Axis axis{factor, {}};
  axis.means.name = name;
  for (const auto& level : levels)
    axis.means.levels.push_back(value(level));
  return axis;
}

std::vector<Axis> number_axes(std::size_t count) {
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < count; ++i)
    axes.push_back(number_axis(i, std::string(1, static_cast<char>('a' + i))));
  return axes;
}

std::vector<std::vector<double>> units(const Leaf& leaf) {
  std::vector<std::vector<double>> all;
  for (std::int64_t i = 0; i < leaf.size(); ++i)
    all.push_back(leaf.unit(i));
  return all;
}

std::vector<std::string> shown(const Design& design) {
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < design.size(); ++i) {
    std::string line;
    for (const auto& chosen : design.point(i).values)
      line += (line.empty() ? "" : " ") + (chosen ? chosen->text : "-");
    all.push_back(line);
  }
  return all;
}

std::vector<std::string> shown(const Leaf& leaf) {
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < leaf.size(); ++i) {
    std::string line;
    for (std::size_t k = 0; k < leaf.factors().size(); ++k) {
      const auto chosen = leaf.value(i, k);
      line += (line.empty() ? "" : " ") + (chosen ? chosen->text : "-");
    }
    all.push_back(line);
  }
  return all;
}

double centred_discrepancy(const std::vector<std::vector<double>>& points) {
  const auto n = static_cast<double>(points.size());
  double single = 0;
  double pairs = 0;
  for (const auto& x : points) {
    double product = 1;
    for (const auto c : x) {
      const double off = std::abs(c - 0.5);
      product *= 1 + 0.5 * off - 0.5 * off * off;
    }
    single += product;
    for (const auto& y : points) {
      product = 1;
      for (std::size_t k = 0; k < x.size(); ++k)
        product *= 1 + 0.5 * std::abs(x[k] - 0.5) + 0.5 * std::abs(y[k] - 0.5)
                   - 0.5 * std::abs(x[k] - y[k]);
      pairs += product;
    }
  }
  return std::pow(13.0 / 12.0, static_cast<double>(points.front().size()))
         - 2 / n * single + pairs / (n * n);
}

std::vector<std::vector<std::string>> table(const std::string& name) {
  std::ifstream file{std::string{LAB_SOURCE_DIR}
                     + "/tests/unit/sweeps_designs/tables/" + name};
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#'))
      continue;
    std::istringstream words{line};
    auto& row = rows.emplace_back();
    for (std::string word; words >> word;)
      row.push_back(word);
  }
  return rows;
}

std::string manifest_text(const std::string& more) {
  return "schema: sweep/1\nname: x\nscenario: s\n" + more;
}

std::optional<Manifest> read(const std::string& more) {
  Findings findings;
  auto manifest = read_manifest(manifest_text(more), "x.yaml", findings);
  EXPECT_TRUE(manifest) << render(findings);
  return manifest;
}

} // namespace lab::sweeps
