#include "storage/artefacts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
#include "storage/markdown.hpp"

namespace lab::storage {

namespace {

using Json = nlohmann::ordered_json; // keys in the order they are written

/// Longer names are refused by file systems; the rest is for ".tmp" and such.
constexpr std::size_t name_max = 200;

std::string duration_line(const RunHeader& run) {
  return run.turn_duration.empty()
           ? std::string{}
           : "**Turn Duration:** " + run.turn_duration + "\n\n";
}

std::string world_text(const RunHeader& run, const TurnRecord& record) {
  auto out =
    opening(run, turn_title("World State", record.turn), duration_line(run));
  out += "## Current Situation\n\n" + std::string{trim(record.world)} + "\n\n";
  if (!record.events.empty()) {
    out += "## Events This Turn\n\n";
    for (const auto& event : record.events)
      out += "- **" + event.name + ":** " + std::string{trim(event.description)}
             + "\n";
    out += '\n';
  }
  if (!record.key_changes.empty())
    out += "## Key Changes This Turn\n\n" + bullets(record.key_changes) + "\n";
  if (!record.consequences.empty())
    out += "## Consequences\n\n" + bullets(record.consequences) + "\n";
  if (!record.summary.empty())
    out += "## Earlier Turns\n\n" + std::string{trim(record.summary)} + "\n\n";
  if (record.turn == 0)
    return out;
  out += "---\n\n## Actions Taken This Turn\n\n";
  for (const auto& decision : record.decisions)
    out += "### " + display_name(run, decision.participant) + "\n\n"
           + std::string{trim(decision.action)} + "\n\n";
  return out;
}

/// Only where it is not what a reader expects: a model.
std::string decided_by_line(const Decision& decision) {
  if (decision.by == Control::ai && !decision.timed_out)
    return {};
  return "**Decided By:** " + std::string{to_string(decision.by)}
         + (decision.timed_out ? " (nobody answered in time)" : "") + "\n\n";
}

std::string participant_text(const RunHeader& run, std::int32_t turn,
                             const Decision& decision) {
  auto out =
    opening(run, turn_title(display_name(run, decision.participant), turn),
            duration_line(run) + decided_by_line(decision));
  const bool has_long = !decision.long_term_goals.empty();
  const bool has_short = !decision.short_term_priorities.empty();
  if (has_long || has_short) {
    out += "## Current Goals\n";
    if (has_long)
      out +=
        "**LONG-TERM GOALS:**\n" + bullets(decision.long_term_goals) + "\n";
    if (has_short)
      out += "**SHORT-TERM PRIORITIES:**\n"
             + bullets(decision.short_term_priorities) + "\n";
    out += "---\n\n";
  }
  out += "## Reasoning\n" + std::string{trim(decision.reasoning)} + "\n\n";
  out += "---\n\n## Action\n" + std::string{trim(decision.action)} + "\n";
  return out;
}

/// The head of every JSON file.
Json json_head(const RunHeader& run, const char* schema) {
  return {{"schema", schema},
          {"simulated", run.simulated},
          {"run_id", to_string(run.run)},
          {"name", run.name},
          {"scenario", run.scenario}};
}

ArtefactFile json_file(std::string name, const Json& value) {
  return {std::move(name),
          value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"};
}

Json json_of(const Charge& charge) {
  return {{"usd", to_decimal(charge.usd)},
          {"calls", charge.calls},
          {"tokens", charge.tokens}};
}

Charge total_of(const std::vector<UsedCalls>& calls) {
  Charge total;
  for (const auto& call : calls)
    total += call.settled;
  return total;
}

/// Sums by one key, as a list in the keys' order.
template <class KeyOf>
Json sums(const std::vector<UsedCalls>& calls, const char* label,
          KeyOf key_of) {
  std::map<decltype(key_of(calls.front())), Charge> totals;
  for (const auto& call : calls)
    totals[key_of(call)] += call.settled;
  Json list = Json::array();
  for (const auto& [key, charge] : totals) {
    Json row{{label, key}};
    row.update(json_of(charge));
    list.push_back(std::move(row));
  }
  return list;
}

/// `replies-NNN.json`: what the turn's models and people wrote, as it came.
/// Like every file of a turn it names no run: a branch writes its parent's
/// bytes.
ArtefactFile replies_file(const RunHeader& run, const TurnRecord& record) {
  Json json{{"schema", "replies/1"},
            {"simulated", run.simulated},
            {"scenario", run.scenario},
            {"turn", record.turn}};
  json["replies"] = Json::array();
  const auto add = [&](const char* phase, const char* kind,
                       const std::string& actor, const std::string& text) {
    if (!text.empty())
      json["replies"].push_back(
        {{"phase", phase},
         {"kind", kind},
         {"actor", actor.empty() ? Json() : Json(actor)},
         {"text", text}});
  };
  add("summary", "summary", "", record.summary_raw);
  for (const auto& talk : record.talks) {
    add("communication", "talk_offer", talk.initiator, talk.ask_raw);
    add("communication", "talk_answer", talk.target, talk.answer_raw);
  }
  for (const auto& proposal : record.coalitions) {
    add("coalition", "coalition_proposal", proposal.proposer, proposal.raw);
    for (const auto& answer : proposal.answers)
      add("coalition", "coalition_answer", answer.participant, answer.raw);
  }
  for (const auto& message : record.messages)
    add("coalition", "coalition_word", message.sender, message.raw);
  for (const auto& decision : record.decisions)
    add("decision", "decision", decision.participant, decision.raw);
  add("world_update", "world_update", "", record.world_raw);
  for (const auto& metric : record.metrics)
    add("metrics", "metric", metric.participant, metric.raw);
  for (const auto& check : record.checks)
    add("validation", "check", check.participant, check.raw);
  return json_file("replies-" + three_digits(record.turn) + ".json", json);
}

bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() <= name_max && name.front() != '.'
         && std::ranges::none_of(name, [](char c) {
              return c == '/' || static_cast<unsigned char>(c) < 0x20;
            });
}

} // namespace

std::string three_digits(std::int32_t turn) {
  auto text = std::to_string(turn);
  return text.size() < 3 ? std::string(3 - text.size(), '0') + text : text;
}

std::string display_name(const RunHeader& run, const std::string& id) {
  for (const auto& participant : run.participants)
    if (participant.id == id)
      return participant.name;
  return id;
}

std::string bullets(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items)
    out += "- " + std::string{trim(item)} + "\n";
  return out;
}

