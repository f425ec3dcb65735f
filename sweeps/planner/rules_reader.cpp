#include <algorithm>
#include <utility>

#include "sweeps/expression/read_expression.hpp"
#include "sweeps/expression/sweep_scopes.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/part_readers.hpp"
#include "sweeps/planner/value_readers.hpp"

namespace lab::sweeps {

namespace {

constexpr std::int64_t replicates_most = 10'000;
constexpr std::size_t rules_max = 100;
constexpr std::int64_t repeats_max = 50;

StopAction action_of(const std::string& word) {
  if (word == "finish")
    return StopAction::finish;
  if (word == "stop")
    return StopAction::stop;
  return word == "pause-model" ? StopAction::pause_model : StopAction::pause;
}

void read_pilot(yaml::MapReader& schedule, Manifest& made, Findings& findings) {
  const auto* node = schedule.node("pilot");
  if (node == nullptr)
    return;
  const auto& document = schedule.document();
  yaml::MapReader reader{document, *node, "schedule.pilot", "S", findings};
  if (node->kind != yaml::Kind::map)
    return;
  Pilot pilot;
  pilot.place = *node;
  if (reader.required("runs") != nullptr)
    if (const auto runs = reader.integer("runs", {1, runs_planned_max}))
      pilot.runs = static_cast<std::int32_t>(*runs);
  if (const auto* then = reader.node("then")) {
    pilot.place = *then;
    pilot.then = read_expression(document, *then, pilot_scope(),
                                 {Type::word, pilot_actions()}, "S423",
                                 "schedule.pilot.then", findings);
  }
  reader.finish();
  made.pilot = std::move(pilot);
}

void read_rule(const yaml::Document& document, const yaml::Node& node,
               const std::string& path, Manifest& made, Findings& findings) {
  yaml::MapReader reader{document, node, path, "S", findings};
  if (node.kind != yaml::Kind::map)
    return;
  const auto* when = reader.required("when");
  auto condition =
    when == nullptr
      ? std::nullopt
      : read_expression(document, *when, stop_scope(), {Type::truth}, "S423",
                        path + ".when", findings);
  auto then = StopAction::pause;
  if (reader.required("then") != nullptr)
    if (const auto word = reader.one_of("then", stop_actions()))
      then = action_of(*word);
  auto because = reader.text("because");
  reader.finish();
  if (condition)
    made.stop.push_back({*condition, then,
                         because ? std::move(*because) : condition->text(),
                         *when});
}

} // namespace

void read_more(yaml::MapReader& replicates, Manifest& made,
               Findings& findings) {
  const auto* node = replicates.node("more");
  if (node == nullptr)
    return;
  const auto& document = replicates.document();
  yaml::MapReader reader{document, *node, "replicates.more", "S", findings};
  if (node->kind != yaml::Kind::map)
    return;
  const auto* until = reader.required("until");
  auto condition =
    until == nullptr
      ? std::nullopt
      : read_expression(document, *until, until_scope(), {Type::truth}, "S423",
                        "replicates.more.until", findings);
  auto only = reader.text("only").value_or("");
  if (!only.empty())
    check_block(reader, only, made, findings);
  std::int64_t most = 0;
  if (reader.required("at_most") != nullptr)
    most = reader.integer("at_most", {1, replicates_most}).value_or(0);
  reader.finish();
  if (most > 0 && most <= made.replicates.count)
    reader
      .error("at_most", "S426",
             "`at_most` leaves room for no more than the "
               + std::to_string(made.replicates.count) + " replicates of "
               + "`replicates`")
      .help.push_back("write more than " + std::to_string(made.replicates.count)
                      + ", or remove `more`");
  if (condition && most > 0)
    made.replicates.more = MoreReplicates{
      *condition, std::move(only), static_cast<std::int32_t>(most), *until};
}

void read_schedule(yaml::MapReader& manifest, Manifest& made,
                   Findings& findings) {
  const auto* node = manifest.node("schedule");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "schedule", "S", findings};
  const auto order =
    reader.one_of("order", {"blocks", "by-model", "interleave"});
  if (order == "by-model")
    made.order = RunOrder::by_model;
  if (order == "interleave")
    made.order = RunOrder::interleave;
  read_pilot(reader, made, findings);
  reader.finish();
}

void read_stop(yaml::MapReader& manifest, Manifest& made, Findings& findings) {
  const auto* node = manifest.node("stop");
  if (node == nullptr)
    return;
  if (node->kind != yaml::Kind::list || node->items.size() > rules_max) {
    manifest
      .error("stop", "S101",
             "`stop` must be a list of at most " + std::to_string(rules_max)
               + " rules"
               + (node->kind == yaml::Kind::list
                    ? ""
                    : ", not " + yaml::describe(*node)))
      .help.emplace_back(
        "write it like [{when: share(failed) > 5%, then: pause}]");
    return;
  }
  for (std::size_t i = 0; i < node->items.size(); ++i)
    read_rule(manifest.document(), node->items[i], "stop." + std::to_string(i),
              made, findings);
}

void read_sentinel(yaml::MapReader& manifest, Manifest& made,
                   Findings& findings) {
  const auto* node = manifest.node("sentinel");
  if (node == nullptr)
    return;
  yaml::MapReader reader{manifest.document(), *node, "sentinel", "S", findings};
  if (node->kind != yaml::Kind::map)
    return;
  SentinelRules rules;
  rules.place = *node;
  rules.every =
    reader.integer("every", {1, runs_planned_max}).value_or(rules.every);
  // One reply says nothing of how much replies differ anyway.
  rules.repeats = static_cast<std::int32_t>(
    reader.integer("repeats", {2, repeats_max}).value_or(rules.repeats));
  rules.false_alarms =
    read_share(reader, "false_alarms", 0, 1).value_or(rules.false_alarms);
  reader.finish();
  made.sentinel = rules;
}

} // namespace lab::sweeps
