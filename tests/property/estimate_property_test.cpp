#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"
#include "sweeps/planner/prompt_size.hpp"
#include "tests/property/settled_runs.hpp"
#include "tests/support/seeds.hpp"

// The estimate against what runs really cost: on the whole engine, with a
// simulated model that has a price and counts a token for four bytes.

namespace lab::testing {
namespace {

using sweeps::CallKind;
using sweeps::estimate;

constexpr const char* priced = "sim/persona?usd_per_mtok=1";
constexpr double tolerance = 0.10;

/// Draws in sequence from one seed.
class Draws {
public:
  explicit Draws(std::uint64_t seed) : seed_(Seed{seed}.child("estimate")) {}
  int from_to(int least, int most) {
    return least
           + static_cast<int>(seed_.below(
             next_++, static_cast<std::uint64_t>(most - least) + 1));
  }
  bool one_in(int n) { return from_to(1, n) == 1; }
  /// Words with a line end now and then, as people write.
  std::string text(int words) {
    static const std::vector<std::string> vocabulary{
      "harbour", "tariff",  "the",   "water", "of",        "years",
      "a",       "promise", "ships", "\n\n",  "\u00fcber", "1,200"};
    std::string out;
    for (int i = 0; i < words; ++i)
      out += vocabulary[static_cast<std::size_t>(
               from_to(0, static_cast<int>(vocabulary.size()) - 1))]
             + " ";
    return out;
  }

private:
  Seed seed_;
  std::uint64_t next_ = 0;
};

MetricSpec any_metric(Draws& draw, int index, const std::string& model) {
  MetricSpec metric;
  metric.name = "metric_" + std::to_string(index);
  metric.range = {{0, 10}};
  metric.per_participant = draw.one_in(3);
  if (draw.one_in(2)) {
    metric.patterns = {"Metric " + std::to_string(index)
                       + R"(:\s*(\d+(?:\.\d+)?))"};
  } else {
    metric.extraction = Extraction::llm;
    metric.prompt = draw.text(draw.from_to(5, 40));
    metric.model = model;
  }
  return metric;
}

ValidationSpec any_validation(Draws& draw, const std::string& model) {
  ValidationSpec validation;
  validation.model = model;
  for (const auto kind :
       {CheckKind::decision_consistency, CheckKind::world_coherence,
        CheckKind::information_access})
    if (draw.one_in(2))
      validation.checks.emplace_back().kind = kind;
  if (validation.checks.empty())
    validation.checks.emplace_back();
  validation.every_turn = !draw.one_in(3);
  validation.rules = draw.text(draw.from_to(0, 30));
  return validation;
}

/// Any scenario of the phases that this build plays.
ScenarioSpec any_scenario(std::uint64_t seed) {
  Draws draw{seed};
  const auto& model = priced;
  ScenarioSpec scenario;
  scenario.id = "any";
  scenario.name = draw.text(draw.from_to(1, 6));
  scenario.turns = draw.from_to(1, 6);
  scenario.context_window_size = draw.from_to(0, 5);
  scenario.system_prompt = draw.text(draw.from_to(0, 80));
  scenario.initial_world_state = draw.text(draw.from_to(1, 300));
  scenario.turn_duration = draw.one_in(2) ? "1 month" : "";
  scenario.world_state_model = model;
  scenario.talks_per_turn = draw.from_to(0, 3);
  scenario.coalitions = draw.one_in(2);
  scenario.v1_prompts = draw.one_in(5);
  if (draw.one_in(3))
    scenario.output_caps = {{"", draw.from_to(100, 900)}};
  for (int i = draw.from_to(2, 5); i > 0; --i) {
    ParticipantSpec participant;
    participant.id = "p" + std::to_string(i);
    participant.name = "Party " + std::string(static_cast<std::size_t>(i), 'x');
    participant.model = model;
    participant.role = draw.text(draw.from_to(0, 10));
    participant.description = draw.text(draw.from_to(0, 60));
    participant.private_information = draw.text(draw.from_to(0, 60));
    for (int goal = draw.from_to(0, 4); goal > 0; --goal)
      participant.goals.push_back(draw.text(draw.from_to(2, 12)));
    for (int limit = draw.from_to(0, 3); limit > 0; --limit)
      participant.constraints.push_back(draw.text(draw.from_to(2, 12)));
    scenario.participants.push_back(participant);
  }
  for (int i = draw.from_to(0, 3); i > 0; --i)
    scenario.metrics.push_back(any_metric(draw, i, model));
  if (draw.one_in(2))
    scenario.validation = any_validation(draw, model);
  for (const auto& phase : playable_phases()) {
    const bool fits =
      phase == "communication" ? scenario.talks_per_turn > 0
      : phase == "coalition"
        ? scenario.coalitions && scenario.participants.size() > 2
      : phase == "validation" ? scenario.validation.has_value()
                              : phase != "events";
    if (fits)
      scenario.phases.push_back(phase);
  }
  scenario.content =
    Hasher{}.add("any").add(static_cast<std::int64_t>(seed)).finish256();
  return scenario;
}

double dollars(Money money) {
  return static_cast<double>(money.pico_usd) / 1e12;
}

/// Every phase of this build, over and over: what shares are measured on.
ScenarioSpec everything(std::int32_t turns) {
  auto scenario = shipped("grid-transition", priced);
  scenario.turns = turns;
  scenario.talks_per_turn = 2;
  scenario.coalitions = true;
  scenario.phases.clear();
  for (const auto& phase : playable_phases())
    if (phase != "events")
      scenario.phases.push_back(phase);
  scenario.validation.emplace();
  scenario.validation->model = priced;
  for (const auto kind :
       {CheckKind::decision_consistency, CheckKind::world_coherence,
        CheckKind::information_access})
    scenario.validation->checks.emplace_back().kind = kind;
  for (const bool own : {false, true}) {
    MetricSpec metric;
    metric.name = own ? "resolve" : "trust";
    metric.extraction = Extraction::llm;
    metric.per_participant = own;
    metric.range = {{0, 10}};
    metric.prompt = "How much of it is there in what you read?";
    metric.model = priced;
    scenario.metrics.push_back(metric);
  }
  scenario.content = Hasher{}.add("everything").add(turns).finish256();
  return scenario;
}

TEST(EstimateProperty, TheWorstCaseIsNeverExceeded) {
  std::vector<Wanted> wanted;
  for (const auto seed : seeds(60))
    wanted.push_back({any_scenario(seed), seed});

  const auto settled = settle(wanted);

  for (std::size_t i = 0; i < wanted.size(); ++i) {
    SCOPED_TRACE(replay_hint(wanted[i].seed));
    const auto made = estimate(wanted[i].scenario, builtin_price);
    EXPECT_TRUE(made.refused.empty());
    EXPECT_LE(settled[i].committed, made.total.worst);
    EXPECT_LE(settled[i].attempts, made.total.calls_max);
    EXPECT_LE(settled[i].tokens, made.total.worst_tokens);
    for (const auto& [name, usd] : settled[i].by_participant)
      EXPECT_LE(usd, made.by_participant.at(name).worst) << name;
    for (const auto& [phase, usd] : settled[i].by_phase)
      EXPECT_LE(usd, made.by_phase.at(phase).worst) << phase;
  }
}

TEST(EstimateProperty, TheExpectationIsNearWhatRandomScenariosCost) {
  std::vector<Wanted> wanted;
  constexpr std::uint64_t replicates = 4;
  for (const auto seed : seeds(20))
    for (std::uint64_t replicate = 0; replicate < replicates; ++replicate)
      wanted.push_back({any_scenario(seed), 100 * seed + replicate});

  const auto settled = settle(wanted);

  // How ready somebody is to talk differs from one to the next, and one
  // scenario may have three of a kind: each may be off, not all of them.
  constexpr double of_one = 0.4;
  double all = 0;
  for (std::size_t i = 0; i < wanted.size(); i += replicates) {
    double mean = 0;
    for (std::size_t j = i; j < i + replicates; ++j)
      mean += dollars(settled[j].settled) / double{replicates};
    const auto made = estimate(wanted[i].scenario, builtin_price);
    const auto ratio = dollars(made.total.expected) / mean;
    EXPECT_NEAR(ratio, 1, of_one) << replay_hint(wanted[i].seed / 100);
    all += ratio;
  }
  EXPECT_NEAR(all * double{replicates} / static_cast<double>(wanted.size()), 1,
              tolerance);
}

class ShippedCost : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedCost, IsExpectedWithinATenth) {
  for (const std::string model :
       {"sim/persona?usd_per_mtok=1",
        "sim/persona?usd_per_mtok=2&tokens_out=150"}) {
    std::vector<Wanted> wanted;
    constexpr std::uint64_t runs = 12;
    for (std::uint64_t seed = 1; seed <= runs; ++seed)
      wanted.push_back({shipped(GetParam(), model), seed});

    const auto settled = settle(wanted);

    const auto made = estimate(wanted[0].scenario, builtin_price);
    double mean = 0;
    std::map<std::string, double> by_phase;
    for (const auto& run : settled) {
      mean += dollars(run.settled) / double{runs};
      for (const auto& [phase, usd] : run.by_phase)
        by_phase[phase] += dollars(usd) / double{runs};
    }
    EXPECT_NEAR(dollars(made.total.expected) / mean, 1, tolerance) << model;
    for (const auto& [phase, usd] : by_phase)
      // A small part of the whole may be off by more than the whole.
      EXPECT_NEAR(dollars(made.by_phase.at(phase).expected) / usd, 1,
                  3 * tolerance)
        << model << " " << phase;
  }
}

INSTANTIATE_TEST_SUITE_P(EstimateProperty, ShippedCost,
                         ::testing::Values("river-compact", "grid-transition",
                                           "harbour-minimal"));

TEST(EstimateProperty, HistoryIsTheMeanOfWhatRunsCost) {
  std::vector<Wanted> wanted;
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    wanted.push_back({everything(4), seed});

  const auto settled = settle(wanted);

  std::vector<sweeps::PastRun> past;
  double mean = 0;
  for (const auto& run : settled) {
    past.push_back(run.past);
    mean += dollars(run.settled) / double(settled.size());
  }
  const auto made = estimate(wanted[0].scenario, builtin_price, past);
  EXPECT_EQ(made.history_runs, std::ssize(past));
  EXPECT_NEAR(dollars(made.total.expected) / mean, 1, 0.01);
}

// --- Calibration: what to write when a prompt or a rule of `sim` changes
// ------ build/dev/tests/estimate_property_test --gtest_filter='*Calibration*'

const char* name_of(CallKind kind) {
  switch (kind) {
  case CallKind::summary:
    return "summary";
  case CallKind::talk_offer:
    return "talk_offer";
  case CallKind::talk_answer:
    return "talk_answer";
  case CallKind::coalition_proposal:
    return "coalition_proposal";
  case CallKind::coalition_answer:
    return "coalition_answer";
  case CallKind::coalition_word:
    return "coalition_word";
  case CallKind::decision:
    return "decision";
  case CallKind::world_update:
    return "world_update";
  case CallKind::metric:
    return "metric";
  case CallKind::check:
    break;
  }
  return "check";
}

constexpr std::int32_t calibration_turns = 10;

/// All calls of a handful of runs of `everything`.
const std::map<CallKind, KindUse>& measured(std::int64_t* coalition_messages) {
  static std::int64_t messages = 0;
  static const auto kinds = [] {
    std::vector<Wanted> wanted;
    for (std::uint64_t seed = 1; seed <= 8; ++seed)
      wanted.push_back({everything(calibration_turns), seed});
    std::map<CallKind, KindUse> sums;
    for (const auto& run : settle(wanted)) {
      messages += run.coalition_messages;
      for (const auto& [kind, use] : run.kinds) {
        sums[kind].calls += use.calls;
        sums[kind].repairs += use.repairs;
        sums[kind].input_tokens += use.input_tokens;
        sums[kind].output_tokens += use.output_tokens;
      }
    }
    return sums;
  }();
  if (coalition_messages != nullptr)
    *coalition_messages = messages;
  return kinds;
}

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0
                    : static_cast<double>(part) / static_cast<double>(whole);
}

