#include "llm/sim/check_answers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "llm/sim/metric_rule.hpp"
#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

// @source docs/sim.md
constexpr double gap_low = 1.2;
constexpr double gap_medium = 1.4;
constexpr double gap_high = 1.6;
constexpr std::size_t repeated_bytes_min = 20;
constexpr std::size_t told_max = 12; // as many as a world tells of
constexpr std::size_t record_bytes_max = 1500;
constexpr std::size_t quoted_bytes_max = 60;

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts)
    out += (out.size() > 1 ? "," : "") + json_quote(text);
  return out + ']';
}

std::string capitalised(std::string word) {
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z')
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

/// What is wrong with what was judged, and how bad it is.
struct Verdict {
  std::string severity = "low";
  std::vector<std::string> issues;
};

Verdict of_decision(const Brief& brief, const Dials& dials) {
  const auto kind = kind_in(brief.text);
  if (!kind)
    return {"medium", {"The action does not say what is done."}};
  const auto stance = rule_of(*kind).stance;
  const auto gap = std::abs(stance - (dials.openness + dials.trust - 1));
  if (gap <= gap_low)
    return {};
  return {gap > gap_high     ? "high"
          : gap > gap_medium ? "medium"
                             : "low",
          {std::string{stance < 0 ? "So sharp a move" : "So soft a move"}
           + " does not fit who made it."}};
}

Verdict of_world(const Brief& brief) {
  Verdict verdict;
  const auto count = std::min(brief.actions.size(), told_max);
  for (std::size_t i = 0; i < count; ++i)
    if (brief.text.find(brief.actions[i].participant) == std::string_view::npos)
      verdict.issues.push_back("The world does not tell what "
                               + std::string{brief.actions[i].participant}
                               + " did.");
  return verdict;
}

/// Lower case, one blank between words.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text)) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return std::string{trim(out)};
}

Verdict of_access(const Brief& brief) {
  Verdict verdict;
  const auto text = plain(brief.text);
  for (const auto one : brief.restricted) {
    const auto secret = plain(one);
    if (secret.size() < repeated_bytes_min
        || text.find(secret) == std::string::npos)
      continue;
    verdict.severity = "high";
    verdict.issues.push_back("It repeats what it cannot know: "
                             + to_utf8(secret.substr(0, quoted_bytes_max)));
  }
  return verdict;
}

std::string_view label_of_check(const Brief& brief) {
  return brief.check == "world_coherence"      ? "COHERENT"
         : brief.check == "information_access" ? "VALID ACCESS"
                                               : "CONSISTENT";
}

/// What stands at most of an old record: its latest sentences.
std::string_view latest_of(std::string_view record) {
  if (record.size() <= record_bytes_max)
    return record;
  record.remove_prefix(record.size() - record_bytes_max);
  const auto sentence = record.find(". ");
  return sentence == std::string_view::npos ? std::string_view{}
                                            : record.substr(sentence + 2);
}

Answer with_parts(std::vector<Answer::Part> parts) {
  Answer answer;
  answer.parts = std::move(parts);
  return answer;
}

bool is_number(std::string_view text) {
  double number = 0;
  const auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size()
         && std::isfinite(number);
}

std::string first_sentence(std::string_view text) {
  text = trim(text);
  const auto end = text.find_first_of(".\n");
  return to_utf8(text.substr(0, end));
}

/// Empty when the text does not tell it.
std::string value_of(const Brief::Metric& metric, std::string_view text) {
  const auto told = told_in(text, metric);
  switch (metric.type) {
  case Brief::MetricType::boolean:
    return told && *told == "yes" ? "yes" : "no";
  case Brief::MetricType::text:
    return told ? std::string{*told} : first_sentence(text);
  case Brief::MetricType::categorical:
    return told ? std::string{*told} : std::string{};
  case Brief::MetricType::integer:
  case Brief::MetricType::continuous:
    break;
  }
  return told && is_number(*told) ? std::string{*told} : std::string{};
}

bool is_numeric(const Brief::Metric& metric) {
  return metric.type == Brief::MetricType::continuous
         || metric.type == Brief::MetricType::integer;
}

} // namespace

Answer summarised(const Brief& brief) {
  std::string text{latest_of(brief.before)};
  std::int64_t turn = -1;
  for (const auto& action : brief.actions) {
    const auto kind = kind_in(action.text);
    if (action.turn != turn) {
      if (turn >= 0)
        text += '.';
      text += text.empty() ? "Turn " : " Turn ";
      text += std::to_string(action.turn) + ": ";
    } else {
      text += "; ";
    }
    turn = action.turn;
    text += action.participant;
    text += ' ';
    text += kind ? rule_of(*kind).seen_as : "made a statement";
  }
  if (turn >= 0)
    text += '.';
  if (text.empty())
    text = "Nobody has acted so far.";
  return with_parts({{"summary", "SUMMARY", json_quote(text), text, true}});
}

Answer judged(const Brief& brief, const Dials& dials) {
  const auto verdict = brief.check == "world_coherence" ? of_world(brief)
                       : brief.check == "information_access"
                         ? of_access(brief)
                         : of_decision(brief, dials);
  const bool passed = verdict.issues.empty();
  const std::string why =
    passed ? "Nothing speaks against it." : "The issues speak against it.";
  const auto issues =
    passed ? std::string{"None"} : "- " + join(verdict.issues, "\n- ");
  return with_parts(
    {{"passed", label_of_check(brief), passed ? "true" : "false",
      passed ? "Yes" : "No", true},
     {"issues", "ISSUES FOUND", json_list(verdict.issues), issues},
     {"severity", "SEVERITY", json_quote(verdict.severity),
      capitalised(verdict.severity)},
     {"explanation", "EXPLANATION", json_quote(why), why}});
}

Answer measured(const Brief& brief) {
  if (brief.metrics.empty())
    return with_parts({{"value", "VALUE", "null", "unknown", true}});
  const auto& metric = brief.metrics.front();
  const auto value = value_of(metric, brief.text);
  const auto json = value.empty()        ? std::string{"null"}
                    : is_numeric(metric) ? value
                                         : json_quote(value);
  return with_parts(
    {{"value", "VALUE", json, value.empty() ? "unknown" : value, true}});
}

} // namespace lab::llm
