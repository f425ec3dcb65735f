#include "tools/cli/plan_report.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/model/run_spec.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

using sweeps::Estimate;
using sweeps::EstimateLine;

constexpr std::size_t label_width = 11;
constexpr std::size_t remark_column = 53;

std::string line(const std::string& label, const std::string& text,
                 const std::string& remark = {}) {
  auto out = "  " + pad(label, label_width) + text;
  if (!remark.empty())
    out = pad(out, remark_column - 2) + "  " + remark;
  return out + "\n";
}

std::string_view name_of(sweeps::SeedMode mode) {
  switch (mode) {
  case sweeps::SeedMode::paired:
    return "paired";
  case sweeps::SeedMode::fresh:
    return "fresh";
  case sweeps::SeedMode::listed:
    return "listed";
  }
  return "paired";
}

/// "8 %", "under 1 %"
std::string share_text(double chance) {
  constexpr double percent = 100;
  if (chance < 0.01)
    return "under 1 %";
  if (chance > 0.99)
    return "over 99 %";
  return std::to_string(std::lround(chance * percent)) + " %";
}

std::string cap_text(const Limit& budget, const sweeps::CapChances& chances,
                     bool play) {
  std::vector<std::string> caps;
  const auto add = [&](std::string cap, const std::optional<double>& chance) {
    if (chance)
      cap += " (" + share_text(*chance) + " chance to reach it)";
    caps.push_back(std::move(cap));
  };
  if (budget.usd)
    add(usd_text(*budget.usd, play), chances.usd);
  if (budget.calls)
    add(count_of(*budget.calls, "call"), chances.calls);
  if (budget.tokens)
    add(compact(*budget.tokens) + " tokens", chances.tokens);
  return caps.empty() ? "no cap" : "cap " + join(caps, ", ");
}

std::string calls_text(const EstimateLine& total) {
  auto text = "about " + grouped(total.calls);
  if (total.calls_max > total.calls)
    text += ", at most " + grouped(total.calls_max) + " with repairs";
  return text;
}

std::string tokens_text(const EstimateLine& total) {
  return "about " + compact(total.input_tokens) + " in, "
         + compact(total.output_tokens) + " out";
}

std::string money_text(const EstimateLine& total, bool play) {
  return "about " + usd_text(total.expected, play) + ", at most "
         + usd_text(total.worst, play);
}

std::string route_text(const RouteLine& route) {
  if (route.provider.empty())
    return route.model + ": cannot be called, see below";
  if (is_simulated(route.model))
    return route.model + ": built in";
  return route.model + " through " + route.provider
         + (route.model == route.provider + "/" + route.wire_model
              ? ""
              : " as " + route.wire_model);
}

/// What one model may come to.
std::string share_text(const EstimateLine& part, bool play) {
  return count_of(part.calls, "call") + ", about "
         + usd_text(part.expected, play) + ", at most "
         + usd_text(part.worst, play);
}

/// @param play      whether dollars are play money; nothing: without dollars
/// @param ceilings  of models, without parameters
std::string
routes_text(const std::vector<RouteLine>& routes, const Estimate& estimate,
            std::optional<bool> play,
            const std::vector<std::pair<std::string, Money>>& ceilings = {}) {
  std::string out;
  for (const auto& route : routes) {
    const auto used = estimate.by_model.find(route.model);
    std::string share;
    if (used != estimate.by_model.end())
      share = play ? share_text(used->second, *play)
                   : count_of(used->second.calls, "call");
    for (const auto& [model, usd] : ceilings)
      if (model == without_parameters(route.model))
        share += (share.empty() ? "cap " : ", cap ")
                 + usd_text(usd, play.value_or(false));
    out +=
      line(&route == &routes.front() ? "models" : "", route_text(route), share);
  }
  return out;
}

std::string sum_text(const PlanView& view) {
  return grouped(view.points) + (view.points == 1 ? " point" : " points")
         + " x " + std::to_string(view.replicates) + " "
         + std::string{name_of(view.seeds)}
         + (view.replicates == 1 ? " seed" : " seeds") + " = "
         + grouped(view.points * view.replicates);
}

/// "45 morris x 2 grid = 90", ", 80 of them different".
std::string points_text(const PlanView& view) {
  const bool sum = view.outline.find(" x ") != std::string::npos
                   || view.outline.find(" + ") != std::string::npos;
  return view.outline + (sum ? " = " + grouped(view.designed) : "")
         + (view.points < view.designed
              ? ", " + grouped(view.points) + " of them different"
              : "");
}