std::int64_t calls_of(CallKind kind) {
  const auto& kinds = measured(nullptr);
  const auto found = kinds.find(kind);
  return found == kinds.end() ? 0 : found->second.calls;
}

void expect_share(const char* name, double measured_share, double written) {
  EXPECT_NEAR(measured_share, written, 0.05)
    << "usual_habits." << name << " should be " << measured_share
    << " (sweeps/planner/reply_size.hpp)";
}

TEST(EstimateCalibration, SharesAreThoseOfTheSimulatedModel) {
  const auto& habits = sweeps::usual_habits;
  if (const auto offers = calls_of(CallKind::talk_offer); offers > 0)
    expect_share("talk", ratio(calls_of(CallKind::talk_answer), offers),
                 habits.talk);
  const auto asked = calls_of(CallKind::coalition_proposal);
  if (asked > 0) {
    const auto answers = calls_of(CallKind::coalition_answer);
    const auto words = calls_of(CallKind::coalition_word);
    // One message a proposal, an answer and a word.
    std::int64_t proposals = 0;
    measured(&proposals);
    proposals -= answers + words;
    const auto others = std::ssize(everything(1).participants) - 1;
    expect_share("propose", ratio(proposals, asked), habits.propose);
    expect_share("invite", ratio(answers, proposals * others), habits.invite);
    // In a formed coalition each member and its proposer say a word.
    expect_share("form", ratio(words, answers + proposals), habits.form);
  }
  std::int64_t calls = 0;
  std::int64_t repairs = 0;
  for (const auto& [kind, use] : measured(nullptr)) {
    calls += use.calls;
    repairs += use.repairs;
  }
  EXPECT_NEAR(ratio(repairs, calls), habits.repair, 0.01);
}

