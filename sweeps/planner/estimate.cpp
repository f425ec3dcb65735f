#include "sweeps/planner/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "sweeps/planner/cap_chance.hpp"
#include "sweeps/planner/cost_sheet.hpp"
#include "sweeps/planner/shared_calls.hpp"

namespace lab::sweeps {

namespace {

/// Long runs with long windows are looked at in so many groups of turns.
constexpr std::int32_t turn_groups_max = 32;
/// In so many turns after the window is full prompts still grow: by the goals
/// of two turns, by the first summary.
constexpr std::int32_t turns_to_settle = 2;

/// The turns that are looked at together: means by `usual`, ceilings by
/// `dearest`.
struct TurnGroup {
  std::int32_t usual = 1;
  std::int32_t dearest = 1;
  std::int64_t count = 1;
};

/// Walks the call graph of one run.
class RunEstimator {
public:
  RunEstimator(const ScenarioSpec& scenario, const PriceLookup& price_of)
    : scenario_(scenario), sheet_(scenario, price_of) {}

  Estimate estimate(const std::vector<PastRun>& past) {
    for (const auto& group : turn_groups())
      add_turns(group);
    if (asks_checks() && !scenario_.validation->every_turn)
      add_checks({scenario_.turns, scenario_.turns, 1});
    if (!past.empty())
      sheet_.take_over(past);
    return sheet_.finish();
  }

private:
  const PromptSizes& usual() const { return sheet_.usual(); }
  const PromptSizes& longest() const { return sheet_.longest(); }

  std::vector<TurnGroup> turn_groups() const {
    const auto window = std::max(scenario_.context_window_size, 0);
    // From the turn on in which nothing of the beginning is left in the
    // window, every turn costs the same.
    const auto growing = std::min<std::int64_t>(
      scenario_.turns, std::int64_t{window} + turns_to_settle + 1);
    const auto step = growing / turn_groups_max + 1;
    std::vector<TurnGroup> groups;
    for (std::int64_t first = 1; first <= growing; first += step) {
      const auto last = std::min(first + step - 1, growing);
      const auto until = last == growing ? scenario_.turns : last;
      groups.push_back({static_cast<std::int32_t>((first + last) / 2),
                        static_cast<std::int32_t>(last), until - first + 1});
    }
    return groups;
  }

  bool has_phase(CallKind kind) const {
    return std::ranges::find(scenario_.phases, phase_of(kind))
           != scenario_.phases.end();
  }

  bool asks_checks() const {
    return has_phase(CallKind::check) && scenario_.validation.has_value()
           && scenario_.turns > 0;
  }

  void add_turns(const TurnGroup& turns) {
    if (has_phase(CallKind::summary)
        && turns.dearest > std::max(scenario_.context_window_size, 0))
      add_summary(turns);
    const auto participants = scenario_.participants.size();
    if (has_phase(CallKind::talk_offer) && scenario_.talks_per_turn > 0
        && participants > 1)
      add_talks(turns);
    if (has_phase(CallKind::coalition_proposal) && scenario_.coalitions
        && participants > 2)
      add_coalitions(turns);
    if (has_phase(CallKind::decision))
      for (std::size_t i = 0; i < participants; ++i)
        sheet_.add(asked_of(CallKind::decision, i),
                   usual().decision(i, turns.usual),
                   longest().decision(i, turns.dearest), turns.count, 1, 1);
    if (has_phase(CallKind::world_update))
      sheet_.add({CallKind::world_update, 0, "", scenario_.world_state_model},
                 usual().world_update(turns.usual),
                 longest().world_update(turns.dearest), turns.count, 1, 1);
    if (has_phase(CallKind::metric))
      add_metrics(turns);
    if (asks_checks() && scenario_.validation->every_turn)
      add_checks(turns);
  }

  void add_summary(const TurnGroup& turns) {
    const auto window = std::max(scenario_.context_window_size, 0);
    sheet_.add({CallKind::summary, 0, "",
                scenario_.summary_model.empty() ? scenario_.world_state_model
                                                : scenario_.summary_model},
               usual().summary(std::max(turns.usual, window + 1)),
               longest().summary(turns.dearest), turns.count, 1, 1);
  }

