#include "tests/unit/sweeps_adaptive/played_sweep.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace lab::sweeps {

namespace {

RunId id_of(std::int32_t point, std::int32_t replicate) {
  return RunId{static_cast<std::uint64_t>(point * 1000 + replicate)};
}

} // namespace

Expression parsed(std::string_view text, const Scope& scope, Wanted wanted) {
  auto made = Expression::parse(text, scope, wanted);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return *made;
}

StopRule stop_when(std::string_view text, StopAction then) {
  return {
    parsed(text, stop_scope(), {Type::truth, {}}), then, std::string{text}, {}};
}

MoreReplicates more_until(std::string_view text, std::int32_t at_most) {
  return {parsed(text, until_scope(), {Type::truth, {}}), "", at_most, {}};
}

Pilot pilot_of(std::int32_t runs, std::string_view then) {
  return {runs, parsed(then, pilot_scope(), {Type::word, pilot_actions()}), {}};
}

RunTicket ticket_of(std::int32_t point, std::int32_t replicate) {
  RunTicket ticket;
  ticket.run = id_of(point, replicate);
  ticket.name = "p" + std::to_string(point) + ".r" + std::to_string(replicate);
  ticket.point_index = point;
  ticket.replicate = replicate;
  ticket.seed = static_cast<std::uint64_t>(replicate);
  return ticket;
}

std::optional<RunTicket> Blocks::next() {
  if (given_ == points_ * replicates_)
    return std::nullopt;
  const auto at = given_++;
  return ticket_of(at % points_, at / points_ + 1);
}

EndedRun outcome_of(const RunTicket& ticket, std::optional<double> number) {
  EndedRun run;
  run.outcome.run = ticket.run;
  run.charge.calls = 2;
  run.charge.usd = *parse_usd("0.01");
  if (!number) {
    run.outcome.status = RunStatus::failed;
    run.outcome.code = Errc::reply_invalid;
    run.outcome.reason = "the model declined to answer";
    return run;
  }
  run.outcome.status = RunStatus::completed;
  run.metrics = {{"Night sailing", *number}};
  run.replies =
    Hasher{}.add(static_cast<std::int64_t>(ticket.run.value)).finish128();
  return run;
}

AdaptiveRules rules_for(std::int32_t points, std::int32_t replicates) {
  AdaptiveRules rules;
  rules.forecast.runs_planned = points * replicates;
  rules.metrics.kinds["Night_sailing"].range = {0, 1};
  rules.may_grow = [](std::int32_t) { return true; };
  return rules;
}

Played play(const AdaptiveRules& rules, std::int32_t points,
            std::int32_t replicates, const World& world, std::size_t slots,
            std::uint64_t schedule, std::unordered_map<RunId, EndedRun> known,
            std::size_t killed_after) {
  Blocks tickets{points, replicates};
  Played played;
  played.outcomes = known;
  for (const auto& [run, outcome] : known)
    played.runs.push_back(std::to_string(run.value));
  Controller controller{rules, tickets, std::move(known)};
  std::mt19937_64 random{schedule};
  std::vector<RunTicket> running;
  std::size_t ended = 0;
  while (ended < killed_after) {
    while (running.size() < slots) {
      const auto ticket = controller.next();
      if (!ticket && controller.waits_for_records()) {
        controller.records_are_whole();
        continue;
      }
      if (!ticket)
        break;
      running.push_back(*ticket);
      played.runs.push_back(std::to_string(ticket->run.value));
    }
    if (running.empty())
      break;
    std::swap(running[random() % running.size()], running.back());
    const auto run = outcome_of(running.back(), world(running.back()));
    running.pop_back();
    ++ended;
    controller.ended(run);
    if (run.outcome.status == RunStatus::completed)
      played.outcomes[run.outcome.run] = run;
  }
  EXPECT_TRUE(ended >= killed_after || !controller.waits());
  played.stop = controller.stop();
  played.added = controller.added();
  std::ranges::sort(played.runs);
  const auto twice = std::ranges::unique(played.runs);
  played.runs.erase(twice.begin(), twice.end());
  return played;
}

double unit(const RunTicket& ticket, std::uint64_t world) {
  return static_cast<double>(Seed{world}.child(ticket.name).bits(0) >> 11U)
         * 0x1.0p-53;
}

} // namespace lab::sweeps