/// The mean of what is expected of one question, over turns and participants.
struct MeanSize {
  double prompt = 0;
  double reply = 0;
  double count = 0;
};

MeanSize expected_size(const ScenarioSpec& scenario, CallKind kind) {
  const auto replies = sweeps::expected_replies(scenario);
  const sweeps::PromptSizes sizes{scenario, replies, sweeps::usual_habits};
  MeanSize mean;
  const auto add = [&](const sweeps::TextSize& prompt, std::size_t index) {
    mean.prompt += prompt.bytes;
    mean.reply += replies.of(kind, index).whole;
    ++mean.count;
  };
  for (std::int32_t turn = 1; turn <= scenario.turns; ++turn) {
    if (kind == CallKind::world_update)
      add(sizes.world_update(turn), 0);
    if (kind == CallKind::summary && turn > scenario.context_window_size)
      add(sizes.summary(turn), 0);
    if (kind == CallKind::metric)
      for (const auto& metric : scenario.metrics)
        if (metric.extraction == Extraction::llm)
          for (std::size_t i = 0;
               i < (metric.per_participant ? scenario.participants.size() : 1);
               ++i)
            add(sizes.metric(metric, i), i);
    if (kind == CallKind::check)
      for (const auto& check : scenario.validation->checks)
        for (std::size_t i = 0; i < (check.kind == CheckKind::world_coherence
                                       ? 1
                                       : scenario.participants.size());
             ++i)
          add(sizes.check(check, i, turn), i);
    for (std::size_t i = 0; i < scenario.participants.size(); ++i)
      switch (kind) {
      case CallKind::decision:
        add(sizes.decision(i, turn), i);
        break;
      case CallKind::talk_offer:
        add(sizes.talk_offer(i, turn), i);
        break;
      case CallKind::talk_answer:
        add(sizes.talk_answer(i, turn), i);
        break;
      case CallKind::coalition_proposal:
        add(sizes.coalition_proposal(i, turn), i);
        break;
      case CallKind::coalition_answer:
        add(sizes.coalition_answer(i, turn), i);
        break;
      case CallKind::coalition_word:
        add(sizes.coalition_word(i, turn), i);
        break;
      default:
        break;
      }
  }
  mean.prompt = mean.prompt / mean.count + sizes.schema(kind);
  mean.reply /= mean.count;
  return mean;
}