  void add_talks(const TurnGroup& turns) {
    const auto rounds = std::int64_t{scenario_.talks_per_turn};
    const auto count = turns.count * rounds;
    const auto others = std::ssize(scenario_.participants) - 1;
    auto& lines = sheet_.lines();
    std::vector<std::pair<Asked, std::optional<Ceiling>>> answers;
    for (std::size_t i = 0; i < scenario_.participants.size(); ++i) {
      sheet_.add(asked_of(CallKind::talk_offer, i),
                 usual().talk_offer(i, turns.usual),
                 longest().talk_offer(i, turns.dearest), count, 1, 1);
      const auto answer = asked_of(CallKind::talk_answer, i);
      sheet_.add_usual(answer, usual().talk_answer(i, turns.usual), count,
                       usual_habits.talk);
      answers.emplace_back(
        answer,
        sheet_.ceiling_of(answer, longest().talk_answer(i, turns.dearest)));
      // All others may turn to this one.
      if (answers.back().second)
        CostSheet::add_ceiling(lines.by_participant[CostSheet::name_of(answer)],
                               *answers.back().second, count * others);
    }
    // Each offer is answered once: by the dearest that it can be for.
    for (std::size_t offer = 0; offer < answers.size(); ++offer) {
      std::map<std::string, Ceiling> by_model;
      Ceiling dearest;
      const auto raise = [](Ceiling& to, const Ceiling& one) {
        to.usd = std::max(to.usd, one.usd);
        to.tokens = std::max(to.tokens, one.tokens);
      };
      for (std::size_t i = 0; i < answers.size(); ++i)
        if (i != offer && answers[i].second) {
          raise(by_model[answers[i].first.model], *answers[i].second);
          raise(dearest, *answers[i].second);
        }
      if (by_model.empty())
        continue;
      for (const auto& [model, ceiling] : by_model)
        CostSheet::add_ceiling(lines.by_model[model], ceiling, count);
      CostSheet::add_ceiling(lines.by_phase[phase_of(CallKind::talk_answer)],
                             dearest, count);
      CostSheet::add_ceiling(lines.total, dearest, count);
    }
  }

  void add_coalitions(const TurnGroup& turns) {
    const auto& habits = usual_habits;
    const auto others = std::ssize(scenario_.participants) - 1;
    const auto named = habits.propose * habits.invite
                       * static_cast<double>(others); // by others, each
    for (std::size_t i = 0; i < scenario_.participants.size(); ++i) {
      sheet_.add(asked_of(CallKind::coalition_proposal, i),
                 usual().coalition_proposal(i, turns.usual),
                 longest().coalition_proposal(i, turns.dearest), turns.count, 1,
                 1);
      sheet_.add(asked_of(CallKind::coalition_answer, i),
                 usual().coalition_answer(i, turns.usual),
                 longest().coalition_answer(i, turns.dearest), turns.count,
                 named, others);
      // In coalitions of others, and in one's own.
      sheet_.add(asked_of(CallKind::coalition_word, i),
                 usual().coalition_word(i, turns.usual),
                 longest().coalition_word(i, turns.dearest), turns.count,
                 (named + habits.propose) * habits.form, others + 1);
    }
  }

  void add_metrics(const TurnGroup& turns) {
    for (const auto& metric : scenario_.metrics) {
      if (metric.extraction != Extraction::llm)
        continue;
      const auto& model =
        metric.model.empty() ? scenario_.world_state_model : metric.model;
      const auto add = [&](std::size_t index, const std::string& participant) {
        sheet_.add({CallKind::metric, index, participant, model},
                   usual().metric(metric, index),
                   longest().metric(metric, index), turns.count, 1, 1);
      };
      if (!metric.per_participant)
        add(0, "");
      else
        for (std::size_t i = 0; i < scenario_.participants.size(); ++i)
          if (const auto& id = scenario_.participants[i].id;
              metric.participant.empty() || metric.participant == id)
            add(i, id);
    }
  }

  void add_checks(const TurnGroup& turns) {
    for (const auto& check : scenario_.validation->checks) {
      const auto add = [&](std::size_t index, const std::string& participant) {
        sheet_.add(
          {CallKind::check, index, participant, scenario_.validation->model},
          usual().check(check, index, turns.usual),
          longest().check(check, index, turns.dearest), turns.count, 1, 1);
      };
      if (check.kind == CheckKind::world_coherence)
        add(0, "");
      else
        for (std::size_t i = 0; i < scenario_.participants.size(); ++i)
          add(i, scenario_.participants[i].id);
    }
  }

  Asked asked_of(CallKind kind, std::size_t index) const {
    const auto& participant = scenario_.participants[index];
    return {kind, index, participant.id, participant.model,
            participant.control == Control::human};
  }

