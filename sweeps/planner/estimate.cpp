#include "sweeps/planner/estimate.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"
#include "runtime/credit/pricing.hpp"

namespace lab::sweeps {

namespace {

// --- Rules of thumb ---------------------------------------------------------

// Bytes of UTF-8 that one token stands for: in a mixed prompt, and at most in
// a reply of plain prose.
// @source measured on public tokenizers: English 5.9, German 2.8 to 3.7,
// JSON 2.4 to 2.6 bytes a token
constexpr std::int64_t prompt_bytes_per_token = 4;
constexpr std::int64_t reply_bytes_per_token_max = 6;

/// A reply uses about a third of what it may.
constexpr std::int64_t output_share = 3;

// --- What prompts are made of -----------------------------------------------
// A test holds these against the prompts that the actors really build.

constexpr std::int64_t decision_frame_bytes = 1'600;
constexpr std::int64_t world_frame_bytes = 2'400;
constexpr std::int64_t schema_bytes = 512;
constexpr std::int64_t repair_frame_bytes = 512;
constexpr std::int64_t repaired_reply_bytes_max = 4'000;
/// Around one text in a prompt: who, when, where.
constexpr std::int64_t record_frame_bytes = 96;
/// Around one item of a persona: its label, a dash.
constexpr std::int64_t item_frame_bytes = 64;
/// Goals are told again for this many turns.
constexpr std::int64_t goal_turns = 2;

// What a reply may leave behind, as the parsers cut it.
constexpr std::int64_t action_bytes_max = 2'000;
constexpr std::int64_t goals_bytes_max = 10'000;
constexpr std::int64_t world_bytes_max = 12'000;

constexpr const char* decision_phase = "decision";
constexpr const char* world_phase = "world_update";
constexpr std::int64_t decision_cap_default = 1'200;
constexpr std::int64_t world_cap_default = 2'000;

/// Long runs with long windows are looked at in so many groups of turns, each
/// as dear as its last.
constexpr std::int32_t turn_groups_max = 32;

std::int64_t cap_of(const ScenarioSpec& scenario, const std::string& phase,
                    std::int64_t otherwise) {
  for (const auto& key : {phase, std::string{}})
    if (const auto cap = scenario.output_caps.find(key);
        cap != scenario.output_caps.end())
      return cap->second;
  return otherwise;
}

Money sum_of(Money a, Money b) {
  Money sum;
  if (__builtin_add_overflow(a.pico_usd, b.pico_usd, &sum.pico_usd))
    return Money{std::numeric_limits<std::int64_t>::max()};
  return sum;
}

Money times(Money amount, std::int64_t count) {
  return multiply(amount, count)
    .value_or(Money{std::numeric_limits<std::int64_t>::max()});
}

void add_line(EstimateLine& sum, const EstimateLine& one, std::int64_t count) {
  sum.calls += one.calls * count;
  sum.calls_max += one.calls_max * count;
  sum.input_tokens += one.input_tokens * count;
  sum.output_tokens += one.output_tokens * count;
  sum.expected = sum_of(sum.expected, times(one.expected, count));
  sum.worst = sum_of(sum.worst, times(one.worst, count));
  sum.worst_tokens += one.worst_tokens * count;
}

void add_lines(std::map<std::string, EstimateLine>& sums,
               const std::map<std::string, EstimateLine>& ones,
               std::int64_t count) {
  for (const auto& [name, line] : ones)
    add_line(sums[name], line, count);
}

/// How many bytes the parts of replies come to in later prompts.
struct ReplySizes {
  std::int64_t action = 0;
  std::int64_t goals = 0;
  std::int64_t world = 0;
};

ReplySizes expected_sizes(std::int64_t decision_cap, std::int64_t world_cap) {
  const auto decision = decision_cap / output_share * prompt_bytes_per_token;
  const auto world = world_cap / output_share * prompt_bytes_per_token;
  return {std::min(decision / 3, action_bytes_max),
          std::min(decision / 4, goals_bytes_max),
          std::min(world * 3 / 4, world_bytes_max)};
}

ReplySizes longest_sizes(std::int64_t decision_cap, std::int64_t world_cap) {
  const auto decision = decision_cap * reply_bytes_per_token_max;
  const auto world = world_cap * reply_bytes_per_token_max;
  return {std::min(decision, action_bytes_max),
          std::min(decision, goals_bytes_max),
          std::min(world, world_bytes_max)};
}

/// The texts that make a participant who it is, as they stand.
std::string persona_text(const ScenarioSpec& scenario,
                         const ParticipantSpec& participant) {
  std::string text = scenario.system_prompt + participant.system_prompt;
  if (scenario.v1_prompts)
    return text;
  std::int64_t items = 8;
  const auto add = [&](const std::string& item) {
    text += item;
    ++items;
  };
  for (const auto* single :
       {&participant.name, &participant.role, &participant.description,
        &participant.decision_style, &participant.communication_style,
        &participant.private_information})
    add(*single);
  for (const auto* list : {&participant.goals, &participant.constraints,
                           &participant.personality_traits})
    for (const auto& item : *list)
      add(item);
  for (const auto& [domain, level] : participant.expertise)
    add(domain + level);
  text.append(static_cast<std::size_t>(items * item_frame_bytes), 'x');
  return text;
}

/// One call as the estimate sees it: real texts, and a length for the rest.
struct Sketch {
  std::string participant; // short name, or the world's
  const char* phase = decision_phase;
  std::string model;
  std::int64_t cap = 0;
  std::string texts; // real ones, each sent once
  std::int64_t expected_bytes = 0;
  std::int64_t longest_bytes = 0;
};

class RunEstimator {
public:
  RunEstimator(const ScenarioSpec& scenario, const PriceLookup& price_of)
    : scenario_(scenario), price_of_(price_of),
      decision_cap_(cap_of(scenario, decision_phase, decision_cap_default)),
      world_cap_(cap_of(scenario, world_phase, world_cap_default)),
      expected_(expected_sizes(decision_cap_, world_cap_)),
      longest_(longest_sizes(decision_cap_, world_cap_)),
      initial_world_(json_quote(scenario.initial_world_state)) {
    for (const auto& participant : scenario_.participants) {
      personas_.push_back(persona_text(scenario_, participant));
      roster_ += participant.name + ", ";
    }
  }

