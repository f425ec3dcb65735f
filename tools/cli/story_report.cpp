#include "tools/cli/story_report.hpp"

#include <cstdio>

#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
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
    text += "(" + std::string{to_string(metric.status)} + ")";
  if (metric.level != MetricLevel::normal)
    text += " (" + std::string{to_string(metric.level)} + ")";
  return text;
}

/// What the messages of a talk do not tell: that nobody answered.
std::string talk_text(const Talk& talk) {
  if (talk.target.empty() || !trim(talk.answer).empty())
    return {};
  return "\n  " + printable(talk.target) + " gives no answer to "
         + printable(talk.initiator) + "\n";
}

std::string coalition_text(const CoalitionProposal& proposal) {
  if (proposal.members.empty())
    return {};
  auto out = "\n  " + printable(proposal.proposer)
             + " proposes a coalition with "
             + printable(join(proposal.members, ", ")) + ": "
             + (proposal.repeated ? "already proposed"
                : proposal.formed ? "formed"
                                  : "not formed")
             + "\n";
  for (const auto& answer : proposal.answers)
    out += "    " + printable(answer.participant)
           + (answer.accepted ? " accepts" : " refuses") + "\n";
  return out;
}

std::string check_text(const CheckResult& check) {
  if (check.verdict == CheckVerdict::passed)
    return {};
  auto out =
    "\n  Check: " + std::string{to_string(check.kind)}
    + (check.participant.empty() ? "" : " of " + printable(check.participant))
    + " " + std::string{to_string(check.verdict)} + " ("
    + std::string{to_string(check.severity)} + ")\n";
  for (const auto& issue : check.issues)
    out += set_in(issue, "    ");
  return out;
}

std::string turn_text(const TurnRecord& turn) {
  std::string out = "\n== Turn " + std::to_string(turn.turn) + " ==\n";
  for (const auto& event : turn.events)
    out += "\n  Event: " + printable(event.name) + " ("
           + std::string{to_string(event.type)} + ")\n"
           + set_in(event.description, "    ");
  for (const auto& message : turn.messages)
    out += "\n  " + printable(message.sender) + " to "
           + printable(join(message.recipients, ", ")) + " (" + message.channel
           + ")\n" + set_in(message.text, "    ");
  for (const auto& talk : turn.talks)
    out += talk_text(talk);
  for (const auto& proposal : turn.coalitions)
    out += coalition_text(proposal);
  for (const auto& decision : turn.decisions) {
    out += "\n  " + decision.participant + " decides"
           + (decision.by == Control::ai
                ? ""
                : " (" + std::string{to_string(decision.by)} + ")")
           + (decision.timed_out ? " (nobody answered in time)" : "")
           + (decision.repaired ? " (after a repair)" : "") + "\n"
           + set_in(decision.action, "    ");
  }
  out += "\n  World\n" + set_in(turn.world, "    ");
  std::vector<std::string> metrics;
  for (const auto& metric : turn.metrics)
    metrics.push_back(metric_text(metric));
  if (!metrics.empty())
    out += "\n  Metrics: " + join(metrics, ", ") + "\n";
  for (const auto& check : turn.checks)
    out += check_text(check);
  if (!turn.halt.empty())
    out += "\n  Halted: " + printable(turn.halt) + "\n";
  return out;
}

Json talks_json(const TurnRecord& turn) {
  Json talks = Json::array();
  for (const auto& x : turn.talks)
    talks.push_back({{"initiator", x.initiator},
                     {"target", text_or_null(x.target)},
                     {"message", x.message},
                     {"reasoning", x.reasoning},
                     {"answer", text_or_null(x.answer)},
                     {"notes", x.notes}});
  return talks;
}

Json coalitions_json(const TurnRecord& turn) {
  Json coalitions = Json::array();
  for (const auto& x : turn.coalitions) {
    Json answers = Json::array();
    for (const auto& answer : x.answers)
      answers.push_back({{"actor", answer.participant},
                         {"accepted", answer.accepted},
                         {"response", answer.response},
                         {"notes", answer.notes}});
    coalitions.push_back({{"proposer", x.proposer},
                          {"members", x.members},
                          {"purpose", x.purpose},
                          {"reasoning", x.reasoning},
                          {"formed", x.formed},
                          {"repeated", x.repeated},
                          {"answers", answers}});
  }
  return coalitions;
}

Json checks_json(const TurnRecord& turn) {
  Json checks = Json::array();
  for (const auto& x : turn.checks)
    checks.push_back({{"kind", to_string(x.kind)},
                      {"actor", text_or_null(x.participant)},
                      {"verdict", to_string(x.verdict)},
                      {"severity", to_string(x.severity)},
                      {"issues", x.issues},
                      {"explanation", x.explanation}});
  return checks;
}

Json json_of(const TurnRecord& turn) {
  Json decisions = Json::array();
  for (const auto& d : turn.decisions)
    decisions.push_back({{"actor", d.participant},
                         {"long_term_goals", d.long_term_goals},
                         {"short_term_priorities", d.short_term_priorities},
                         {"reasoning", d.reasoning},
                         {"action", d.action},
                         {"repaired", d.repaired},
                         {"by", to_string(d.by)},
                         {"timed_out", d.timed_out}});
  Json messages = Json::array();
  for (const auto& m : turn.messages)
    messages.push_back({{"channel", m.channel},
                        {"sender", m.sender},
                        {"recipients", m.recipients},
                        {"text", m.text}});
  Json events = Json::array();
  for (const auto& e : turn.events)
    events.push_back({{"name", e.name},
                      {"type", to_string(e.type)},
                      {"description", e.description}});
  Json metrics = Json::array();
  for (const auto& m : turn.metrics)
    metrics.push_back({{"metric", m.metric},
                       {"actor", text_or_null(m.participant)},
                       {"status", to_string(m.status)},
                       {"level", to_string(m.level)},
                       {"number", m.number ? Json(*m.number) : Json(nullptr)},
                       {"text", m.text}});
  return {{"turn", turn.turn},
          {"world", turn.world},
          {"key_changes", turn.key_changes},
          {"consequences", turn.consequences},
          {"summary", turn.summary},
          {"events", events},
          {"messages", messages},
          {"talks", talks_json(turn)},
          {"coalitions", coalitions_json(turn)},
          {"decisions", decisions},
          {"metrics", metrics},
          {"checks", checks_json(turn)},
          {"halt", text_or_null(turn.halt)}};
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
