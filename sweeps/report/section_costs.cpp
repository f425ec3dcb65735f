#include <algorithm>
#include <utility>

#include "sweeps/report/charts.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

/// Play money keeps its own name and never looks like dollars.
std::string money_text(Money amount, bool is_play) {
  const auto text = to_display(amount);
  if (!is_play)
    return text;
  return (text.starts_with("$") ? text.substr(1) : text) + " play";
}

Table cost_table(const std::string& what, const std::vector<ReportCost>& rows) {
  Table table{"By " + what + ".",
              {{what == "model" ? "Model" : "Phase", false},
               {"Settled", true},
               {"Unknown, at worst", true},
               {"Reserved", true},
               {"Paid calls", true},
               {"Tokens", true}},
              {}};
  for (const auto& row : rows)
    table.rows.push_back({row.name.empty() ? "(none)" : row.name,
                          money_text(row.settled.usd, row.is_play),
                          money_text(row.unknown.usd, row.is_play),
                          money_text(row.reserved.usd, row.is_play),
                          grouped_text(row.settled.calls),
                          grouped_text(row.settled.tokens)});
  return table;
}

double dollars(Money amount) {
  return static_cast<double>(amount.pico_usd) / 1e12;
}

/// By phase: money where any was paid, else tokens.
Figure cost_figure(const std::vector<ReportCost>& rows) {
  const bool paid = std::ranges::any_of(rows, [](const auto& row) {
    return row.settled.usd != Money{} || row.unknown.usd != Money{};
  });
  const bool play = std::ranges::any_of(rows, &ReportCost::is_play);
  BarChart chart;
  chart.x_title = !paid ? "tokens" : play ? "play money" : "US dollars";
  chart.series = paid ? std::vector<std::string>{"settled", "unknown, at worst"}
                      : std::vector<std::string>{"tokens"};
  for (const auto& row : rows) {
    BarRow bar{row.name, {}};
    if (paid) {
      bar.bars.push_back(
        statistics::Estimate{dollars(row.settled.usd), {}, {}});
      bar.bars.push_back(
        statistics::Estimate{dollars(row.unknown.usd), {}, {}});
    } else {
      bar.bars.push_back(
        statistics::Estimate{static_cast<double>(row.settled.tokens), {}, {}});
    }
    chart.rows.push_back(std::move(bar));
  }
  chart.description = paid ? "Cost by phase" : "Tokens by phase";
  return {chart.description + ".", draw(chart)};
}

} // namespace

void add_costs(Document& document, const Findings& findings) {
  const auto& input = findings.input;
  document.add(Heading{2, "Cost"});
  if (input.by_model.empty()) {
    document.add(Paragraph{"No call was made."});
    return;
  }
  document.add(Paragraph{
    "Settled is what was billed; unknown may have been billed and stands at "
    "its worst case; reserved is set aside for calls in flight. They are never "
    "one sum. Replies that another sweep paid for cost nothing here."});
  document.add(cost_table("model", input.by_model));
  document.add(Figures{{cost_figure(input.by_phase)}});
  document.add(cost_table("phase", input.by_phase));
}

} // namespace lab::sweeps::report