/// "±2.5 %", or less than what a table shows.
std::string percent_text(double share) {
  constexpr double per_mille = 1000;
  const auto tenths = static_cast<std::int64_t>(std::ceil(share * per_mille));
  return "±" + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10)
         + " %";
}

std::string sample_text(const sweeps::SweepEstimate& estimate,
                        std::int64_t points) {
  if (estimate.points_sampled == 0)
    return {};
  return line("",
              "from " + grouped(estimate.points_sampled) + " of "
                + count_of(points, "point") + ", drawn at random",
              "calls " + percent_text(estimate.error.calls) + ", tokens "
                + percent_text(estimate.error.tokens) + ", money "
                + percent_text(estimate.error.usd) + " (95 %)");
}

std::string shared_text(const sweeps::SweepEstimate& estimate) {
  if (!estimate.shared_calls)
    return "how many are shared is not known beforehand";
  return *estimate.shared_calls == 0
           ? ""
           : "at least " + grouped(*estimate.shared_calls)
               + " of them shared, paid once";
}

std::string seconds_text(double seconds) {
  return seconds < 1 ? "under a second" : duration_text(std::llround(seconds));
}

std::string time_text(const sweeps::TimeForecast& forecast) {
  if (!forecast.seconds)
    return line("time", "not known yet: no call of "
                          + join(forecast.unknown, ", ") + " was timed here");
  const auto at = "at " + count_of(forecast.slots, "call") + " at once, ";
  if (forecast.runs == 0)
    return line("time", "built-in models answer at once");
  return line("time",
              "about " + seconds_text(*forecast.seconds) + " ("
                + seconds_text(forecast.low) + " to "
                + seconds_text(forecast.high) + ")",
              at + "as " + count_of(forecast.runs, "earlier run"));
}

std::string lines_text(const std::vector<PlanLine>& lines) {
  std::string out;
  for (const auto& one : lines)
    out += line(one.label, one.text, one.remark);
  return out;
}

/// "first      4 pilot runs: p007.r1, p002.r1, …", and what is decided then.
std::string pilot_text(const PilotView& pilot) {
  constexpr std::size_t names_shown = 4;
  std::string names;
  for (std::size_t i = 0; i < std::min(names_shown, pilot.names.size()); ++i)
    names += (i == 0 ? "" : ", ") + pilot.names[i];
  if (pilot.names.size() > names_shown)
    names += ", ...";
  auto out = line("first", count_of(pilot.runs, "pilot run")
                             + (names.empty() ? "" : ": " + names));
  out += line("", pilot.then.empty() ? "then all the others"
                                     : "then " + printable(pilot.then));
  return out;
}

/// How many runs ask each model, when it is not all of them.
std::string models_text(const sweeps::SweepEstimate& estimate) {
  std::vector<std::string> shares;
  bool all_alike = true;
  for (const auto& [model, runs] : estimate.runs_by_model) {
    shares.push_back(model + " " + count_of(runs, "run"));
    all_alike = all_alike && runs == estimate.runs;
  }
  std::string out;
  if (!all_alike)
    for (const auto& share : shares)
      out += line(&share == &shares.front() ? "by model" : "", share);
  return out;
}

std::string_view order_text(sweeps::RunOrder order) {
  switch (order) {
  case sweeps::RunOrder::blocks:
    return "every point once in random order, then every point again";
  case sweeps::RunOrder::by_model:
    return "every point once, one model after the other, then again";
  case sweeps::RunOrder::interleave:
    return "every point once, models taking turns, then again";
  }
  return "";
}

std::string_view word_of(sweeps::RunOrder order) {
  switch (order) {
  case sweeps::RunOrder::blocks:
    return "blocks";
  case sweeps::RunOrder::by_model:
    return "by-model";
  case sweeps::RunOrder::interleave:
    return "interleave";
  }
  return "blocks";
}

Json json_of(const EstimateLine& part) {
  return {{"calls", part.calls},
          {"calls_max", part.calls_max},
          {"input_tokens", part.input_tokens},
          {"output_tokens", part.output_tokens},
          {"expected_usd", to_decimal(part.expected)},
          {"worst_usd", to_decimal(part.worst)},
          {"worst_tokens", part.worst_tokens}};
}

Json json_of(const std::map<std::string, EstimateLine>& parts) {
  Json out = Json::object();
  for (const auto& [name, part] : parts)
    out[name] = json_of(part);
  return out;
}

