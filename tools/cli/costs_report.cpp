#include "tools/cli/costs_report.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/base/text.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

using storage::Spend;

void add(Spend& sum, const Spend& part) {
  sum.settled += part.settled;
  sum.unknown += part.unknown;
  sum.reserved += part.reserved;
}

std::int64_t tokens_of(const Spend& spend) {
  return spend.settled.tokens + spend.unknown.tokens;
}

std::int64_t calls_of(const Spend& spend) {
  return spend.settled.calls + spend.unknown.calls;
}

std::vector<std::string> cells_of(const std::string& name, const Spend& spend,
                                  bool play) {
  return {name,
          grouped(calls_of(spend)),
          compact(tokens_of(spend)),
          usd_text(spend.settled.usd, play),
          usd_text(spend.unknown.usd, play),
          usd_text(spend.reserved.usd, play)};
}

struct Totals {
  Spend real, play;
  bool has_real = false, has_play = false;

  explicit Totals(const std::vector<CostsView::Row>& rows) {
    for (const auto& row : rows) {
      add(row.play ? play : real, row.spend);
      (row.play ? has_play : has_real) = true;
    }
  }
};

std::string shown_key(storage::CostBy by, const std::string& key) {
  // The world's and other helpers' calls belong to no participant.
  if (key.empty() && by == storage::CostBy::actor)
    return "world and helpers";
  return key.empty() ? "-" : printable(key);
}

std::string one_way_text(const CostsView& view) {
  TextTable table{
    {{"by " + std::string{to_string(view.by.front())}, Align::left},
     {"CALLS", Align::right},
     {"TOKENS", Align::right},
     {"SETTLED", Align::right},
     {"UNKNOWN", Align::right},
     {"RESERVED", Align::right}}};
  for (const auto& row : view.rows)
    table.row(cells_of(shown_key(view.by.front(), row.keys.front()), row.spend,
                       row.play));
  const Totals totals{view.rows};
  if (totals.has_real)
    table.row(cells_of("total", totals.real, false));
  if (totals.has_play)
    table.row(cells_of("total, simulated", totals.play, true));
  return table.text();
}

/// Settled amounts in a table of both dimensions; the rest in words below.
std::string two_way_text(const CostsView& view) {
  std::vector<std::string> across;
  std::vector<std::pair<std::string, bool>> down;
  std::map<std::pair<std::pair<std::string, bool>, std::string>, Money> cells;
  for (const auto& row : view.rows) {
    const std::pair head{row.keys[0], row.play};
    if (std::find(down.begin(), down.end(), head) == down.end())
      down.push_back(head);
    if (std::find(across.begin(), across.end(), row.keys[1]) == across.end())
      across.push_back(row.keys[1]);
    cells[{head, row.keys[1]}] += row.spend.settled.usd;
  }
  std::vector<std::pair<std::string, Align>> columns{
    {"settled, by " + std::string{to_string(view.by[0])} + " and "
       + std::string{to_string(view.by[1])},
     Align::left}};
  for (const auto& name : across)
    columns.emplace_back(shown_key(view.by[1], name), Align::right);
  columns.emplace_back("total", Align::right);
  TextTable table{std::move(columns)};
  for (const auto& head : down) {
    std::vector<std::string> line{shown_key(view.by[0], head.first)};
    Money sum;
    for (const auto& name : across) {
      const auto amount = cells[{head, name}];
      line.push_back(usd_text(amount, head.second));
      sum += amount;
    }
    line.push_back(usd_text(sum, head.second));
    table.row(std::move(line));
  }
  const Totals totals{view.rows};
  auto out = table.text();
  for (const auto& [has, spend, play] :
       {std::tuple{totals.has_real, totals.real, false},
        std::tuple{totals.has_play, totals.play, true}})
    if (has)
      out += std::string{play ? "total, simulated: " : "total: "}
             + usd_text(spend.settled.usd, play) + " settled, "
             + usd_text(spend.unknown.usd, play) + " unknown, "
             + usd_text(spend.reserved.usd, play) + " reserved; "
             + count_of(calls_of(spend), "call") + ", "
             + compact(tokens_of(spend)) + " tokens\n";
  return out;
}

} // namespace

CostsView costs_view(std::string subject, std::vector<storage::CostBy> by,
                     const std::vector<storage::CostRow>& rows) {
  CostsView view;
  view.subject = std::move(subject);
  view.by = std::move(by);
  for (const auto& row : rows) {
    // A call that came to nothing, such as a question to nobody.
    if (calls_of(row.spend) + row.spend.reserved.calls == 0)
      continue;
    auto keys = row.keys;
    const bool play = is_simulated(keys.back());
    keys.pop_back();
    const auto same = std::find_if(view.rows.begin(), view.rows.end(),
                                   [&](const CostsView::Row& r) {
                                     return r.keys == keys && r.play == play;
                                   });
    if (same == view.rows.end())
      view.rows.push_back({std::move(keys), play, row.spend});
    else
      add(same->spend, row.spend);
  }
  return view;
}

std::string costs_text(const CostsView& view) {
  if (view.rows.empty())
    return view.subject + ": no call was made.\n";
  return view.subject + "\n"
         + (view.by.size() == 1 ? one_way_text(view) : two_way_text(view));
}

std::string costs_json(const CostsView& view) {
  Json dimensions = Json::array();
  for (const auto by : view.by)
    dimensions.push_back(to_string(by));
  Json rows = Json::array();
  for (const auto& row : view.rows) {
    Json keys = Json::object();
    for (std::size_t i = 0; i < view.by.size(); ++i)
      keys[std::string{to_string(view.by[i])}] = row.keys[i];
    rows.push_back({{"keys", keys},
                    {"simulated", row.play},
                    {"calls", calls_of(row.spend)},
                    {"tokens", tokens_of(row.spend)},
                    {"cost", json_of(row.spend)}});
  }
  const Totals totals{view.rows};
  return document(Json{{"schema", "scenario-lab/costs/1"},
                       {"subject", view.subject},
                       {"by", dimensions},
                       {"rows", rows},
                       {"total", json_of(totals.real)},
                       {"total_simulated", json_of(totals.play)}});
}

} // namespace lab::tools