std::string turn_title(const std::string& title, std::int32_t turn) {
  return title + " - Turn " + std::to_string(turn);
}

std::string opening(const RunHeader& run, const std::string& title,
                    const std::string& middle) {
  std::string out = run.simulated
                      ? "**Simulated:** some voices of this run are rules, not "
                        "language models.\n\n"
                      : "";
  out += "# " + title + "\n\n";
  out += "**Scenario:** " + run.scenario_name + "\n\n" + middle;
  return out + "---\n\n";
}

RunHeader header_of(const RunSpec& spec) {
  const auto& scenario = *spec.scenario;
  RunHeader header{spec.id,
                   spec.name,
                   spec.point,
                   spec.replicate,
                   spec.seed,
                   spec.factors,
                   scenario.id,
                   scenario.name,
                   scenario.turn_duration,
                   spec.output,
                   spec.simulated,
                   {},
                   {},
                   {},
                   spec.branch_from,
                   spec.branch_turn};
  if (const auto& checks = scenario.validation;
      checks && !checks->checks.empty())
    header.validation = {checks->model, checks->turn_reports,
                         checks->summary_report};
  for (const auto& participant : scenario.participants)
    header.participants.push_back(
      {participant.id, participant.name, participant.model});
  for (const auto& metric : scenario.metrics)
    header.metrics.push_back({metric.name, metric.description, metric.unit});
  return header;
}

Result<std::vector<ArtefactFile>> turn_files(const RunHeader& run,
                                             const TurnRecord& record) {
  const auto suffix = "-" + three_digits(record.turn) + ".md";
  std::vector<ArtefactFile> files{
    {"world-state" + suffix, world_text(run, record)}};
  for (const auto& decision : record.decisions)
    files.push_back({decision.participant + suffix,
                     participant_text(run, record.turn, decision)});
  for (auto& file : conversation_files(run, record))
    files.push_back(std::move(file));
  if (!record.checks.empty()
      && (!run.validation || run.validation->turn_reports))
    files.push_back(validation_file(run, record));
  if (record.turn > 0)
    files.push_back(replies_file(run, record));
  std::set<std::string> names;
  for (const auto& file : files) {
    if (!is_file_name(file.name))
      return fail(Errc::invalid_input,
                  "no file can be named '" + file.name + "'");
    if (!names.insert(file.name).second)
      return fail(Errc::invalid_input,
                  "two files would be named '" + file.name + "'");
  }
  return files;
}