Json json_of(const Estimate& estimate) {
  Json refused = Json::object();
  for (const auto& [model, error] : estimate.refused)
    refused[model] = {{"code", to_string(error.code)},
                      {"message", error.context}};
  return {{"total", json_of(estimate.total)},
          {"by_actor", json_of(estimate.by_participant)},
          {"by_phase", json_of(estimate.by_phase)},
          {"by_model", json_of(estimate.by_model)},
          {"smallest_limit_usd", to_decimal(estimate.smallest_limit)},
          {"smallest_limit_tokens", estimate.smallest_token_limit},
          {"history_runs", estimate.history_runs},
          {"refused", refused}};
}

Json json_of(const std::vector<RouteLine>& routes) {
  Json out = Json::array();
  for (const auto& route : routes)
    out.push_back({{"model", route.model},
                   {"provider", text_or_null(route.provider)},
                   {"wire_model", text_or_null(route.wire_model)}});
  return out;
}

Json json_of(const Limit& limit) {
  const auto number = [](const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {{"usd", limit.usd ? Json(to_decimal(*limit.usd)) : Json(nullptr)},
          {"calls", number(limit.calls)},
          {"tokens", number(limit.tokens)}};
}

/// Names in the order wanted, then the others by name.
std::vector<std::string>
in_order(const std::map<std::string, EstimateLine>& parts,
         const std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  for (const auto& name : wanted)
    if (parts.contains(name) && std::ranges::find(names, name) == names.end())
      names.push_back(name);
  for (const auto& [name, part] : parts)
    if (std::ranges::find(wanted, name) == wanted.end())
      names.push_back(name);
  return names;
}

/// Rows of several breakdowns under one set of columns, so that they line up.
class EstimateTable {
public:
  explicit EstimateTable(bool play) : play_(play) {}

  void add(const std::string& heading,
           const std::map<std::string, EstimateLine>& parts,
           const std::vector<std::string>& order) {
    if (parts.empty())
      return;
    if (!first_)
      table_.row({"", "", "", "", "", ""});
    first_ = false;
    table_.row(
      {heading, "CALLS", "TOKENS IN", "TOKENS OUT", "EXPECTED", "AT MOST"});
    for (const auto& name : in_order(parts, order)) {
      const auto& part = parts.at(name);
      table_.row({name, grouped(part.calls), compact(part.input_tokens),
                  compact(part.output_tokens), usd_text(part.expected, play_),
                  usd_text(part.worst, play_)});
    }
  }

  std::string text() const { return table_.text("  "); }

private:
  bool play_;
  bool first_ = true;
  TextTable table_{{{"", Align::left},
                    {"", Align::right},
                    {"", Align::right},
                    {"", Align::right},
                    {"", Align::right},
                    {"", Align::right}}};
};

std::string basis_text(const Estimate& estimate) {
  return estimate.history_runs > 0
           ? "expected as in "
               + count_of(estimate.history_runs, "completed run")
           : "expected from the texts; no run of it fits here yet";
}

/// Cents that are surely enough.
std::string limit_over(Money amount) {
  constexpr std::int64_t cent = 10'000'000'000;
  const auto whole = amount.pico_usd / cent + (amount.pico_usd % cent > 0);
  const auto cents = std::to_string(whole % 100);
  return std::to_string(whole / 100) + "." + (cents.size() < 2 ? "0" : "")
         + cents;
}

std::string next_text(const EstimateView& view, bool play) {
  if (view.next.empty() || !view.estimate.refused.empty())
    return {};
  const auto& worst = view.estimate.total.worst;
  if (play || worst == Money{})
    return "\nNext: " + view.next + "\n";
  return "\nNext: " + view.next + " --credit-limit " + limit_over(worst)
         + "\nNo lower limit is sure to reach the last turn; with less, what "
           "is done by then is kept.\n";
}

} // namespace

Simulation simulation_of(const Estimate& estimate) {
  Simulation result;
  result.all = !estimate.by_model.empty();
  for (const auto& [model, part] : estimate.by_model) {
    const bool simulated = is_simulated(model);
    result.any = result.any || simulated;
    result.all = result.all && simulated;
  }
  return result;
}