  const ScenarioSpec& scenario_;
  CostSheet sheet_;
};

/// The mean of a sample without replacement and how far it may be off.
class SampleMean {
public:
  void add(double value) {
    ++count_;
    const auto step = value - mean_;
    mean_ += step / count_;
    squares_ += step * (value - mean_);
  }

  /// Half the width of the 95 % interval, as a share of the mean.
  double error(double population) const {
    constexpr double normal_975 = 1.96;
    if (count_ < 2 || mean_ == 0)
      return 0;
    const auto variance = squares_ / (count_ - 1);
    const auto left_out = std::max(1 - count_ / population, 0.0);
    return normal_975 * std::sqrt(variance / count_ * left_out) / mean_;
  }

private:
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0; // of the differences from the mean, summed up
};

void add_lines(std::map<std::string, EstimateLine>& sums,
               const std::map<std::string, EstimateLine>& ones,
               std::int64_t count) {
  for (const auto& [name, line] : ones)
    sums[name].add(line, count);
}

/// Runs that asked none but the estimate's models.
std::vector<PastRun> of_these_models(const std::vector<PastRun>& past,
                                     const Estimate& estimate) {
  std::set<std::string> models;
  for (const auto& [model, line] : estimate.by_model)
    models.insert(without_parameters(model));
  std::vector<PastRun> found;
  for (const auto& run : past)
    if (std::ranges::all_of(run.sites, [&](const auto& site) {
          return models.contains(site.first.model);
        }))
      found.push_back(run);
  return found;
}

} // namespace

void EstimateLine::add(const EstimateLine& one, std::int64_t count) {
  calls += one.calls * count;
  calls_max += one.calls_max * count;
  input_tokens += one.input_tokens * count;
  output_tokens += one.output_tokens * count;
  expected = capped_sum(expected, capped_product(one.expected, count));
  worst = capped_sum(worst, capped_product(one.worst, count));
  worst_tokens += one.worst_tokens * count;
}

void Estimate::add(const Estimate& one, std::int64_t runs) {
  total.add(one.total, runs);
  add_lines(by_participant, one.by_participant, runs);
  add_lines(by_phase, one.by_phase, runs);
  add_lines(by_model, one.by_model, runs);
  smallest_limit = std::max(smallest_limit, one.smallest_limit);
  smallest_token_limit =
    std::max(smallest_token_limit, one.smallest_token_limit);
  refused.insert(one.refused.begin(), one.refused.end());
  history_runs = std::max(history_runs, one.history_runs);
}

Estimate estimate(const ScenarioSpec& scenario, const PriceLookup& price_of,
                  const std::vector<PastRun>& past) {
  return RunEstimator{scenario, price_of}.estimate(past);
}

Result<SweepEstimate> estimate_plan(const SweepPlan& plan,
                                    const std::set<RunId>& completed,
                                    const PriceLookup& price_of,
                                    const std::vector<PastRun>& past) {
  const auto& manifest = plan.manifest();
  SweepEstimate sum;
  SharedCalls shared{manifest.replicates.count};
  SampleMean calls, tokens, usd;
  const auto points = plan.runs_to_do(completed);
  for (const auto& [point, count] : points) {
    LAB_TRY(const auto scenario, plan.scenario_of(point));
    const auto one = estimate(scenario, price_of, past);
    sum.all.add(one, count);
    sum.runs += count;
    for (const auto& [model, line] : one.by_model)
      if (line.calls > 0)
        sum.runs_by_model[model] += count;
    sum.turns += count * scenario.turns;
    sum.run_expected_max = std::max(sum.run_expected_max, one.total.expected);
    sum.run_worst_max = std::max(sum.run_worst_max, one.total.worst);
    if (one.history_runs > 0)
      sum.runs_from_history += count;
    if (plan.listed())
      shared.add(scenario, one, count);
    const auto& total = one.total;
    calls.add(static_cast<double>(total.calls));
    tokens.add(static_cast<double>(total.input_tokens + total.output_tokens));
    usd.add(static_cast<double>(total.expected.pico_usd));
  }
  if (plan.listed()) {
    const bool alone =
      !manifest.sharing || manifest.replicates.mode == SeedMode::fresh;
    sum.shared_calls = alone ? 0 : shared.at_least();
  } else {
    sum.points_sampled = std::ssize(points);
    const auto all = static_cast<double>(plan.point_count());
    sum.error = {calls.error(all), tokens.error(all), usd.error(all)};
  }
  sum.spread = run_spread(of_these_models(past, sum.all), price_of);
  return sum;
}

} // namespace lab::sweeps
