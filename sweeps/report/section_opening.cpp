#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/report/numbers.hpp"
#include "sweeps/report/sections.hpp"

namespace lab::sweeps::report {

namespace {

using statistics::Interval;

std::int64_t count_of(const ReportInput& input, RunStatus status) {
  return std::ranges::count(input.runs, status, &ReportRun::status);
}

/// What stands on the shelf: "170 of 270 runs completed (63 %), 4 failed".
std::string progress_text(const ReportInput& input) {
  const auto planned = std::max<std::int64_t>(
    input.runs_planned, static_cast<std::int64_t>(input.runs.size()));
  const auto done = count_of(input, RunStatus::completed);
  std::string out =
    grouped_text(done) + " of " + counted(planned, "run") + " completed";
  if (planned > 0)
    out +=
      " ("
      + percent_text(static_cast<double>(done) / static_cast<double>(planned))
      + ")";
  for (const auto status :
       {RunStatus::failed, RunStatus::halted, RunStatus::cancelled,
        RunStatus::paused, RunStatus::running})
    if (const auto count = count_of(input, status); count > 0)
      out += ", " + grouped_text(count) + " " + std::string{to_string(status)};
  return out;
}

bool is_finished(const ReportInput& input) {
  return count_of(input, RunStatus::completed)
           + count_of(input, RunStatus::failed)
           + count_of(input, RunStatus::halted)
         >= std::max<std::int64_t>(
           input.runs_planned, static_cast<std::int64_t>(input.runs.size()));
}

/// The factors whose effect is told apart from noise, strongest first.
std::vector<std::size_t> strongest(const OutcomeAnalysis& outcome) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < outcome.effects.factors.size(); ++i)
    if (outcome.effects.factors[i].range)
      order.push_back(i);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return *outcome.effects.factors[a].range
           > *outcome.effects.factors[b].range;
  });
  return order;
}

/// "from 3.8 at none to 5.1 at binding, a difference of 1.3".
std::string effect_text(const FactorData& factor,
                        const statistics::MainEffect& effect) {
  std::optional<std::size_t> low;
  std::optional<std::size_t> high;
  for (std::size_t l = 0; l < effect.levels.size(); ++l) {
    if (!effect.levels[l].adjusted)
      continue;
    const auto mean = effect.levels[l].adjusted->value;
    if (!low || mean < effect.levels[*low].adjusted->value)
      low = l;
    if (!high || mean > effect.levels[*high].adjusted->value)
      high = l;
  }
  if (!low || !high || *low == *high)
    return {};
  std::optional<Interval> interval;
  // Of two levels each is half the difference away from the middle.
  if (effect.levels.size() == 2 && effect.levels[*high].effect
      && effect.levels[*high].effect->interval) {
    const auto& half = *effect.levels[*high].effect->interval;
    interval = Interval{2 * half.low, 2 * half.high};
  }
  const int decimals = interval ? decimals_for(interval->half_width()) : 2;
  std::string out = "from "
                    + fixed_text(effect.levels[*low].adjusted->value, decimals)
                    + " at " + factor.levels[*low] + " to "
                    + fixed_text(effect.levels[*high].adjusted->value, decimals)
                    + " at " + factor.levels[*high] + ", a difference of "
                    + fixed_text(*effect.range, decimals);
  if (interval)
    out += " (95 % interval " + fixed_text(interval->low, decimals) + " to "
           + fixed_text(interval->high, decimals) + ")";
  return out;
}

constexpr double level = 0.05;

std::string noise_text(const OutcomeAnalysis& outcome) {
  if (!outcome.seed_noise)
    return {};
  return "Seed noise, the standard deviation between replicates of a point, is "
         + significant_text(*outcome.seed_noise, 2) + ".";
}

/// "A (3.1), B (2.4)": the largest three by an estimate's value.
std::string
ranking(const std::vector<std::string>& names,
        const std::vector<std::optional<statistics::Estimate>>& by) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < by.size(); ++i)
    if (by[i])
      order.push_back(i);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return by[a]->value > by[b]->value;
  });
  std::vector<std::string> parts;
  for (const auto i : order)
    if (parts.size() < 3)
      parts.push_back(names[i] + " " + estimate_text(*by[i]));
  return join(parts, ", ");
}

