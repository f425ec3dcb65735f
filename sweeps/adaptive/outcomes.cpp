#include "sweeps/adaptive/outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "runtime/base/money.hpp"
#include "sweeps/adaptive/design_outcomes.hpp"
#include "sweeps/statistics/confidence_sequence.hpp"

namespace lab::sweeps {

namespace {

constexpr double confidence_default = 0.95;
constexpr double pico_per_usd = 1e12;
constexpr double us_per_second = 1e6;
constexpr double ms_per_second = 1e3;

/// A run's own metrics, for those that are made of them.
class RunWords final : public Environment {
public:
  explicit RunWords(const std::map<std::string, double>& numbers)
    : numbers_(numbers) {}

  Value name(const std::string& name) const override {
    const auto found = numbers_.find(expression_name(name));
    return found == numbers_.end() ? Value{} : Value{found->second};
  }

private:
  const std::map<std::string, double>& numbers_;
};

double usd_of(const Charge& charge) {
  return static_cast<double>(charge.usd.pico_usd) / pico_per_usd;
}

Value value_of(std::optional<double> number) {
  return number ? Value{*number} : Value{};
}

Value sample_of(std::optional<std::vector<double>> numbers) {
  return numbers ? Value{Sample{std::move(*numbers)}} : Value{};
}

bool is_refusal(const RunOutcome& outcome) {
  return outcome.code == Errc::reply_invalid
         && outcome.reason.find("declined") != std::string::npos;
}

} // namespace

std::map<std::string, double> numbers_of_run(const EndedRun& run,
                                             const RuleMetrics& metrics) {
  std::map<std::string, double> own;
  if (run.outcome.status != RunStatus::completed)
    return own;
  for (const auto& [name, number] : run.metrics)
    own.emplace(expression_name(name), number);
  for (const auto& derived : metrics.derived)
    if (const auto number = derived.value.number(RunWords{own}))
      own.emplace(expression_name(derived.name), *number);
  return own;
}

void Outcomes::add(const EndedRun& run, std::uint64_t seed,
                   const RunAttempts& attempts) {
  ++ended_;
  spent_ += run.charge;
  elapsed_us_ = std::max(elapsed_us_, run.elapsed_us);
  at_ = std::max(at_, run.at);
  refused_ += is_refusal(run.outcome) ? 1 : 0;
  std::map<std::string, AttemptCounts> by_provider;
  for (const auto& [route, counts] : attempts) {
    if (!model_.empty() && route.second != model_)
      continue;
    auto& sum = by_provider[route.first];
    sum.attempts += counts.attempts;
    sum.failed += counts.failed;
  }
  for (const auto& [provider, counts] : by_provider)
    if (counts.attempts > 0)
      attempts_[provider].push_back(counts);
  switch (run.outcome.status) {
  case RunStatus::completed:
    ++finished_;
    break;
  case RunStatus::failed:
    ++failed_;
    break;
  default:
    ++halted_;
    break;
  }
  for (const auto& [name, number] : numbers_of_run(run, *metrics_))
    take(name, number, seed, run.replies);
}

void Outcomes::take(const std::string& name, double number, std::uint64_t seed,
                    const std::optional<Digest128>& replies) {
  if (!std::isfinite(number))
    return;
  numbers_[name].push_back(number);
  statistics::Observation seen;
  seen.seed = seed;
  seen.value = number;
  seen.replies = replies;
  seen_[name].push_back(seen);
}

const std::vector<double>& Outcomes::numbers(const std::string& metric) const {
  static const std::vector<double> none;
  const auto found = numbers_.find(expression_name(metric));
  return found == numbers_.end() ? none : found->second;
}

std::optional<double> Outcomes::half_width(const std::string& metric,
                                           double confidence) const {
  const auto name = expression_name(metric);
  const auto found = seen_.find(name);
  if (found == seen_.end() || !(confidence > 0 && confidence < 1))
    return std::nullopt;
  const auto kind = metrics_->kinds.find(name);
  statistics::SequentialOptions options;
  options.confidence = confidence;
  const auto state = statistics::sequential_mean(
    statistics::distinct(found->second).values,
    kind == metrics_->kinds.end() ? statistics::MetricKind{} : kind->second,
    options);
  // Values that contradict each other narrow nothing down.
  if (!state.may_stop || state.is_contradicted
      || !std::isfinite(state.half_width))
    return std::nullopt;
  return state.half_width;
}

std::optional<double> Outcomes::error_rate(const std::string& provider,
                                           std::optional<double> last) const {
  const auto found = attempts_.find(provider);
  if (found == attempts_.end())
    return std::nullopt;
  std::span<const AttemptCounts> runs{found->second};
  if (last && *last < static_cast<double>(runs.size()))
    runs = runs.last(static_cast<std::size_t>(std::max(*last, 0.0)));
  AttemptCounts sum;
  for (const auto& run : runs) {
    sum.attempts += run.attempts;
    sum.failed += run.failed;
  }
  return sum.attempts == 0 ? std::nullopt
                           : std::optional{static_cast<double>(sum.failed)
                                           / static_cast<double>(sum.attempts)};
}

Value OutcomeWords::name(const std::string& name) const {
  const auto group = [&](std::int64_t matching) {
    return Value{Runs{matching, outcomes_.ended()}};
  };
  if (name == "finished")
    return group(outcomes_.finished());
  if (name == "failed")
    return group(outcomes_.failed());
  if (name == "halted")
    return group(outcomes_.halted());
  if (name == "refused")
    return group(outcomes_.refused());
  if (name == "elapsed")
    return Duration{static_cast<double>(outcomes_.elapsed_us())
                    / us_per_second};
  if (name == "spent.usd")
    return usd_of(outcomes_.spent());
  if (name == "spent.calls")
    return static_cast<double>(outcomes_.spent().calls);
  if (name == "spent.tokens")
    return static_cast<double>(outcomes_.spent().tokens);
  return Sample{outcomes_.numbers(name)};
}

Value OutcomeWords::call(const std::string& function,
                         const std::vector<Value>& arguments) const {
  const auto* what =
    arguments.empty() ? nullptr : std::get_if<std::string>(arguments.data());
  if (what == nullptr)
    return {};
  const auto number = [&](std::size_t i) -> std::optional<double> {
    const auto* given =
      i < arguments.size() ? std::get_if<double>(&arguments[i]) : nullptr;
    return given == nullptr ? std::nullopt : std::optional{*given};
  };
  const auto text = [&](std::size_t i) {
    const auto* given =
      i < arguments.size() ? std::get_if<std::string>(&arguments[i]) : nullptr;
    return given == nullptr ? std::string{} : *given;
  };
  if (function == "ci_halfwidth")
    return value_of(
      outcomes_.half_width(*what, number(1).value_or(confidence_default)));
  if (function == "provider.error_rate")
    return value_of(outcomes_.error_rate(*what, number(2)));
  if (design_ == nullptr)
    return {};
  if (function == "sobol_ci")
    return sample_of(design_->sobol_half_widths(
      *what, text(1) == "total", number(2).value_or(confidence_default),
      text(3)));
  if (function == "morris_mu")
    return sample_of(design_->morris_means(*what, text(1)));
  if (function == "morris_ci")
    return sample_of(design_->morris_half_widths(
      *what, number(1).value_or(confidence_default), text(2)));
  return {};
}

Value PointWords::name(const std::string& name) const {
  return name == "replicates" ? Value{static_cast<double>(replicates_)}
                              : OutcomeWords::name(name);
}

Value PointWords::call(const std::string& function,
                       const std::vector<Value>& arguments) const {
  return function == "ci_halfwidth" ? OutcomeWords::call(function, arguments)
                                    : sweep_.call(function, arguments);
}

Value PilotWords::name(const std::string& name) const {
  if (!name.starts_with("forecast.") && name != "window.close")
    return OutcomeWords::name(name);
  if (name == "window.close")
    return forecast_.window_close ? Value{*forecast_.window_close} : Value{};
  if (outcomes_.ended() == 0)
    return {};
  const auto times = static_cast<double>(forecast_.runs_planned)
                     / static_cast<double>(outcomes_.ended());
  const auto seconds =
    static_cast<double>(outcomes_.elapsed_us()) / us_per_second * times;
  if (name == "forecast.usd")
    return usd_of(outcomes_.spent()) * times;
  if (name == "forecast.calls")
    return static_cast<double>(outcomes_.spent().calls) * times;
  if (name == "forecast.tokens")
    return static_cast<double>(outcomes_.spent().tokens) * times;
  if (name == "forecast.time")
    return Duration{seconds};
  if (name == "forecast.end")
    return Moment{static_cast<double>(outcomes_.at()) / ms_per_second + seconds
                  - static_cast<double>(outcomes_.elapsed_us())
                      / us_per_second};
  return {};
}

} // namespace lab::sweeps