ArtefactFile state_file(const RunHeader& run, const RunState& state) {
  auto json = json_head(run, "state/1");
  json["scenario_name"] = run.scenario_name;
  json["status"] = state.status;
  json["reason"] = state.reason.empty() ? Json() : Json(state.reason);
  json["turns_completed"] = state.turns_completed;
  json["turn_duration"] = run.turn_duration;
  json["point"] = run.point.empty() ? Json() : Json(run.point);
  json["replicate"] = run.replicate;
  // A number of 64 bits is more than JSON readers keep.
  json["seed"] = std::to_string(run.seed);
  json["factors"] = Json::object();
  for (const auto& [name, value] : run.factors)
    json["factors"][name] = value;
  json["actors"] = Json::array();
  for (const auto& participant : run.participants)
    json["actors"].push_back({{"id", participant.id},
                              {"name", participant.name},
                              {"model", participant.model}});
  json["branch_from"] =
    run.branch_from ? Json(to_string(run.branch_from)) : Json();
  json["branch_turn"] = run.branch_turn;
  json["goals"] = Json::array();
  for (const auto& goals : state.goals)
    json["goals"].push_back({{"actor", goals.participant},
                             {"long_term", goals.long_term},
                             {"short_term", goals.short_term}});
  json["events"] = Json::array();
  for (const auto& event : state.events)
    json["events"].push_back(
      {{"turn", event.turn}, {"name", event.name}, {"type", event.type}});
  const auto& counts = state.counts;
  json["talks"] = {{"offered", counts.talks_offered},
                   {"answered", counts.talks_answered}};
  json["coalitions"] = {{"proposed", counts.coalitions_proposed},
                        {"formed", counts.coalitions_formed}};
  json["checks"] = {{"passed", counts.checks_passed},
                    {"failed", counts.checks_failed},
                    {"missing", counts.checks_missing}};
  json["world"] = state.world;
  return json_file("state.json", json);
}

ArtefactFile metrics_file(const RunHeader& run,
                          const std::vector<TurnMetrics>& turns) {
  auto json = json_head(run, "metrics/1");
  json["metrics"] = Json::array();
  for (const auto& metric : run.metrics)
    json["metrics"].push_back({{"name", metric.name},
                               {"description", metric.description},
                               {"unit", metric.unit}});
  json["turns"] = Json::array();
  for (const auto& turn : turns) {
    auto values = Json::array();
    for (const auto& value : turn.values)
      values.push_back(
        {{"metric", value.metric},
         {"actor",
          value.participant.empty() ? Json() : Json(value.participant)},
         {"status", std::string{to_string(value.status)}},
         {"value", value.number ? Json(*value.number) : Json()},
         {"level", std::string{to_string(value.level)}},
         {"text", value.text}});
    json["turns"].push_back(
      {{"turn", turn.turn}, {"values", std::move(values)}});
  }
  return json_file("metrics.json", json);
}

ArtefactFile costs_file(const RunHeader& run,
                        const std::vector<UsedCalls>& calls,
                        const std::vector<UsedCalls>& inherited) {
  auto json = json_head(run, "costs/1");
  json["settled"] = json_of(total_of(calls));
  // What is no part of `settled`: another run's turns.
  json["inherited"] = json_of(total_of(inherited));
  json["by_actor"] = sums(calls, "actor", [](const UsedCalls& x) {
    return x.participant.empty() ? std::string{"(world)"} : x.participant;
  });
  json["by_phase"] =
    sums(calls, "phase", [](const UsedCalls& x) { return x.phase; });
  json["by_model"] =
    sums(calls, "model", [](const UsedCalls& x) { return x.model; });
  json["by_turn"] =
    sums(calls, "turn", [](const UsedCalls& x) { return x.turn; });
  return json_file("costs.json", json);
}

} // namespace lab::storage
