#include "tools/cli/story_report.hpp"

#include <cstdio>

#include "runtime/base/text.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

/// Model text below its heading, each line set in.
std::string set_in(const std::string& text, const std::string& indent) {
  std::string out;
  for (const auto& line : split(trim(printable(text)), '\n'))
    out += (line.empty() ? "" : indent + line) + "\n";
  return out;
}

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", number);
  return text;
}

std::string_view name_of(MetricStatus status) {
  switch (status) {
  case MetricStatus::value:
    return "value";
  case MetricStatus::missing:
    return "missing";
  case MetricStatus::unparseable:
    return "unparseable";
  case MetricStatus::out_of_range:
    return "out_of_range";
  }
  return "missing";
}

std::string metric_text(const MetricValue& metric) {
  auto text = metric.metric;
  if (!metric.participant.empty())
    text += " of " + metric.participant;
  text += " ";
  if (metric.status == MetricStatus::value)
    text += metric.number && metric.text.empty()
              ? number_text(*metric.number)
              : printable(shorten(trim(metric.text), 24));
  else
    text += "(" + std::string{name_of(metric.status)} + ")";
  return text;
}

std::string turn_text(const TurnRecord& turn) {
  std::string out = "\n== Turn " + std::to_string(turn.turn) + " ==\n";
  for (const auto& event : turn.events)
    out += "\n  Event: " + printable(event.name) + "\n"
           + set_in(event.description, "    ");
  for (const auto& message : turn.messages)
    out += "\n  " + printable(message.sender) + " to "
           + printable(join(message.recipients, ", ")) + " (" + message.channel
           + ")\n" + set_in(message.text, "    ");
  for (const auto& decision : turn.decisions) {
    out += "\n  " + decision.participant + " decides"
           + (decision.repaired ? " (after a repair)" : "") + "\n"
           + set_in(decision.action, "    ");
  }
  out += "\n  World\n" + set_in(turn.world, "    ");
  std::vector<std::string> metrics;
  for (const auto& metric : turn.metrics)
    metrics.push_back(metric_text(metric));
  if (!metrics.empty())
    out += "\n  Metrics: " + join(metrics, ", ") + "\n";
  return out;
}

Json json_of(const TurnRecord& turn) {
  Json decisions = Json::array();
  for (const auto& d : turn.decisions)
    decisions.push_back({{"actor", d.participant},
                         {"long_term_goals", d.long_term_goals},
                         {"short_term_priorities", d.short_term_priorities},
                         {"reasoning", d.reasoning},
                         {"action", d.action},
                         {"repaired", d.repaired}});
  Json messages = Json::array();
  for (const auto& m : turn.messages)
    messages.push_back({{"channel", m.channel},
                        {"sender", m.sender},
                        {"recipients", m.recipients},
                        {"text", m.text}});
  Json events = Json::array();
  for (const auto& e : turn.events)
    events.push_back({{"name", e.name}, {"description", e.description}});
  Json metrics = Json::array();
  for (const auto& m : turn.metrics)
    metrics.push_back({{"metric", m.metric},
                       {"actor", text_or_null(m.participant)},
                       {"status", name_of(m.status)},
                       {"number", m.number ? Json(*m.number) : Json(nullptr)},
                       {"text", m.text}});
  return {{"turn", turn.turn},
          {"world", turn.world},
          {"key_changes", turn.key_changes},
          {"consequences", turn.consequences},
          {"events", events},
          {"messages", messages},
          {"decisions", decisions},
          {"metrics", metrics}};
}

} // namespace

std::string story_text(const storage::RunDetail& run) {
  const auto& row = run.row;
  std::string out;
  if (row.simulated)
    out += "SIMULATED: the words below come from built-in rules, not from a "
           "language model.\nDo not cite.\n";
  out +=
    printable(row.scenario_name.empty() ? row.scenario : row.scenario_name)
    + "   " + to_string(row.id)
    + (row.name.empty() || row.name == to_string(row.id) ? ""
                                                         : "   " + row.name)
    + "\n" + std::string{to_string(row.status)} + ", turn "
    + std::to_string(row.turns_completed) + " of "
    + std::to_string(row.turns_planned) + ", seed " + std::to_string(row.seed)
    + "\n";
  if (row.branch_from)
    out += "branched from " + to_string(row.branch_from) + " after turn "
           + std::to_string(row.branch_turn) + "\n";
  for (const auto& [name, value] : row.factors)
    out += "  " + name + " = " + printable(value) + "\n";
  if (!row.reason.empty())
    out += "reason: " + printable(row.reason) + "\n";
  for (const auto& turn : run.turns)
    out += turn_text(turn);
  if (!row.output.empty())
    out += "\nFiles: " + row.output + "\n";
  if (!row.artefact_error.empty())
    out += "Some files could not be written: " + printable(row.artefact_error)
           + "\n";
  return out;
}

std::string story_json(const storage::RunDetail& run) {
  const auto& row = run.row;
  Json factors = Json::object();
  for (const auto& [name, value] : row.factors)
    factors[name] = value;
  Json turns = Json::array();
  for (const auto& turn : run.turns)
    turns.push_back(json_of(turn));
  return document(
    Json{{"schema", "scenario-lab/run/1"},
         {"run_id", to_string(row.id)},
         {"name", row.name},
         {"scenario", row.scenario},
         {"status", to_string(row.status)},
         {"reason", text_or_null(row.reason)},
         {"simulated", row.simulated},
         {"seed", std::to_string(row.seed)},
         {"turns_planned", row.turns_planned},
         {"turns_completed", row.turns_completed},
         {"branch_from",
          row.branch_from ? Json(to_string(row.branch_from)) : Json(nullptr)},
         {"branch_turn", row.branch_turn},
         {"factors", factors},
         {"cost", json_of(row.spend)},
         {"output", row.output},
         {"turns", turns}});
}

} // namespace lab::tools