TEST(EstimateCalibration, PromptsAndRepliesOfEveryKindAreAsLongAsExpected) {
  const auto scenario = everything(calibration_turns);
  for (const auto& [kind, use] : measured(nullptr)) {
    ASSERT_GT(use.calls, 0) << name_of(kind);
    const auto expected = expected_size(scenario, kind);
    const auto prompt =
      sweeps::bytes_per_token * ratio(use.input_tokens, use.calls);
    const auto reply =
      sweeps::bytes_per_token * ratio(use.output_tokens, use.calls);
    EXPECT_NEAR(expected.prompt / prompt, 1, 0.07)
      << name_of(kind) << " prompts have " << prompt << " bytes, not "
      << expected.prompt << ": wording_of() in sweeps/planner/prompt_size.cpp "
      << "should say "
      << sweeps::wording_of(kind).prompt + prompt - expected.prompt
      << ", if nothing else is missing";
    EXPECT_NEAR(expected.reply / reply, 1, 0.13)
      << name_of(kind) << " replies have " << reply << " bytes, not "
      << expected.reply << ": see sim_" << name_of(kind)
      << " in sweeps/planner/reply_size.cpp";
  }
}

TEST(EstimateCalibration, KnowsThePhasesThatEveryBuildPlays) {
  const auto phases = playable_phases();
  const std::set<std::string> known{phases.begin(), phases.end()};
  for (const auto* phase :
       {"decision", "world_update", "metrics", "persistence"})
    EXPECT_TRUE(known.contains(phase)) << phase;
}

} // namespace
} // namespace lab::testing
