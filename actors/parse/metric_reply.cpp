#include <algorithm>
#include <optional>

#include "actors/metrics/metric_value.hpp"
#include "actors/parse/helper_replies.hpp"
#include "actors/parse/json_reply.hpp"
#include "actors/parse/reply_text.hpp"
#include "actors/parse/sections.hpp"
#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

/// Longest reply that may be nothing but a value.
constexpr std::size_t bare_bytes_max = 80;

/// What stands around a value and is no part of it.
std::string_view bare_value(std::string_view text) {
  constexpr std::string_view around = "*_`\"' \t\r\n";
  const auto begin = text.find_first_not_of(around);
  if (begin == std::string_view::npos)
    return {};
  text = text.substr(begin, text.find_last_not_of(around) - begin + 1);
  if (text.size() > 1 && text.back() == '.')
    text.remove_suffix(1);
  return text;
}

bool says_unknown(std::string_view value) {
  const auto word = to_lower(value);
  return word.empty() || word == "null" || word == "none" || word == "unknown"
         || word == "n/a" || word == "not stated";
}

/// The value as the reply gives it; empty for null; nothing when there is none.
std::optional<std::string> said_in(const MetricSpec& metric,
                                   const Reply& reply) {
  const auto text = without_thoughts(reply.text);
  const std::vector<std::string> names{"value", to_lower(metric.name)};
  for (const auto& object : objects_in(text))
    for (const auto& name : names)
      if (const auto* found = member_like(object.value, {name})) {
        if (found->is_boolean())
          return found->get<bool>() ? "yes" : "no";
        return text_of(*found);
      }
  const auto sections = sections_of(text, {{"VALUE"}});
  if (sections[0].found) {
    if (reply.finish == FinishReason::length)
      return std::nullopt;
    const auto& section = sections[0].text;
    return section.substr(0, section.find('\n'));
  }
  const auto bare = trim(text);
  if (bare.empty() || bare.size() > bare_bytes_max
      || bare.find('\n') != std::string_view::npos)
    return std::nullopt;
  return std::string{bare};
}

std::string wanted_value(const MetricSpec& metric) {
  switch (metric.type) {
  case MetricType::integer:
    return "a whole number";
  case MetricType::boolean:
    return "yes or no";
  case MetricType::categorical:
    return "one of the words asked for";
  case MetricType::continuous:
  case MetricType::text:
    break;
  }
  return "a number";
}

bool is_category(const MetricSpec& metric, std::string_view value) {
  return std::any_of(metric.categories.begin(), metric.categories.end(),
                     [&](const std::string& category) {
                       return to_lower(category) == to_lower(value);
                     });
}

} // namespace

Result<MetricValue> parse_metric(const MetricSpec& metric, const Reply& reply) {
  if (reply.finish == FinishReason::refusal)
    return fail(Errc::reply_invalid, "the model declined to answer");
  const auto said = said_in(metric, reply);
  if (!said)
    return fail(Errc::reply_invalid, "there is no value");
  const auto value = bare_value(*said);
  if (says_unknown(value) && !is_category(metric, value)) {
    MetricValue missing;
    missing.metric = metric.name;
    missing.raw = reply.text;
    return missing;
  }
  auto read = value_of(metric, value, false);
  if (read.status == MetricStatus::unparseable)
    return fail(Errc::reply_invalid,
                "the value is not " + wanted_value(metric));
  read.raw = reply.text;
  return read;
}

MetricValue unparseable(const MetricSpec& metric, const Reply& reply) {
  // The text as it would have been read; a number that stands in it is none.
  auto value = value_of(metric, without_thoughts(reply.text), false);
  value.number.reset();
  value.status = MetricStatus::unparseable;
  value.raw = reply.text;
  return value;
}

} // namespace lab::actors