std::string plan_text(const PlanView& view) {
  const auto& all = view.estimate.all;
  const auto& simulation = view.simulation;
  auto out = pad(view.name, remark_column) + view.manifest + ", valid\n";
  if (simulation.any)
    out += "  " + simulated_notice(simulation.all) + "\n";
  auto turns = std::to_string(view.turns_max);
  if (view.turns_min != view.turns_max)
    turns = std::to_string(view.turns_min) + " to " + turns;
  out += line(
    "scenario",
    view.scenario + " ("
      + count_of(static_cast<std::int64_t>(view.participants), "actor") + ", "
      + turns + (view.turns_max == 1 ? " turn" : " turns")
      + (view.events > 0
           ? ", " + count_of(static_cast<std::int64_t>(view.events), "event")
           : "")
      + ")",
    view.folder);
  out += line("points", points_text(view));
  for (const auto& note : view.design_notes)
    out += line("", note);
  out += line("runs", sum_text(view),
              std::string{view.listed ? "" : "about "} + grouped(view.existing)
                + " already in the database, "
                + (view.halted > 0
                     ? grouped(view.halted) + " halted by their own checks, "
                     : "")
                + grouped(view.runs - view.existing - view.halted) + " to do");
  if (view.runs < view.points * view.replicates)
    out += line("", "only the first " + grouped(view.runs));
  out += line("calls", calls_text(all.total), shared_text(view.estimate));
  if (const auto canary = all.by_phase.find(canary_phase);
      canary != all.by_phase.end())
    out += line("", grouped(canary->second.calls)
                      + " of them canaries of the sentinel");
  out += line("tokens", tokens_text(all.total));
  out += line("money", money_text(all.total, simulation.all),
              cap_text(view.budget, view.chances, simulation.all));
  out += lines_text(warning_lines(view.limits));
  out += sample_text(view.estimate, view.points);
  if (view.estimate.runs_from_history > 0)
    out += line("", "expected as in completed runs for "
                      + grouped(view.estimate.runs_from_history) + " of "
                      + count_of(view.estimate.runs, "run"));
  if (view.per_run)
    out += line(
      "a run",
      "about " + usd_text(view.estimate.run_expected_max, simulation.all)
        + ", at most " + usd_text(view.estimate.run_worst_max, simulation.all),
      "cap " + usd_text(*view.per_run, simulation.all));
  if (all.smallest_limit > Money{})
    out += line("limit", "no smaller one than "
                           + usd_text(all.smallest_limit, simulation.all)
                           + " lets the largest call through");
  out += time_text(view.forecast);
  out += lines_text(time_lines(view.limits, view.forecast));
  out +=
    routes_text(view.routes, all, simulation.all, view.limits.budget.by_model);
  out += models_text(view.estimate);
  if (view.runs > 1)
    out += line("order", std::string{order_text(view.order)});
  if (view.pilot)
    out += pilot_text(*view.pilot);
  out += line("at once", count_of(view.runs_in_flight, "run"));
  out += line("output", view.output);
  return out;
}