  Estimate estimate() {
    // From the turn on in which nothing of the beginning is left in the
    // window, every turn costs the same.
    const auto window = std::max(scenario_.context_window_size, 0);
    const auto growing =
      std::min(scenario_.turns,
               std::max(window, static_cast<std::int32_t>(goal_turns)) + 1);
    const auto group = growing / turn_groups_max + 1;
    for (std::int32_t first = 1; first <= growing; first += group) {
      const auto last = std::min(first + group - 1, growing);
      const auto until = last == growing ? scenario_.turns : last;
      add_turn(last, until - first + 1);
    }
    return std::move(made_);
  }

private:
  bool has_phase(const std::string& name) const {
    return std::ranges::find(scenario_.phases, name) != scenario_.phases.end();
  }

  /// `count` turns like this one.
  void add_turn(std::int32_t turn, std::int64_t count) {
    if (has_phase(decision_phase))
      for (std::size_t i = 0; i < scenario_.participants.size(); ++i)
        if (scenario_.participants[i].control == Control::ai)
          add_call(decision(i, turn), count);
    if (has_phase(world_phase))
      add_call(world_update(turn), count);
  }

  Sketch decision(std::size_t index, std::int32_t turn) const {
    const auto& participant = scenario_.participants[index];
    Sketch call{participant.id,
                decision_phase,
                participant.model,
                decision_cap_,
                personas_[index] + roster_,
                0,
                0};
    call.texts += scenario_.name + scenario_.turn_duration;
    const auto window = std::max(scenario_.context_window_size, 0);
    const auto first = std::max(turn - window, 0); // oldest turn shown
    if (first == 0 || turn == 1)
      call.texts += initial_world_;
    call.expected_bytes = history_bytes(expected_, first, turn);
    call.longest_bytes = history_bytes(longest_, first, turn);
    return call;
  }

  /// What replies of earlier turns come to in a decision's prompt, and the
  /// frame around everything.
  std::int64_t history_bytes(const ReplySizes& sizes, std::int32_t first,
                             std::int32_t turn) const {
    const auto everybody = std::ssize(scenario_.participants);
    // Turn 0 has a world and no actions. The newest world is always shown.
    const std::int64_t acted = turn - std::max(first, 1);
    const std::int64_t worlds = std::max<std::int64_t>(acted, turn > 1 ? 1 : 0);
    const auto stated = std::min<std::int64_t>(turn - 1, goal_turns);
    return decision_frame_bytes
           + acted * everybody * (sizes.action + record_frame_bytes)
           + (worlds + 1) * record_frame_bytes + worlds * sizes.world
           + stated * (sizes.goals + record_frame_bytes);
  }

  Sketch world_update(std::int32_t turn) const {
    Sketch call{world_name, world_phase, scenario_.world_state_model,
                world_cap_, roster_,     0,
                0};
    call.texts += scenario_.name + scenario_.name + scenario_.turn_duration;
    if (turn == 1)
      call.texts += initial_world_;
    const auto bytes = [&](const ReplySizes& sizes) {
      return world_frame_bytes + record_frame_bytes
             + (turn > 1 ? sizes.world : 0)
             + std::ssize(scenario_.participants)
                 * (sizes.action + record_frame_bytes);
    };
    call.expected_bytes = bytes(expected_);
    call.longest_bytes = bytes(longest_);
    return call;
  }