std::string where(const std::string& group) {
  return group.empty() ? "" : " (" + group + ")";
}

void add_rankings(std::vector<std::string>& out, const std::string& name,
                  const OutcomeAnalysis& found) {
  for (const auto& finding : found.morris) {
    std::vector<std::optional<statistics::Estimate>> sizes;
    for (const auto& effect : finding.result.effects)
      sizes.push_back(effect.mu_star);
    if (const auto text = ranking(finding.factors, sizes); !text.empty())
      out.push_back("Screening of " + name + where(finding.group)
                    + " ranks first, by mu*: " + text + ".");
  }
  for (const auto& finding : found.sobol) {
    const std::vector<std::optional<statistics::Estimate>> totals{
      finding.result.total.begin(), finding.result.total.end()};
    if (const auto text = ranking(finding.factors, totals); !text.empty())
      out.push_back("Most of the variance of " + name + where(finding.group)
                    + " hangs on, by total index: " + text + ".");
  }
}

std::vector<std::string> sentences(const Findings& all, std::size_t index) {
  const auto& outcome = all.data.outcomes[index];
  const auto& found = all.analysis.outcomes[index];
  std::vector<std::string> out;
  if (found.effective_n == 0)
    return {outcome.name + ": no run has a number yet."};
  std::vector<std::string> unclear;
  std::size_t told = 0;
  for (const auto i : strongest(found)) {
    const auto& factor = all.data.factors[found.levelled[i]];
    const auto p = found.adjusted_p[i];
    if (!p || *p > level) {
      unclear.push_back(factor.label);
      continue;
    }
    const auto text = effect_text(factor, found.effects.factors[i]);
    if (text.empty() || told == 3)
      continue;
    out.push_back(factor.label
                  + (told == 0 ? " moves " + outcome.name + " most: "
                               : " moves " + outcome.name + ": ")
                  + text + ", p " + p_text(p) + " after adjustment.");
    ++told;
  }
  add_rankings(out, outcome.name, found);
  if (!unclear.empty())
    out.push_back("For " + outcome.name
                  + ", no effect can be told apart from noise for "
                  + join(unclear, ", ") + ".");
  if (found.effects.is_confounded)
    out.push_back("For " + outcome.name
                  + ", the factors' effects cannot be told apart yet: some "
                    "combinations have no run.");
  if (const auto noise = noise_text(found); !noise.empty())
    out.push_back(outcome.name + ": " + noise);
  if (found.effective_n < found.n)
    out.push_back(outcome.name + ": of " + counted(found.n, "run")
                  + " with a number only " + grouped_text(found.effective_n)
                  + (found.effective_n == 1 ? " is" : " are")
                  + " independent; the others repeat the same replies word "
                    "for word and count once.");
  return out;
}

} // namespace

void add_opening(Document& document, const Findings& findings) {
  const auto& input = findings.input;
  if (!input.about.empty())
    document.add(Paragraph{input.about});
  if (input.simulated)
    document.add(
      Notice{"SIMULATED: no language model was called. Every number below is a "
             "simulated outcome of built-in rules. Do not cite."});
  if (!input.ended_by_rule.empty())
    document.add(Paragraph{progress_text(input)
                           + ". The sweep's own rule ended it: "
                           + input.ended_by_rule + "."});
  else if (!is_finished(input))
    document.add(Notice{"Not finished: " + progress_text(input)
                        + ". Everything below speaks of what is there."});
  else
    document.add(Paragraph{progress_text(input) + "."});
}

void add_headlines(Document& document, const Findings& findings) {
  document.add(Heading{2, findings.input.simulated
                            ? "Simulated outcome in short"
                            : "Findings in short"});
  Bullets bullets;
  for (std::size_t i = 0; i < findings.data.outcomes.size(); ++i)
    for (auto& sentence : sentences(findings, i))
      bullets.items.push_back(std::move(sentence));
  if (findings.data.outcomes.empty())
    bullets.items.emplace_back("No run has a number yet.");
  for (const auto& missing : findings.analysis.missing_by_factor)
    if (missing.warns)
      bullets.items.push_back(missing.text());
  document.add(std::move(bullets));
}

} // namespace lab::sweeps::report
