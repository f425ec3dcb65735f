#include "tools/cli/outcome_report.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "runtime/base/text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

using sweeps::FactorEffect;
using sweeps::OutcomeCell;
using sweeps::OutcomeTable;

// A longer table is a data file: `costs` and `runs --json` have it.
constexpr std::size_t cells_shown_max = 40;

std::string one_decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

std::string plain_number(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

std::string label_of(const OutcomeView& view, const std::string& factor) {
  const auto found = view.labels.find(factor);
  return printable(found == view.labels.end() ? factor : found->second);
}

/// Values of one factor in order of first appearance.
std::vector<std::string> values_at(const OutcomeTable& table,
                                   std::size_t factor) {
  std::vector<std::string> values;
  for (const auto& cell : table.cells)
    if (std::find(values.begin(), values.end(), cell.values[factor])
        == values.end())
      values.push_back(cell.values[factor]);
  return values;
}

const OutcomeCell* cell_at(const OutcomeTable& table, const std::string& first,
                           const std::string& second) {
  for (const auto& cell : table.cells)
    if (cell.values[0] == first && cell.values[1] == second)
      return &cell;
  return nullptr;
}

std::string two_factors(const OutcomeView& view) {
  const auto& table = view.table;
  const auto across = values_at(table, 1);
  std::vector<std::pair<std::string, Align>> columns{
    {label_of(view, table.factors[0]), Align::left}};
  for (const auto& value : across)
    columns.emplace_back(printable(value), Align::left);
  TextTable text{std::move(columns)};
  for (const auto& value : values_at(table, 0)) {
    std::vector<std::string> cells{printable(value)};
    for (const auto& other : across) {
      const auto* cell = cell_at(table, value, other);
      cells.push_back(cell == nullptr ? "-" : sweeps::cell_text(*cell));
    }
    text.row(std::move(cells));
  }
  return "    " + pad("", width_of(label_of(view, table.factors[0]))) + "  by "
         + label_of(view, table.factors[1]) + "\n" + text.text("    ");
}

std::string any_factors(const OutcomeView& view) {
  const auto& table = view.table;
  std::vector<std::pair<std::string, Align>> columns;
  for (const auto& factor : table.factors)
    columns.emplace_back(label_of(view, factor), Align::left);
  columns.emplace_back(view.metric, Align::left);
  TextTable text{std::move(columns)};
  for (std::size_t i = 0; i < std::min(table.cells.size(), cells_shown_max);
       ++i) {
    std::vector<std::string> cells;
    for (const auto& value : table.cells[i].values)
      cells.push_back(printable(value));
    cells.push_back(sweeps::cell_text(table.cells[i]));
    text.row(std::move(cells));
  }
  auto out = text.text("    ");
  if (table.cells.size() > cells_shown_max)
    out += "    and " + std::to_string(table.cells.size() - cells_shown_max)
           + " more points\n";
  return out;
}

/// "rule moves it most (range 2.6), then start (1.3); seed noise is 0.5."
std::string effects_sentence(const OutcomeView& view) {
  std::vector<const FactorEffect*> effects;
  for (const auto& effect : view.table.effects)
    if (effect.range && effect.levels.size() > 1)
      effects.push_back(&effect);
  std::stable_sort(
    effects.begin(), effects.end(),
    [](const auto* a, const auto* b) { return *a->range > *b->range; });
  std::string out;
  for (const auto* effect : effects)
    out += out.empty() ? label_of(view, effect->factor)
                           + (effects.size() > 1 ? " moves it most (range "
                                                 : " moves it (range ")
                           + one_decimal(*effect->range) + ")"
                       : ", then " + label_of(view, effect->factor) + " ("
                           + one_decimal(*effect->range) + ")";
  if (view.table.seed_noise)
    out += (out.empty() ? "seed noise is " : "; seed noise is ")
           + one_decimal(*view.table.seed_noise);
  return out.empty() ? "" : "  " + out + ".\n";
}

} // namespace

OutcomeTable tabulate(const storage::MetricTable& rows) {
  std::vector<sweeps::OutcomeRow> outcomes;
  for (const auto& row : rows.rows)
    outcomes.push_back(
      {row.values, row.replicate, row.data ? row.number : std::nullopt});
  return sweeps::tabulate(rows.factors, outcomes);
}

std::string outcome_text(const OutcomeView& view) {
  const auto& table = view.table;
  auto out =
    std::string{view.simulated ? "  Simulated outcome: final " : "  Final "}
    + printable(view.metric);
  if (view.range)
    out += " (" + plain_number(view.range->first) + " to "
           + plain_number(view.range->second) + ")";
  out += view.replicates == 1 ? ", one seed\n"
                              : ", mean of " + std::to_string(view.replicates)
                                  + " seeds and its standard error\n";
  if (table.n == 0)
    return out + "    no run has a value yet\n";
  out += table.factors.size() == 2 ? two_factors(view) : any_factors(view);
  if (table.missing > 0)
    out +=
      "  " + count_of(table.missing, "run") + " without a value, left out.\n";
  return out + effects_sentence(view);
}

} // namespace lab::tools