  void add_call(const Sketch& call, std::int64_t count) {
    EstimateLine line;
    line.calls = 1;
    line.calls_max = 2;
    line.input_tokens =
      (std::ssize(call.texts) + call.expected_bytes + schema_bytes)
      / prompt_bytes_per_token;
    line.output_tokens = std::max<std::int64_t>(call.cap / output_share, 1);
    if (const auto* price = price_for(call.model))
      add_money(line, call, *price);
    add_line(made_.total, line, count);
    add_line(made_.by_participant[call.participant], line, count);
    add_line(made_.by_phase[call.phase], line, count);
    add_line(made_.by_model[call.model], line, count);
  }

  void add_money(EstimateLine& line, const Sketch& call,
                 const PriceRow& price) {
    if (price.context_window > 0)
      line.input_tokens = std::min(line.input_tokens, price.context_window);
    const auto asked = runtime::worst_case(price, request_of(call, 0, price));
    const auto repair_bytes = repair_frame_bytes + repaired_reply_bytes_max;
    const auto repaired =
      runtime::worst_case(price, request_of(call, repair_bytes, price));
    const auto bill =
      runtime::cost_of(price, {line.input_tokens, 0, 0, line.output_tokens});
    for (const auto* result : {&asked, &repaired})
      if (!*result) {
        made_.refused.emplace(call.model, result->error());
        return;
      }
    line.expected =
      bill.value_or(Money{std::numeric_limits<std::int64_t>::max()});
    line.worst = sum_of(asked->usd, repaired->usd);
    line.worst_tokens = asked->tokens + repaired->tokens;
    made_.smallest_limit = std::max(made_.smallest_limit, repaired->usd);
    made_.smallest_token_limit =
      std::max(made_.smallest_token_limit, repaired->tokens);
  }

  /// A request as long as this call's can become.
  static ChatRequest request_of(const Sketch& call, std::int64_t more_bytes,
                                const PriceRow& price) {
    auto bytes = call.longest_bytes + more_bytes;
    // The bound never exceeds the window, so longer texts say nothing new.
    if (price.context_window > 0)
      bytes = std::min(bytes, price.context_window);
    ChatRequest request;
    request.model = call.model;
    request.messages = {
      {ChatRole::system, call.texts},
      {ChatRole::user, std::string(static_cast<std::size_t>(bytes), 'x')}};
    request.schema_name = call.phase;
    request.schema.assign(static_cast<std::size_t>(schema_bytes), 'x');
    request.output_cap = call.cap;
    return request;
  }

  const PriceRow* price_for(const std::string& model) {
    auto known = prices_.find(model);
    if (known == prices_.end())
      known = prices_.emplace(model, price_of_(model)).first;
    if (known->second)
      return &*known->second;
    made_.refused.emplace(model, known->second.error());
    return nullptr;
  }

  const ScenarioSpec& scenario_;
  const PriceLookup& price_of_;
  std::int64_t decision_cap_;
  std::int64_t world_cap_;
  ReplySizes expected_;
  ReplySizes longest_;
  std::string initial_world_;
  std::string roster_;
  std::vector<std::string> personas_; // in scenario order
  std::map<std::string, Result<PriceRow>> prices_;
  Estimate made_;
};

// --- Budgets ----------------------------------------------------------------

class BudgetCheck {
public:
  BudgetCheck(const SweepPlan& plan, const SweepEstimate& estimate,
              Findings& findings)
    : plan_(plan), estimate_(estimate), findings_(findings) {}

  void check() {
    if (estimate_.runs == 0)
      return;
    const auto& all = estimate_.all;
    const auto& budget = plan_.budget();
    if (budget.usd)
      check_usd(*budget.usd);
    if (const auto& per_run = plan_.manifest().per_run_usd)
      check_per_run(*per_run);
    if (budget.tokens)
      check_count("tokens", *budget.tokens, all.smallest_token_limit,
                  all.total.input_tokens + all.total.output_tokens);
    if (budget.calls)
      check_count("calls", *budget.calls, 1, all.total.calls);
  }

private:
  void check_usd(Money limit) {
    const auto& all = estimate_.all;
    if (limit < all.smallest_limit) {
      auto& finding = add("usd", Severity::error, "B501",
                          "this sweep cannot come to its end: its dearest call "
                          "does not fit the budget",
                          "cap for the whole sweep");
      finding.notes.push_back(
        "that call holds " + to_display(all.smallest_limit) + "; " + run_count()
        + " expected to cost " + to_display(all.total.expected));
      finding.help.push_back("set `usd` to " + to_display(all.total.expected)
                             + " or more, and never below "
                             + to_display(all.smallest_limit));
    } else if (limit < all.total.expected) {
      auto& finding = add("usd", Severity::warning, "B502",
                          "the budget will probably end this sweep early",
                          "cap for the whole sweep");
      finding.notes.push_back(run_count() + " expected to cost "
                              + to_display(all.total.expected)
                              + "; what is done by then is balanced and kept");
    }
  }

