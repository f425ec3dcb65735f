#include "storage/artefacts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/base/json.hpp"
#include "runtime/base/text.hpp"
#include "storage/fact_codec.hpp"

namespace lab::storage {

namespace {

using Json = nlohmann::ordered_json; // keys in the order they are written

constexpr const char* simulated_line =
  "**Simulated:** some voices of this run are rules, not language models.\n\n";
/// Longer names are refused by file systems; the rest is for ".tmp" and such.
constexpr std::size_t name_max = 200;

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

/// The part that all Markdown files begin with, up to the first rule.
std::string opening(const RunHeader& run, const std::string& title,
                    std::int32_t turn, const std::string& middle) {
  std::string out = run.simulated ? simulated_line : "";
  out += "# " + title + " - Turn " + std::to_string(turn) + "\n\n";
  out += "**Scenario:** " + run.scenario_name + "\n\n" + middle;
  return out + "---\n\n";
}

std::string duration_line(const RunHeader& run) {
  return run.turn_duration.empty()
           ? std::string{}
           : "**Turn Duration:** " + run.turn_duration + "\n\n";
}

std::string world_text(const RunHeader& run, const TurnRecord& record) {
  auto out = opening(run, "World State", record.turn, duration_line(run));
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
  if (record.turn == 0)
    return out;
  out += "---\n\n## Actions Taken This Turn\n\n";
  for (const auto& decision : record.decisions)
    out += "### " + display_name(run, decision.participant) + "\n\n"
           + std::string{trim(decision.action)} + "\n\n";
  return out;
}

std::string participant_text(const RunHeader& run, std::int32_t turn,
                             const Decision& decision) {
  auto out = opening(run, display_name(run, decision.participant), turn,
                     duration_line(run));
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

/// Messages between the same people on one channel in one turn.
struct Conversation {
  std::string channel;
  std::set<std::string> members; // ids
  std::vector<const Message*> messages;
};

std::vector<Conversation> conversations(const TurnRecord& record) {
  std::vector<Conversation> found;
  for (const auto& message : record.messages) {
    std::set<std::string> members{message.recipients.begin(),
                                  message.recipients.end()};
    members.insert(message.sender);
    auto known = std::ranges::find_if(found, [&](const Conversation& x) {
      return x.channel == message.channel && x.members == members;
    });
    if (known == found.end())
      known = found.insert(found.end(), {message.channel, members, {}});
    known->messages.push_back(&message);
  }
  return found;
}

std::string conversation_text(const RunHeader& run, std::int32_t turn,
                              const Conversation& talk) {
  std::vector<std::string> names;
  for (const auto& id : talk.members)
    names.push_back(display_name(run, id));
  auto out = opening(run,
                     talk.channel == "coalition" ? "Coalition Communication"
                                                 : "Bilateral Negotiation",
                     turn, "**Participants:** " + join(names, ", ") + "\n\n");
  out += "## Messages\n\n";
  for (const auto* message : talk.messages)
    out += "### " + display_name(run, message->sender) + "\n\n"
           + std::string{trim(message->text)} + "\n\n---\n\n";
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

bool is_file_name(const std::string& name) {
  return !name.empty() && name.size() <= name_max && name.front() != '.'
         && std::ranges::none_of(name, [](char c) {
              return c == '/' || static_cast<unsigned char>(c) < 0x20;
            });
}

} // namespace

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
                   {}};
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
  for (const auto& talk : conversations(record))
    files.push_back({talk.channel + "-"
                       + join({talk.members.begin(), talk.members.end()}, "+")
                       + suffix,
                     conversation_text(run, record.turn, talk)});
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
         {"text", value.text}});
    json["turns"].push_back(
      {{"turn", turn.turn}, {"values", std::move(values)}});
  }
  return json_file("metrics.json", json);
}

ArtefactFile costs_file(const RunHeader& run,
                        const std::vector<UsedCalls>& calls) {
  auto json = json_head(run, "costs/1");
  Charge total;
  for (const auto& call : calls)
    total += call.settled;
  json["settled"] = json_of(total);
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