namespace {

Json json_of(const sweeps::TimeForecast& forecast) {
  return {
    {"seconds", forecast.seconds ? Json(*forecast.seconds) : Json(nullptr)},
    {"low", forecast.seconds ? Json(forecast.low) : Json(nullptr)},
    {"high", forecast.seconds ? Json(forecast.high) : Json(nullptr)},
    {"calls_at_once", forecast.slots},
    {"history_runs", forecast.runs},
    {"unknown", forecast.unknown}};
}

Json limits_json(const PlanLimits& limits,
                 const sweeps::TimeForecast& forecast) {
  const auto number = [](const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  Json by_model = Json::object();
  for (const auto& [model, usd] : limits.budget.by_model)
    by_model[model] = to_decimal(usd);
  Json shares = Json::array();
  for (const auto share : limits.budget.warn_at)
    shares.push_back(static_cast<double>(share) / share_whole);
  Json window(nullptr);
  if (const auto& wanted = limits.time.window)
    window = {{"hours", to_string(wanted->hours)},
              {"at_close", wanted->finish_running ? "finish-running" : "pause"},
              {"open_s", limits.window_seconds},
              {"fits", fit_of(forecast, limits.window_seconds)}};
  return {{"by_model_usd", by_model},
          {"warn_at", shares},
          {"run_time_s", number(limits.time.run_seconds)},
          {"sweep_time_s", number(limits.time.sweep_seconds)},
          {"window", window},
          {"tries", limits.tries_max}};
}

Json json_of(const sweeps::CapChances& chances) {
  const auto number = [](const std::optional<double>& chance) {
    return chance ? Json(*chance) : Json(nullptr);
  };
  return {{"usd", number(chances.usd)},
          {"calls", number(chances.calls)},
          {"tokens", number(chances.tokens)}};
}

Json json_of(const std::optional<PilotView>& pilot) {
  if (!pilot)
    return nullptr;
  return {{"runs", pilot->runs},
          {"names", pilot->names},
          {"then", text_or_null(pilot->then)}};
}

/// How the estimate was made: of all points, or of a sample.
Json basis_json(const sweeps::SweepEstimate& estimate) {
  return {{"runs", estimate.runs},
          {"turns", estimate.turns},
          {"runs_from_history", estimate.runs_from_history},
          {"run_expected_usd_max", to_decimal(estimate.run_expected_max)},
          {"run_worst_usd_max", to_decimal(estimate.run_worst_max)},
          {"points_sampled", estimate.points_sampled > 0
                               ? Json(estimate.points_sampled)
                               : Json(nullptr)},
          {"error_95",
           {{"calls", estimate.error.calls},
            {"tokens", estimate.error.tokens},
            {"usd", estimate.error.usd}}},
          {"shared_calls_at_least", estimate.shared_calls
                                      ? Json(*estimate.shared_calls)
                                      : Json(nullptr)}};
}

} // namespace

std::string plan_json(const PlanView& view) {
  Json runs{{"planned", view.runs},
            {"completed", view.existing},
            {"missing", view.runs - view.existing - view.halted}};
  if (view.halted > 0)
    runs["halted"] = view.halted;
  return document(
    Json{{"schema", "scenario-lab/plan/1"},
         {"name", view.name},
         {"manifest", view.manifest},
         {"scenario", view.scenario},
         {"simulated", view.simulation.any},
         {"points", view.points},
         {"outline", view.outline},
         {"design_notes", view.design_notes},
         {"replicates", view.replicates},
         {"seeds", name_of(view.seeds)},
         {"order", word_of(view.order)},
         {"runs", runs},
         {"runs_in_flight", view.runs_in_flight},
         {"listed", view.listed},
         {"estimate", json_of(view.estimate.all)},
         {"basis", basis_json(view.estimate)},
         {"time", json_of(view.forecast)},
         {"budget", json_of(view.budget)},
         {"cap_chances", json_of(view.chances)},
         {"runs_by_model", view.estimate.runs_by_model},
         {"pilot", json_of(view.pilot)},
         {"per_run_usd",
          view.per_run ? Json(to_decimal(*view.per_run)) : Json(nullptr)},
         {"limits", limits_json(view.limits, view.forecast)},
         {"routes", json_of(view.routes)},
         {"output", view.output}});
}

EstimateView estimate_view(const ScenarioSpec& scenario,
                           const std::string& folder, Estimate estimate) {
  EstimateView view;
  view.scenario = scenario.id;
  view.folder = folder;
  view.turns = scenario.turns;
  view.phases = scenario.phases;
  for (const auto& participant : scenario.participants)
    view.actors.push_back(participant.id);
  view.estimate = std::move(estimate);
  return view;
}

std::string shell_quoted(const std::string& word) {
  const bool plain =
    !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
      return std::isalnum(c) != 0
             || std::string_view{"/._-:=@+,%"}.find(static_cast<char>(c))
                  != std::string_view::npos;
    });
  if (plain)
    return word;
  std::string out = "'";
  for (const char c : word)
    out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

std::string estimate_text(const EstimateView& view) {
  const auto simulation = simulation_of(view.estimate);
  const auto& total = view.estimate.total;
  auto out = view.scenario + ", one run of " + count_of(view.turns, "turn")
             + "   " + view.folder + "\n";
  if (simulation.any)
    out += "  " + simulated_notice(simulation.all) + "\n";
  out += line("calls", calls_text(total));
  out += line("tokens", tokens_text(total));
  out += line("money", money_text(total, simulation.all));
  out += line("", basis_text(view.estimate));
  if (view.estimate.smallest_limit > Money{})
    out +=
      line("limit", "no smaller one than "
                      + usd_text(view.estimate.smallest_limit, simulation.all)
                      + " lets the largest call through");
  out += routes_text(view.routes, view.estimate, std::nullopt);
  EstimateTable tables{simulation.all};
  auto actors = view.actors;
  actors.emplace_back(sweeps::world_name);
  tables.add("BY PHASE", view.estimate.by_phase, view.phases);
  tables.add("BY ACTOR", view.estimate.by_participant, actors);
  tables.add("BY MODEL", view.estimate.by_model, {});
  out += "\n" + tables.text();
  out += "\n\"At most\" is what is set aside if all that can happen happens: "
         "each line's own ceiling.\n";
  out += next_text(view, simulation.all);
  return out;
}

std::string estimate_json(const EstimateView& view) {
  return document(Json{{"schema", "scenario-lab/estimate/1"},
                       {"scenario", view.scenario},
                       {"turns", view.turns},
                       {"simulated", simulation_of(view.estimate).any},
                       {"estimate", json_of(view.estimate)},
                       {"routes", json_of(view.routes)}});
}

} // namespace lab::tools
