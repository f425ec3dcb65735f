#include "llm/sim/metric_rule.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

// @source docs/sim.md
constexpr double speed = 1.0 / 3;
constexpr double slope = 2.5;
constexpr double noise = 0.03;
constexpr int keywords_max = 10;

constexpr std::array<std::string_view, 11> falling_words{
  "tension", "conflict",   "risk",   "cost",      "distrust", "violence",
  "unrest",  "escalation", "crisis", "emissions", "delay"};

enum Draw : std::uint64_t {
  draw_rounding,
  draw_boolean,
  draw_noise,
};

bool falls(const Brief::Metric& metric) {
  const auto name = to_lower(metric.name);
  return std::any_of(falling_words.begin(), falling_words.end(),
                     [&](std::string_view word) {
                       return name.find(word) != std::string::npos;
                     });
}

/// Where the climate pulls, as a share of the range.
double target_of(const Brief::Metric& metric, double climate) {
  return 1 / (1 + std::exp(-slope * (falls(metric) ? -climate : climate)));
}

double span_of(const Brief::Metric& metric) {
  return std::max(metric.high - metric.low, 0.0);
}

/// The share of its range at which a metric stands; the middle at first.
double share_of(const Brief::Metric& metric) {
  if (!std::isfinite(metric.value))
    return 0.5;
  if (metric.type == Brief::MetricType::categorical)
    return metric.categories.empty()
             ? 0.5
             : std::clamp((metric.value + 0.5)
                            / static_cast<double>(metric.categories.size()),
                          0.0, 1.0);
  const auto span = span_of(metric);
  return span > 0 ? std::clamp((metric.value - metric.low) / span, 0.0, 1.0)
                  : 0.5;
}

std::string label_of(const Brief::Metric& metric) {
  if (!metric.label.empty())
    return std::string{metric.label};
  std::string label{metric.name};
  std::replace(label.begin(), label.end(), '_', ' ');
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z')
    label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

std::string number_text(double value, int decimals) {
  std::array<char, 64> digits{};
  const auto [end, error] =
    std::to_chars(digits.data(), digits.data() + digits.size(), value,
                  std::chars_format::fixed, decimals);
  return error == std::errc{} ? std::string{digits.data(), end} : "0";
}

int decimals_for(double span) {
  if (span >= 5)
    return 1;
  return span >= 0.5 ? 2 : 3;
}

std::string keyword_line(const Brief::Metric& metric, int count) {
  std::string line;
  for (int i = 0; i < std::min(count, keywords_max); ++i) {
    line += i == 0 ? "Much is said of " : ", ";
    line +=
      metric.keywords[static_cast<std::size_t>(i) % metric.keywords.size()];
  }
  return line.empty() ? line : line + ".";
}

std::string number_at(const Brief::Metric& metric, double share,
                      const Chance& chance) {
  const auto value = metric.low + span_of(metric) * share;
  if (metric.type == Brief::MetricType::integer)
    return number_text(
      std::clamp(std::floor(value + chance.unit(draw_rounding)),
                 std::ceil(metric.low), std::floor(metric.high)),
      0);
  return number_text(value, decimals_for(span_of(metric)));
}

MetricText category_at(const Brief::Metric& metric, double share,
                       const Chance& chance) {
  if (metric.categories.empty())
    return {};
  const auto count = static_cast<double>(metric.categories.size());
  const auto place = share * count + chance.unit(draw_rounding) - 0.5;
  const auto index = std::clamp(std::floor(place), 0.0, count - 1);
  return {
    line_of(metric,
            std::string{metric.categories[static_cast<std::size_t>(index)]}),
    {}};
}

} // namespace

std::string line_of(const Brief::Metric& metric, const std::string& value) {
  if (!metric.line.empty()) {
    auto line = std::string{metric.line};
    if (const auto at = line.find("{}"); at != std::string::npos)
      line.replace(at, 2, value);
    return line;
  }
  return "- " + label_of(metric) + ": " + value;
}

MetricText moved_by(const Brief::Metric& metric, double climate,
                    const Chance& chance) {
  const auto target = target_of(metric, climate);
  if (metric.type == Brief::MetricType::text)
    return {};
  if (metric.type == Brief::MetricType::boolean) {
    if (chance.unit(draw_boolean) >= target)
      return {};
    return {metric.keywords.empty() ? line_of(metric, "yes")
                                    : keyword_line(metric, 1),
            {}};
  }
  const auto before = share_of(metric);
  const auto after = std::clamp(before + speed * (target - before)
                                  + noise * chance.normal(draw_noise),
                                0.0, 1.0);
  if (metric.type == Brief::MetricType::categorical)
    return category_at(metric, after, chance);
  if (!metric.keywords.empty())
    return {
      keyword_line(metric, static_cast<int>(std::floor(
                             std::clamp(metric.low + span_of(metric) * after,
                                        0.0, double{keywords_max})
                             + chance.unit(draw_rounding)))),
      {}};
  MetricText out;
  const auto value = number_at(metric, after, chance);
  out.line = line_of(metric, value);
  if (std::isfinite(metric.value))
    out.change =
      label_of(metric) + " went from "
      + number_text(metric.value, metric.type == Brief::MetricType::integer
                                    ? 0
                                    : decimals_for(span_of(metric)))
      + " to " + value;
  return out;
}

MetricText kept(const Brief::Metric& metric) {
  if (metric.type == Brief::MetricType::text || !std::isfinite(metric.value))
    return {};
  if (metric.type == Brief::MetricType::boolean)
    return metric.value > 0 ? MetricText{line_of(metric, "yes"), {}}
                            : MetricText{};
  if (metric.type == Brief::MetricType::categorical) {
    const auto count = static_cast<double>(metric.categories.size());
    if (metric.value < 0 || metric.value >= count)
      return {};
    const auto index = static_cast<std::size_t>(metric.value);
    return {line_of(metric, std::string{metric.categories[index]}), {}};
  }
  if (!metric.keywords.empty())
    return {keyword_line(metric, static_cast<int>(std::clamp(
                                   metric.value, 0.0, double{keywords_max}))),
            {}};
  return {line_of(metric, number_text(metric.value,
                                      metric.type == Brief::MetricType::integer
                                        ? 0
                                        : decimals_for(span_of(metric)))),
          {}};
}

std::optional<std::string_view> told_in(std::string_view text,
                                        const Brief::Metric& metric) {
  const auto said = line_of(metric, "\n");
  const auto place = said.find('\n');
  if (place == std::string::npos)
    return std::nullopt; // a line of its own without a place for the value
  const auto before = said.substr(0, place);
  const auto after = said.substr(place + 1);
  std::optional<std::string_view> told;
  for (auto at = text.find(before); at != std::string_view::npos;
       at = text.find(before, at + 1)) {
    const auto begin = at + before.size();
    const auto line =
      text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
    const bool starts_line = at == 0 || text[at - 1] == '\n';
    if (starts_line && line.size() >= after.size() && line.ends_with(after))
      told = trim(line.substr(0, line.size() - after.size()));
  }
  return told;
}

} // namespace lab::llm
