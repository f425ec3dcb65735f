#include "sweeps/adaptive/outcomes.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/base/money.hpp"
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

bool is_refusal(const RunOutcome& outcome) {
  return outcome.code == Errc::reply_invalid
         && outcome.reason.find("declined") != std::string::npos;
}

} // namespace

void Outcomes::add(const EndedRun& run, std::uint64_t seed) {
  ++ended_;
  spent_ += run.charge;
  elapsed_us_ = std::max(elapsed_us_, run.elapsed_us);
  at_ = std::max(at_, run.at);
  refused_ += is_refusal(run.outcome) ? 1 : 0;
  switch (run.outcome.status) {
  case RunStatus::completed:
    ++finished_;
    break;
  case RunStatus::failed:
    ++failed_;
    return;
  default:
    ++halted_;
    return;
  }
  std::map<std::string, double> own;
  for (const auto& [name, number] : run.metrics)
    own.emplace(expression_name(name), number);
  for (const auto& derived : metrics_->derived)
    if (const auto number = derived.value.number(RunWords{own}))
      own.emplace(expression_name(derived.name), *number);
  for (const auto& [name, number] : own)
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
  if (name == "replicates")
    return replicates_ ? Value{static_cast<double>(*replicates_)} : Value{};
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
  if (function != "ci_halfwidth" || arguments.empty())
    return {};
  const auto* metric = std::get_if<std::string>(&arguments[0]);
  const auto* level =
    arguments.size() > 1 ? std::get_if<double>(&arguments[1]) : nullptr;
  if (metric == nullptr)
    return {};
  const auto width =
    outcomes_.half_width(*metric, level ? *level : confidence_default);
  return width ? Value{*width} : Value{};
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
