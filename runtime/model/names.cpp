#include "runtime/model/names.hpp"

#include <array>

namespace lab {

namespace {

/// Names in the order of the enumerators.
template <class E, std::size_t Count>
struct Names {
  std::array<std::string_view, Count> names;

  std::string_view text(E value) const {
    return names.at(static_cast<std::size_t>(value));
  }
  std::optional<E> value(std::string_view name) const {
    for (std::size_t i = 0; i < Count; ++i)
      if (names[i] == name)
        return static_cast<E>(i);
    return std::nullopt;
  }
};

constexpr Names<Control, 3> controls{{"ai", "human", "scripted"}};
constexpr Names<EventType, 4> event_types{
  {"trend", "scheduled", "random", "conditional"}};
constexpr Names<MetricStatus, 4> metric_statuss{
  {"value", "missing", "unparseable", "out_of_range"}};
constexpr Names<MetricLevel, 3> metric_levels{
  {"normal", "warning", "critical"}};
constexpr Names<CheckKind, 3> check_kinds{
  {"decision_consistency", "world_coherence", "information_access"}};
constexpr Names<CheckVerdict, 3> check_verdicts{
  {"passed", "failed", "missing"}};
constexpr Names<IssueSeverity, 3> issue_severitys{{"low", "medium", "high"}};

} // namespace

std::string_view to_string(Control x) { return controls.text(x); }
template <>
std::optional<Control> enum_from(std::string_view name) {
  return controls.value(name);
}

std::string_view to_string(EventType x) { return event_types.text(x); }
template <>
std::optional<EventType> enum_from(std::string_view name) {
  return event_types.value(name);
}

std::string_view to_string(MetricStatus x) { return metric_statuss.text(x); }
template <>
std::optional<MetricStatus> enum_from(std::string_view name) {
  return metric_statuss.value(name);
}

std::string_view to_string(MetricLevel x) { return metric_levels.text(x); }
template <>
std::optional<MetricLevel> enum_from(std::string_view name) {
  return metric_levels.value(name);
}

std::string_view to_string(CheckKind x) { return check_kinds.text(x); }
template <>
std::optional<CheckKind> enum_from(std::string_view name) {
  return check_kinds.value(name);
}

std::string_view to_string(CheckVerdict x) { return check_verdicts.text(x); }
template <>
std::optional<CheckVerdict> enum_from(std::string_view name) {
  return check_verdicts.value(name);
}

std::string_view to_string(IssueSeverity x) { return issue_severitys.text(x); }
template <>
std::optional<IssueSeverity> enum_from(std::string_view name) {
  return issue_severitys.value(name);
}

} // namespace lab
