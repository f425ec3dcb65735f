#include "sweeps/planner/cost_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "runtime/credit/pricing.hpp"
#include "runtime/model/run_spec.hpp"

namespace lab::sweeps {

namespace {

constexpr Money money_max{std::numeric_limits<std::int64_t>::max()};

/// A share of calls is counted in millionths, so that money stays integer.
Money share_of(Money amount, double calls) {
  __extension__ using Wide = __int128;
  constexpr std::int64_t parts = 1'000'000;
  const auto count = static_cast<std::int64_t>(std::llround(calls * parts));
  const auto wide = Wide{amount.pico_usd} * count / parts;
  return Money{
    static_cast<std::int64_t>(std::min<Wide>(wide, money_max.pico_usd))};
}

/// Turn numbers of two digits, names of channels and schemas: a few bytes here
/// and there that lengths leave out.
constexpr std::int64_t slack = 1'024;

/// What the ledger sets aside for a request with texts of this length.
Result<Charge> worst_case(const Asked& asked, const PriceRow& price,
                          std::int64_t cap, std::size_t schema,
                          const TextSize& prompt) {
  // The bound of a request without texts, and the texts on top of it.
  auto unbounded = price;
  unbounded.context_window = 0;
  ChatRequest request;
  request.messages.resize(2);
  request.schema_name = phase_of(asked.kind);
  request.schema.assign(schema, 'x');
  request.output_cap = cap;
  LAB_TRY(const auto output, runtime::output_bound(price, request));
  auto input =
    runtime::input_bound(unbounded, request) + slack
    + std::llround(prompt.bytes - prompt.non_ascii)
    + tokens_per_byte_max(price.tokenizer) * std::llround(prompt.non_ascii);
  if (price.context_window > 0)
    input = std::min<std::int64_t>(input, price.context_window);
  return runtime::worst_case_of(price, input, output);
}

CallSite recorded(const CallSite& site) {
  return {site.phase, site.participant, without_parameters(site.model)};
}

/// How a person's own answers are recorded.
CallSite in_person(const CallSite& site) {
  return {site.phase, site.participant, "human/" + site.participant};
}

} // namespace

Money capped_sum(Money a, Money b) {
  Money sum;
  if (__builtin_add_overflow(a.pico_usd, b.pico_usd, &sum.pico_usd))
    return money_max;
  return sum;
}

Money capped_product(Money amount, std::int64_t count) {
  return multiply(amount, count).value_or(money_max);
}

CostSheet::CostSheet(const ScenarioSpec& scenario, const PriceLookup& price_of)
  : scenario_(scenario), price_of_(price_of),
    usual_(scenario, expected_replies(scenario), usual_habits),
    longest_(scenario, longest_replies(scenario), utmost_habits) {}

/// A person whose place no model takes.
bool CostSheet::answers_alone(const Asked& asked) const {
  return asked.stands_in
         && scenario_.participants[asked.index].on_timeout != OnTimeout::ai;
}

void CostSheet::add(const Asked& asked, const TextSize& usual_prompt,
                    const TextSize& longest_prompt, std::int64_t turns,
                    double usual, std::int64_t most) {
  add_usual(asked, usual_prompt, turns, usual);
  const auto ceiling = ceiling_of(asked, longest_prompt);
  if (!ceiling)
    return;
  for (auto* line :
       {&made_.total, &made_.by_participant[name_of(asked)],
        &made_.by_phase[phase_of(asked.kind)], &made_.by_model[asked.model]})
    add_ceiling(*line, *ceiling, turns * most);
}

void CostSheet::add_usual(const Asked& asked, const TextSize& prompt,
                          std::int64_t turns, double calls_a_turn) {
  if (answers_alone(asked) || turns == 0)
    return;
  auto& sum = expected_[{phase_of(asked.kind), asked.participant, asked.model}];
  sum.stands_in = asked.stands_in;
  if (asked.stands_in)
    return;
  const auto& reply = usual_.replies().of(asked.kind, asked.index);
  const auto cap = output_cap_of(scenario_, phase_of(asked.kind));
  const auto output = expected_output(asked.model, cap, reply);
  const auto bytes = prompt.bytes + usual_.schema(asked.kind);
  const auto calls = static_cast<double>(turns) * calls_a_turn;
  add_calls(sum, asked.model, bytes, output, calls);
  add_calls(sum, asked.model, bytes + usual_.repair(reply), output,
            calls * usual_habits.repair);
}

void CostSheet::add_calls(Expectation& sum, const std::string& model,
                          double bytes, double output, double calls) {
  auto input = bytes / bytes_per_token;
  const auto* price = price_for(model);
  if (price != nullptr && price->context_window > 0)
    input = std::min(input, static_cast<double>(price->context_window));
  sum.calls += calls;
  sum.input_tokens += input * calls;
  sum.output_tokens += output * calls;
  if (price == nullptr)
    return;
  const auto bill =
    runtime::cost_of(*price, {std::llround(input), 0, 0, std::llround(output)});
  sum.usd = capped_sum(sum.usd, share_of(bill.value_or(money_max), calls));
}

std::optional<Ceiling> CostSheet::ceiling_of(const Asked& asked,
                                             const TextSize& prompt) {
  if (answers_alone(asked))
    return std::nullopt;
  const auto* price = price_for(asked.model);
  if (price == nullptr)
    return Ceiling{};
  const auto cap = output_cap_of(scenario_, phase_of(asked.kind));
  const auto& reply = longest_.replies().of(asked.kind, asked.index);
  const auto schema = static_cast<std::size_t>(longest_.schema(asked.kind));
  const auto first = worst_case(asked, *price, cap, schema, prompt);
  const auto repaired =
    worst_case(asked, *price, cap, schema, prompt + longest_.repair(reply));
  for (const auto* result : {&first, &repaired})
    if (!*result) {
      made_.refused.emplace(asked.model, result->error());
      return Ceiling{};
    }
  if (!asked.stands_in) {
    made_.smallest_limit = std::max(made_.smallest_limit, repaired->usd);
    made_.smallest_token_limit =
      std::max(made_.smallest_token_limit, repaired->tokens);
  }
  return Ceiling{capped_sum(first->usd, repaired->usd),
                 first->tokens + repaired->tokens};
}

void CostSheet::add_ceiling(EstimateLine& line, const Ceiling& ceiling,
                            std::int64_t count) {
  line.calls_max += 2 * count;
  line.worst = capped_sum(line.worst, capped_product(ceiling.usd, count));
  line.worst_tokens += ceiling.tokens * count;
}

const PriceRow* CostSheet::price_for(const std::string& model) {
  auto known = prices_.find(model);
  if (known == prices_.end())
    known = prices_.emplace(model, price_of_(model)).first;
  if (known->second)
    return &*known->second;
  made_.refused.emplace(model, known->second.error());
  return nullptr;
}

void CostSheet::take_over(const std::vector<PastRun>& past) {
  std::set<CallSite> sites;
  for (const auto& [site, expectation] : expected_)
    sites.insert(recorded(site));
  for (const auto& participant : scenario_.participants)
    if (participant.control == Control::human)
      for (const auto& phase : scenario_.phases)
        sites.insert(in_person({phase, participant.id, ""}));
  const History history{past, sites, scenario_.turns};
  if (history.runs() == 0)
    return;
  made_.history_runs = history.runs();
  const auto share =
    static_cast<double>(scenario_.turns) / static_cast<double>(history.turns());
  std::set<CallSite> taken; // ids that differ in parameters alone
  for (auto& [site, expectation] : expected_) {
    const bool in_their_place =
      expectation.stands_in && history.at(in_person(site)).calls == 0;
    const auto sum = in_their_place || !taken.insert(recorded(site)).second
                       ? CallSum{}
                       : history.at(recorded(site));
    expectation = mean_of(site, sum, share);
  }
}

CostSheet::Expectation CostSheet::mean_of(const CallSite& site,
                                          const CallSum& sum, double share) {
  Expectation mean;
  if (sum.calls == 0)
    return mean;
  const auto& used = sum.usage;
  mean.calls = static_cast<double>(sum.calls) * share;
  mean.input_tokens =
    static_cast<double>(used.input + used.cached_input + used.cache_write)
    * share;
  mean.output_tokens = static_cast<double>(used.output) * share;
  if (const auto* price = price_for(site.model)) {
    const auto bill = runtime::cost_of(
      *price, {used.input / sum.calls, used.cached_input / sum.calls,
               used.cache_write / sum.calls, used.output / sum.calls});
    mean.usd = share_of(bill.value_or(money_max), mean.calls);
  }
  return mean;
}

std::string CostSheet::name_of(const Asked& asked) {
  return asked.participant.empty() ? world_name : asked.participant;
}

Estimate CostSheet::finish() {
  for (const auto& [site, expectation] : expected_) {
    if (expectation.calls == 0)
      continue;
    EstimateLine line;
    line.calls = std::llround(expectation.calls);
    line.input_tokens = std::llround(expectation.input_tokens);
    line.output_tokens = std::llround(expectation.output_tokens);
    if (!made_.refused.contains(site.model))
      line.expected = expectation.usd;
    const auto& name = site.participant.empty() ? world_name : site.participant;
    for (auto* sum : {&made_.total, &made_.by_participant[name],
                      &made_.by_phase[site.phase], &made_.by_model[site.model]})
      sum->add(line, 1);
  }
  return std::move(made_);
}

} // namespace lab::sweeps