  void check_per_run(Money limit) {
    if (limit < estimate_.all.smallest_limit) {
      add("per_run_usd", Severity::error, "B501",
          "some run cannot come to its end: its dearest call does not fit",
          "cap for one run")
        .notes.push_back("that call holds "
                         + to_display(estimate_.all.smallest_limit));
    } else if (limit < estimate_.run_expected_max) {
      add("per_run_usd", Severity::warning, "B502",
          "this cap will probably halt some runs", "cap for one run")
        .notes.push_back("the dearest run is expected to cost "
                         + to_display(estimate_.run_expected_max));
    }
  }

  void check_count(const std::string& key, std::int64_t limit,
                   std::int64_t one_call, std::int64_t expected) {
    if (limit < one_call) {
      add(key, Severity::error, "B501",
          "this sweep cannot come to its end: its largest call does not fit "
          "the budget of "
            + key,
          "cap for the whole sweep")
        .notes.push_back("that call needs " + std::to_string(one_call));
    } else if (limit < expected) {
      add(key, Severity::warning, "B502",
          "the budget of " + key + " will probably end this sweep early",
          "cap for the whole sweep")
        .notes.push_back(run_count() + " expected to need "
                         + std::to_string(expected));
    }
  }

  std::string run_count() const {
    return estimate_.runs == 1 ? "1 run is"
                               : std::to_string(estimate_.runs) + " runs are";
  }

  /// At the manifest's value, or without a place when the command line's word
  /// replaced it.
  Diagnostic& add(const std::string& key, Severity severity, std::string code,
                  std::string message, std::string label) {
    const auto& manifest = plan_.manifest();
    const auto* budget = manifest.document->root.find("budget");
    const auto* value = budget == nullptr ? nullptr : budget->find(key);
    const bool replaced =
      key == "usd" && plan_.budget().usd != manifest.budget.usd;
    Diagnostic finding;
    if (value != nullptr && !replaced) {
      finding = yaml::at(*manifest.document, *value, "", "");
      finding.label = std::move(label);
    }
    finding.severity = severity;
    finding.code = std::move(code);
    finding.message = std::move(message);
    finding.path = "budget." + key;
    return findings_.add(std::move(finding));
  }

  const SweepPlan& plan_;
  const SweepEstimate& estimate_;
  Findings& findings_;
};

} // namespace

void Estimate::add(const Estimate& one, std::int64_t runs) {
  add_line(total, one.total, runs);
  add_lines(by_participant, one.by_participant, runs);
  add_lines(by_phase, one.by_phase, runs);
  add_lines(by_model, one.by_model, runs);
  smallest_limit = std::max(smallest_limit, one.smallest_limit);
  smallest_token_limit =
    std::max(smallest_token_limit, one.smallest_token_limit);
  refused.insert(one.refused.begin(), one.refused.end());
}

Estimate estimate(const ScenarioSpec& scenario, const PriceLookup& price_of) {
  return RunEstimator{scenario, price_of}.estimate();
}

Result<SweepEstimate> estimate_plan(const SweepPlan& plan,
                                    const std::set<RunId>& completed,
                                    const PriceLookup& price_of) {
  std::map<std::int32_t, std::int64_t> runs; // by point
  for (const auto& ticket : plan.tickets())
    if (!completed.contains(ticket.run))
      ++runs[ticket.point_index];
  SweepEstimate sum;
  for (const auto& [point, count] : runs) {
    const auto index = static_cast<std::size_t>(point);
    LAB_TRY(const auto scenario, plan.scenario_of(index));
    const auto one = estimate(scenario, price_of);
    sum.all.add(one, count);
    sum.runs += count;
    sum.turns += count * plan.turns_of(index);
    sum.run_expected_max = std::max(sum.run_expected_max, one.total.expected);
    sum.run_worst_max = std::max(sum.run_worst_max, one.total.worst);
  }
  return sum;
}

void check_budget(const SweepPlan& plan, const SweepEstimate& estimate,
                  Findings& findings) {
  BudgetCheck{plan, estimate, findings}.check();
}

} // namespace lab::sweeps
